"""Budgets, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

PATH = "/projects/customer-portal/budget"
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


@walk("GET /budget/projects-at-risk")
def _(service: Service) -> Sent:
    return "/budget/projects-at-risk", {"params": {"company_slug": "saltmarsh-labs"}}


@walk("GET /projects/{uuid}/budget/overview")
def _(service: Service) -> Sent:
    return f"{PATH}/overview", {"params": {"user_ids": "1,2", "status": "done"}}


@walk("GET /projects/{uuid}/budget/consumption")
def _(service: Service) -> Sent:
    return f"/projects/{data(service.get('/projects/customer-portal'))['uuid']}/budget/consumption", {}


@walk("GET /projects/{uuid}/budget/burn-down")
def _(service: Service) -> Sent:
    return f"{PATH}/burn-down", {}


@walk("GET /projects/{uuid}/budget/alerts")
def _(service: Service) -> Sent:
    return f"{PATH}/alerts", {}


@walk("GET /projects/{uuid}/budget/events")
def _(service: Service) -> Sent:
    return f"{PATH}/events", {"params": {"limit": 5}}


def worked(service: Service, hours: int) -> None:
    """Write down hours of work on a task of the project, which the clock has had already."""
    rows = data(service.get("/tasks", company_slug="saltmarsh-labs", project_slug="customer-portal"))
    sent = {"task_uuid": next(row["uuid"] for row in rows if not row["time_tracker"]), "duration": f"{hours}h"}
    assert service.post("/time-trackings", sent).status_code == 201


def frozen(service: Service) -> Service:
    """The same client, in a sandbox whose clock stands."""
    service.client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen"})
    return service


def test_the_figures_of_a_budget_agree_with_one_another(web: Service) -> None:
    overview, spent = data(frozen(web).get(f"{PATH}/overview")), data(web.get(f"{PATH}/consumption"))
    assert overview["consumed"] == spent["total_cost"] > 0
    assert overview["remaining"] == round(overview["total_budget"] - overview["consumed"], 2)
    assert sum(row["cost"] for row in spent["by_member"]) == pytest.approx(spent["total_cost"], abs=0.1)
    assert data(web.get(f"{PATH}/burn-down"))[-1]["remaining"] == overview["remaining"]
    assert data(web.get("/budget/projects-at-risk"))[0]["consumed"] == overview["consumed"]


def test_work_moves_every_figure_of_the_budget(web: Service) -> None:
    before, alerts = data(frozen(web).get(f"{PATH}/overview")), data(web.get(f"{PATH}/alerts"))
    events = data(web.get(f"{PATH}/events"))
    worked(web, 400)
    after = data(web.get(f"{PATH}/overview"))
    assert after["consumed"] == before["consumed"] + 400 * 95
    assert after["estimated_completion_cost"] > before["estimated_completion_cost"]
    assert 100 not in [row["threshold"] for row in alerts if row["type"] != "projected_overrun"]
    assert data(web.get(f"{PATH}/alerts"))[0]["type"] == "budget_exceeded"
    assert [row["threshold"] for row in events] == [80, 50]
    assert data(web.get(f"{PATH}/events"))[0]["threshold"] in (50, 80, 100)
    assert data(web.get("/budget/projects-at-risk"))[0]["status"] == "over_budget"


def test_spending_is_chosen_by_days_people_and_state(web: Service) -> None:
    whole = data(frozen(web).get(f"{PATH}/overview"))["consumed"]
    states = [data(web.get(f"{PATH}/overview", status=state))["consumed"] for state in ("todo", "in-progress", "done")]
    assert 0 < sum(states) <= whole
    assert data(web.get(f"{PATH}/overview", end_date="2001-01-01"))["consumed"] == 0
    names = [row["username"] for row in data(web.get("/projects/customer-portal/members"))]
    parts = [data(web.get(f"{PATH}/overview", user_ids=name))["consumed"] for name in names]
    assert sum(parts) == pytest.approx(whole, abs=0.1)


def test_a_fixed_value_is_spent_when_its_task_is_done(web: Service) -> None:
    before = data(frozen(web).get(f"{PATH}/overview"))["consumed"]
    told = data(web.post("/tasks", {"title": "Fixed", "project_slug": "customer-portal"}))
    pair = web.client.get("/_mock/sandboxes/default").json()["other_credentials"]["second_project"]
    keys = {name: pair[name] for name in ("api_id", "project_key")}
    assert web.client.put(f"/tasks/{told['uuid']}", params=keys, json={"value_fixed": 250}).is_success
    assert data(web.get(f"{PATH}/overview"))["consumed"] == before
    assert web.put(f"/tasks/{told['uuid']}/complete").is_success
    assert data(web.get(f"{PATH}/overview"))["consumed"] == before + 250


def test_a_burn_down_has_the_days_that_are_asked_for(web: Service) -> None:
    rows = data(web.get(f"{PATH}/burn-down", start_date="2020-01-01", end_date="2020-01-03"))
    assert [row["date"] for row in rows] == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert len({row["remaining"] for row in rows}) == 1
    for sent in ({"start_date": "2020-01-03", "end_date": "2020-01-01"}, {"start_date": "1901-01-01"}):
        assert_refused(web.get(f"{PATH}/burn-down", **sent), 422, "VALIDATION_FAILED", "end_date")


@pytest.mark.parametrize("name", ["overview", "consumption", "burn-down", "alerts", "events"])
def test_a_budget_takes_the_pro_plan_and_a_seat(acting: Acting, name: str) -> None:
    told = assert_refused(acting("free_plan").get(f"/projects/harbour-site/budget/{name}"), 402, "PRO_FEATURE_REQUIRED")
    assert (told["feature"], told["plan"]) == ("budget", "free")
    assert_refused(acting("member").get(f"{PATH}/{name}"), 404, "PROJECT_NOT_FOUND")
