"""Export and import over HTTP."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Api, assert_error
from tests.control.conftest import FROZEN, Making

SQLITE = {"Content-Type": "application/vnd.sqlite3"}
JSON = {"Content-Type": "application/json"}


def told(client: httpx.Client, path: str, **params: str) -> bytes:
    """What a sandbox exports."""
    answer = client.get(f"{path}/export", params=params)
    assert answer.status_code == 200
    return answer.content


def taken(client: httpx.Client, path: str, content: bytes, headers: dict[str, str] = SQLITE) -> httpx.Response:
    """What the sandbox says of an import."""
    return client.put(f"{path}/import", content=content, headers=headers)


def edited(client: httpx.Client, path: str, folder: Path, *statements: str) -> bytes:
    """An export in which somebody has carried out statements."""
    file = folder / "edited.sqlite"
    file.write_bytes(told(client, path))
    with closing(sqlite3.connect(file)) as raw, raw:
        for statement in statements:
            raw.execute(statement)
    return file.read_bytes()


def test_the_export_is_a_database_that_sqlite_opens(client: httpx.Client, box: tuple[str, Api], tmp_path: Path) -> None:
    path, api = box
    file = tmp_path / "export.sqlite"
    file.write_bytes(told(client, path))
    (count,) = sqlite3.connect(file).execute("SELECT tasks FROM tally WHERE project_id = 1").fetchone()
    assert count == api.get("/tasks").json()["total"]


@pytest.mark.parametrize(("format", "headers"), [("sqlite", SQLITE), ("json", JSON)])
@pytest.mark.parametrize("profile", ["demo", "edge", "empty"])
def test_an_export_comes_back_as_it_was(
    client: httpx.Client, make: Making, format: str, headers: dict[str, str], profile: str
) -> None:
    path, api = make(clock=FROZEN, profile=profile)
    api.post("/tasks", data={"title": "kept"})
    pages = [f"/{noun}" for noun in ("tasks", "sprints", "user-stories", "comments", "attachments")]
    before = [api.get(page).content for page in pages]
    export = told(client, path, format=format)
    api.post("/tasks", data={"title": "lost"})
    assert taken(client, path, export, headers).status_code == 200
    assert [api.get(page).content for page in pages] == before
    again = told(client, path, format=format)
    assert again == export if format == "json" else len(again) == len(export)


@pytest.mark.parametrize(("format", "headers"), [("sqlite", SQLITE), ("json", JSON)])
def test_an_export_of_the_largest_seed_comes_back(
    client: httpx.Client, make: Making, format: str, headers: dict[str, str]
) -> None:
    path, _ = make(clock=FROZEN, profile="empty", seed=2**63 - 1)
    assert taken(client, path, told(client, path, format=format), headers).status_code == 200
    assert client.get(path).json()["seed"] == 2**63 - 1


def test_numbers_go_on_where_the_export_stopped(client: httpx.Client, make: Making) -> None:
    (path, api), (other, guest) = make(clock=FROZEN), make(clock=FROZEN)
    uuid = api.post("/tasks", data={"title": "x"}).json()["uuid"]
    api.delete(f"/tasks/{uuid}")
    for kind, headers in (("sqlite", SQLITE), ("json", JSON)):
        taken(client, other, told(client, path, format=kind), headers)
        assert guest.post("/tasks", data={"title": "y"}).json()["uuid"] != uuid


def test_another_sandboxs_export_is_opened_by_ones_own_credentials(client: httpx.Client, make: Making) -> None:
    (path, api), (other, guest) = make(), make(profile="empty")
    api.post("/tasks", data={"title": "from there"})
    taken(client, other, told(client, path))
    assert guest.get("/tasks").json()["data"][0]["title"] == "from there"
    guest.post("/tasks", data={"title": "only here"})
    assert api.get("/tasks").json()["data"][0]["title"] == "from there"


def test_a_password_from_before_an_import_opens_nothing_not_even_what_was_removed(
    client: httpx.Client, make: Making
) -> None:
    (path, _), (other, _) = make(seed=5), make(seed=6)
    before = client.get(path).json()
    login = {"email": before["credentials"]["email"], "password": before["password"]}
    assert client.post("/auth/login", json=login).status_code == 200
    taken(client, path, told(client, other))
    assert client.post("/auth/login", json=login).status_code == 404
    client.delete(path)
    assert client.post("/auth/login", json=login).status_code == 404


def changed(export: bytes, **tables: Any) -> bytes:
    """A JSON export with other tables in it."""
    return orjson.dumps(orjson.loads(export) | tables)


def test_what_cannot_be_taken_is_refused_and_changes_nothing(client: httpx.Client, make: Making) -> None:
    path, api = make(clock=FROZEN, profile="empty")
    export = told(client, path, format="json")
    tables = orjson.loads(export)
    column = tables["workflowcolumn"][0] if "workflowcolumn" in tables else {}
    bad = [
        (b"", None),
        (b"[]", None),
        (b"{", None),
        (b"SQLite format 3\0" + b"x" * 5000, "body"),
        (told(client, path)[:8192], "body"),
        (b"{}", "version"),
        (changed(export, version=1), "version"),
        (changed(export, nonsense=[]), "nonsense"),
        (changed(export, task=3), "task"),
        (changed(export, task=[{}]), "task"),
        (changed(export, project=[tables["project"][0] | {"name": None}]), "project"),
        (changed(export, project=[tables["project"][0] | {"name": 5}]), "body"),
        (changed(export, project=[tables["project"][0] | {"name": []}]), "project"),
        (changed(export, project=[tables["project"][0] | {"created_at": 10**15}]), "body"),
        (changed(export, seeding=[]), "body"),
        (changed(export, credential=[]), "body"),
        (changed(export, project=[]), "body"),
        (changed(export, sequences={"task": "many"}), "sequences"),
        (changed(export, attachmentcontent=[column]), "attachmentcontent"),
    ]
    before = api.get("/project-team-allocations").content
    for content, param in bad:
        answer = taken(client, path, content, JSON)
        assert answer.status_code == 400, (content[:80], answer.text)
        assert answer.json().get("param") == param, (content[:80], answer.text)
    assert api.get("/project-team-allocations").content == before


def test_a_database_with_a_trigger_of_somebody_elses_is_refused(
    client: httpx.Client, box: tuple[str, Api], tmp_path: Path
) -> None:
    odd = "CREATE TRIGGER odd AFTER INSERT ON task BEGIN DELETE FROM task; END"
    assert_error(taken(client, box[0], edited(client, box[0], tmp_path, odd)), 400, "INVALID_PARAMETER", "body")


def test_what_an_imported_database_counted_wrongly_is_counted_anew(
    client: httpx.Client, make: Making, tmp_path: Path
) -> None:
    path, api = make(clock=FROZEN)
    bearer = {"Authorization": f"Bearer {client.get(path).json()['credentials']['token']}"}
    before = client.get("/tasks?project_slug=route-planner", headers=bearer).content
    total = api.get("/tasks").json()["total"]
    odd = (
        "UPDATE task_tally SET comments = x'ff', seconds = -5, labels = 'many'",
        "DELETE FROM task_tally WHERE task_id % 2",
        "UPDATE tally SET tasks = x'ff'",
    )
    assert taken(client, path, edited(client, path, tmp_path, *odd)).status_code == 200
    assert client.get("/tasks?project_slug=route-planner", headers=bearer).content == before
    assert api.get("/tasks").json()["total"] == total


@pytest.mark.parametrize("seq", ["9223372036854775807", "'text'", "x'ff'", "-9"])
def test_an_imported_database_goes_on_numbering_whatever_it_says(
    client: httpx.Client, make: Making, tmp_path: Path, seq: str
) -> None:
    path, api = make(clock=FROZEN)
    tasks = api.get("/tasks").json()["total"]
    odd = edited(client, path, tmp_path, f"UPDATE sqlite_sequence SET seq = {seq}")  # noqa: S608 constants of ours
    assert taken(client, path, odd).status_code == 200
    assert api.post("/tasks", data={"title": "next"}).status_code == 201
    assert api.get("/tasks").json()["total"] == tasks + 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("comment.id", "9223372036854775807"),
        ("comment.id", "0"),
        ("comment.id", "-7"),
        ("comment.keywords", "''"),
        ("comment.keywords", "'{}'"),
        ("comment.keywords", "'[1]'"),
        ("comment.votes", "'many'"),
        ("member.role_id", "0"),
        ("workspace_member.role_id", "6"),
        ("member.is_leader", "2"),
        ("effort.hundredths", "9007199254740993"),
        ("task.created_at", "-1"),
    ],
)
def test_a_value_that_a_column_cannot_have_is_refused(
    client: httpx.Client, box: tuple[str, Api], tmp_path: Path, column: str, value: str
) -> None:
    table, _, name = column.partition(".")
    sql = f"UPDATE {table} SET {name} = {value} WHERE id = (SELECT max(id) FROM {table})"  # noqa: S608 constants of ours
    refused = taken(client, box[0], edited(client, box[0], tmp_path, sql))
    assert_error(refused, 400, "INVALID_PARAMETER", "body")
    assert f"'{column}' has a wrong value" in refused.json()["message"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400_000), junk=st.binary(min_size=1, max_size=300))
def test_a_damaged_file_never_does_harm(client: httpx.Client, sandbox: dict[str, Any], at: int, junk: bytes) -> None:
    path = f"/_mock/sandboxes/{sandbox['id']}"
    export = told(client, path)
    assert taken(client, path, export[:at] + junk + export[at + len(junk) :]).status_code in (200, 400)
    assert taken(client, path, export).status_code == 200
