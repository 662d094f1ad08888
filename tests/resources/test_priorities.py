"""Priorities of user stories, and what holds for every ordered list of a project: one default, no gaps, never empty."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error

PRIORITIES = "/project-templates/priority/"
LISTS = ("/project-templates/priority", "/project-templates/effort", "/project-templates/type")
COLUMNS = ("/project-templates/workflow", "/projects-workflows")


def listed(api: Api, path: str = PRIORITIES) -> list[dict[str, Any]]:
    """Every row of a list, in its order."""
    told: list[dict[str, Any]] = api.get(path, limit=100).json()["data"]
    return told


def made(api: Api, path: str, **fields: Any) -> dict[str, Any]:
    """A new row, whether it comes bare or wrapped."""
    told = api.post(path, data={"title": "New", "effort": "1", **fields}).json()
    row: dict[str, Any] = told.get("data", told)
    return row


def defaults(api: Api, path: str) -> list[int]:
    """The ids of the rows which are the default."""
    return [row["id"] for row in listed(api, path) if row["default"]]


def test_both_paths_list_the_same_priorities(api: Api) -> None:
    assert listed(api) == listed(api, "/user-story-priorities/")
    assert listed(api)[0].keys() >= {"id", "title", "color", "default"}


def test_a_new_priority_is_wrapped_and_has_the_clients_colour(api: Api) -> None:
    answer = api.post(PRIORITIES, data={"title": "Later"})
    assert (answer.status_code, answer.json()["data"]["color"]) == (201, "#9900ff")
    path = f"{PRIORITIES}{answer.json()['data']['id']}/"
    assert api.put(path, data={"color": "00FF00"}).json()["data"] == answer.json()["data"] | {"color": "#00FF00"}


def test_a_deleted_priority_leaves_its_stories_without_one(api: Api) -> None:
    priority = made(api, PRIORITIES)
    story = api.post("/user-stories", data={"title": "x", "user_story_priority_id": priority["id"]}).json()["data"]
    assert story["priority"]["id"] == priority["id"]
    assert api.delete(f"{PRIORITIES}{priority['id']}").json() == {"data": {"deleted": True}}
    assert api.get(f"/user-stories/{story['slug']}").json()["data"]["priority"] is None


def test_a_wrong_colour_is_named(api: Api) -> None:
    assert_error(api.post(PRIORITIES, data={"title": "x", "color": "red"}), 400, "INVALID_PARAMETER", "color")


def test_another_projects_priority_is_not_found(api: Api, other: Any) -> None:
    path = f"{PRIORITIES}{listed(api)[0]['id']}"
    assert_error(other("second_project").delete(path), 404, "PRIORITY_NOT_FOUND")


@pytest.mark.parametrize("path", [*LISTS, *COLUMNS])
def test_the_default_is_one_and_another_takes_its_place(api: Api, path: str) -> None:
    row = made(api, path, default="1")
    assert defaults(api, path) == [row["id"]]
    assert_error(api.put(f"{path}/{row['id']}", data={"default": "0"}), 409, "CONFLICT", "default")
    first = listed(api, path)[0]
    assert api.put(f"{path}/{first['id']}", data={"default": "on"}).json()["data"]["default"] is True
    assert defaults(api, path) == [first["id"]]


@pytest.mark.parametrize("path", [*LISTS, *COLUMNS])
def test_the_first_follows_a_default_that_is_deleted(api: Api, path: str) -> None:
    row = made(api, path, default="1")
    assert api.delete(f"{path}/{row['id']}").status_code == 200
    assert defaults(api, path) == [listed(api, path)[0]["id"]]


@pytest.mark.parametrize("path", [*LISTS, *COLUMNS])
def test_rows_are_put_where_a_position_says_and_leave_no_gap(api: Api, path: str) -> None:
    before = [row["id"] for row in listed(api, path)]
    row = made(api, path, position="2")
    assert [each["id"] for each in listed(api, path)] == [before[0], row["id"], *before[1:]]
    api.put(f"{path}/{row['id']}", data={"position": "1000"})
    assert [each["id"] for each in listed(api, path)] == [*before, row["id"]]
    api.put(f"{path}/{row['id']}", data={"position": "1"})
    assert [(each["id"], each["position"]) for each in listed(api, path)][:2] == [(row["id"], 1), (before[0], 2)]
    api.delete(f"{path}/{row['id']}")
    assert [each["position"] for each in listed(api, path)] == list(range(1, len(before) + 1))


@pytest.mark.settings(profile="empty")
@pytest.mark.parametrize("path", [*LISTS, *COLUMNS])
def test_the_last_row_cannot_be_deleted(api: Api, path: str) -> None:
    *others, last = listed(api, path)
    assert [api.delete(f"{path}/{row['id']}").status_code for row in others] == [200] * len(others)
    assert_error(api.delete(f"{path}/{last['id']}"), 409, "CONFLICT")
    assert [row["default"] for row in listed(api, path)] == [True]
