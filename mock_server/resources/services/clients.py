"""Clients: the companies that a workspace works for, and what they come to."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, Integer, func, literal_column, select
from sqlalchemy import cast as sql_cast

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Text, Title
from mock_server.dialects.lists import Page
from mock_server.dialects.tenancy import CLI, Client, InWorkspace
from mock_server.dialects.views import TODAY, Dated, Sql, View, table_of
from mock_server.domain.clients import ContactCompany
from mock_server.domain.invoices import Invoice
from mock_server.domain.proposals import ChangeRequest, Proposal
from mock_server.domain.workspaces import Project
from mock_server.resources.services.cards import CompanyCard, ref_code
from mock_server.resources.services.clientflow_everywhere import Parts, everywhere
from mock_server.resources.services.clientflow_rows import FEATURE, LEAST, row_at, units
from mock_server.resources.services.clientflow_totals import change_requests, clients, invoices, projects, proposals
from mock_server.store.rows import same

PARTS = Parts("contact_company", ("total", "with_invoices", "with_pending", "with_overdue"), ("total",))
ADDRESS = ("address_line_1", "address_line_2")
Line = Annotated[Text, Field(max_length=255)]


def how_many(table: Any) -> Sql:
    """How many rows of a table are a client's."""

    def told(client: Any) -> Any:
        row = table_of(table).alias()
        return select(func.count()).select_from(row).where(row.c.contact_company_id == client.c.id).scalar_subquery()

    return Sql(told)


def changes(client: Any) -> ColumnElement[int]:
    """How many change requests there are on a client's proposals."""
    row, proposal = table_of(ChangeRequest).alias(), table_of(Proposal).alias()
    tied = select(func.count()).select_from(row).join(proposal, proposal.c.id == row.c.proposal_id)
    return tied.where(proposal.c.contact_company_id == client.c.id).scalar_subquery()


def billed(client: Any, *statuses: str) -> ColumnElement[int]:
    """The cents, with tax, of a client's invoices that have one of these statuses."""
    row = table_of(Invoice).alias()
    total = func.coalesce(func.sum(row.c.net_cents + row.c.tax_cents), literal_column("0"))
    mine = (row.c.contact_company_id == client.c.id) & row.c.status.in_([literal_column(f"'{s}'") for s in statuses])
    return select(sql_cast(total, Integer)).select_from(row).where(mine).scalar_subquery()


def paid(client: Any) -> ColumnElement[int]:
    """Cents of the invoices that were paid."""
    return billed(client, "paid")


def pending(client: Any) -> ColumnElement[int]:
    """Cents of the invoices that were issued or sent and are not paid; what is overdue is in it."""
    return billed(client, "issued", "sent")


def invoiced(client: Any) -> ColumnElement[int]:
    """Cents of all invoices but drafts and cancelled ones."""
    return billed(client, "issued", "sent", "paid")


def is_late(client: Any) -> ColumnElement[bool]:
    """Whether an invoice of the client waits beyond its last day."""
    row = table_of(Invoice).alias()
    opened = row.c.status.in_([literal_column("'issued'"), literal_column("'sent'")])
    late = (row.c.contact_company_id == client.c.id) & opened & (row.c.payment_due_at < TODAY)
    return select(row.c.id).where(late).exists()


def address(client: Any) -> ColumnElement[str]:
    """The two lines of the address in one."""
    return func.trim(client.c.address_line_1.op("||")(literal_column("', '")).op("||")(client.c.address_line_2), ", ")


class ClientView(View, of=ContactCompany):
    """A client, with sums in whole units of currency."""

    uuid: str
    ref_code: Annotated[str, Sql(ref_code)]
    name: str
    email: str
    phone: str
    website: str
    address: Annotated[str, Sql(address)]
    address_line_1: str
    address_line_2: str
    city: str
    country: str
    postcode: str
    vat_number: str
    notes: str
    projects_count: Annotated[int, how_many(Project)]
    invoices_count: Annotated[int, how_many(Invoice)]
    proposals_count: Annotated[int, how_many(Proposal)]
    change_requests_count: Annotated[int, Sql(changes)]
    invoices_total: Annotated[float, Sql(lambda client: units(invoiced(client)))]
    total_invoiced: Annotated[float, Sql(lambda client: units(invoiced(client)))]
    total_paid: Annotated[float, Sql(lambda client: units(paid(client)))]
    total_pending: Annotated[float, Sql(lambda client: units(pending(client)))]
    has_overdue: Annotated[bool, Sql(is_late)]
    created_at: Dated


class ClientInCents(ClientView, of=ContactCompany):
    """A client as the CLI reads it: sums are whole cents."""

    total_invoiced: Annotated[int, Sql(invoiced)]
    total_paid: Annotated[int, Sql(paid)]
    total_pending: Annotated[int, Sql(pending)]


class ClientAnywhere(ClientView, of=ContactCompany):
    """A client in the list over all workspaces."""

    company: CompanyCard


class ClientPatch(Body):
    """What may be changed of a client; ``address`` is its first line."""

    name: Title = ""
    email: Line | None = None
    phone: Line | None = None
    website: Line | None = None
    address: Line | None = None
    address_line_1: Line | None = None
    address_line_2: Line | None = None
    city: Line | None = None
    country: Line | None = None
    postcode: Line | None = None
    vat_number: Line | None = None
    notes: Text | None = None


class ClientBody(ClientPatch):
    """A new client."""

    name: Title


def view_for(client: Client) -> type[ClientView]:
    """The view whose sums the caller can read."""
    return ClientInCents if client == CLI else ClientView


@bearer.get("/contact-companies/clients", feature=FEATURE, least=LEAST)
def list_clients(here: InWorkspace, db: Db, client: Client, page: Page) -> Listing[ClientView]:
    """The workspace's clients, newest first."""
    return db.page(view_for(client), page, here.owns(ContactCompany))


@bearer.get("/client-flow/all-workspaces/clients")
def list_clients_everywhere(db: Db, page: Page) -> Listing[ClientAnywhere]:
    """The clients of all PRO workspaces that the caller runs, newest first."""
    return everywhere(db, ClientAnywhere, page, PARTS)


@bearer.get("/contact-companies/stats", feature=FEATURE, least=LEAST)
def client_totals(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace's business in numbers. Sums are cents: the CLI alone calls this. Five statements."""
    mine = here.company_id
    return {
        "clients": clients(db, mine),
        "invoices": invoices(db, mine),
        "proposals": proposals(db, mine),
        "change_requests": change_requests(db, mine),
        "projects": projects(db, mine),
    }


@bearer.get("/contact-companies/{uuid}", feature=FEATURE, least=LEAST)
def get_client(uuid: str, db: Db, client: Client) -> One[ClientView]:
    """One client, by its uuid or ref_code."""
    return shown(db, client, client_at(db, uuid).id)


@bearer.get("/contact-companies/{uuid}/stats", feature=FEATURE, least=LEAST)
def client_stats(uuid: str, db: Db) -> dict[str, Any]:
    """What a client comes to, in whole units of currency, tax included. Two statements.

    ``total_pending`` is what was issued or sent and not paid; ``total_overdue`` the part of it whose last day is over.
    """
    found = client_at(db, uuid)
    told = invoices(db, found.company_id, found.id)
    counted = projects(db, found.company_id, found.id)
    return {
        "total_invoiced": (told["paid_amount"] + told["pending_amount"]) / 100,
        "total_paid": told["paid_amount"] / 100,
        "total_pending": told["pending_amount"] / 100,
        "total_overdue": told["overdue_amount"] / 100,
        "projects_count": counted["total"],
        "invoices_count": told["total"],
    }


@bearer.post("/contact-companies", feature=FEATURE, least=LEAST)
def create_client(body: ClientBody, here: InWorkspace, db: Db, client: Client) -> One[ClientView]:
    """A new client of the workspace."""
    return shown(db, client, db.insert(ContactCompany, company_id=here.company_id, **columns(body)))


@bearer.put("/contact-companies/{uuid}", feature=FEATURE, least=LEAST)
def update_client(uuid: str, body: ClientPatch, db: Db, client: Client) -> One[ClientView]:
    """Change what is sent of a client."""
    found = client_at(db, uuid)
    db.update(ContactCompany, found.id, updated_at=db.now, **columns(body))
    return shown(db, client, found.id)


def client_at(db: Db, key: str) -> Any:
    """The client of this uuid or ref_code. Raises NotFound."""
    return row_at(db, "contact_company", "Client", key)


def columns(body: ClientPatch) -> dict[str, Any]:
    """The columns that a body sets; null empties one."""
    row = {name: value or "" for name, value in body.sent().items()}
    if "address" in row:
        row.setdefault("address_line_1", row.pop("address"))
        row.pop("address", None)
    return row


def shown(db: Db, client: Client, id: int) -> One[ClientView]:
    """A client as the caller reads it."""
    return db.one(view_for(client), same(ContactCompany.id, id))
