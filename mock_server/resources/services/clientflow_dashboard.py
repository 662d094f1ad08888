"""The dashboards of ClientFlow. Amounts are in whole units of currency; where the CLI reads whole numbers, rounded.

Open is what was issued or sent and is not paid; overdue what, besides, is past its last day. A proposal waits while it
is sent or viewed, and expires soon when its last day is one of the next seven. A project is stalled when it is in
progress and nothing has happened to its tasks for fourteen days.
"""

from datetime import date
from typing import Any

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.tenancy import InWorkspace
from mock_server.domain.invoice_rules import SERIES
from mock_server.domain.proposal_rules import CODE
from mock_server.domain.sprint_reports import share
from mock_server.resources.services.clientflow_rows import FEATURE, LEAST, SYMBOLS
from mock_server.resources.services.clientflow_totals import (
    GROSS,
    LATE,
    OPENED,
    WAITS,
    clients,
    invoices,
    projects,
    proposals,
)
from mock_server.resources.services.periods import hours
from mock_server.resources.services.project_money import OF_COMPANIES, Money, money_of
from mock_server.store.clock import DAY, midnight

SOON, STALLED, NEW, CHURNED = 7 * DAY, 14 * DAY, 30 * DAY, 180 * DAY
MONTHS = 12
EXPIRING = f"{WAITS} AND expires_at >= :today AND expires_at < :today + {SOON}"
SOON_OF = f"SELECT count(*) FROM proposal WHERE company_id = :company AND {EXPIRING}"  # noqa: S608 constants of ours
INVOICE_STATES = f"""
SELECT status, count(*) AS count, sum({GROSS}) AS cents FROM invoice WHERE company_id = :company GROUP BY status
UNION ALL SELECT 'overdue', count(*), sum({GROSS}) FROM invoice WHERE company_id = :company AND {LATE}
"""  # noqa: S608 constants of ours
PROPOSAL_STATES = f"""
SELECT CASE WHEN {WAITS} AND expires_at < :today THEN 'expired' ELSE status END AS status, count(*) AS count,
  sum(cents) AS cents
FROM proposal WHERE company_id = :company GROUP BY 1
"""  # noqa: S608 constants of ours
OVERDUE = f"""
SELECT i.uuid, printf('{SERIES}%04d', i.number) AS series, c.name AS client, {GROSS} AS cents, i.currency,
  (:today - i.payment_due_at) / {DAY} AS days_overdue
FROM invoice i JOIN contact_company c ON c.id = i.contact_company_id WHERE i.company_id = :company AND {LATE}
ORDER BY i.payment_due_at, i.id
"""  # noqa: S608 constants of ours
REVENUE = f"""
SELECT strftime('%Y-%m', paid_at, 'unixepoch') AS month, sum({GROSS}) AS cents, count(*) AS count
FROM invoice WHERE company_id = :company AND status = 'paid' GROUP BY month ORDER BY month
"""  # noqa: S608 constants of ours
DUE = f"""
SELECT coalesce(sum({GROSS}), 0) FROM invoice WHERE company_id = :company AND {OPENED}
AND strftime('%Y-%m', payment_due_at, 'unixepoch') <= :next
"""  # noqa: S608 constants of ours
STILL = f"""
SELECT p.id, p.contact_company_id FROM project p WHERE p.company_id = :company AND p.status = 0
AND coalesce((SELECT max(h.created_at) FROM change h WHERE h.project_id = p.id), p.created_at) < :now - {STALLED}
"""  # noqa: S608 constants of ours
RISKS = f"""
WITH late AS (
  SELECT contact_company_id AS client, count(*) AS count, sum({GROSS}) AS cents, max(:today - payment_due_at) AS days
  FROM invoice WHERE company_id = :company AND {LATE} GROUP BY client
), still AS (
  SELECT contact_company_id AS client, count(*) AS count FROM ({STILL}) GROUP BY client
), expiring AS (
  SELECT contact_company_id AS client, count(*) AS count FROM proposal WHERE company_id = :company AND {EXPIRING}
  GROUP BY client
)
SELECT c.uuid, c.name, c.email, coalesce(l.count, 0) AS late, coalesce(l.cents, 0) AS cents,
  coalesce(l.days, 0) / {DAY} AS days, coalesce(s.count, 0) AS still, coalesce(e.count, 0) AS expiring,
  max(c.updated_at, coalesce((SELECT max(updated_at) FROM invoice WHERE contact_company_id = c.id), 0),
    coalesce((SELECT max(updated_at) FROM proposal WHERE contact_company_id = c.id), 0)) AS active
FROM contact_company c LEFT JOIN late l ON l.client = c.id LEFT JOIN still s ON s.client = c.id
LEFT JOIN expiring e ON e.client = c.id
WHERE c.company_id = :company AND coalesce(l.count, s.count, e.count) IS NOT NULL ORDER BY cents DESC, c.id
"""  # noqa: S608 constants of ours
WAITING = f"""
SELECT 'proposal' AS type, p.uuid, printf('{CODE}%04d', p.number) AS code, p.title, coalesce(c.name, '') AS client,
  p.cents, p.currency, (:now - p.sent_at) / {DAY} AS days_waiting
FROM proposal p LEFT JOIN contact_company c ON c.id = p.contact_company_id
WHERE p.company_id = :company AND {WAITS} AND NOT coalesce(p.expires_at < :today, 0)
UNION ALL
SELECT 'change_request', r.uuid, printf('CR-%04d', r.id), r.name, coalesce(c.name, ''),
  (r.hundredths * r.hourly_cents + 50) / 100 + r.fixed_cents, p.currency, (:now - r.sent_at) / {DAY}
FROM change_request r JOIN proposal p ON p.id = r.proposal_id
LEFT JOIN contact_company c ON c.id = p.contact_company_id WHERE r.company_id = :company AND r.status = 'sent'
UNION ALL
SELECT 'invoice', i.uuid, printf('{SERIES}%04d', i.number), i.title, c.name, {GROSS}, i.currency,
  (:now - coalesce(i.sent_at, i.issued_at)) / {DAY}
FROM invoice i JOIN contact_company c ON c.id = i.contact_company_id WHERE i.company_id = :company AND {OPENED}
ORDER BY days_waiting DESC, code
"""  # noqa: S608 constants of ours
LEADERS = f"""
WITH paying AS (
  SELECT contact_company_id AS client, sum(({GROSS}) * (status = 'paid')) AS paid, sum(({GROSS}) * ({OPENED})) AS open,
    sum(status = 'paid' AND paid_at < coalesce(payment_due_at, paid_at) + {DAY}) AS on_time,
    sum(status = 'paid' OR coalesce({LATE}, 0)) AS judged,
    avg(CASE WHEN status = 'paid' THEN (paid_at - coalesce(sent_at, issued_at)) / {DAY}.0 END) AS days
  FROM invoice WHERE company_id = :company GROUP BY client
), working AS (
  SELECT contact_company_id AS client, count(*) AS total, sum(status IN (0, 2)) AS active FROM project
  WHERE company_id = :company GROUP BY client
)
SELECT c.uuid, c.name, coalesce(p.paid, 0) AS paid, coalesce(p.open, 0) AS open, coalesce(w.total, 0) AS projects,
  coalesce(w.active, 0) AS active, coalesce(1.0 * p.on_time / nullif(p.judged, 0), 1.0) AS score,
  coalesce(p.days, 0) AS days
FROM contact_company c LEFT JOIN paying p ON p.client = c.id LEFT JOIN working w ON w.client = c.id
WHERE c.company_id = :company ORDER BY paid DESC, c.id
"""  # noqa: S608 constants of ours
ACQUIRED = f"""
SELECT coalesce(sum(c.created_at > :now - {NEW}), 0) AS new_clients, coalesce(sum(
  i.latest IS NOT NULL AND i.latest < :now - {CHURNED}
  AND NOT EXISTS (SELECT 1 FROM project p WHERE p.contact_company_id = c.id AND p.status IN (0, 2))
), 0) AS churned
FROM contact_company c LEFT JOIN (
  SELECT contact_company_id AS client, max(created_at) AS latest FROM invoice WHERE company_id = :company
  GROUP BY client
) i ON i.client = c.id WHERE c.company_id = :company
"""  # noqa: S608 constants of ours
DEALS = """
SELECT coalesce(avg(cents), 0) AS cents FROM proposal
WHERE company_id = :company AND status IN ('approved', 'converted')
"""


def about(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The values that the statements want."""
    return {"company": here.company_id, "now": db.now, "today": midnight(db.now)}


def amount(cents: float) -> float:
    """Cents as whole units of currency, with two decimals."""
    return round(cents / 100, 2)


def rounded(cents: float) -> int:
    """Cents as whole units of currency, half a unit rounded up: the CLI reads whole numbers."""
    return int(cents + 50) // 100


def month_after(month: str) -> str:
    """The month after one, both as YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def months_until(last: str, count: int) -> list[str]:
    """So many months, the last one last, as YYYY-MM."""
    at = date.fromisoformat(f"{last}-01")
    numbers = [at.year * 12 + at.month - 1 - back for back in reversed(range(count))]
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def this_month(db: Db) -> str:
    """The month of the sandbox's clock."""
    return db.date_of(db.now)[:7]


def health(here: InWorkspace, db: Db) -> list[tuple[dict[str, Any], Money]]:
    """The workspace's projects that are not cancelled, with their money. One statement."""
    rows = db.asked(OF_COMPANIES, {"company": here.company_id, "now": db.now})
    return [(row, money_of(row)) for row in rows if row["status"] != 3]


def at_risk(known: list[tuple[dict[str, Any], Money]]) -> int:
    """How many projects under way are not on track."""
    return sum(row["status"] in (0, 2) and money.status != "on_track" for row, money in known)


@bearer.get("/client-flow/dashboard/overview", feature=FEATURE, least=LEAST)
def dashboard_overview(here: InWorkspace, db: Db) -> dict[str, Any]:
    """Clients, projects, invoices and proposals in numbers. Six statements."""
    bills, offers = invoices(db, here.company_id), proposals(db, here.company_id)
    people, works = clients(db, here.company_id), projects(db, here.company_id)
    soon, risky = db.number(SOON_OF, about(here, db)), at_risk(health(here, db))
    return {
        "summary": {
            "total_clients": people["total"],
            "active_projects": works["active"],
            "total_projects": works["total"],
            "projects_at_risk": risky,
        },
        "invoices": {
            **{name: bills[name] for name in ("total", "draft", "paid", "overdue")},
            "pending": bills["issued"],
            **{name: rounded(bills[name]) for name in ("paid_amount", "pending_amount", "overdue_amount")},
        },
        "proposals": {
            **{name: offers[name] for name in ("total", "draft", "approved", "rejected")},
            "pending_approval": offers["pending"],
            "expiring_soon": soon,
            **{name: rounded(offers[name]) for name in ("approved_value", "pending_value")},
        },
        "alerts": {
            "overdue_invoices": bills["overdue"],
            "expiring_proposals": soon,
            "projects_at_risk": risky,
            "clients_with_overdue": people["with_overdue"],
        },
        "total_clients": people["total"],
        "active_projects": works["active"],
        "total_revenue": amount(bills["paid_amount"]),
        "pending_payments": amount(bills["pending_amount"]),
        "overdue_payments": amount(bills["overdue_amount"]),
    }


@bearer.get("/client-flow/dashboard/revenue-pipeline", feature=FEATURE, least=LEAST)
def revenue_pipeline(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What came in, what is to come. Six statements.

    Revenue is what was paid, in the month of the payment. ``forecast_next_month`` is what is open and due by the end
    of the next month.
    """
    values, month = about(here, db), this_month(db)
    paid = {row["month"]: row for row in db.asked(REVENUE, values)}
    last = months_until(month, 2)[0]
    waiting = proposals(db, here.company_id)["pending_value"]
    bills = states(db, INVOICE_STATES, values)
    return {
        "invoices_summary": bills,
        "proposals_summary": states(db, PROPOSAL_STATES, values),
        "overdue_invoices": [overdue(row) for row in db.asked(OVERDUE, values)],
        "monthly_revenue": [
            {"month": each, "total": rounded(cents_in(paid, each)), "count": paid[each]["count"] if each in paid else 0}
            for each in months_until(month, MONTHS)
        ],
        "current_month": amount(cents_in(paid, month)),
        "last_month": amount(cents_in(paid, last)),
        "forecast_next_month": amount(db.number(DUE, values | {"next": month_after(month)})),
        "pending_invoices": amount(invoices(db, here.company_id)["pending_amount"]),
        "pending_proposals": amount(waiting),
    }


def states(db: Db, sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """How many rows have each status that occurs, and what they come to."""
    rows = [row for row in db.asked(sql, values) if row["count"]]
    return {row["status"]: {"count": row["count"], "total": rounded(row["cents"] or 0)} for row in rows}


def overdue(row: dict[str, Any]) -> dict[str, Any]:
    """An overdue invoice, in short."""
    return {name: row[name] for name in ("uuid", "series", "days_overdue")} | priced(row)


def priced(row: dict[str, Any]) -> dict[str, Any]:
    """Whose it is, and what it comes to."""
    symbol = SYMBOLS.get(row["currency"], row["currency"])
    return {"client": {"name": row["client"]}, "amount": rounded(row["cents"]), "currency_symbol": symbol}


def cents_in(paid: dict[str, dict[str, Any]], month: str) -> float:
    """What was paid in a month."""
    return float(paid[month]["cents"]) if month in paid else 0.0


@bearer.get("/client-flow/dashboard/clients-at-risk", feature=FEATURE, least=LEAST)
def clients_at_risk(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The clients with overdue invoices, stalled projects or proposals that expire soon. One statement.

    ``risk_score`` (0 to 100) is 50 for an overdue invoice and one more for each day of its delay up to 20, 20 for a
    stalled project, 10 for an expiring proposal.
    """
    rows = db.asked(RISKS, about(here, db))
    return {
        "clients_at_risk": [risky(db, row) for row in rows],
        "summary": {
            "with_overdue_invoices": sum(row["late"] > 0 for row in rows),
            "with_stalled_projects": sum(row["still"] > 0 for row in rows),
            "with_expiring_proposals": sum(row["expiring"] > 0 for row in rows),
            "total_at_risk": len(rows),
        },
    }


def risky(db: Db, row: dict[str, Any]) -> dict[str, Any]:
    """A client at risk, and why."""
    risks = [
        {"type": kind, "label": f"{row[name]} {words if row[name] == 1 else words + 's'}"}
        for kind, name, words in (
            ("overdue_invoice", "late", "overdue invoice"),
            ("stalled_project", "still", "stalled project"),
            ("expiring_proposal", "expiring", "expiring proposal"),
        )
        if row[name]
    ]
    late = 50 + min(20, row["days"]) if row["late"] else 0
    score = late + 20 * (row["still"] > 0) + 10 * (row["expiring"] > 0)
    told = {name: row[name] for name in ("uuid", "name", "email")}
    activity = {"last_activity": db.date_of(row["active"])}
    return told | {"risks": risks, "risk_score": score, "overdue_amount": amount(row["cents"])} | activity


@bearer.get("/client-flow/dashboard/pending-approvals", feature=FEATURE, least=LEAST)
def pending_approvals(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What waits for a client: proposals and change requests for an answer, invoices for payment. One statement."""
    rows = db.asked(WAITING, about(here, db))
    of = {kind: [row for row in rows if row["type"] == kind] for kind in ("proposal", "change_request", "invoice")}
    shown = {kind: [brief(row) for row in of[kind]] for kind in ("proposal", "change_request")}
    return {
        "all": [waiting(row) for row in rows],
        "summary": {
            "total": len(rows),
            "proposals": len(of["proposal"]),
            "change_requests": len(of["change_request"]),
            "invoices": len(of["invoice"]),
            "proposals_value": rounded(sum(row["cents"] for row in of["proposal"])),
            "invoices_value": rounded(sum(row["cents"] for row in of["invoice"])),
        },
        "proposals": shown["proposal"],
        "change_requests": shown["change_request"],
    }


def waiting(row: dict[str, Any]) -> dict[str, Any]:
    """Something that waits."""
    return {name: row[name] for name in ("type", "uuid", "code", "title", "days_waiting")} | priced(row)


def brief(row: dict[str, Any]) -> dict[str, Any]:
    """The same, as MCP's own tests have it."""
    return {"uuid": row["uuid"], "title": row["title"], "value": amount(row["cents"])}


@bearer.get("/client-flow/dashboard/projects-health", feature=FEATURE, least=LEAST)
def projects_health(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace's projects by the state of their budgets. One statement.

    A project is critical from 100 percent of its budget on, and warning from 80 or with an estimate above its budget;
    progress is done / all tasks in a hundred.
    """
    known = health(here, db)
    rows = [healthy(row, money) for row, money in known]
    number = {state: sum(row["health_status"] == state for row in rows) for state in HEALTH.values()}
    over = sum(row["is_over_budget"] for row in rows)
    return {
        "projects": rows,
        "summary": {"total": len(rows), **number, "over_budget": over, "at_risk": at_risk(known)},
        "on_track": number["healthy"],
        "at_risk": number["warning"],
        "over_budget": over,
        "completed": sum(row["status"] == 1 for row, _ in known),
    }


HEALTH = {"on_track": "healthy", "at_risk": "warning", "over_budget": "critical"}


def healthy(row: dict[str, Any], money: Money) -> dict[str, Any]:
    """A project's health."""
    return {
        **{name: row[name] for name in ("uuid", "slug", "name", "client_name")},
        "budget_hours": money.budget_hours,
        "hours_used": hours(money.seconds),
        "budget_usage_percentage": money.percent,
        "is_over_budget": money.status == "over_budget",
        "progress_percentage": share(money.done, money.tasks),
        "health_status": HEALTH[money.status],
    }


@bearer.get("/client-flow/dashboard/insights", feature=FEATURE, least=LEAST)
def insights(here: InWorkspace, db: Db) -> list[dict[str, str]]:
    """What is worth doing now, of what the other dashboards count; nothing where there is nothing. Five statements."""
    bills, offers = invoices(db, here.company_id), proposals(db, here.company_id)
    soon, leaders = db.number(SOON_OF, about(here, db)), db.asked(LEADERS, about(here, db))
    over = [row["name"] for row, money in health(here, db) if money.status == "over_budget"]
    ready, revenue = offers["approved"] - offers["converted"], sum(row["paid"] for row in leaders)
    told = [
        (bills["overdue"], "revenue", f"{bills['overdue']} overdue: {amount(bills['overdue_amount']):,.2f}", "remind"),
        (soon, "proposals", f"Proposals that expire within seven days: {soon}", "follow_up"),
        (ready, "proposals", f"Approved proposals that are no projects yet: {ready}", "convert_to_project"),
        (len(over), "projects", f"Over budget: {', '.join(over)}", "review_budget"),
        (revenue, "clients", leading(leaders, revenue), "diversify"),
    ]
    return [{"type": kind, "message": message, "action": action} for is_so, kind, message, action in told if is_so]


def leading(leaders: list[dict[str, Any]], revenue: float) -> str:
    """The best client's share of all revenue."""
    return f"{leaders[0]['name']} brings {share(leaders[0]['paid'], revenue):g} % of the revenue" if revenue else ""


@bearer.get("/client-flow/dashboard/leaderboard", feature=FEATURE, least=LEAST)
def leaderboard(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The clients by what they have paid. One statement.

    ``reliability_score`` is the share of invoices that were paid by their last day among those paid or overdue (1 where
    there are none), ``avg_payment_days`` the mean from sending, else issuing, to paying.
    """
    rows = db.asked(LEADERS, about(here, db))
    return {"clients": [leader(at, row) for at, row in enumerate(rows, 1)], "sort_by": "total_revenue"}


def leader(rank: int, row: dict[str, Any]) -> dict[str, Any]:
    """A client on the board."""
    return {
        "rank": rank,
        "uuid": row["uuid"],
        "name": row["name"],
        "total_revenue": rounded(row["paid"]),
        "pending_revenue": rounded(row["open"]),
        "total_projects": row["projects"],
        "active_projects": row["active"],
        "reliability_score": round(row["score"], 2),
        "avg_payment_days": round(row["days"], 1),
    }


@bearer.get("/client-flow/dashboard/analytics", feature=FEATURE, least=LEAST)
def clientflow_analytics(here: InWorkspace, db: Db) -> dict[str, Any]:
    """Twelve months of revenue, and how business goes. Four statements.

    New clients came in the last 30 days; a client is churned without an invoice for 180 days, after having had one, and
    without a project under way. A deal is an approved or converted proposal; the collection rate is paid / (paid and
    open) in a hundred.
    """
    values, bills = about(here, db), invoices(db, here.company_id)
    paid = {row["month"]: row for row in db.asked(REVENUE, values)}
    trend = [{"month": each, "value": amount(cents_in(paid, each))} for each in months_until(this_month(db), MONTHS)]
    return {
        "revenue_trend": trend,
        "client_acquisition": db.asked(ACQUIRED, values)[0],
        "average_deal_size": amount(db.asked(DEALS, values)[0]["cents"]),
        "payment_collection_rate": share(bills["paid_amount"], bills["paid_amount"] + bills["pending_amount"]),
    }
