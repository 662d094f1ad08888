"""Sprints, user stories and epics, as a client sees them."""

from typing import Any

import pytest

from mock_server.app import Sandboxed
from tests.conftest import Api, assert_error

SPRINT = {
    *("id", "code", "slug", "title", "timebox", "duration", "company", "project", "stats", "status", "user", "users"),
    *("created_at", "date_start", "date_finish", "description"),
}
STORY = {
    *("id", "code", "slug", "title", "votes", "priority", "epic", "stats", "company", "project", "user", "users"),
    *("created_at", "additional_information", "acceptance_criteria"),
}
FIRST = 1_800_000_000


def test_a_sprint_and_a_story_have_every_documented_key(api: Api) -> None:
    assert api.get("/sprints").json()["data"][0].keys() >= SPRINT
    assert api.get("/user-stories").json()["data"][0].keys() >= STORY


def test_sprints_are_created_bare_read_wrapped_changed_and_deleted(api: Api) -> None:
    made = api.post("/sprints", data={"title": "Lift off", "date_start": "2026-1-2", "date_finish": "2026-1-9"}).json()
    assert (made["timebox"], made["duration"], made["code"]) == ("2026-01-02 - 2026-01-09", "8 days", "S-6")
    path = f"/sprints/{made['slug']}"
    told = api.put(path, data={"sprint_status_slug": "open", "description": "Fly"}).json()["data"]
    assert (told["status"], told["description"], told["title"]) == (
        {"slug": "open", "title": "Open"},
        "Fly",
        "Lift off",
    )
    assert api.delete(path).status_code == 200
    assert_error(api.get(path), 404, "SPRINT_NOT_FOUND")


def test_a_sprints_status_follows_its_days(api: Api, app: Sandboxed) -> None:
    clock = app.state.world.default.clock
    path = (
        "/sprints/"
        + api.post("/sprints", data={"title": "S", "date_start": "2027-02-01", "date_finish": "2027-02-10"}).json()[
            "slug"
        ]
    )
    seen = []
    for day in (1_801_000_000, 1_801_800_000, 1_803_000_000):
        clock.set("frozen", day)
        seen.append(api.get(path).json()["data"]["status"]["slug"])
    assert seen == ["open", "in-progress", "closed"]


def test_a_sprint_counts_its_tasks_and_its_chart_comes_down(api: Api, app: Sandboxed) -> None:
    clock = app.state.world.default.clock
    clock.set("frozen", 1_801_800_000)
    sprint = api.post("/sprints", data={"title": "S", "date_start": "2027-02-01", "date_finish": "2027-02-10"}).json()
    effort = api.get("/tasks").json()["data"][0]["effort"]
    tasks = [
        api.post("/tasks", data={"title": "x", "sprint_id": sprint["id"], "effort_id": effort["id"]}).json()
        for _ in range(2)
    ]
    done = next(row["workflow"]["id"] for row in api.get("/tasks", workflow="done").json()["data"])
    api.put(f"/tasks/{tasks[0]['uuid']}", data={"workflow_id": done})
    told = api.get(f"/sprints/{sprint['slug']}").json()["data"]
    assert (told["stats"]["total_tasks"], told["stats"]["closed_tasks"], told["stats"]["percentage"]) == (2, 1, 50)
    assert told["stats"]["story_points"] == 2 * float(effort["effort"])
    left = {name: [point["closedCountDown"] for point in chart] for name, chart in told["charts"].items()}
    known = [number for number in left["burndown_tasks"] if number is not None]
    assert (known[0], known[-1]) == (2, 1)
    assert left["burndown_efforts"][len(known) - 1] == float(effort["effort"])


def test_the_statuses_of_sprints_are_listed(api: Api) -> None:
    assert [row["slug"] for row in api.get("/sprints/statuses").json()["data"]] == ["open", "in-progress", "closed"]


@pytest.mark.parametrize(
    ("path", "fields", "param"),
    [
        ("/sprints", {"title": "x" * 61}, "title"),
        ("/sprints", {"title": "x", "date_start": "2026-02-02", "date_finish": "2026-02-01"}, "date_finish"),
        ("/sprints", {"title": "x", "sprint_status_slug": "lost"}, "sprint_status_slug"),
        ("/user-stories", {"title": "x", "user_story_priority_id": "99999"}, "user_story_priority_id"),
        ("/user-stories", {"title": "x", "epic_uuid": "none"}, "epic_uuid"),
        ("/user-story-epics", {"title": "x", "color": "blue"}, "color"),
    ],
)
def test_a_wrong_field_is_named(api: Api, path: str, fields: dict[str, str], param: str) -> None:
    assert_error(api.post(path, data=fields), 400, "INVALID_PARAMETER", param)


def test_user_stories_are_wrapped_changed_and_deleted(api: Api) -> None:
    epic: dict[str, Any] = api.post("/user-story-epics", data={"title": "Big", "color": "9900ff"}).json()
    assert (epic["color"], epic["stats"]["user_stories"]) == ("#9900ff", None)
    made = api.post(
        "/user-stories", data={"title": "As a tester", "epic_uuid": epic["uuid"], "user_story_priority_id": 1}
    ).json()["data"]
    assert (made["epic"]["title"], made["priority"]["id"], made["code"]) == ("Big", 1, "US-11")
    path = f"/user-stories/{made['slug']}"
    told = api.put(path, json={"acceptance_criteria": "Given", "user_story_priority_id": None, "epic_uuid": ""}).json()[
        "data"
    ]
    assert (told["acceptance_criteria"], told["priority"], told["epic"]) == ("Given", None, None)
    assert api.delete(path).json() == {"data": {"deleted": True}}
    assert_error(api.get(path), 404, "USER_STORY_NOT_FOUND")


def test_epics_are_found_by_uuid_changed_and_deleted(api: Api) -> None:
    epic = api.get("/user-story-epics", search="route").json()["data"][0]
    assert epic["stats"]["user_stories"] is None or epic["stats"]["user_stories"] > 0
    path = f"/user-story-epics/{epic['uuid']}"
    assert api.put(path, data={"title": "Renamed"}).json()["data"]["title"] == "Renamed"
    assert api.get(path).json()["data"]["user"]["since"].split()[1].isdigit()
    api.delete(path)
    assert_error(api.get(path), 404, "EPIC_NOT_FOUND")


def test_searching_narrows_a_list(api: Api) -> None:
    assert [row["title"] for row in api.get("/sprints", search="sprint 2").json()["data"]] == ["Sprint 2"]
    assert api.get("/user-stories", search="no such story").json()["total"] == 0
