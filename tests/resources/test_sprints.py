"""Sprints: their texts, what clears, and the chart that burns down."""

from typing import Any

import pytest

from mock_server.app import Sandboxed
from tests.conftest import Api

DAYS = {"date_start": "2026-3-2", "date_finish": "2026-3-6"}
ON_THE_FOURTH = 1_772_582_400 + 9 * 3600


@pytest.fixture
def sprint(api: Api, app: Sandboxed) -> dict[str, Any]:
    """A sprint of five days, on the third of them."""
    app.state.world.default.clock.set("frozen", ON_THE_FOURTH)
    told: dict[str, Any] = api.post("/sprints", data={"title": "Five days", **DAYS}).json()
    return told


def shown(api: Api, sprint: dict[str, Any]) -> dict[str, Any]:
    """The sprint as it is now."""
    told: dict[str, Any] = api.get(f"/sprints/{sprint['slug']}").json()["data"]
    return told


def test_a_time_box_is_made_from_the_days_until_one_is_told(api: Api, sprint: dict[str, Any]) -> None:
    assert (sprint["timebox"], sprint["duration"]) == ("2026-03-02 - 2026-03-06", "5 days")
    path = f"/sprints/{sprint['slug']}"
    assert api.put(path, data={"timebox": "first week"}).json()["data"]["timebox"] == "first week"
    assert api.put(path, data={"timebox": ""}).json()["data"]["timebox"] == sprint["timebox"]


def test_a_status_that_is_cleared_follows_the_days_again(api: Api, sprint: dict[str, Any]) -> None:
    path = f"/sprints/{sprint['slug']}"
    assert api.put(path, data={"sprint_status_slug": "closed"}).json()["data"]["status"]["title"] == "Closed"
    assert api.put(path, json={"sprint_status_slug": None}).json()["data"]["status"]["slug"] == "in-progress"


def test_null_clears_the_goal_and_the_days(api: Api, sprint: dict[str, Any]) -> None:
    told = api.put(f"/sprints/{sprint['slug']}", json={"description": None, "date_finish": None}).json()["data"]
    assert (told["description"], told["date_finish"], told["timebox"], told["duration"]) == ("", None, "", "")
    assert shown(api, sprint)["charts"] == {"burndown_tasks": [], "burndown_efforts": []}


def test_the_chart_has_a_point_for_each_day_and_knows_none_to_come(api: Api, sprint: dict[str, Any]) -> None:
    done = next(row["id"] for row in api.get("/projects-workflows").json()["data"] if row["status"]["code"] == 1)
    api.post("/tasks", data={"title": "x", "sprint_id": sprint["id"]})
    api.post("/tasks", data={"title": "y", "sprint_id": sprint["id"], "workflow_id": done})
    points = shown(api, sprint)["charts"]["burndown_tasks"]
    assert [point["date"] for point in points] == [f"2026-03-0{day}" for day in range(2, 7)]
    assert [point["decrement"] for point in points] == [2, 1.5, 1, 0.5, 0]
    assert [point["closedCountDown"] for point in points] == [2, 2, 1, None, None]
    assert {(point["startPlotLines"], point["endPlotLines"]) for point in points} == {(0, 4)}


def test_a_very_long_sprint_has_a_chart_of_bounded_length(api: Api) -> None:
    made = api.post("/sprints", data={"title": "Ages", "date_start": "1970-01-01", "date_finish": "9999-12-31"}).json()
    assert 300 < len(shown(api, made)["charts"]["burndown_tasks"]) <= 367


def test_the_people_of_a_sprint_are_those_of_its_tasks(api: Api, sprint: dict[str, Any]) -> None:
    who = sprint["user"]["username"]
    for _ in range(2):
        api.post("/tasks", data={"title": "x", "sprint_id": sprint["id"], "username": who})
    assert [user["username"] for user in shown(api, sprint)["users"]] == [who]


@pytest.mark.parametrize("path", ["/sprints", "/user-stories", "/project-templates/type", "/projects-workflows"])
def test_a_title_without_letters_still_makes_a_slug(api: Api, path: str) -> None:
    told = api.post(path, data={"title": "🚚!"}).json()
    slug = told.get("data", told)["slug"]
    assert len(slug) == 13
    assert slug.isalnum()


def test_a_deleted_sprint_leaves_its_tasks(api: Api, sprint: dict[str, Any]) -> None:
    task = api.post("/tasks", data={"title": "x", "sprint_slug": sprint["slug"]}).json()
    assert task["sprint"]["id"] == sprint["id"]
    api.delete(f"/sprints/{sprint['slug']}")
    assert api.get(f"/tasks/{task['uuid']}").json()["data"]["sprint"] is None
