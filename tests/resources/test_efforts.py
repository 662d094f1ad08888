"""Efforts, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error

EFFORTS = "/project-templates/effort/"


def listed(api: Api) -> list[dict[str, Any]]:
    """Every effort, in the order of the list."""
    told: list[dict[str, Any]] = api.get(EFFORTS, limit=100).json()["data"]
    return told


def test_efforts_come_by_position_with_their_size_as_a_decimal_text(api: Api) -> None:
    told = listed(api)
    assert [row["effort"] for row in told[:3]] == ["0.50", "1.00", "2.00"]
    assert [row["position"] for row in told] == list(range(1, len(told) + 1))
    assert told[0].keys() == {"id", "title", "description", "effort", "position", "default"}


def test_a_new_effort_is_wrapped_and_the_last_of_the_list(api: Api) -> None:
    answer = api.post(EFFORTS, data={"title": "Huge", "effort": "21.5"})
    assert answer.status_code == 201
    assert (answer.json()["data"]["effort"], answer.json()["data"]["position"]) == ("21.50", len(listed(api)))
    assert listed(api)[-1] == answer.json()["data"]


def test_what_is_not_sent_of_an_effort_stays(api: Api) -> None:
    first = listed(api)[0]
    told = api.put(f"{EFFORTS}{first['id']}/", data={"effort": "0.25"}).json()["data"]
    assert told == first | {"effort": "0.25"}
    assert api.put(f"{EFFORTS}{first['id']}", json={"title": "Tiny"}).json()["data"] == told | {"title": "Tiny"}


def test_a_larger_effort_counts_in_the_sprint_at_once(api: Api) -> None:
    effort = api.post(EFFORTS, data={"title": "Odd", "effort": "0.1"}).json()["data"]
    sprint = api.post("/sprints", data={"title": "Counting"}).json()
    for _ in range(3):
        api.post("/tasks", data={"title": "x", "effort_id": effort["id"], "sprint_id": sprint["id"]})
    assert api.get(f"/sprints/{sprint['slug']}").json()["data"]["stats"]["story_points"] == 0.3
    api.put(f"{EFFORTS}{effort['id']}", data={"effort": "7"})
    assert api.get(f"/sprints/{sprint['slug']}").json()["data"]["stats"]["story_points"] == 21


def test_a_deleted_effort_leaves_its_tasks_and_no_gap(api: Api) -> None:
    effort = listed(api)[3]
    task = api.post("/tasks", data={"title": "x", "effort_id": effort["id"]}).json()
    assert api.delete(f"{EFFORTS}{effort['id']}").json() == {"data": {"deleted": True}}
    assert api.get(f"/tasks/{task['uuid']}").json()["data"]["effort"] is None
    assert [row["position"] for row in listed(api)] == list(range(1, len(listed(api)) + 1))


def test_searching_efforts_narrows_the_list(api: Api) -> None:
    assert [row["title"] for row in api.get(EFFORTS, search="1/2").json()["data"]] == ["1/2"]


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"title": "x"}, "MISSING_PARAMETER", "effort"),
        ({"effort": "1"}, "MISSING_PARAMETER", "title"),
        ({"title": "x", "effort": "-1"}, "INVALID_PARAMETER", "effort"),
        ({"title": "x", "effort": "nan"}, "INVALID_PARAMETER", "effort"),
        ({"title": "x", "effort": "1", "position": "0"}, "INVALID_PARAMETER", "position"),
    ],
)
def test_a_wrong_field_of_an_effort_is_named(api: Api, fields: dict[str, str], code: str, param: str) -> None:
    before = listed(api)
    assert_error(api.post(EFFORTS, data=fields), 400, code, param)
    assert listed(api) == before


def test_another_projects_effort_is_not_found(api: Api, other: Any) -> None:
    effort = listed(api)[0]
    assert_error(other("second_project").put(f"{EFFORTS}{effort['id']}", data={"title": "x"}), 404, "EFFORT_NOT_FOUND")
    assert_error(other("other_account").delete(f"{EFFORTS}{effort['id']}"), 404, "EFFORT_NOT_FOUND")
