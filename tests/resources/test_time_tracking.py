"""Time tracking, as a client sees it."""

from typing import Any

import pytest

from mock_server.app import Sandboxed
from tests.conftest import NOON, Api, assert_error


@pytest.fixture
def clock(app: Sandboxed) -> Any:
    """The sandbox's clock, standing at NOON."""
    clock = app.state.world.default.clock
    clock.set("frozen", NOON)
    return clock


@pytest.fixture
def task(api: Api) -> str:
    """The uuid of a new task."""
    return str(api.post("/tasks", data={"title": "Count the stops"}).json()["uuid"])


def shown(api: Api, uuid: str) -> dict[str, Any]:
    """A task."""
    told: dict[str, Any] = api.get(f"/tasks/{uuid}").json()["data"]
    return told


def test_a_timer_runs_on_the_task_until_it_is_ended(api: Api, clock: Any, task: str) -> None:
    started = api.post("/timer/start", data={"task_uuid": task, "comment": "Digging"})
    assert started.status_code == 201
    told = started.json()["data"]
    assert (told["comment"], told["billed"], told["task"]["uuid"]) == ("Digging", False, task)
    assert (told["time"]["start"]["timestamp"], told["time"]["end"], told["time"]["total"]) == (NOON, [], "00:00:00")
    assert shown(api, task)["time_tracker"] == "2026-09-21 14:13:20"
    assert shown(api, task)["time_tracker_user"] == told["user"]
    clock.advance(3725)
    ended = api.post("/timer/end", data={"task_uuid": task})
    assert ended.status_code == 200
    time = ended.json()["data"]["time"]
    assert (time["end"]["timestamp"], time["total"]) == (NOON + 3725, "01:02:05")
    assert time["UTC"] == {"start": "2026-09-21 14:13:20", "end": "2026-09-21 15:15:25"}
    assert (shown(api, task)["time_tracker"], shown(api, task)["time_tracker_user"]) == (None, None)


def test_the_total_of_a_running_timer_follows_the_clock(api: Api, clock: Any, task: str) -> None:
    api.post("/timer/start", data={"task_uuid": task})
    for passed, total in ((0, "00:00:00"), (61, "00:01:01"), (3600, "01:01:01")):
        clock.advance(passed)
        data = api.get("/time-trackings/", task_uuid=task).json()["data"]
        assert (data["data"][0]["time"]["total"], data["resume"]["worked_hours"]) == (total, total)


def test_a_second_timer_clashes_with_the_first(api: Api, task: str) -> None:
    api.post("/timer/start", data={"task_uuid": task})
    assert_error(api.post("/timer/start", data={"task_uuid": task}), 409, "CONFLICT", "task_uuid")
    another = api.post("/tasks", data={"title": "Another"}).json()["uuid"]
    assert_error(api.post("/timer/start", data={"task_uuid": another}), 409, "CONFLICT")
    assert shown(api, another)["time_tracker"] is None


def test_a_person_has_one_timer_over_all_projects(api: Api, other: Any, task: str) -> None:
    api.post("/timer/start", data={"task_uuid": task})
    second = other("second_project")
    elsewhere = second.post("/tasks", data={"title": "Elsewhere"}).json()["uuid"]
    assert_error(second.post("/timer/start", data={"task_uuid": elsewhere}), 409, "CONFLICT")
    assert_error(second.post("/timer/end"), 409, "CONFLICT")


def test_the_callers_timer_ends_without_naming_its_task(api: Api, task: str) -> None:
    api.post("/timer/start", data={"task_uuid": task, "comment": "Before"})
    ended = api.post("/timer/end", data={"comment": "After"}).json()["data"]
    assert (ended["task"]["uuid"], ended["comment"]) == (task, "After")
    assert_error(api.post("/timer/end"), 409, "CONFLICT")
    assert_error(api.post("/timer/end", data={"task_uuid": task}), 409, "CONFLICT", "task_uuid")


def test_a_cancelled_timer_leaves_no_time(api: Api, task: str) -> None:
    api.post("/timer/start", data={"task_uuid": task})
    cancelled = api.post("/timer/cancel", data={"task_uuid": task})
    assert (cancelled.status_code, cancelled.json()) == (200, {"data": {"deleted": True}})
    assert shown(api, task)["time_tracker"] is None
    assert shown(api, task)["stats"]["time_trackers"] == 0


def test_time_written_by_hand_is_wrapped_and_counted(api: Api, clock: Any, task: str) -> None:
    fields = {"task_uuid": task, "comment": "Call", "start": "2026-09-20 10:00:00", "end": "2026-09-20 11:30:00"}
    answer = api.post("/time-trackings", data=fields)
    assert answer.status_code == 201
    assert answer.json()["data"]["time"]["total"] == "01:30:00"
    assert shown(api, task)["stats"]["time_trackers"] == 1
    until_now = api.post("/time-trackings", data={"task_uuid": task, "start": "2026-09-21 14:00:00"}).json()["data"]
    assert until_now["time"]["total"] == "00:13:20"
    no_time = api.post("/time-trackings", data={"task_uuid": task, "comment": "Nothing"}).json()["data"]
    assert no_time["time"]["total"] == "00:00:00"


def test_the_list_sums_up_every_entry_that_matches(api: Api, task: str) -> None:
    for day in (1, 2, 3):
        api.post(
            "/time-trackings",
            data={"task_uuid": task, "start": f"2026-03-0{day} 9:00:00", "end": f"2026-03-0{day} 10:00"},
        )
    body = api.get("/time-trackings", task_uuid=task, limit=1, start="2026-03-02", end="2026-03-03").json()
    assert (body["total"], body["count"], body["total_pages"]) == (2, 1, 2)
    assert body["data"]["data"][0]["time"]["start"]["timezone"] == "2026-03-03 9:00:00"
    assert body["data"]["resume"] == {
        "period_start": "2026-03-02",
        "period_end": "2026-03-03",
        "worked_hours": "02:00:00",
    }
    same = api.get("/time-trackings", task_uuid=task, start_date="2026-03-02", end_date="2026-03-03").json()
    assert same["total"] == 2


def test_the_list_is_filtered_by_people_and_title(api: Api, task: str) -> None:
    made = api.post("/time-trackings", data={"task_uuid": task}).json()["data"]
    everything = api.get("/time-trackings").json()["total"]
    mine = api.get("/time-trackings", users=f"nobody,{made['user']['username']}", limit=100).json()
    assert 0 < mine["total"] < everything
    assert {row["user"]["username"] for row in mine["data"]["data"]} == {made["user"]["username"]}
    titled = api.get("/time-trackings", title="count the").json()
    assert [row["time"]["id"] for row in titled["data"]["data"]] == [made["time"]["id"]]
    assert api.get("/time-trackings", users="nobody").json()["data"]["resume"]["worked_hours"] == "00:00:00"


def test_time_stays_when_its_task_goes(api: Api, task: str) -> None:
    made = api.post("/time-trackings", data={"task_uuid": task}).json()["data"]
    before = api.get("/time-trackings/no-task").json()["total"]
    api.delete(f"/tasks/{task}")
    left = api.get("/time-trackings/no-task").json()
    assert left["total"] == before + 1
    assert left["data"][0] == {**made, "task": None, "time": left["data"][0]["time"]}


def test_a_deleted_entry_stops_its_timer(api: Api, task: str) -> None:
    id = api.post("/timer/start", data={"task_uuid": task}).json()["data"]["time"]["id"]
    assert api.delete(f"/time-trackings/{id}").json() == {"data": {"deleted": True}}
    assert shown(api, task)["time_tracker"] is None
    assert_error(api.delete(f"/time-trackings/{id}"), 404, "TIME_ENTRY_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({}, "MISSING_PARAMETER", "task_uuid"),
        ({"task_uuid": "no-such"}, "INVALID_PARAMETER", "task_uuid"),
        ({"task_uuid": "*", "start": "soon"}, "INVALID_PARAMETER", "start"),
        ({"task_uuid": "*", "start": "2026-03-02", "end": "2026-03-01"}, "INVALID_PARAMETER", "end"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(api: Api, task: str, fields: dict[str, str], code: str, param: str) -> None:
    data = {name: task if value == "*" else value for name, value in fields.items()}
    assert_error(api.post("/time-trackings", data=data), 400, code, param)


def test_an_unreadable_day_is_refused_by_name(api: Api) -> None:
    assert_error(api.get("/time-trackings", start_date="soon"), 400, "INVALID_PARAMETER", "start_date")
