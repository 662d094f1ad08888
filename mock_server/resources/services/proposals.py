"""Proposals: drafted, sent, decided, and converted to projects."""

from typing import Annotated, Any, Literal

from sqlalchemy import ColumnElement, case, func, literal_column

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Decimal, MaybeText, Text, Title, When
from mock_server.dialects.lists import Filters, Page, Where, refers_to
from mock_server.dialects.tenancy import InWorkspace
from mock_server.dialects.views import TODAY, Dated, Sql, Via, View, called
from mock_server.domain import proposal_rules as rules
from mock_server.domain.clients import ContactCompany
from mock_server.domain.project_rules import found_project
from mock_server.domain.proposal_rules import CODE
from mock_server.domain.proposals import Proposal
from mock_server.domain.workspaces import Project
from mock_server.resources.services.cards import CompanyCard, ProjectCard, day_of, instant, ref_code
from mock_server.resources.services.clientflow_everywhere import Parts, everywhere
from mock_server.resources.services.clientflow_rows import (
    FEATURE,
    LEAST,
    ClientCard,
    cents_of,
    client_named,
    currency_of,
    formatted,
    row_at,
    symbol,
    units,
)
from mock_server.resources.services.clientflow_totals import proposals
from mock_server.store.clock import DAY
from mock_server.store.rows import same

COUNTS = ("total", "draft", "sent", "viewed", "approved", "rejected", "expired", "pending")
VALUES = ("total_value", "approved_value")
PARTS = Parts("proposal", (*COUNTS, *VALUES, "pending_value"), ("total", "pending", "approved", *VALUES))
LABELS = {word: word.title() for word in (*rules.STATUSES, "expired")}
EXPIRED: ColumnElement[str] = literal_column("'expired'")
EMPTY: ColumnElement[str] = literal_column("''")


def code(proposal: Any) -> ColumnElement[str]:
    """The proposal's number as it is printed, as in ``PROP-0007``."""
    return func.printf(literal_column(f"'{CODE}%04d'"), proposal.c.number)


def status(proposal: Any) -> Any:
    """Where the proposal stands; expired, where it waits for an answer and its last day is over."""
    waits = proposal.c.status.in_([literal_column("'sent'"), literal_column("'viewed'")])
    late = waits & func.coalesce(proposal.c.expires_at < TODAY, literal_column("0"))
    return case((late, EXPIRED), else_=proposal.c.status)


class ProposalView(View, of=Proposal):
    """A proposal; ``total_amount`` and ``total_value`` are in whole units of currency."""

    uuid: str
    ref_code: Annotated[str, Sql(ref_code)]
    code: Annotated[str, Sql(code)]
    title: str
    name: Annotated[str, called("title")]
    status: Annotated[str, Sql(status)]
    status_label: Annotated[str, Sql(lambda proposal: case(LABELS, value=status(proposal), else_=""))]
    client: Annotated[ClientCard | None, Via("contact_company")]
    contact_company: Annotated[ClientCard | None, Via("contact_company")]
    client_name: Annotated[str, Via("contact_company.name", lambda name: func.coalesce(name, EMPTY))]
    company: CompanyCard
    project: ProjectCard | None
    content: Annotated[str, called("description")]
    description: str
    total_amount: Annotated[float, Sql(lambda proposal: units(proposal.c.cents))]
    total_value: Annotated[float, Sql(lambda proposal: units(proposal.c.cents))]
    total_value_formatted: Annotated[str, Sql(lambda proposal: formatted(proposal, proposal.c.cents))]
    total_hours: Annotated[float, Sql(lambda proposal: proposal.c.hundredths / 100.0)]
    hourly_rate: Annotated[float, Sql(lambda proposal: units(proposal.c.hourly_cents))]
    currency: str
    currency_symbol: Annotated[str, Sql(symbol)]
    valid_until: Annotated[str | None, Sql(lambda proposal: day_of(proposal.c.expires_at))]
    expires_at: Dated
    sent_at: Annotated[str | None, Sql(lambda proposal: instant(proposal.c.sent_at))]
    viewed_at: Annotated[str | None, Sql(lambda proposal: instant(proposal.c.viewed_at))]
    approved_at: Annotated[str | None, Sql(lambda proposal: instant(proposal.c.approved_at))]
    rejected_at: Annotated[str | None, Sql(lambda proposal: instant(proposal.c.rejected_at))]
    reason: str | None
    rejection_reason: Annotated[str | None, called("reason")]
    created_at: Dated


class ProposalAnywhere(ProposalView, of=Proposal):
    """A proposal in the list over all workspaces, where days and moments are texts."""

    expires_at: Annotated[str | None, Sql(lambda proposal: day_of(proposal.c.expires_at))]  # type: ignore[assignment] # a text here, an object elsewhere
    created_at: Annotated[str, Sql(lambda proposal: instant(proposal.c.created_at))]  # type: ignore[assignment] # a text here, an object elsewhere


class ProposalFilters(Filters):
    """Which proposals are shown."""

    status: Annotated[
        Literal["draft", "sent", "viewed", "approved", "rejected", "expired", "converted"] | None,
        Where(lambda proposal, value: status(proposal) == value),
    ] = None
    client_uuid: Annotated[
        str | None,
        Where(lambda proposal, value: refers_to(ContactCompany, "uuid", proposal.c.contact_company_id, value)),
    ] = None


class ProposalPatch(Body):
    """What may be changed of a proposal that is not decided."""

    title: Title = ""
    description: Text | None = None
    total_value: Decimal | None = None
    expires_at: When = None


class ProposalBody(ProposalPatch):
    """A new proposal, with the names that MCP or the CLI have for its client and its value."""

    title: Title
    client_uuid: MaybeText = None
    client_slug: MaybeText = None
    currency: MaybeText = None
    amount: Decimal | None = None


class Rejection(Body):
    """Why a proposal is rejected."""

    reason: Text | None = None


@bearer.get("/proposals", feature=FEATURE, least=LEAST)
def list_proposals(here: InWorkspace, db: Db, page: Page, filters: ProposalFilters) -> Listing[ProposalView]:
    """The workspace's proposals, newest first."""
    return db.page(ProposalView, page, here.owns(Proposal), filters=filters)


@bearer.get("/client-flow/all-workspaces/proposals")
def list_proposals_everywhere(db: Db, page: Page) -> Listing[ProposalAnywhere]:
    """The proposals of all PRO workspaces that the caller runs, newest first."""
    return everywhere(db, ProposalAnywhere, page, PARTS)


@bearer.get("/proposals/stats", feature=FEATURE, least=LEAST)
def proposal_stats(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace's proposals in numbers, in whole units of currency. One statement.

    ``win_rate`` is the approved ones (converted ones among them) in a hundred of all that were approved or rejected.
    """
    told = proposals(db, here.company_id)
    decided = told["approved"] + told["rejected"]
    names = ("total", "draft", "sent", "viewed", "approved", "rejected", "expired", "pending", "converted")
    values = ("total_value", "approved_value", "pending_value", "rejected_value")
    return (
        {name: told[name] for name in names}
        | {name: told[name] / 100 for name in values}
        | {"win_rate": round(100 * told["approved"] / decided, 1) if decided else 0}
    )


@bearer.get("/proposals/{uuid}", feature=FEATURE, least=LEAST)
def get_proposal(uuid: str, db: Db) -> One[ProposalView]:
    """One proposal, by its uuid, its code or its ref_code."""
    return db.one(ProposalView, same(Proposal.id, proposal_at(db, uuid).id))


@bearer.post("/proposals", feature=FEATURE, least=LEAST)
def create_proposal(body: ProposalBody, here: InWorkspace, db: Db) -> One[ProposalView]:
    """A draft; for a client of the workspace, where one is named."""
    wanted = body.client_uuid or body.client_slug
    client = client_named(db, here.company_id, wanted)["id"] if wanted else None
    row = columns(body) | {"currency": currency_of(body.currency or "USD"), "contact_company_id": client}
    if body.total_value is None and body.amount is not None:
        row["cents"] = cents_of("amount", body.amount)
    number = rules.next_number(db, here.company_id)
    id = db.insert(Proposal, company_id=here.company_id, user_id=db.me, number=number, **row)
    return db.one(ProposalView, same(Proposal.id, id))


@bearer.put("/proposals/{uuid}", feature=FEATURE, least=LEAST)
def update_proposal(uuid: str, body: ProposalPatch, db: Db) -> One[ProposalView]:
    """Change what is sent of a proposal that is not decided."""
    proposal = proposal_at(db, uuid)
    rules.change(db, proposal, **columns(body))
    return db.one(ProposalView, same(Proposal.id, proposal.id))


@bearer.post("/proposals/{uuid}/send", status=200, feature=FEATURE, least=LEAST)
def send_proposal(uuid: str, db: Db) -> One[ProposalView]:
    """Send a draft to its client."""
    return stepped(db, uuid, "sent")


@bearer.post("/proposals/{uuid}/approve", status=200, feature=FEATURE, least=LEAST)
def approve_proposal(uuid: str, db: Db) -> One[ProposalView]:
    """Note that the client approved."""
    return stepped(db, uuid, "approved")


@bearer.post("/proposals/{uuid}/reject", status=200, feature=FEATURE, least=LEAST)
def reject_proposal(uuid: str, body: Rejection, db: Db) -> One[ProposalView]:
    """Note that the client rejected, and why."""
    return stepped(db, uuid, "rejected", reason=body.reason)


@bearer.post("/proposals/{uuid}/convert-to-project", status=200, feature=FEATURE, least=LEAST)
def convert_proposal(uuid: str, db: Db) -> dict[str, Any]:
    """Make the project that an approved proposal offers: its name, text, client, value as budget, and hourly rate."""
    proposal = proposal_at(db, uuid)
    rules.advance(db, proposal, "converted")
    told = {"description": proposal.description, "budget": proposal.cents / 100, "hourly_cents": proposal.hourly_cents}
    client = {"contact_company_id": proposal.contact_company_id}
    id = found_project(db, proposal.company_id, db.me, proposal.title, **told, **client)
    db.update(Proposal, proposal.id, project_id=id)
    project = db.find(Project, same(Project.id, id))
    card = {"uuid": project.uuid, "slug": project.slug, "name": project.name, "code": project.code}
    flat = {"proposal_uuid": proposal.uuid, "project_uuid": project.uuid, "project_name": project.name}
    return {"project": card} | flat


def columns(body: ProposalPatch) -> dict[str, Any]:
    """The columns that a body sets."""
    row = body.sent("title", "description", "expires_at")
    if "description" in row:
        row["description"] = row["description"] or ""
    if row.get("expires_at") is not None:
        row["expires_at"] = row["expires_at"] // DAY * DAY
    if body.total_value is not None:
        row["cents"] = cents_of("total_value", body.total_value)
    return row


def stepped(db: Db, key: str, to: str, **values: Any) -> One[ProposalView]:
    """A proposal after it came to a status. Raises Conflict where it may not get there."""
    proposal = proposal_at(db, key)
    rules.advance(db, proposal, to, **values)
    return db.one(ProposalView, same(Proposal.id, proposal.id))


def proposal_at(db: Db, key: str) -> Any:
    """The proposal of this uuid, code or ref_code. Raises NotFound."""
    return row_at(db, "proposal", "Proposal", key, CODE)
