"""What happens to tasks when their column changes, and how the board is read."""

from typing import Any

import pytest

from mock_server.app import Sandboxed
from tests.conftest import Api, assert_error

COLUMNS = "/project-templates/workflow"
BOARD = "/projects-workflows-with-tasks/"


def column(api: Api, **fields: Any) -> dict[str, Any]:
    """A new column."""
    told: dict[str, Any] = api.post(COLUMNS, data={"title": "Ready", **fields}).json()
    return told


def task_in(api: Api, column_id: int, **fields: Any) -> dict[str, Any]:
    """A new task in a column."""
    told: dict[str, Any] = api.post("/tasks", data={"title": "x", "workflow_id": column_id, **fields}).json()
    return told


def test_a_new_column_has_every_documented_key(api: Api) -> None:
    made = column(api, description="Ready to start", emails="a@example.com,b@example.com", autoarchive="1")
    assert made.items() >= {"type": "issues", "state": 0, "default": False, "autoarchive": 1, "position": 6}.items()
    assert made["emails"] == "a@example.com,b@example.com"
    assert made["slug"].startswith("ready-")


def test_what_is_not_sent_of_a_column_stays(api: Api) -> None:
    made = column(api, state="In Progress", color="#123456")
    assert api.put(f"{COLUMNS}/{made['id']}", data={"title": "Set"}).json()["data"] == made | {"title": "Set"}
    assert api.put(f"{COLUMNS}/{made['id']}", json={"emails": None}).json()["data"]["emails"] is None


def test_a_column_that_becomes_a_done_one_completes_its_tasks_and_back(api: Api) -> None:
    made = column(api)
    path = f"/tasks/{task_in(api, made['id'])['uuid']}"
    api.put(f"/projects-workflows/{made['id']}/", data={"state": 1})
    told = api.get(path).json()["data"]
    assert (told["state"], told["completed_user"]) == (1, told["user"])
    assert told["completed_date"]["timestamp"] >= told["created_at"]["timestamp"]
    api.put(f"{COLUMNS}/{made['id']}", data={"state": "Todo"})
    told = api.get(path).json()["data"]
    assert (told["completed_user"], told["completed_date"]) == (None, [])


def test_a_refused_change_of_a_column_changes_nothing(api: Api) -> None:
    first = api.get(COLUMNS).json()["data"][0]
    assert_error(
        api.put(f"{COLUMNS}/{first['id']}", data={"title": "Lost", "default": "0"}), 409, "CONFLICT", "default"
    )
    assert api.get(COLUMNS).json()["data"][0] == first


def test_another_projects_column_is_not_found(api: Api, other: Any) -> None:
    made = column(api)
    for path in (COLUMNS, "/projects-workflows"):
        assert_error(other("second_project").put(f"{path}/{made['id']}", data={}), 404, "WORKFLOW_NOT_FOUND")
        assert_error(other("other_account").delete(f"{path}/{made['id']}"), 404, "WORKFLOW_NOT_FOUND")


def test_the_board_shows_tasks_as_the_task_list_does_and_by_position(api: Api, app: Sandboxed) -> None:
    app.state.world.default.clock.set("frozen")
    made = column(api)
    tasks = [task_in(api, made["id"]) for _ in range(3)]
    api.put(f"/tasks/{tasks[2]['uuid']}", data={"position": "1"})
    shown = api.get(BOARD).json()["data"][-1]["tasks"]["data"]
    assert [task["uuid"] for task in shown] == [tasks[at]["uuid"] for at in (2, 0, 1)]
    assert shown[0] == api.get(f"/tasks/{tasks[2]['uuid']}").json()["data"]


def test_an_empty_column_holds_an_empty_list(api: Api) -> None:
    column(api)
    assert api.get(BOARD).json()["data"][-1]["tasks"] == {"data": []}


def test_the_board_narrows_to_a_user_story_and_to_archived_tasks(api: Api) -> None:
    made, story = column(api), api.post("/user-stories", data={"title": "As a tester"}).json()["data"]
    kept = task_in(api, made["id"], user_story_id=story["id"])
    gone = task_in(api, made["id"], user_story_id=story["id"], is_archived="1")
    for archived, task in ((0, kept), (1, gone)):
        board = api.get(BOARD, user_story_slug=story["slug"], is_archived=archived).json()["data"]
        assert [row["uuid"] for each in board for row in each["tasks"]["data"]] == [task["uuid"]]
    assert_error(api.get(BOARD, is_archived="perhaps"), 400, "INVALID_PARAMETER", "is_archived")


def test_the_board_takes_the_same_statements_whatever_it_holds(api: Api, app: Sandboxed) -> None:
    def statements() -> int:
        asked: list[str] = []
        raw = app.state.world.default.store.raw
        raw.set_trace_callback(asked.append)
        assert api.get(BOARD).status_code == 200
        raw.set_trace_callback(None)
        return len(asked)

    before = statements()
    made = column(api)
    for _ in range(5):
        task_in(api, made["id"])
    assert statements() == before <= 6


@pytest.mark.parametrize("path", [COLUMNS, "/projects-workflows"])
def test_a_title_is_needed(api: Api, path: str) -> None:
    assert_error(api.post(path, data={"color": "#112233"}), 400, "MISSING_PARAMETER", "title")
