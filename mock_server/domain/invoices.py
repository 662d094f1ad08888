"""Invoices, with what they charge for. Money is in whole cents, quantities in hundredths, so that both add up."""

from sqlalchemy import Index, UniqueConstraint

from mock_server.domain.columns import belongs, day, key, moment, refers
from mock_server.domain.workspaces import Table


class Invoice(Table, table=True):
    """What a client is to pay: ``net_cents`` is the sum of the items, ``tax_cents`` comes on top.

    ``number`` counts within the workspace. ``status`` is a key of `invoice_rules.STATUSES`; that an invoice is overdue
    is not stored, its date says so.
    """

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index("invoice_newest", "company_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    contact_company_id: int = belongs("contact_company")
    project_id: int | None = refers("project", index=False)
    user_id: int = belongs("user", index=False)
    number: int
    title: str
    status: str = "draft"
    currency: str = "USD"
    net_cents: int = 0
    tax_cents: int = 0
    extra_notes: str = ""
    payment_due_at: int | None = day(None)
    issued_at: int | None = moment(None)
    sent_at: int | None = moment(None)
    paid_at: int | None = moment(None)
    created_at: int = moment()
    updated_at: int = moment()


class InvoiceItem(Table, table=True):
    """A line of an invoice: ``hundredths`` of a unit (an hour, a piece) at ``unit_cents`` each."""

    __tablename__ = "invoice_item"
    id: int | None = key()
    invoice_id: int = belongs("invoice")
    position: int
    description: str
    hundredths: int = 100
    unit_cents: int
