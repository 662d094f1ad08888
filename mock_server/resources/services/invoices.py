"""Invoices: drafted, issued, sent and paid."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, case, func, literal_column

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Decimal, MaybeText, Text, Title, When
from mock_server.dialects.lists import Filters, Page, Where, refers_to
from mock_server.dialects.tenancy import CLI, Client, InWorkspace
from mock_server.dialects.views import TODAY, Dated, Many, Sql, Via, View, called
from mock_server.domain import invoice_rules as rules
from mock_server.domain.clients import ContactCompany
from mock_server.domain.invoice_rules import SERIES, STATUSES, Line
from mock_server.domain.invoices import Invoice, InvoiceItem
from mock_server.errors import Missing
from mock_server.resources.services.cards import CompanyCard, day_of, instant, ref_code
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
    whole,
)
from mock_server.resources.services.clientflow_totals import invoices
from mock_server.store.clock import DAY
from mock_server.store.rows import same

UNTITLED = "Invoice"
SUMS = ("total_amount", "paid_amount", "pending_amount")
COUNTS = ("total", "draft", "issued", "paid", "cancelled", "overdue")
PARTS = Parts(
    "invoice", (*COUNTS, *SUMS, "draft_amount", "overdue_amount"), ("total", "issued", "paid", "overdue", *SUMS)
)
PAYMENT_TIME = """
SELECT avg((paid_at - coalesce(sent_at, issued_at)) / 86400.0) AS days FROM invoice
WHERE company_id = :company AND status = 'paid'
"""


def gross(invoice: Any) -> Any:
    """The cents to pay: items and tax."""
    return invoice.c.net_cents + invoice.c.tax_cents


def series(invoice: Any) -> ColumnElement[str]:
    """The invoice's number as it is printed, as in ``INV-0007``."""
    return func.printf(literal_column(f"'{SERIES}%04d'"), invoice.c.number)


def is_overdue(invoice: Any) -> Any:
    """Whether it was issued or sent, is not paid, and its last day is over."""
    return is_open(invoice) & func.coalesce(invoice.c.payment_due_at < TODAY, literal_column("0"))


def is_open(invoice: Any) -> Any:
    """Whether it was issued or sent and is not paid."""
    return invoice.c.status.in_([literal_column("'issued'"), literal_column("'sent'")])


class ItemView(View, of=InvoiceItem):
    """A line of an invoice, in whole units of currency."""

    description: str
    quantity: Annotated[float, Sql(lambda item: item.c.hundredths / 100.0)]
    unit_price: Annotated[float, Sql(lambda item: units(item.c.unit_cents))]
    total: Annotated[float, Sql(lambda item: units(whole(item.c.hundredths * item.c.unit_cents + 50)))]


class InvoiceView(View, of=Invoice):
    """An invoice; sums are in whole units of currency, tax included in ``total`` and ``gross_total``."""

    uuid: str
    ref_code: Annotated[str, Sql(ref_code)]
    number: int
    series: Annotated[str, Sql(series)]
    title: str
    status: str
    status_code: Annotated[int, Sql(lambda invoice: case(STATUSES, value=invoice.c.status, else_=0))]
    is_overdue: Annotated[bool, Sql(is_overdue)]
    client: Annotated[ClientCard, Via("contact_company")]
    contact: Annotated[ClientCard, Via("contact_company")]
    client_name: Annotated[str, Via("contact_company.name")]
    company: CompanyCard
    due_date: Annotated[str | None, Sql(lambda invoice: day_of(invoice.c.payment_due_at))]
    payment_due_at: Dated
    currency: str
    currency_symbol: Annotated[str, Sql(symbol)]
    subtotal: Annotated[float, Sql(lambda invoice: units(invoice.c.net_cents))]
    tax: Annotated[float, Sql(lambda invoice: units(invoice.c.tax_cents))]
    total: Annotated[float, Sql(lambda invoice: units(gross(invoice)))]
    net_total: Annotated[float, Sql(lambda invoice: units(invoice.c.net_cents))]
    taxes_total: Annotated[float, Sql(lambda invoice: units(invoice.c.tax_cents))]
    gross_total: Annotated[float, Sql(lambda invoice: units(gross(invoice)))]
    gross_total_formatted: Annotated[str, Sql(lambda invoice: formatted(invoice, gross(invoice)))]
    items: Annotated[list[ItemView], Many(lambda invoice, item: item.c.invoice_id == invoice.c.id, "position")]
    extra_notes: str
    issued_at: Annotated[str | None, Sql(lambda invoice: instant(invoice.c.issued_at))]
    sent_at: Annotated[str | None, Sql(lambda invoice: instant(invoice.c.sent_at))]
    paid_at: Dated
    created_at: Annotated[str, Sql(lambda invoice: instant(invoice.c.created_at))]


class InvoiceStatus(View):
    """Where an invoice stands, as the CLI reads it."""

    id: Annotated[int, Sql(lambda invoice: case(STATUSES, value=invoice.c.status, else_=0))]
    name: Annotated[str, Sql(lambda invoice: case({s: s.title() for s in STATUSES}, value=invoice.c.status, else_=""))]


class Currency(View):
    """A currency, as the CLI reads it."""

    symbol: Annotated[str, Sql(symbol)]
    code: Annotated[str, called("currency")]


class InvoiceInCents(InvoiceView, of=Invoice):
    """An invoice as the CLI reads it: sums are whole cents, status and currency are objects."""

    status: InvoiceStatus  # type: ignore[assignment] # the CLI reads an object where all others read a text
    currency: Currency  # type: ignore[assignment] # the CLI reads an object where all others read a text
    gross_total: Annotated[int, Sql(gross)]
    net_total: Annotated[int, called("net_cents")]
    taxes_total: Annotated[int, called("tax_cents")]


class InvoiceAnywhere(InvoiceView, of=Invoice):
    """An invoice in the list over all workspaces, where days and moments are texts."""

    issued_date_at: Annotated[str | None, Sql(lambda invoice: day_of(invoice.c.issued_at))]
    payment_due_at: Annotated[str | None, Sql(lambda invoice: day_of(invoice.c.payment_due_at))]  # type: ignore[assignment] # a text here
    paid_at: Annotated[str | None, Sql(lambda invoice: instant(invoice.c.paid_at))]  # type: ignore[assignment] # a text here


def stands(invoice: Any, value: Any) -> Any:
    """Whether an invoice has this status; ``overdue`` is one to ask for, though the status shown stays sent."""
    return (invoice.c.status == value) | ((value == literal_column("'overdue'")) & is_overdue(invoice))


class InvoiceFilters(Filters):
    """Which invoices are shown."""

    status: Annotated[Literal["draft", "issued", "sent", "paid", "overdue", "cancelled"] | None, Where(stands)] = None
    client_uuid: Annotated[
        str | None,
        Where(lambda invoice, value: refers_to(ContactCompany, "uuid", invoice.c.contact_company_id, value)),
    ] = None


class Item(BaseModel):
    """A line of a new invoice, in whole units of currency."""

    description: Title
    quantity: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] = 1
    unit_price: Decimal = 0


class InvoicePatch(Body):
    """What may be changed of an invoice that is not settled."""

    payment_due_at: When = None
    extra_notes: Text | None = None


class InvoiceBody(InvoicePatch):
    """A new invoice: for a client under the name that MCP or the CLI has for it, over items or one amount."""

    contact_company_uuid: MaybeText = None
    client_uuid: MaybeText = None
    client_slug: MaybeText = None
    title: Title = UNTITLED
    currency: MaybeText = None
    amount: Decimal | None = None
    items: Annotated[list[Item], Field(max_length=200)] = []
    tax: Decimal = 0
    due_date: When = None

    @property
    def client(self) -> str:
        """The client's uuid, ref_code or slug. Raises Missing."""
        named = self.contact_company_uuid or self.client_uuid or self.client_slug
        if not named:
            raise Missing("contact_company_uuid")
        return named

    def lines(self) -> list[Line]:
        """The items; one over the amount, where there are none. Raises Invalid for more than can be counted."""
        if not self.items and self.amount:
            return [Line(self.title, 100, cents_of("amount", self.amount))]
        lines = [Line(i.description, round(i.quantity * 100), cents_of("items", i.unit_price)) for i in self.items]
        cents_of("items", rules.net_of(lines) / 100)
        return lines


def view_for(client: Client) -> type[InvoiceView]:
    """The view that the caller can read."""
    return InvoiceInCents if client == CLI else InvoiceView


@bearer.get("/company-invoices", feature=FEATURE, least=LEAST)
def list_invoices(
    here: InWorkspace, db: Db, client: Client, page: Page, filters: InvoiceFilters
) -> Listing[InvoiceView]:
    """The workspace's invoices, newest first."""
    return db.page(view_for(client), page, here.owns(Invoice), filters=filters)


@bearer.get("/client-flow/all-workspaces/invoices")
def list_invoices_everywhere(db: Db, page: Page) -> Listing[InvoiceAnywhere]:
    """The invoices of all PRO workspaces that the caller runs, newest first."""
    return everywhere(db, InvoiceAnywhere, page, PARTS)


@bearer.get("/company-invoices/stats", feature=FEATURE, least=LEAST)
def invoice_stats(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace's invoices in numbers, in whole units of currency. Two statements.

    Revenue is what was paid, pending what was issued or sent and not paid, overdue the part of that whose last day is
    over, and the average payment time the days from sending (else issuing) to paying.
    """
    told = invoices(db, here.company_id)
    days = db.asked(PAYMENT_TIME, {"company": here.company_id})[0]["days"]
    return {
        "total_revenue": told["paid_amount"] / 100,
        "total_pending": told["pending_amount"] / 100,
        "total_overdue": told["overdue_amount"] / 100,
        "invoices_count": told["total"],
        "average_payment_time": round(days or 0, 1),
    }


@bearer.get("/company-invoices/{uuid}", feature=FEATURE, least=LEAST)
def get_invoice(uuid: str, db: Db, client: Client) -> One[InvoiceView]:
    """One invoice, by its uuid, its code or its ref_code."""
    return shown(db, client, invoice_at(db, uuid).id)


@bearer.post("/company-invoices", feature=FEATURE, least=LEAST)
def create_invoice(body: InvoiceBody, here: InWorkspace, db: Db, client: Client) -> One[InvoiceView]:
    """A draft for a client of the workspace."""
    refers = {"company_id": here.company_id, "user_id": db.me}
    refers["contact_company_id"] = client_named(db, here.company_id, body.client)["id"]
    due = body.payment_due_at if body.payment_due_at is not None else body.due_date
    told = {
        "title": body.title,
        "currency": currency_of(body.currency or "USD"),
        "tax_cents": cents_of("tax", body.tax),
        "extra_notes": body.extra_notes or "",
        "payment_due_at": None if due is None else due // DAY * DAY,
    }
    return shown(db, client, rules.draft(db, body.lines(), **refers, **told))


@bearer.put("/company-invoices/{uuid}", feature=FEATURE, least=LEAST)
def update_invoice(uuid: str, body: InvoicePatch, db: Db, client: Client) -> One[InvoiceView]:
    """Change what is sent of an invoice that is not settled."""
    invoice, row = invoice_at(db, uuid), body.sent()
    if row.get("payment_due_at") is not None:
        row["payment_due_at"] = row["payment_due_at"] // DAY * DAY
    if "extra_notes" in row:
        row["extra_notes"] = row["extra_notes"] or ""
    rules.change(db, invoice, **row)
    return shown(db, client, invoice.id)


@bearer.post("/company-invoices/{uuid}/issue", status=200, feature=FEATURE, least=LEAST)
def issue_invoice(uuid: str, db: Db, client: Client) -> One[InvoiceView]:
    """Issue a draft."""
    return stepped(db, client, uuid, "issue")


@bearer.post("/company-invoices/{uuid}/send", status=200, feature=FEATURE, least=LEAST)
def send_invoice(uuid: str, db: Db, client: Client) -> One[InvoiceView]:
    """Send an invoice; a draft is issued with it."""
    return stepped(db, client, uuid, "send")


@bearer.post("/company-invoices/{uuid}/paid", status=200, feature=FEATURE, least=LEAST)
def pay_invoice(uuid: str, db: Db, client: Client) -> One[InvoiceView]:
    """Note that an invoice was paid."""
    return stepped(db, client, uuid, "paid")


def stepped(db: Db, client: Client, key: str, action: str) -> One[InvoiceView]:
    """An invoice after a step of its life. Raises Conflict where its status does not allow it."""
    invoice = invoice_at(db, key)
    rules.advance(db, invoice, action)
    return shown(db, client, invoice.id)


def invoice_at(db: Db, key: str) -> Any:
    """The invoice of this uuid, code or ref_code. Raises NotFound."""
    return row_at(db, "invoice", "Invoice", key, SERIES)


def shown(db: Db, client: Client, id: int) -> One[InvoiceView]:
    """An invoice as the caller reads it."""
    return db.one(view_for(client), same(Invoice.id, id))
