"""Clients in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

HERE = {"company_slug": "saltmarsh-labs"}


def client_of(service: Service, at: int = 0) -> Any:
    """One of the seeded clients; the first is the newest."""
    return data(service.get("/contact-companies/clients"))[at]


@walk("GET /contact-companies/clients")
def list_clients(service: Service) -> tuple[str, dict[str, Any]]:
    """As documented."""
    return "/contact-companies/clients", {"params": HERE}


@walk("GET /contact-companies/{uuid}")
def get_client(service: Service) -> tuple[str, dict[str, Any]]:
    """By uuid."""
    return f"/contact-companies/{client_of(service)['uuid']}", {"params": HERE}


@walk("GET /contact-companies/{uuid}/stats")
def client_stats(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does."""
    return f"/contact-companies/{client_of(service)['uuid']}/stats", {"params": HERE}


@walk("GET /contact-companies/stats")
def client_totals(service: Service) -> tuple[str, dict[str, Any]]:
    """As the CLI does."""
    return "/contact-companies/stats", {}


@walk("POST /contact-companies")
def create_client(service: Service) -> tuple[str, dict[str, Any]]:
    """With what MCP sends."""
    return "/contact-companies", {"json": {"name": "Pier Nine", "city": "Oban", **HERE}}


@walk("PUT /contact-companies/{uuid}")
def update_client(service: Service) -> tuple[str, dict[str, Any]]:
    """One field."""
    return f"/contact-companies/{client_of(service)['uuid']}", {"json": {"city": "Oban"}}


def test_a_new_client_is_read_back_and_listed_first(web: Service) -> None:
    sent = {"name": "Pier Nine", "email": "a@b.example", "address": "1 Quay", "notes": "x", "vat_number": "GB1"}
    made = data(web.post("/contact-companies", {**sent, **HERE}))
    assert {name: made[name] for name in sent} == sent
    assert (made["address_line_1"], made["invoices_count"], made["invoices_total"]) == ("1 Quay", 0, 0)
    assert data(web.get(f"/contact-companies/{made['uuid']}")) == made
    assert client_of(web)["uuid"] == made["uuid"]
    assert data(web.get(f"/contact-companies/{made['ref_code']}")) == made


def test_a_change_keeps_what_was_not_sent_and_null_empties(web: Service) -> None:
    made = data(web.post("/contact-companies", {"name": "Pier", "phone": "1", "city": "Oban"}))
    changed = data(web.put(f"/contact-companies/{made['uuid']}", {"phone": None, "name": "Pier Ten"}))
    assert (changed["name"], changed["phone"], changed["city"]) == ("Pier Ten", "", "Oban")


@pytest.mark.parametrize(
    ("body", "param"), [({}, "name"), ({"name": ""}, "name"), ({"name": "x", "city": "c" * 256}, "city")]
)
def test_a_client_has_a_name_and_short_lines(web: Service, mcp: Service, body: dict[str, Any], param: str) -> None:
    assert_refused(web.post("/contact-companies", body), 422, "VALIDATION_FAILED", param)
    assert_refused(mcp.post("/contact-companies", body), 409, "VALIDATION_FAILED", param)


def test_a_client_that_is_not_there_is_not_found(web: Service) -> None:
    for path in ("/contact-companies/nope", "/contact-companies/nope/stats"):
        assert_refused(web.get(path), 404, "CLIENT_NOT_FOUND")
    assert_refused(web.put("/contact-companies/00000000", {"name": "x"}), 404, "CLIENT_NOT_FOUND")


def test_sums_are_cents_for_the_cli_and_whole_units_for_others(web: Service, cli: Service) -> None:
    for mine, theirs in zip(
        data(web.get("/contact-companies/clients")), data(cli.get("/contact-companies/clients")), strict=True
    ):
        for name in ("total_paid", "total_pending", "total_invoiced"):
            assert round(mine[name] * 100) == theirs[name]


def test_a_client_owes_what_was_sent_until_it_is_paid(web: Service) -> None:
    made = data(web.post("/contact-companies", {"name": "Pier"}))
    uuid = made["uuid"]
    invoice = data(web.post("/company-invoices", {"client_uuid": uuid, "amount": 120.5}))
    assert data(web.get(f"/contact-companies/{uuid}/stats"))["total_invoiced"] == 0
    web.post(f"/company-invoices/{invoice['uuid']}/send")
    owed = data(web.get(f"/contact-companies/{uuid}/stats"))
    assert (owed["total_invoiced"], owed["total_pending"], owed["total_paid"]) == (120.5, 120.5, 0)
    web.post(f"/company-invoices/{invoice['uuid']}/paid")
    settled = data(web.get(f"/contact-companies/{uuid}/stats"))
    assert (settled["total_invoiced"], settled["total_pending"], settled["total_paid"]) == (120.5, 0, 120.5)
    assert data(web.get(f"/contact-companies/{uuid}"))["total_paid"] == 120.5


def test_a_client_is_late_once_the_last_day_is_over(web: Service) -> None:
    made = data(web.post("/contact-companies", {"name": "Pier"}))
    body = {"client_uuid": made["uuid"], "amount": 10, "payment_due_at": "2020-01-01"}
    invoice = data(web.post("/company-invoices", body))
    assert data(web.get(f"/contact-companies/{made['uuid']}"))["has_overdue"] is False
    before = data(web.get("/contact-companies/stats"))["clients"]
    web.post(f"/company-invoices/{invoice['uuid']}/issue")
    assert data(web.get(f"/contact-companies/{made['uuid']}"))["has_overdue"] is True
    after = data(web.get("/contact-companies/stats"))["clients"]
    assert (after["with_overdue"], after["with_pending"]) == (before["with_overdue"] + 1, before["with_pending"] + 1)


def test_the_totals_count_what_the_lists_show(web: Service) -> None:
    told = data(web.get("/contact-companies/stats"))
    invoices = data(web.get("/company-invoices", per_page=100))
    assert told["clients"]["total"] == len(data(web.get("/contact-companies/clients", per_page=100)))
    assert told["invoices"]["total"] == len(invoices)
    assert told["invoices"]["paid_amount"] == round(
        100 * sum(row["gross_total"] for row in invoices if row["status"] == "paid")
    )
    assert told["invoices"]["overdue"] == len([row for row in invoices if row["is_overdue"]])
    assert told["proposals"]["total"] == len(data(web.get("/proposals", per_page=100)))


@pytest.mark.parametrize("role", ["manager", "member"])
def test_only_who_runs_the_workspace_sees_its_business(acting: Callable[..., Service], role: str) -> None:
    assert_refused(acting(role).get("/contact-companies/clients"), 403, "ADMIN_ONLY")
    assert_refused(acting(role).post("/contact-companies", {"name": "x"}), 403, "ADMIN_ONLY")


def test_an_admin_sees_it_too_and_a_client_may_not_write(acting: Callable[..., Service]) -> None:
    assert acting("admin").get("/contact-companies/clients").is_success
    assert_refused(acting("client").post("/contact-companies", {"name": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(acting("client").get("/contact-companies/clients"), 403, "ADMIN_ONLY")


def test_a_free_plan_does_not_have_it(acting: Callable[..., Service]) -> None:
    told = assert_refused(acting("free_plan").get("/contact-companies/clients"), 402, "PRO_FEATURE_REQUIRED")
    assert told["feature"] == "clientflow"


def test_what_another_workspace_has_is_not_there(web: Service, acting: Callable[..., Service]) -> None:
    uuid = client_of(web)["uuid"]
    assert acting("free_plan").get(f"/contact-companies/{uuid}").status_code == 402
    assert_refused(web.get("/contact-companies/clients", company_slug="nope"), 404, "WORKSPACE_NOT_FOUND")
