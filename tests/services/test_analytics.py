"""Analytics and the manager's dashboard, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
DASHBOARD = ("pulse", "risks", "overview", "health", "blockers", "command-center", "time-entries")
PATHS = [f"/companies/manager-dashboard/{name}" for name in DASHBOARD]
OPEN = [f"/companies/reports/{name}" for name in ("cumulative-flow", "project-age", "weekly-activity")]
OPEN += [f"/companies/analytics/{name}" for name in ("velocity", "workload", "blockers", "cycle-time", "throughput")]
Acting = Callable[..., Service]


def walked(path: str) -> None:
    """Each is called alike."""

    @walk(f"GET {path}")
    def _(service: Service) -> tuple[str, dict[str, Any]]:
        return path, {"params": {"company_slug": "saltmarsh-labs"}}


for each in (*PATHS, *OPEN):
    walked(each)


def board(service: Service, name: str, **params: Any) -> Any:
    """A part of the manager's dashboard."""
    return data(service.get(f"/companies/manager-dashboard/{name}", **params))


def analytics(service: Service, name: str, **params: Any) -> Any:
    """One of the analytics."""
    return data(service.get(f"/companies/analytics/{name}", **params))


def report(service: Service, name: str, **params: Any) -> Any:
    """One of the reports."""
    return data(service.get(f"/companies/reports/{name}", **params))


def made(service: Service, **more: Any) -> dict[str, Any]:
    """A task of the first project."""
    return data(service.post("/tasks", SLUGS | {"title": "Splice"} | more))  # type: ignore[no-any-return]


def test_the_parts_of_the_dashboard_agree(web: Service) -> None:
    overview, center, pulse = board(web, "overview"), board(web, "command-center"), board(web, "pulse")
    assert overview["overdue_tasks"] == center["stats"]["total_overdue"] == pulse["tasks_overdue"]
    assert center["stats"]["total_in_progress"] == pulse["tasks_in_progress"]
    assert overview["completed_this_week"] == center["stats"]["completed_this_week"] == pulse["tasks_completed"]
    assert overview["velocity_chart"][-1]["completed"] == overview["completed_this_week"]
    assert round(100 - pulse["health_score"], 1) == center["risk_score"]["score"]
    health, risks = board(web, "health")["summary"], board(web, "risks")
    assert health["total_overdue"] == overview["overdue_tasks"]
    assert risks["total_risks"] == risks["critical"] + risks["warning"] + risks["info"] == len(risks["risks"])
    assert board(web, "blockers")["summary"]["blocked_count"] == analytics(web, "blockers")["summary"]["total"]
    assert analytics(web, "workload")["unassigned"] == board(web, "blockers")["summary"]["unassigned_count"]


def test_completing_a_task_moves_every_figure(web: Service) -> None:
    task = made(web)
    before = {name: board(web, name) for name in ("pulse", "overview", "command-center")}
    flow, velocity, weekly = report(web, "cumulative-flow"), analytics(web, "velocity"), analytics(web, "throughput")
    web.put(f"/tasks/{task['uuid']}/complete")
    after = {name: board(web, name) for name in before}
    assert after["pulse"]["tasks_completed"] == before["pulse"]["tasks_completed"] + 1
    assert after["overview"]["kpis"]["completed_tasks"] == before["overview"]["kpis"]["completed_tasks"] + 1
    assert after["command-center"]["stats"]["total_open"] == before["command-center"]["stats"]["total_open"] - 1
    now = report(web, "cumulative-flow")
    assert (now[-1]["done"], now[-1]["todo"]) == (flow[-1]["done"] + 1, flow[-1]["todo"] - 1)
    quick = analytics(web, "velocity")["quick_stats"]["completed_this_week"]
    assert quick == velocity["quick_stats"]["completed_this_week"] + 1
    assert analytics(web, "throughput")["total_completed"] == weekly["total_completed"] + 1
    assert analytics(web, "cycle-time", days=1)["total_completed"] >= 1


def test_what_may_go_wrong_is_found_and_chosen(web: Service, api: Api) -> None:
    task = made(web)
    alone = board(web, "risks", filter="unassigned")
    assert task["uuid"] in [row["task"]["uuid"] for row in alone["risks"]]
    assert {row["severity"] for row in alone["risks"]} == {"info"}
    api.put(f"/tasks/{task['uuid']}", json={"is_blocker": True})
    web.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "2d"})
    critical = board(web, "risks", severity="critical")
    assert critical["critical"] == critical["total_risks"]
    row = next(row for row in critical["risks"] if row["task"]["uuid"] == task["uuid"])
    assert (row["type"], row["days_blocked"]) == ("blocked", 2)
    mine = next(row for row in analytics(web, "blockers")["tasks"] if row["code"] == task["code"])
    assert (mine["days_blocked"], mine["blocker_by"]["username"]) == (2, data(web.post("/auth/me"))["username"])
    assert board(web, "risks", filter="blocked", severity="info")["risks"] == []


def test_health_falls_when_tasks_are_late(web: Service) -> None:
    before = board(web, "health")
    made(web, due_date="2020-01-01")
    after = board(web, "health")
    assert after["summary"]["total_overdue"] == before["summary"]["total_overdue"] + 1
    assert after["summary"]["avg_health_score"] < before["summary"]["avg_health_score"]
    assert after["overdue_tasks"][0]["days_overdue"] > 2000


def test_the_pulse_is_of_the_projects_and_days_that_are_asked_for(web: Service) -> None:
    month, today = board(web, "pulse", period="last-30-days"), board(web, "pulse", period="today")
    assert month["tasks_completed"] >= today["tasks_completed"]
    assert (month["period"], board(web, "pulse")["period"]) == ("last-30-days", "this-week")
    assert web.put("/projects/route-planner", {"status": "on_hold"}).is_success
    assert board(web, "pulse", view="active")["tasks_in_progress"] < board(web, "pulse")["tasks_in_progress"]
    assert_refused(web.get(PATHS[0], view="none"), 422, "VALIDATION_FAILED", "view")


def test_the_flow_adds_up_to_all_tasks_every_day(web: Service) -> None:
    rows = report(web, "cumulative-flow", days=90)
    assert len(rows) == 90
    assert all(min(row["todo"], row["in_progress"], row["done"]) >= 0 for row in rows)
    sums = [row["todo"] + row["in_progress"] + row["done"] for row in rows]
    assert sums == sorted(sums)
    assert sums[-1] == board(web, "overview")["total_tasks"]
    assert_refused(web.get(OPEN[0], days=91), 422, "VALIDATION_FAILED", "days")


def test_the_workload_is_what_is_open_and_assigned(web: Service) -> None:
    who = data(web.post("/auth/me"))["username"]
    loads = {row["username"]: row for row in analytics(web, "workload")["members"]}
    for _ in range(8):
        made(web, users=[who])
    after = {row["username"]: row for row in analytics(web, "workload")["members"]}
    assert after[who]["total_tasks"] == loads[who]["total_tasks"] + 8
    assert after[who]["load_level"] == "high"


def test_time_is_chosen_and_summed(web: Service) -> None:
    whole, billed, free = (board(web, "time-entries", filter=f)["summary"] for f in ("", "billable", "non_billable"))
    assert billed["total_entries"] + free["total_entries"] == whole["total_entries"]
    assert float(billed["total_hours"]) == float(whole["billable_hours"]) > 0
    made_today = board(web, "time-entries", filter="today")["summary"]["total_entries"]
    web.post("/time-trackings", {"task_uuid": made(web)["uuid"], "duration": "0s"})
    assert board(web, "time-entries", filter="today")["summary"]["total_entries"] == made_today + 1


def test_activity_is_counted_by_day(web: Service) -> None:
    before = report(web, "weekly-activity")
    made(web)
    after = report(web, "weekly-activity")
    assert len(after) == 7
    assert after[-1]["created"] == before[-1]["created"] + 1
    assert after[-1]["actions"] > before[-1]["actions"]
    assert [row["slug"] for row in report(web, "project-age")] != []


@pytest.mark.parametrize("path", [*PATHS, *OPEN])
def test_analytics_take_the_pro_plan_and_the_dashboard_a_manager(acting: Acting, path: str) -> None:
    refused = assert_refused(acting("free_plan").get(path), 402, "PRO_FEATURE_REQUIRED")
    assert (refused["feature"], refused["plan"]) == ("analytics", "free")
    answer = acting("member").get(path)
    if path in PATHS:
        assert_refused(answer, 403, "MANAGER_ONLY")
    else:
        assert answer.status_code == 200
    assert acting("manager").get(path).status_code == 200
