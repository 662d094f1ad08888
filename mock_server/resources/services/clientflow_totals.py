"""The numbers of ClientFlow, counted over one workspace or one client. Every sum is in cents.

A client's or workspace's invoices come with their tax. An invoice is *pending* when it was issued or sent and is not
paid, and *overdue* when, besides, its last day to pay is before today. A proposal that was sent or viewed *expired*
when its last day is before today; else it is *pending*. A change request is pending while it is sent.
"""

from typing import Any

from mock_server.dialects.answers import Db
from mock_server.store.clock import midnight

OPENED = "status IN ('issued', 'sent')"
LATE = f"{OPENED} AND payment_due_at < :today"
GROSS = "net_cents + tax_cents"
WAITS = "status IN ('sent', 'viewed')"
EXPIRED = f"{WAITS} AND expires_at < :today"
ASKED = f"{WAITS} AND NOT coalesce(expires_at < :today, 0)"
WORTH = "(hundredths * hourly_cents + 50) / 100 + fixed_cents"
MINE = "company_id = :company AND (:client = 0 OR contact_company_id = :client)"

INVOICES = f"""
SELECT {{by}} count(*) AS total, {{counts}},
  coalesce(sum(({GROSS}) * (status <> 'cancelled')), 0) AS total_amount,
  coalesce(sum(({GROSS}) * (status = 'paid')), 0) AS paid_amount,
  coalesce(sum(({GROSS}) * ({OPENED})), 0) AS pending_amount,
  coalesce(sum(({GROSS}) * (status = 'draft')), 0) AS draft_amount,
  coalesce(sum(({GROSS}) * coalesce({LATE}, 0)), 0) AS overdue_amount
FROM invoice WHERE {{where}}
"""  # noqa: S608 constants of ours
PROPOSALS = f"""
SELECT {{by}} count(*) AS total, {{counts}},
  coalesce(sum(cents), 0) AS total_value,
  coalesce(sum(cents * (status IN ('approved', 'converted'))), 0) AS approved_value,
  coalesce(sum(cents * ({ASKED})), 0) AS pending_value,
  coalesce(sum(cents * (status = 'rejected')), 0) AS rejected_value
FROM proposal WHERE {{where}}
"""  # noqa: S608 constants of ours
CHANGES = f"""
SELECT {{by}} count(*) AS total, {{counts}},
  coalesce(sum(({WORTH}) * (status = 'approved')), 0) AS approved_value,
  coalesce(sum(({WORTH}) * (status = 'sent')), 0) AS pending_value
FROM change_request WHERE {{where}}
"""  # noqa: S608 constants of ours
CLIENTS = f"""
SELECT {{by}} count(*) AS total, coalesce(sum(has), 0) AS with_invoices, coalesce(sum(waits), 0) AS with_pending,
  coalesce(sum(late), 0) AS with_overdue
FROM (
  SELECT c.company_id, count(i.id) > 0 AS has, coalesce(max({OPENED}), 0) AS waits, coalesce(max({LATE}), 0) AS late
  FROM contact_company c LEFT JOIN invoice i ON i.contact_company_id = c.id GROUP BY c.id
) WHERE {{where}}
"""  # noqa: S608 constants of ours
PROJECTS = f"""
SELECT count(*) AS total, coalesce(sum(status IN (0, 2)), 0) AS active, coalesce(sum(status = 1), 0) AS completed,
  coalesce(sum(status = 3), 0) AS archived
FROM project WHERE {MINE}
"""  # noqa: S608 constants of ours
INVOICE_STATES = {
    "draft": "status = 'draft'",
    "issued": OPENED,
    "paid": "status = 'paid'",
    "cancelled": "status = 'cancelled'",
    "overdue": LATE,
}
PROPOSAL_STATES = {
    "draft": "status = 'draft'",
    "sent": f"status = 'sent' AND {ASKED}",
    "viewed": f"status = 'viewed' AND {ASKED}",
    "approved": "status IN ('approved', 'converted')",
    "rejected": "status = 'rejected'",
    "expired": EXPIRED,
    "pending": ASKED,
    "converted": "status = 'converted'",
}
CHANGE_STATES = {
    **{state: f"status = '{state}'" for state in ("draft", "sent", "approved", "rejected", "adjustment_requested")},
    "pending": "status = 'sent'",
}


def counts(states: dict[str, str]) -> str:
    """The columns that count the rows of each state."""
    return ", ".join(f"coalesce(sum({condition}), 0) AS {name}" for name, condition in states.items())


COUNTED = {
    "invoice": (INVOICES, counts(INVOICE_STATES), MINE),
    "proposal": (PROPOSALS, counts(PROPOSAL_STATES), MINE),
    "change_request": (CHANGES, counts(CHANGE_STATES), "company_id = :company"),
    "contact_company": (CLIENTS, "", "company_id = :company"),
}
ONE = {name: sql.format(by="", counts=states, where=where) for name, (sql, states, where) in COUNTED.items()}
AMONG = "company_id IN (SELECT value FROM json_each(:companies)) GROUP BY company_id"
EACH = {name: sql.format(by="company_id,", counts=states, where=AMONG) for name, (sql, states, _) in COUNTED.items()}


def told(db: Db, sql: str, company_id: int, client_id: int = 0) -> dict[str, Any]:
    """The one row of a statement about a workspace, or about a client of it."""
    return db.asked(sql, {"company": company_id, "client": client_id, "today": midnight(db.now)})[0]


def by_workspace(db: Db, table: str, companies: str) -> dict[int, dict[str, Any]]:
    """The numbers of a table in each of some workspaces (a JSON array of ids) that has any."""
    rows = db.asked(EACH[table], {"companies": companies, "today": midnight(db.now)})
    return {row.pop("company_id"): row for row in rows}


def invoices(db: Db, company_id: int, client_id: int = 0) -> dict[str, Any]:
    """How many invoices there are in each state, and what they come to; ``issued`` counts the sent ones too."""
    return told(db, ONE["invoice"], company_id, client_id)


def proposals(db: Db, company_id: int, client_id: int = 0) -> dict[str, Any]:
    """How many proposals there are in each state, and their value; ``approved`` counts the converted ones too."""
    return told(db, ONE["proposal"], company_id, client_id)


def change_requests(db: Db, company_id: int) -> dict[str, Any]:
    """How many change requests there are in each state, and their value: hours by rate, and the fixed part."""
    return told(db, ONE["change_request"], company_id)


def clients(db: Db, company_id: int) -> dict[str, Any]:
    """How many clients there are, and how many of them have invoices, unpaid ones, overdue ones."""
    return told(db, ONE["contact_company"], company_id)


def projects(db: Db, company_id: int, client_id: int = 0) -> dict[str, Any]:
    """How many projects there are by their status: active is in progress or on hold, archived is cancelled."""
    return told(db, PROJECTS, company_id, client_id)
