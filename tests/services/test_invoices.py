"""Invoices in the services API."""

from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

HERE = {"company_slug": "saltmarsh-labs"}


def client_of(service: Service) -> Any:
    """The newest client."""
    return data(service.get("/contact-companies/clients"))[0]


def drafted(service: Service, **more: Any) -> Any:
    """A new draft over 100."""
    return data(service.post("/company-invoices", {"client_uuid": client_of(service)["uuid"], "amount": 100, **more}))


@walk("GET /company-invoices")
def list_invoices(service: Service) -> tuple[str, dict[str, Any]]:
    """As documented."""
    return "/company-invoices", {"params": HERE}


@walk("GET /company-invoices/{uuid}")
def get_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """By the ref_code that the CLI's lists print."""
    return f"/company-invoices/{drafted(service)['ref_code']}", {"params": HERE}


@walk("GET /company-invoices/stats")
def invoice_stats(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does."""
    return "/company-invoices/stats", {"params": HERE}


@walk("POST /company-invoices")
def create_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does, and with the amount of the CLI."""
    return "/company-invoices", {"json": {"contact_company_uuid": client_of(service)["uuid"], "amount": 12.5, **HERE}}


@walk("PUT /company-invoices/{uuid}")
def update_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does."""
    return f"/company-invoices/{drafted(service)['uuid']}", {"json": {"payment_due_at": "2030-01-31"}}


@walk("POST /company-invoices/{uuid}/issue")
def issue_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """A draft."""
    return f"/company-invoices/{drafted(service)['uuid']}/issue", {"json": {}}


@walk("POST /company-invoices/{uuid}/send")
def send_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """A draft, without a body."""
    return f"/company-invoices/{drafted(service)['uuid']}/send", {}


@walk("POST /company-invoices/{uuid}/paid")
def pay_invoice(service: Service) -> tuple[str, dict[str, Any]]:
    """A sent one."""
    uuid = drafted(service)["uuid"]
    service.post(f"/company-invoices/{uuid}/send")
    return f"/company-invoices/{uuid}/paid", {"json": {}}


def test_a_draft_is_numbered_after_the_last_one_and_read_back(web: Service) -> None:
    first, second = drafted(web), drafted(web, currency="eur", due_date="2030-01-31", extra_notes="x")
    assert (second["number"], second["series"]) == (first["number"] + 1, f"INV-{first['number'] + 1:04}")
    assert (second["status"], second["currency"], second["due_date"]) == ("draft", "EUR", "2030-01-31")
    assert (second["gross_total_formatted"], second["extra_notes"]) == ("€100.00", "x")
    for key in (second["uuid"], second["series"].lower(), second["ref_code"]):
        assert data(web.get(f"/company-invoices/{key}")) == second


def test_items_and_tax_add_up(web: Service) -> None:
    items = [{"description": "Hours", "quantity": 1.5, "unit_price": 33.33}, {"description": "Ferry", "unit_price": 7}]
    made = drafted(web, items=items, tax=10)
    assert [item["total"] for item in made["items"]] == [50.0, 7.0]
    assert (made["subtotal"], made["tax"], made["total"]) == (57.0, 10.0, 67.0)


def test_the_cli_reads_cents_and_objects(web: Service, cli: Service) -> None:
    made = drafted(web)
    told = data(cli.get(f"/company-invoices/{made['uuid']}"))
    assert (told["gross_total"], told["status"]) == (10_000, {"id": 1, "name": "Draft"})
    assert told["currency"] == {"symbol": "$", "code": "USD"}


def test_a_client_is_named_by_its_slug_too(cli: Service) -> None:
    made = data(cli.post("/company-invoices", {"client_slug": "tidewater-museum", "amount": 99.99, "currency": "USD"}))
    assert (made["contact"]["name"], made["gross_total"]) == ("Tidewater Museum", 9_999)


def test_an_invoice_goes_from_draft_to_issued_to_sent_to_paid(web: Service) -> None:
    path = f"/company-invoices/{drafted(web)['uuid']}"
    for action, status in (("issue", "issued"), ("send", "sent"), ("paid", "paid")):
        told = data(web.post(f"{path}/{action}", {}))
        assert told["status"] == status
        assert told[f"{status}_at"]
        assert data(web.get(path))["status"] == status


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "paid"),
        (["issue"], "issue"),
        (["send"], "send"),
        (["send"], "issue"),
        (["send", "paid"], "paid"),
        (["send", "paid"], "send"),
        (["issue", "paid"], "issue"),
    ],
)
def test_an_impossible_step_is_a_conflict_and_changes_nothing(web: Service, steps: list[str], refused: str) -> None:
    path = f"/company-invoices/{drafted(web)['uuid']}"
    for step in steps:
        assert web.post(f"{path}/{step}").is_success
    before = data(web.get(path))
    assert_refused(web.post(f"{path}/{refused}"), 409, "CONFLICT")
    assert data(web.get(path)) == before


def test_a_paid_invoice_cannot_be_changed(web: Service) -> None:
    path = f"/company-invoices/{drafted(web)['uuid']}"
    assert data(web.put(path, {"extra_notes": "y"}))["extra_notes"] == "y"
    web.post(f"{path}/send")
    assert data(web.put(path, {"payment_due_at": "2030-02-01"}))["due_date"] == "2030-02-01"
    web.post(f"{path}/paid")
    assert_refused(web.put(path, {"extra_notes": "z"}), 409, "CONFLICT")


@pytest.mark.parametrize("status", ["draft", "issued", "sent", "paid", "cancelled"])
def test_a_status_filters_the_list(web: Service, status: str) -> None:
    every, some = data(web.get("/company-invoices")), data(web.get("/company-invoices", status=status))
    assert some == [row for row in every if row["status"] == status]
    assert some


def test_overdue_are_those_whose_last_day_is_over(web: Service) -> None:
    late = drafted(web, payment_due_at="2020-01-01")
    web.post(f"/company-invoices/{late['uuid']}/issue")
    found = web.get("/company-invoices", status="overdue")
    assert late["uuid"] in [row["uuid"] for row in data(found)]
    assert all(row["is_overdue"] for row in data(found))
    assert found.json()["meta"]["total"] == len(data(found))
    web.post(f"/company-invoices/{late['uuid']}/paid")
    assert late["uuid"] not in [row["uuid"] for row in data(web.get("/company-invoices", status="overdue"))]


def test_a_client_filters_the_list(web: Service) -> None:
    made = drafted(web)
    rows = data(web.get("/company-invoices", client_uuid=made["client"]["uuid"]))
    assert made["uuid"] in [row["uuid"] for row in rows]
    assert {row["client"]["uuid"] for row in rows} == {made["client"]["uuid"]}


def test_the_numbers_move_when_an_invoice_is_paid(web: Service) -> None:
    before = data(web.get("/company-invoices/stats"))
    path = f"/company-invoices/{drafted(web)['uuid']}"
    web.post(f"{path}/send")
    sent = data(web.get("/company-invoices/stats"))
    assert sent["total_pending"] == before["total_pending"] + 100
    web.post(f"{path}/paid")
    paid = data(web.get("/company-invoices/stats"))
    assert (paid["total_revenue"], paid["total_pending"]) == (before["total_revenue"] + 100, before["total_pending"])
    assert paid["average_payment_time"] < before["average_payment_time"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "contact_company_uuid"),
        ({"amount": -1}, "amount"),
        ({"currency": "dollars"}, "currency"),
        ({"payment_due_at": "soon"}, "payment_due_at"),
        ({"items": "x"}, "items"),
        ({"items": [{"unit_price": 1}]}, "items"),
        ({"items": [{"description": "x", "quantity": 1_000_000, "unit_price": 1_000_000_000}] * 200}, "items"),
        ({"items": [{"description": "x", "quantity": 2, "unit_price": 500_000_000.01}]}, "items"),
    ],
)
def test_a_refusal_names_what_is_wrong(web: Service, body: dict[str, Any], param: str) -> None:
    named = {"client_uuid": client_of(web)["uuid"]} if body else {}
    assert_refused(web.post("/company-invoices", {**named, **body}), 422, "VALIDATION_FAILED", param)


def test_an_unknown_status_client_or_invoice_is_refused(web: Service) -> None:
    assert_refused(web.get("/company-invoices", status="lost"), 422, "VALIDATION_FAILED", "status")
    assert_refused(web.post("/company-invoices", {"client_slug": "nobody", "amount": 1}), 404, "CLIENT_NOT_FOUND")
    for key in ("nope", "INV-9999", "00000000", "INV-", "7"):
        assert_refused(web.get(f"/company-invoices/{key}"), 404, "INVOICE_NOT_FOUND")
