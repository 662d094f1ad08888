"""Stand-ups, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
NAMES = ("summary", "completed-yesterday", "blockers", "team-status", "stuck-tasks", "weekly-digest", "contributors")
Acting = Callable[..., Service]


def walked(name: str) -> None:
    """Each is called alike."""

    @walk(f"GET /companies/standup/{name}")
    def _(service: Service) -> tuple[str, dict[str, Any]]:
        return f"/companies/standup/{name}", {"params": {"company_slug": "saltmarsh-labs"}}


for each in NAMES:
    walked(each)


def told(service: Service, name: str, **params: Any) -> Any:
    """A report on the first project."""
    return data(service.get(f"/companies/standup/{name}", **SLUGS, **params))


def made(service: Service, **more: Any) -> dict[str, Any]:
    """A task of the first project."""
    return data(service.post("/tasks", SLUGS | {"title": "Splice"} | more))  # type: ignore[no-any-return]


def me(service: Service) -> dict[str, Any]:
    """Who calls."""
    return data(service.post("/auth/me"))  # type: ignore[no-any-return]


def test_what_somebody_completes_is_in_their_entry_and_the_digest(web: Service) -> None:
    who, before = me(web)["name"], told(web, "weekly-digest")
    task = made(web)
    web.put(f"/tasks/{task['uuid']}/complete")
    entry = next(row for row in told(web, "summary") if row["user"]["name"] == who)
    assert f"{task['code']} Splice" in entry["completed"]
    after = told(web, "weekly-digest")
    assert after["total_completed"] == before["total_completed"] + 1
    today, days = after["daily_breakdown"][-1], after["days"]
    assert today["completed"] == before["daily_breakdown"][-1]["completed"] + 1
    assert today["created"] == before["daily_breakdown"][-1]["created"] + 1
    assert [row["done_count"] for row in days] == [row["completed"] for row in after["daily_breakdown"]]
    assert next(row for row in told(web, "team-status") if row["user_name"] == who)["tasks_completed_today"] == 1


def test_yesterday_is_the_day_before_the_one_that_is_asked_for(web: Service) -> None:
    task = made(web)
    web.put(f"/tasks/{task['uuid']}/complete")
    assert task["uuid"] not in [row["uuid"] for row in told(web, "completed-yesterday")]
    web.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "1d"})
    rows = told(web, "completed-yesterday")
    assert task["uuid"] in [row["uuid"] for row in rows]
    assert told(web, "completed-yesterday", date="2001-01-01") == []
    assert_refused(web.get("/companies/standup/summary", date="soon"), 422, "VALIDATION_FAILED", "date")


def test_a_blocked_task_is_in_the_way_until_it_is_not(web: Service, api: Api) -> None:
    who = me(web)
    task = made(web, users=[who["username"]])
    assert task["code"] not in [row["code"] for row in told(web, "blockers")]
    api.put(f"/tasks/{task['uuid']}", json={"is_blocker": True})
    web.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "3d"})
    row = next(row for row in told(web, "blockers") if row["code"] == task["code"])
    assert (row["assignee"], row["days_blocked"]) == ({"name": who["name"]}, 3)
    assert (
        f"{task['code']} Splice"
        in next(r for r in told(web, "summary") if r["user"]["name"] == who["name"])["blockers"]
    )
    api.put(f"/tasks/{task['uuid']}", json={"is_blocker": False})
    assert task["code"] not in [row["code"] for row in told(web, "blockers")]


def test_a_task_that_nobody_touches_is_stuck(web: Service) -> None:
    columns = data(web.get("/projects-workflows", **SLUGS))
    doing = next(row for row in columns if row["state"] == 2)
    task = made(web, workflow_id=doing["id"])
    assert task["code"] not in [row["code"] for row in told(web, "stuck-tasks")]
    web.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "6d"})
    row = next(row for row in told(web, "stuck-tasks") if row["code"] == task["code"])
    assert (row["days_stuck"], row["workflow_name"]) == (6, doing["title"])


def test_hours_and_timers_are_in_the_status_of_the_team(web: Service) -> None:
    web.post("/time-trackings/stop-all")
    web.client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen", "at": "2126-01-09T12:00:00Z"})
    who, uuid = me(web)["name"], data(web.get("/tasks", **SLUGS))[0]["uuid"]
    web.post("/time-trackings", {"task_uuid": made(web)["uuid"], "duration": "2h"})
    mine = next(row for row in told(web, "team-status") if row["user_name"] == who)
    assert (mine["hours_tracked_today"], mine["is_online"]) == (2.0, False)
    web.post("/time-trackings/start", SLUGS)
    assert next(row for row in told(web, "team-status") if row["user_name"] == who)["is_online"] is True
    assert told(web, "contributors", period="today")[0]["tracked_hours"] >= 2.0
    assert uuid


@pytest.mark.parametrize("name", NAMES)
def test_a_standup_takes_the_pro_plan(acting: Acting, name: str) -> None:
    refused = assert_refused(acting("free_plan").get(f"/companies/standup/{name}"), 402, "PRO_FEATURE_REQUIRED")
    assert (refused["feature"], refused["plan"]) == ("standup", "free")
    assert data(acting("client").get(f"/companies/standup/{name}", **SLUGS)) is not None
