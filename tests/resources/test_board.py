"""Workflow columns and task types, as a client sees them."""

import pytest

from tests.conftest import Api, assert_error

COLUMNS = "/project-templates/workflow"
TYPES = "/project-templates/type"
BOARD = {
    *("id", "title", "description", "autoarchive", "slug", "status", "color", "position", "value_fixed", "default"),
    *("emails", "tasks"),
}


def positions(api: Api, path: str) -> list[int]:
    """The positions of a list, in its order."""
    return [row["position"] for row in api.get(path, limit=100).json()["data"]]


def test_columns_come_in_the_order_of_the_board(api: Api) -> None:
    told = api.get(COLUMNS).json()["data"]
    assert (told[0]["title"], told[0]["state"], told[0]["default"]) == ("Todo", 0, True)
    assert positions(api, COLUMNS) == [1, 2, 3, 4, 5]
    assert {row["state"] for row in told} == {0, 1, 2}


@pytest.mark.parametrize(("state", "number"), [("Todo", 0), ("In Progress", 2), ("Done", 1), ("2", 2)])
def test_a_column_takes_its_state_by_name_or_number(api: Api, state: str, number: int) -> None:
    told = api.post(COLUMNS, data={"title": "Later", "state": state})
    assert (told.status_code, told.json()["state"], told.json()["position"]) == (201, number, 6)


def test_moving_a_column_leaves_no_gap(api: Api) -> None:
    made = api.post("/projects-workflows/", data={"title": "Blocked", "color": "FF0000", "status": 2}).json()["data"]
    assert made["status"] == {"code": 2, "title": "In Progress"}
    assert api.put(f"/projects-workflows/{made['id']}/", data={"position": 2}).json()["data"]["position"] == 2
    assert positions(api, COLUMNS) == [1, 2, 3, 4, 5, 6]
    assert api.delete(f"/projects-workflows/{made['id']}").status_code == 200
    assert positions(api, COLUMNS) == [1, 2, 3, 4, 5]


def test_one_column_is_the_default_and_new_tasks_go_there(api: Api) -> None:
    made = api.post(COLUMNS, data={"title": "Inbox", "default": "1"}).json()
    assert [row["id"] for row in api.get(COLUMNS).json()["data"] if row["default"]] == [made["id"]]
    assert api.post("/tasks", data={"title": "x"}).json()["workflow"]["title"] == "Inbox"


def test_a_column_that_holds_tasks_stays(api: Api) -> None:
    rows = api.get(COLUMNS).json()["data"]
    assert_error(api.delete(f"{COLUMNS}/{rows[1]['id']}"), 409, "CONFLICT")
    assert_error(api.delete(f"{COLUMNS}/99999"), 404, "WORKFLOW_NOT_FOUND")


def test_the_board_holds_every_task_that_is_not_archived(api: Api) -> None:
    board = api.get("/projects-workflows-with-tasks/").json()["data"]
    assert board[0].keys() >= BOARD
    shown = [task["uuid"] for column in board for task in column["tasks"]["data"]]
    assert len(shown) == len(set(shown)) == api.get("/tasks", is_archived="0").json()["total"] < 60
    archived = api.get("/projects-workflows-with-tasks", is_archived=1).json()["data"]
    assert sum(len(column["tasks"]["data"]) for column in archived) == 60 - len(shown)


def test_the_board_narrows_to_a_sprint(api: Api) -> None:
    sprint = api.get("/sprints").json()["data"][1]
    board = api.get("/projects-workflows-with-tasks", sprint_slug=sprint["slug"]).json()["data"]
    assert {task["sprint"]["slug"] for column in board for task in column["tasks"]["data"]} == {sprint["slug"]}


def test_a_columns_value_is_the_sum_of_its_tasks(api: Api) -> None:
    before = api.get("/projects-workflows").json()["data"][0]["value_fixed"]
    api.post("/tasks", data={"title": "x", "value_fixed": "10.15"})
    assert api.get("/projects-workflows").json()["data"][0]["value_fixed"] == pytest.approx(before + 10.15)


def test_types_are_found_by_slug_or_id_and_leave_no_gap(api: Api) -> None:
    made = api.post(TYPES, data={"title": "Marketing", "code": "MKT", "color": "#9900ff"}).json()
    assert made.keys() == {"id", "title", "description", "slug", "code", "color", "position", "default"}
    assert made["slug"].startswith("marketing-")
    assert api.put(f"{TYPES}/{made['slug']}", data={"position": 1, "default": "on"}).json()["data"]["default"] is True
    assert api.put(f"{TYPES}/{made['id']}", data={"description": "ads"}).json()["data"]["description"] == "ads"
    assert [row["id"] for row in api.get(TYPES).json()["data"] if row["default"]] == [made["id"]]
    assert api.delete(f"{TYPES}/{made['slug']}").status_code == 200
    assert positions(api, TYPES) == [1, 2, 3, 4]
    assert_error(api.delete(f"{TYPES}/{made['slug']}"), 404, "TASK_TYPE_NOT_FOUND")


def test_a_task_loses_its_type_with_it(api: Api) -> None:
    made = api.post(TYPES, data={"title": "Short"}).json()
    task = api.post("/tasks", data={"title": "x", "type_id": made["id"]}).json()
    assert task["type"]["title"] == "Short"
    api.delete(f"{TYPES}/{made['id']}")
    assert api.get(f"/tasks/{task['uuid']}").json()["data"]["type"] is None


def test_a_taken_type_code_is_a_conflict_and_a_long_one_is_named(api: Api) -> None:
    assert_error(api.post(TYPES, data={"title": "x", "code": "BUG"}), 409, "CONFLICT", "code")
    assert_error(api.post(TYPES, data={"title": "x", "code": "LONGER"}), 400, "INVALID_PARAMETER", "code")
    assert_error(api.post(TYPES), 400, "MISSING_PARAMETER", "title")
    assert_error(api.post(COLUMNS, data={"title": "x", "state": "Sideways"}), 400, "INVALID_PARAMETER", "state")
