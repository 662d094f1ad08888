"""Timers and the time that people spent, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
COMPANY = {"company_slug": "saltmarsh-labs"}
NOON = "2026-01-14T12:00:00Z"
SPAN = {"start": "2026-01-14T09:00:00Z", "end": "2026-01-14T10:30:00Z"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]
REPORTS = ("analytics", "team", "reports", "productivity", "timeline")


def task(service: Service) -> dict[str, Any]:
    """A task of the first project on which no timer runs."""
    return next(row for row in data(service.get("/tasks", **SLUGS)) if row["time_tracker"] is None)


def stopped(service: Service) -> Service:
    """The same client, all of whose timers are stopped."""
    service.post("/time-trackings/stop-all")
    return service


@walk("GET /time-trackings")
def _(service: Service) -> Sent:
    return "/time-trackings", {"params": SLUGS}


@walk("GET /time-trackings/active")
def _(service: Service) -> Sent:
    stopped(service).post("/time-trackings/start", {"task_uuid": task(service)["uuid"]})
    return "/time-trackings/active", {"params": COMPANY}


@walk("POST /time-trackings")
def _(service: Service) -> Sent:
    return "/time-trackings", {"json": {"task_uuid": task(service)["uuid"], "comment": "Typing", **SPAN}}


@walk("PUT /time-trackings/{id}")
def _(service: Service) -> Sent:
    told = data(stopped(service).post("/time-trackings", {"task_uuid": task(service)["uuid"]}))
    return f"/time-trackings/{told['id']}", {"json": {"end": NOON}}


@walk("POST /time-trackings/start")
def _(service: Service) -> Sent:
    return "/time-trackings/start", {"json": {"task_uuid": task(stopped(service))["uuid"]}}


@walk("POST /time-trackings/stop-all")
def _(service: Service) -> Sent:
    stopped(service).post("/time-trackings/start", {"task_uuid": task(service)["uuid"]})
    return "/time-trackings/stop-all", {"json": {}}


@walk("GET /time-trackings/resolve-task/{code}")
def _(service: Service) -> Sent:
    return f"/time-trackings/resolve-task/{task(service)['code']}", {"params": COMPANY}


@walk("GET /time-trackings/no-task")
def _(service: Service) -> Sent:
    return "/time-trackings/no-task/", {"params": SLUGS}


@walk("GET /time-trackings/analytics")
def _(service: Service) -> Sent:
    return "/time-trackings/analytics", {"params": COMPANY | {"period": "last-7-days"}}


@walk("GET /time-trackings/team")
def _(service: Service) -> Sent:
    return "/time-trackings/team", {"params": SLUGS}


@walk("GET /time-trackings/reports")
def _(service: Service) -> Sent:
    return "/time-trackings/reports", {"params": COMPANY | {"period": "this-month", "hourly_rate": 90}}


@walk("GET /time-trackings/productivity")
def _(service: Service) -> Sent:
    return "/time-trackings/productivity", {"params": COMPANY}


@walk("GET /time-trackings/timeline")
def _(service: Service) -> Sent:
    return "/time-trackings/timeline", {"params": COMPANY}


def test_a_timer_starts_is_seen_and_stops(web: Service, cli: Service) -> None:
    chosen = task(stopped(web))
    begun = data(web.post("/time-trackings", {"task_uuid": chosen["uuid"], "work_description": "Soldering"}))
    assert (begun["ended_at"], begun["is_manual"], begun["description"]) == (None, False, "Soldering")
    web.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "90m"})
    assert data(web.get("/time-trackings/active"))["duration_minutes"] == 90
    seen = data(cli.get("/time-trackings/active"))
    assert [(row["code"], row["uuid"], row["time_tracker"]) for row in seen] == [
        (chosen["code"], chosen["uuid"], begun["started_at"])
    ]
    told = cli.post("/time-trackings/stop-all", {}).json()
    assert (told["stopped"], told["data"][0]["task_code"], told["data"][0]["duration_formatted"][:5]) == (
        1,
        chosen["code"],
        "01:30",
    )
    assert data(web.get("/time-trackings/active")) is None
    assert data(cli.get("/time-trackings/active")) == []
    assert data(web.get("/time-trackings", **SLUGS))[0]["duration_minutes"] == 90


def test_one_timer_runs_for_a_person_and_on_a_task(web: Service, acting: Acting) -> None:
    chosen, sent = task(stopped(web)), {"task_uuid": task(web)["uuid"]}
    assert web.post("/time-trackings/start", sent).status_code == 200
    assert_refused(web.post("/time-trackings", {"issue_code": chosen["code"]} | SLUGS), 409, "CONFLICT", "task_uuid")
    assert_refused(web.post("/time-trackings/start", SLUGS), 409, "CONFLICT")
    other = stopped(acting("member"))
    assert_refused(other.post("/time-trackings/start", sent), 409, "CONFLICT", "task_uuid")


def test_a_timer_needs_no_task(web: Service, cli: Service) -> None:
    told = data(stopped(web).post("/time-trackings/start", {"comment": "Call"}))
    assert (told["task_uuid"], told["description"]) == (None, "Call")
    assert data(cli.get("/time-trackings/active"))[0]["project"]["slug"] == "route-planner"
    free = cli.get("/time-trackings/no-task", **SLUGS).json()
    assert (free["data"][0]["comment"], free["data"][0]["time"]["end"]) == ("Call", None)


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [(SPAN, 90), ({"duration": "1h15m"}, 75), ({"duration": "30m", "start": SPAN["start"]}, 30)],
)
def test_time_is_written_down_by_hand(web: Service, sent: dict[str, str], minutes: int) -> None:
    told = data(web.post("/time-trackings", {"task_uuid": task(web)["uuid"], "comment": "Reading"} | sent))
    assert (told["duration_minutes"], told["is_manual"], told["description"]) == (minutes, True, "Reading")
    rows = data(web.get("/time-trackings", **SLUGS, task_uuid=told["task_uuid"]))
    assert told in rows


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({}, "task_uuid"),
        ({"task_uuid": "?", "end": NOON}, "start"),
        ({"task_uuid": "?", "start": SPAN["end"], "end": SPAN["start"]}, "end"),
        ({"task_uuid": "?", "duration": "soon"}, "duration"),
        ({"task_uuid": "?", "start": "2126-01-01"}, "start"),
    ],
)
def test_time_that_cannot_be_is_refused(web: Service, mcp: Service, sent: dict[str, str], param: str) -> None:
    sent = sent | ({"task_uuid": task(web)["uuid"]} if "task_uuid" in sent else {})
    assert_refused(web.post("/time-trackings", sent), 422, "VALIDATION_FAILED", param)
    assert_refused(mcp.post("/time-trackings", sent), 409, "VALIDATION_FAILED", param)


def test_a_timer_is_stopped_by_a_client_whose_clock_is_another(mcp: Service) -> None:
    told = data(stopped(mcp).post("/time-trackings", {"task_uuid": task(mcp)["uuid"]}))
    ended = data(mcp.put(f"/time-trackings/{told['id']}", {"end": "2001-01-01T00:00:00Z"}))
    assert ended["ended_at"] >= told["started_at"]
    path = f"/time-trackings/{told['id']}"
    assert_refused(mcp.put(path, {"end": "2001-01-01T00:00:00Z"}), 409, "VALIDATION_FAILED", "end")


def test_time_is_stopped_by_whose_it_is_or_who_runs_the_project(acting: Acting) -> None:
    told = data(stopped(acting("owner")).post("/time-trackings", {"task_uuid": task(acting("owner"))["uuid"]}))
    path = f"/time-trackings/{told['id']}"
    assert_refused(acting("member").put(path, {"end": NOON}), 403, "MANAGER_ONLY")
    assert_refused(acting("client").put(path, {"end": NOON}), 403, "CLIENT_READ_ONLY")
    assert_refused(acting("client").post("/time-trackings/start", SLUGS), 403, "CLIENT_READ_ONLY")
    assert acting("manager").put(path, {"end": NOON}).status_code == 200
    assert_refused(acting("owner").put("/time-trackings/0", {"end": NOON}), 404, "TIME_ENTRY_NOT_FOUND")


def test_every_report_moves_with_the_time_that_is_written_down(web: Service) -> None:
    web.client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen"})
    before = {name: data(web.get(f"/time-trackings/{name}", **SLUGS, period="today")) for name in REPORTS}
    sent = {"task_uuid": task(web)["uuid"], "duration": "30m", "start": before["timeline"][0]["date"]}
    data(web.post("/time-trackings", sent))
    after = {name: data(web.get(f"/time-trackings/{name}", **SLUGS, period="today")) for name in REPORTS}
    assert round(after["analytics"]["total_hours"] - before["analytics"]["total_hours"], 1) == 0.5
    assert after["timeline"][0]["entries"] == before["timeline"][0]["entries"] + 1
    assert after["productivity"]["focus_seconds"] - before["productivity"]["focus_seconds"] == 1800
    assert sum(row["seconds"] for row in after["reports"]["by_user"]) == after["reports"]["total_seconds"]
    assert sum(row["total_hours"] for row in after["team"]) == pytest.approx(after["analytics"]["total_hours"], abs=0.1)


def test_the_figures_of_a_period_agree_with_its_entries(web: Service) -> None:
    web.client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen"})
    report = data(web.get("/time-trackings/reports", **SLUGS, period="last-30-days", hourly_rate=100))
    seconds = sum(row["seconds"] for row in report["entries"])
    assert seconds == report["total_seconds"] > 0
    assert report["summary"]["total_cost"] == pytest.approx(seconds / 36, abs=0.01)
    days = data(web.get("/time-trackings/timeline", **SLUGS, period="last-30-days"))
    assert (len(days), sum(row["entries"] for row in days)) == (30, len(report["entries"]))
    told = data(web.get("/time-trackings/productivity", **SLUGS))
    assert sum(row["seconds"] for row in told["by_category"]) == told["total_seconds"] == seconds
    assert told["productivity_score"] == round(100 * told["focus_seconds"] / seconds, 1)


@pytest.mark.parametrize(
    ("period", "days"), [("today", 1), ("yesterday", 1), ("last-7-days", 7), ("last-15-days", 15), ("last-month", 31)]
)
def test_a_period_has_its_days(web: Service, period: str, days: int) -> None:
    web.client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen", "at": "2026-02-14T12:00:00Z"})
    assert len(data(web.get("/time-trackings/timeline", **COMPANY, period=period))) == days
    between = data(web.get("/time-trackings/timeline", **COMPANY, start="2026-02-01", end="2026-02-03"))
    assert [row["date"] for row in between] == ["2026-02-01", "2026-02-02", "2026-02-03"]
    wrong = web.get("/time-trackings/timeline", **COMPANY, start="2026-02-05", end="2026-02-03")
    assert_refused(wrong, 422, "VALIDATION_FAILED", "end")
    assert_refused(web.get("/time-trackings/team", period="always"), 422, "VALIDATION_FAILED", "period")


def test_a_timer_of_one_dialect_runs_in_the_other(web: Service, api: Api) -> None:
    chosen = task(stopped(web))
    told = api.post("/timer/start", json={"task_uuid": chosen["uuid"]}).json()["data"]
    assert data(web.get("/time-trackings/active"))["id"] == told["time"]["id"]
    assert data(web.put(f"/time-trackings/{told['time']['id']}", {"end": NOON}))["ended_at"]
    happened = api.get("/tasks/changelog").json()["data"][:2]
    assert [row["action"] for row in happened] == ["timer_ended", "timer_started"]
