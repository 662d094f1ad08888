"""The dashboards of ClientFlow, and its lists over all workspaces."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

DASHBOARDS = (
    "overview",
    "revenue-pipeline",
    "clients-at-risk",
    "pending-approvals",
    "projects-health",
    "insights",
    "leaderboard",
    "analytics",
)
LISTS = ("invoices", "proposals", "clients", "change-requests")
PATHS = [f"dashboard/{name}" for name in DASHBOARDS] + [f"all-workspaces/{name}" for name in LISTS]
Acting = Callable[..., Service]


def walked(path: str) -> None:
    """Each is called alike."""

    @walk(f"GET /client-flow/{path}")
    def _(service: Service) -> tuple[str, dict[str, Any]]:
        return f"/client-flow/{path}", {"params": {"company_slug": "saltmarsh-labs"}}


for name in DASHBOARDS:
    walked(f"dashboard/{name}")
for name in LISTS:
    walked(f"all-workspaces/{name}")


def board(service: Service, name: str) -> Any:
    """A dashboard."""
    return data(service.get(f"/client-flow/dashboard/{name}"))


def test_the_dashboards_count_what_the_lists_have(web: Service) -> None:
    told, stats = board(web, "overview"), data(web.get("/company-invoices/stats"))
    assert told["total_revenue"] == stats["total_revenue"] > 0
    assert told["pending_payments"] == stats["total_pending"]
    assert told["summary"]["total_clients"] == len(data(web.get("/contact-companies/clients")))
    assert told["invoices"]["overdue"] == len(board(web, "revenue-pipeline")["overdue_invoices"])
    assert told["proposals"]["pending_approval"] == board(web, "pending-approvals")["summary"]["proposals"]
    leaders = board(web, "leaderboard")["clients"]
    assert sum(row["total_revenue"] for row in leaders) == pytest.approx(told["total_revenue"], abs=len(leaders))
    assert told["alerts"]["projects_at_risk"] == board(web, "projects-health")["summary"]["at_risk"]


def test_a_payment_moves_the_dashboards(web: Service) -> None:
    before = {name: board(web, name) for name in DASHBOARDS}
    late = before["revenue-pipeline"]["overdue_invoices"][0]
    web.post(f"/company-invoices/{late['uuid']}/paid")
    after = {name: board(web, name) for name in DASHBOARDS}
    assert after["overview"]["invoices"]["overdue"] == before["overview"]["invoices"]["overdue"] - 1
    assert after["overview"]["total_revenue"] > before["overview"]["total_revenue"]
    pipeline = after["revenue-pipeline"]
    assert pipeline["current_month"] > before["revenue-pipeline"]["current_month"]
    assert pipeline["monthly_revenue"][-1]["count"] == before["revenue-pipeline"]["monthly_revenue"][-1]["count"] + 1
    assert after["analytics"]["payment_collection_rate"] > before["analytics"]["payment_collection_rate"]
    assert len(after["pending-approvals"]["all"]) == len(before["pending-approvals"]["all"]) - 1


def test_a_proposal_waits_until_it_is_decided(web: Service) -> None:
    client = data(web.get("/contact-companies/clients"))[0]["uuid"]
    sent = {"contact_company_uuid": client, "title": "A pier", "total_value": 900}
    uuid = data(web.post("/proposals", sent))["uuid"]
    web.post(f"/proposals/{uuid}/send")
    assert {"uuid": uuid, "title": "A pier", "value": 900.0} in board(web, "pending-approvals")["proposals"]
    before = board(web, "analytics")["average_deal_size"]
    web.post(f"/proposals/{uuid}/approve")
    assert uuid not in [row["uuid"] for row in board(web, "pending-approvals")["all"]]
    assert board(web, "analytics")["average_deal_size"] != before


def test_a_client_is_at_risk_once_an_invoice_is_overdue(web: Service) -> None:
    before = {row["uuid"] for row in board(web, "clients-at-risk")["clients_at_risk"]}
    sent = {"name": "Pier & Sons", "email": "pier@sons.example"}
    client = data(web.post("/contact-companies", sent))["uuid"]
    due = {"contact_company_uuid": client, "amount": 100, "due_date": "2020-01-01"}
    web.post(f"/company-invoices/{data(web.post('/company-invoices', due))['uuid']}/send")
    told = board(web, "clients-at-risk")
    row = next(row for row in told["clients_at_risk"] if row["uuid"] == client)
    assert row["uuid"] not in before
    assert (row["risks"], row["risk_score"], row["overdue_amount"]) == (
        [{"type": "overdue_invoice", "label": "1 overdue invoice"}],
        70,
        100.0,
    )
    assert "revenue" in [each["type"] for each in board(web, "insights")]


def test_the_health_of_a_project_follows_its_budget(web: Service) -> None:
    web.put("/projects/customer-portal", {"budget": 10})
    rows = {row["slug"]: row for row in board(web, "projects-health")["projects"]}
    assert rows["customer-portal"]["health_status"] == "critical"
    web.put("/projects/customer-portal", {"budget": 10_000_000})
    rows = {row["slug"]: row for row in board(web, "projects-health")["projects"]}
    assert (rows["customer-portal"]["health_status"], rows["customer-portal"]["is_over_budget"]) == ("healthy", False)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_over_all_workspaces_has_pages_and_numbers(mcp: Service, name: str) -> None:
    told = mcp.get(f"/client-flow/all-workspaces/{name}", per_page=2).json()
    assert len(told["data"]) == min(2, told["stats"]["total"])
    assert told["meta"]["total"] == told["stats"]["total"] == sum(row["total"] for row in told["workspaces"]) > 0
    assert {row["company"]["slug"] for row in told["data"]} == {"saltmarsh-labs"}


def test_a_second_workspace_is_in_the_lists_over_all(web: Service) -> None:
    web.post("/companies", {"name": "Tidewater"})
    web.post("/contact-companies", {"name": "Pier & Sons", "company_slug": "tidewater"})
    told = web.get("/client-flow/all-workspaces/clients").json()
    assert {row["company"]["slug"]: row["total"] for row in told["workspaces"]}["tidewater"] == 1
    assert told["data"][0]["company"]["slug"] == "tidewater"


@pytest.mark.parametrize("path", PATHS)
def test_clientflow_takes_the_pro_plan_and_somebody_who_runs_it(acting: Acting, path: str) -> None:
    told = assert_refused(acting("free_plan").get(f"/client-flow/{path}"), 402, "PRO_FEATURE_REQUIRED")
    assert (told["feature"], told["plan"]) == ("clientflow", "free")
    assert_refused(acting("member").get(f"/client-flow/{path}"), 403, "ADMIN_ONLY")
