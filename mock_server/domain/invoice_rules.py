"""How an invoice is numbered, what it comes to, and what may become of it.

A draft is issued, then sent, then paid. Sending a draft issues it too, for the CLI has no word for issuing. Nothing in
the API cancels an invoice; seeded ones may be cancelled.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from mock_server.domain.invoices import Invoice, InvoiceItem
from mock_server.domain.task_rules import Rows
from mock_server.errors import Conflict

STATUSES = {"draft": 1, "issued": 2, "sent": 3, "paid": 4, "cancelled": 5}
OPEN = ("issued", "sent")
SERIES = "INV-"
NEXT = "SELECT coalesce(max(number), 0) + 1 FROM invoice WHERE company_id = :company_id"


class Step(NamedTuple):
    """Something that is done to an invoice: from which statuses it may be, and to which it leads."""

    since: tuple[str, ...]
    status: str


STEPS = {
    "issue": Step(("draft",), "issued"),
    "send": Step(("draft", "issued"), "sent"),
    "paid": Step(OPEN, "paid"),
}


class Line(NamedTuple):
    """An item before it is written."""

    description: str
    hundredths: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """What the line comes to, half a cent rounded up."""
        return line_cents(self.hundredths, self.unit_cents)


def line_cents(hundredths: int, unit_cents: int) -> int:
    """Quantity by price, half a cent rounded up."""
    return (hundredths * unit_cents + 50) // 100


def net_of(lines: Iterable[Line]) -> int:
    """The sum of the lines, each rounded to a cent by itself, as it is printed."""
    return sum(line.cents for line in lines)


def next_number(db: Rows, company_id: int) -> int:
    """The number of the workspace's next invoice: one more than the largest; no invoice is ever deleted."""
    return db.number(NEXT, {"company_id": company_id})


def draft(db: Rows, lines: list[Line], **values: Any) -> int:
    """Write a draft with its lines; ``values`` are the other columns. Gives its id."""
    number = next_number(db, values["company_id"])
    id = db.insert(Invoice, number=number, net_cents=net_of(lines), **values)
    for position, line in enumerate(lines, 1):
        db.insert(InvoiceItem, invoice_id=id, position=position, **line._asdict())
    return id


def advance(db: Rows, invoice: Any, action: str) -> None:
    """Do a step of STEPS to an invoice and remember when. Raises Conflict where its status does not allow it."""
    step = STEPS[action]
    if invoice.status not in step.since:
        allowed = " or ".join(step.since)
        raise Conflict(f"The invoice {SERIES}{invoice.number:04} is {invoice.status}; it has to be {allowed} for this.")
    moments = {f"{step.status}_at": db.now}
    if step.status == "sent" and invoice.issued_at is None:
        moments["issued_at"] = db.now
    db.update(Invoice, invoice.id, status=step.status, updated_at=db.now, **moments)


def change(db: Rows, invoice: Any, **values: Any) -> None:
    """Change columns of an invoice that is not settled. Raises Conflict for one that is paid or cancelled."""
    if invoice.status in ("paid", "cancelled"):
        raise Conflict(f"The invoice {SERIES}{invoice.number:04} is {invoice.status} and cannot be changed any more.")
    db.update(Invoice, invoice.id, updated_at=db.now, **values)
