"""Proposals in the services API."""

from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

HERE = {"company_slug": "saltmarsh-labs"}


def drafted(service: Service, **more: Any) -> Any:
    """A new draft."""
    return data(service.post("/proposals", {"title": "Pier lights", **more}))


def approved(service: Service, **more: Any) -> Any:
    """An approved proposal."""
    made = drafted(service, **more)
    service.post(f"/proposals/{made['uuid']}/send")
    return data(service.post(f"/proposals/{made['uuid']}/approve"))


@walk("GET /proposals")
def list_proposals(service: Service) -> tuple[str, dict[str, Any]]:
    """As documented; one has no client."""
    drafted(service)
    return "/proposals", {"params": HERE}


@walk("GET /proposals/{uuid}")
def get_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """By its code."""
    return f"/proposals/{drafted(service)['code']}", {"params": HERE}


@walk("GET /proposals/stats")
def proposal_stats(service: Service) -> tuple[str, dict[str, Any]]:
    """As documented."""
    return "/proposals/stats", {"params": HERE}


@walk("POST /proposals")
def create_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does."""
    return "/proposals", {"json": {"title": "Pier lights", "total_value": 5_000, "expires_at": "2030-01-31", **HERE}}


@walk("PUT /proposals/{uuid}")
def update_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """As MCP does."""
    return f"/proposals/{drafted(service)['uuid']}", {"json": {"title": "Pier lamps"}}


@walk("POST /proposals/{uuid}/send")
def send_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """A draft."""
    return f"/proposals/{drafted(service)['uuid']}/send", {"json": {}}


@walk("POST /proposals/{uuid}/approve")
def approve_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """A sent one."""
    uuid = drafted(service)["uuid"]
    service.post(f"/proposals/{uuid}/send")
    return f"/proposals/{uuid}/approve", {"json": {}}


@walk("POST /proposals/{uuid}/reject")
def reject_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """A sent one, with a reason."""
    uuid = drafted(service)["uuid"]
    service.post(f"/proposals/{uuid}/send")
    return f"/proposals/{uuid}/reject", {"json": {"reason": "Too dear"}}


@walk("POST /proposals/{uuid}/convert-to-project")
def convert_proposal(service: Service) -> tuple[str, dict[str, Any]]:
    """An approved one."""
    return f"/proposals/{approved(service)['uuid']}/convert-to-project", {"json": {}}


def test_a_draft_is_numbered_after_the_last_one_and_read_back(web: Service) -> None:
    client = data(web.get("/contact-companies/clients"))[0]
    first = drafted(web)
    told = {"client_uuid": client["uuid"], "description": "x", "total_value": 5_000.5, "expires_at": "2030-01-31"}
    made = drafted(web, **told, currency="EUR")
    assert int(made["code"].removeprefix("PROP-")) == int(first["code"].removeprefix("PROP-")) + 1
    assert (made["status"], made["status_label"], made["content"]) == ("draft", "Draft", "x")
    assert (made["total_amount"], made["total_value_formatted"], made["valid_until"]) == (
        5_000.5,
        "€5,000.50",
        "2030-01-31",
    )
    assert (made["client"]["name"], made["client_name"]) == (client["name"], client["name"])
    assert (first["client"], first["client_name"]) == (None, "")
    for key in (made["uuid"], made["code"].lower(), made["ref_code"]):
        assert data(web.get(f"/proposals/{key}")) == made


def test_the_cli_names_client_and_amount_in_its_own_way(cli: Service) -> None:
    made = drafted(cli, client_slug="tidewater-museum", amount=12.34, currency="USD")
    assert (made["client_name"], made["total_value"]) == ("Tidewater Museum", 12.34)


def test_a_rejected_proposal_keeps_its_reason(web: Service) -> None:
    path = f"/proposals/{drafted(web)['uuid']}"
    assert data(web.post(f"{path}/send"))["sent_at"]
    told = data(web.post(f"{path}/reject", {"reason": "Too dear"}))
    assert (told["status"], told["rejection_reason"], told["reason"]) == ("rejected", "Too dear", "Too dear")
    assert told["rejected_at"]


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "approve"),
        ([], "reject"),
        ([], "convert-to-project"),
        (["send"], "send"),
        (["send"], "convert-to-project"),
        (["send", "approve"], "reject"),
        (["send", "reject"], "approve"),
        (["send", "approve", "convert-to-project"], "convert-to-project"),
    ],
)
def test_an_impossible_step_is_a_conflict_and_changes_nothing(web: Service, steps: list[str], refused: str) -> None:
    path = f"/proposals/{drafted(web)['uuid']}"
    for step in steps:
        assert web.post(f"{path}/{step}").is_success
    before = data(web.get(path))
    assert_refused(web.post(f"{path}/{refused}"), 409, "CONFLICT")
    assert data(web.get(path)) == before


def test_an_expired_proposal_cannot_be_approved_until_it_is_given_more_time(web: Service) -> None:
    made = drafted(web, expires_at="2020-01-01")
    path = f"/proposals/{made['uuid']}"
    assert data(web.post(f"{path}/send"))["status"] == "expired"
    assert made["uuid"] in [row["uuid"] for row in data(web.get("/proposals", status="expired"))]
    assert_refused(web.post(f"{path}/approve"), 409, "CONFLICT")
    assert data(web.put(path, {"expires_at": "2099-01-01"}))["status"] == "sent"
    assert data(web.post(f"{path}/approve"))["status"] == "approved"
    assert_refused(web.put(path, {"title": "other"}), 409, "CONFLICT")


def test_an_approved_proposal_becomes_a_project_that_can_be_worked_in(web: Service) -> None:
    client = data(web.get("/contact-companies/clients"))[0]
    made = approved(web, title="Pier lights", total_value=5_000, client_uuid=client["uuid"])
    told = data(web.post(f"/proposals/{made['uuid']}/convert-to-project"))
    assert told["project"]["name"] == told["project_name"] == "Pier lights"
    assert told["proposal_uuid"] == made["uuid"]
    after = data(web.get(f"/proposals/{made['uuid']}"))
    assert (after["status"], after["project"]["slug"]) == ("converted", "pier-lights")
    here = {"project_slug": told["project"]["slug"], **HERE}
    task = data(web.post("/tasks", {"title": "First lamp", **here}))
    assert task["code"] == f"{told['project']['code']}-1"
    assert [row["title"] for row in data(web.get("/tasks", **here))] == ["First lamp"]
    assert data(web.get(f"/contact-companies/{client['uuid']}"))["projects_count"] == client["projects_count"] + 1


def test_projects_of_the_same_name_get_slugs_of_their_own(web: Service) -> None:
    cards = [data(web.post(f"/proposals/{approved(web)['uuid']}/convert-to-project"))["project"] for _ in range(3)]
    assert len({card["slug"] for card in cards}) == 3


@pytest.mark.parametrize("status", ["draft", "sent", "viewed", "approved", "rejected", "expired", "converted"])
def test_a_status_filters_the_list(web: Service, status: str) -> None:
    every, some = data(web.get("/proposals")), data(web.get("/proposals", status=status))
    assert some == [row for row in every if row["status"] == status]
    assert some


def test_a_client_filters_the_list(web: Service) -> None:
    first = next(row for row in data(web.get("/proposals")) if row["client"])
    rows = data(web.get("/proposals", client_uuid=first["client"]["uuid"]))
    assert {row["client"]["uuid"] for row in rows} == {first["client"]["uuid"]}


def test_the_numbers_move_with_the_proposals(web: Service) -> None:
    before = data(web.get("/proposals/stats"))
    approved(web, total_value=100)
    after = data(web.get("/proposals/stats"))
    assert after["approved"] == before["approved"] + 1
    assert after["approved_value"] == before["approved_value"] + 100
    assert after["total_value"] == before["total_value"] + 100
    assert after["win_rate"] > before["win_rate"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "title"),
        ({"title": "x", "total_value": "much"}, "total_value"),
        ({"title": "x", "expires_at": "soon"}, "expires_at"),
        ({"title": "x", "currency": "€"}, "currency"),
    ],
)
def test_a_refusal_names_what_is_wrong(web: Service, body: dict[str, Any], param: str) -> None:
    assert_refused(web.post("/proposals", body), 422, "VALIDATION_FAILED", param)


def test_an_unknown_status_client_or_proposal_is_refused(web: Service) -> None:
    assert_refused(web.get("/proposals", status="lost"), 422, "VALIDATION_FAILED", "status")
    assert_refused(web.post("/proposals", {"title": "x", "client_uuid": "nobody"}), 404, "CLIENT_NOT_FOUND")
    for key in ("nope", "PROP-9999", "00000000"):
        assert_refused(web.get(f"/proposals/{key}"), 404, "PROPOSAL_NOT_FOUND")
