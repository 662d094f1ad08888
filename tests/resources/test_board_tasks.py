"""The tasks of a column, as a client sees and moves them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error


@pytest.fixture
def empty(api: Api) -> int:
    """The id of a new column."""
    answer = api.post("/project-templates/workflow", data={"title": "Waiting", "state": "In Progress"})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def put(api: Api, column: int, title: str, **fields: Any) -> str:
    """A new task in a column; its uuid."""
    answer = api.post("/tasks", data={"title": title, "workflow_id": column, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["uuid"])


def titles(api: Api, column: int, **filters: Any) -> list[str]:
    """The titles of a column's tasks, in their order."""
    answer = api.get("/board-tasks/", workflow_id=column, **filters)
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json()["data"]]


def move(api: Api, uuid: str, column: int, position: int | None = None) -> dict[str, Any]:
    """Move a task on the board."""
    at = {} if position is None else {"position": position}
    answer = api.put("/board-tasks/", data={"task_uuid": uuid, "workflow_id": column, **at})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def test_a_column_shows_its_tasks_in_their_order_without_archived_ones(api: Api, empty: int) -> None:
    for title in ("a", "b", "c"):
        put(api, empty, title)
    put(api, empty, "old", is_archived=1)
    assert titles(api, empty) == titles(api, empty, is_archived=0) == ["a", "b", "c"]
    assert titles(api, empty, is_archived=1) == ["old"]
    body = api.get("/board-tasks", workflow_id=empty, limit=2, page=2).json()
    assert (body["total"], body["total_pages"], [row["title"] for row in body["data"]]) == (3, 2, ["c"])


def test_a_moved_task_takes_its_place_and_leaves_no_gap(api: Api, empty: int) -> None:
    uuid = {title: put(api, empty, title) for title in ("a", "b", "c", "d")}
    move(api, uuid["d"], empty, 1)
    assert titles(api, empty) == ["d", "a", "b", "c"]
    move(api, uuid["d"], empty, 3)
    assert titles(api, empty) == ["a", "b", "d", "c"]
    move(api, uuid["a"], empty)
    assert titles(api, empty) == ["b", "d", "c", "a"]
    move(api, uuid["b"], empty, 1_000)
    assert titles(api, empty) == ["d", "c", "a", "b"]


def test_a_task_is_completed_in_a_done_column_and_reopened_outside(api: Api, empty: int) -> None:
    done = next(row["id"] for row in api.get("/project-templates/workflow").json()["data"] if row["state"] == 1)
    uuid = put(api, empty, "a")
    finished = move(api, uuid, done, 1)
    assert (finished["workflow"]["id"], finished["state"]) == (done, 1)
    assert finished["completed_date"]["date_for_humans"] == "1 second ago"
    assert titles(api, done)[0] == "a"
    reopened = move(api, uuid, empty)
    assert (reopened["completed_date"], reopened["completed_user"]) == ([], None)


def test_every_filter_narrows_the_column(api: Api, empty: int) -> None:
    project = api.get("/projects").json()["data"]
    person, label = project["users"][1], project["labels"][0]
    sprint = api.get("/sprints").json()["data"][0]
    story = api.get("/user-stories").json()["data"][0]
    kind = api.get("/project-templates/type").json()["data"][1]
    effort = api.get("/project-templates/effort").json()["data"][2]
    found = put(
        api,
        empty,
        "Found",
        users=person["username"],
        labels=label["title"],
        sprint_slug=sprint["slug"],
        user_story_slug=story["slug"],
        type_id=kind["id"],
        effort_id=effort["id"],
        start_date="2026-03-02",
        due_date="2026-03-31 18:00:00",
        is_bug=1,
        is_blocker=1,
        is_draft=1,
    )
    put(api, empty, "Lost")
    assert api.post("/timer/start", data={"task_uuid": found}).status_code == 201
    filters: dict[str, str] = {
        "title": "OUN",
        "sprint_slug": sprint["slug"],
        "user_story_slug": story["slug"],
        "users": f"nobody,{person['name']}",
        "labels": f"none, {label['title']}",
        "types": kind["title"],
        "efforts": effort["title"],
        "start_date": "2026-03-02,2026-03-02",
        "due_date": "2026-03-01,2026-03-31",
        "timer": "1",
        "is_blocker": "1",
        "is_draft": "1",
        "is_bug": "1",
    }
    for name, value in filters.items():
        assert titles(api, empty, **{name: value}) == ["Found"], name
    assert titles(api, empty, **filters) == ["Found"]
    for name in ("timer", "is_blocker", "is_draft", "is_bug"):
        assert titles(api, empty, **{name: "0"}) == ["Lost"], name
    assert titles(api, empty, users=person["username"]) == ["Found"]
    assert titles(api, empty, start_date="2026-03-03,") == []
    assert titles(api, empty, start_date=",2026-03-03") == ["Found"]
    assert titles(api, empty, due_date="", users="") == ["Found", "Lost"]


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({}, "MISSING_PARAMETER", "workflow_id"),
        ({"workflow_id": "one"}, "INVALID_PARAMETER", "workflow_id"),
        ({"workflow_id": "99999"}, "INVALID_PARAMETER", "workflow_id"),
        ({"workflow_id": "1", "start_date": "2026-03-01"}, "INVALID_PARAMETER", "start_date"),
        ({"workflow_id": "1", "due_date": "a,b"}, "INVALID_PARAMETER", "due_date"),
        ({"workflow_id": "1", "timer": "perhaps"}, "INVALID_PARAMETER", "timer"),
    ],
)
def test_a_wrong_question_is_refused_by_name(api: Api, query: dict[str, str], code: str, param: str) -> None:
    assert_error(api.get("/board-tasks", **query), 400, code, param)


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"workflow_id": "1"}, "MISSING_PARAMETER", "task_uuid"),
        ({"task_uuid": "no-such", "workflow_id": "1"}, "INVALID_PARAMETER", "task_uuid"),
        ({"task_uuid": "*"}, "MISSING_PARAMETER", "workflow_id"),
        ({"task_uuid": "*", "workflow_id": "99999"}, "INVALID_PARAMETER", "workflow_id"),
        ({"task_uuid": "*", "workflow_id": "1", "position": "0"}, "INVALID_PARAMETER", "position"),
    ],
)
def test_a_wrong_move_is_refused_by_name(api: Api, empty: int, fields: dict[str, str], code: str, param: str) -> None:
    uuid = put(api, empty, "a")
    data = {name: uuid if value == "*" else value for name, value in fields.items()}
    assert_error(api.put("/board-tasks", data=data), 400, code, param)
