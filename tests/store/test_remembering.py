"""What is remembered between two writes is never what a write has made untrue."""

import pytest

from mock_server.app import Sandboxed
from mock_server.store.rows import moves_people
from tests.conftest import Api, assert_error

NOUNS = ("tasks", "sprints", "user-stories")


@pytest.mark.parametrize("noun", NOUNS)
def test_a_change_answers_with_the_change_though_the_row_was_read_before(api: Api, noun: str) -> None:
    first = api.get(f"/{noun}").json()["data"][0]
    path = f"/{noun}/{first.get('uuid') or first['slug']}"
    api.get(path)
    told = api.put(path, data={"title": "Read before it was changed"}).json()
    assert told.get("data", told)["title"] == "Read before it was changed"
    assert api.get(f"/{noun}").json()["data"][0]["title"] == "Read before it was changed"


def test_what_a_refused_request_wrote_is_not_remembered(api: Api) -> None:
    before = api.get("/tasks").json()
    refused = api.post("/tasks", data={"title": "Lost", "labels": "no such label"})
    assert_error(refused, 400, "INVALID_PARAMETER", "labels")
    assert api.get("/tasks").json()["total"] == before["total"]
    assert api.get("/tasks").json()["data"][0]["uuid"] == before["data"][0]["uuid"]


def test_a_remembered_link_has_the_address_that_each_caller_used(api: Api) -> None:
    uuid = api.get("/tasks").json()["data"][0]["uuid"]
    api.post("/attachments", params={"task_uuid": uuid}, files={"file": ("a.png", b"png", "image/png")})
    hosts = ("localhost", "127.0.0.1:8080", "localhost")
    images = [api.call("GET", f"/tasks/{uuid}", headers={"host": host}).json()["data"]["image"] for host in hosts]
    assert [image.split("/")[2] for image in images] == [*hosts]


def test_what_is_seen_of_a_write_that_is_undone_is_forgotten_with_it(app: Sandboxed) -> None:
    store, count = app.state.world.default.store, "SELECT count(*) FROM task"
    store.write("DELETE FROM task", {})
    assert store.number(count, {}) == 0
    store.undo()
    assert store.number(count, {}) > 0


@pytest.mark.parametrize(
    ("sql", "moves"),
    [
        ('INSERT INTO "member" ("id") VALUES (?)', True),
        ('UPDATE "company" SET "plan" = :plan WHERE id = :_id', True),
        ("\nDELETE FROM workspace_member WHERE user_id = :user_id", True),
        ('DELETE FROM "user" WHERE id = :id', True),
        ("UPDATE project SET owner_id = :owner_id WHERE id = :id", True),
        ("UPDATE project SET tasks_numbered = :number WHERE id = :id", False),
        ('UPDATE "user_story" SET "title" = :title WHERE id = :_id', False),
        ('INSERT INTO "task" ("user_id") VALUES (?)', False),
    ],
)
def test_a_write_that_may_move_somebody_is_known_by_its_table(sql: str, moves: bool) -> None:
    assert moves_people(sql) is moves
