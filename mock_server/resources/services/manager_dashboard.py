"""The manager's dashboard over a workspace. What its words mean stands in `work_rows`."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Query, nothing
from mock_server.dialects.spelling import lasting
from mock_server.dialects.tenancy import InWorkspace
from mock_server.domain.sprint_reports import share
from mock_server.domain.workspaces import PROJECT_STATUSES
from mock_server.resources.services.periods import days_of
from mock_server.resources.services.work_rows import (
    AGING,
    BLOCKED,
    BLOCKED_SINCE,
    HEALTH,
    INACTIVE,
    MOST,
    UNASSIGNED,
    WORK,
    asked,
    days_since,
    monday_of,
    week_of,
    weeks,
)
from mock_server.store.clock import DAY, midnight

FEATURE = "analytics"
LEAST = "manager"
HIGH = 800  # hundredths of a point: an effort from here on is high
SEVERITIES = ("critical", "warning", "info")
PULSE = f"""{WORK}, viewed AS (
  SELECT s.id FROM seen s WHERE :view = 'all' OR (:view = 'active' AND s.status = 0)
  OR (:view = 'overdue' AND EXISTS (SELECT 1 FROM open WHERE project_id = s.id AND overdue))
)
SELECT d.*, o.* FROM (
  SELECT count(*) AS completed, coalesce(sum(hundredths), 0) AS hundredths FROM completed
  WHERE project_id IN (SELECT id FROM viewed) AND completed_at >= :since AND completed_at < :until
) d, (
  SELECT coalesce(sum(active), 0) AS active, coalesce(sum(overdue), 0) AS overdue, {HEALTH} AS health FROM open
  WHERE project_id IN (SELECT id FROM viewed)
) o
"""  # noqa: S608 constants of ours
RISKS = f"""{WORK}, flagged AS MATERIALIZED (
  SELECT w.id, w.updated_at, w.created_at, w.blocked, w.stale, w.created_at < :now - {AGING} AS aging,
    {UNASSIGNED} AS alone FROM open w
), risky AS (
  SELECT id, 'blocked' AS type, 'critical' AS severity, 1 AS rank, updated_at AS since FROM flagged WHERE blocked
  UNION ALL SELECT id, 'stale', 'warning', 2, updated_at FROM flagged WHERE stale
  UNION ALL SELECT id, 'aging', 'warning', 3, created_at FROM flagged WHERE aging
  UNION ALL SELECT id, 'unassigned', 'info', 4, created_at FROM flagged WHERE alone
), chosen AS MATERIALIZED (
  SELECT * FROM risky WHERE :filter IN ('all', type) AND :severity IN ('all', severity)
), listed AS (SELECT * FROM chosen ORDER BY rank, since, id LIMIT {MOST})
SELECT 0 AS rank, severity AS type, severity, '' AS uuid, '' AS code, '' AS title, '' AS project, 0 AS id,
  count(*) AS since FROM chosen GROUP BY severity
UNION ALL
SELECT l.rank, l.type, l.severity, r.uuid, ltrim(r.code, '#'), r.title, s.name, r.id,
  iif(l.type = 'blocked', {BLOCKED_SINCE}, l.since)
FROM listed l JOIN task r ON r.id = l.id JOIN seen s ON s.id = r.project_id ORDER BY 1, 9, 8
"""  # noqa: S608 constants of ours
TOTALS = f"""{WORK}
SELECT (SELECT coalesce(sum(y.tasks), 0) FROM tally y JOIN seen s ON s.id = y.project_id) AS total, (
    SELECT count(*) FROM seen s JOIN workflow w ON w.project_id = s.id AND w.state = 1
    JOIN task t ON t.workflow_id = w.id
  ) AS done, (SELECT count(*) FROM completed WHERE completed_at >= :week) AS week,
  count(*) AS open, coalesce(sum(overdue), 0) AS overdue, coalesce(sum(blocked), 0) AS blocked,
  coalesce(sum(stale), 0) AS stale, coalesce(sum(active), 0) AS active,
  coalesce(sum(hundredths >= {HIGH}), 0) AS high, {HEALTH} AS health FROM open
"""  # noqa: S608 constants of ours
STATUSES = """
SELECT p.status, count(*) AS count FROM project p JOIN member m ON m.project_id = p.id AND m.user_id = :me
WHERE p.company_id = :company GROUP BY p.status
"""
ACTIVE_PEOPLE = """
SELECT count(DISTINCT h.user_id) FROM change h JOIN project p ON p.id = h.project_id
JOIN member m ON m.project_id = p.id AND m.user_id = :me WHERE p.company_id = :company AND h.created_at >= :week
"""
LATE = f"""{WORK}
SELECT uuid, code, title, project, due_date FROM open WHERE overdue ORDER BY due_date, id LIMIT {MOST}
"""  # noqa: S608 constants of ours
PROJECTS = f"""{WORK}, health AS (SELECT project_id, {HEALTH} AS health FROM open GROUP BY project_id)
SELECT s.slug, s.name, coalesce(h.health, 100.0) AS health,
  s.status = 0 AND (s.created_at < :now - {INACTIVE} OR y.tasks > 0) AND (
    SELECT 1 FROM task t WHERE t.project_id = s.id AND t.updated_at >= :now - {INACTIVE}
    ORDER BY t.created_at DESC, t.id DESC LIMIT 1
  ) IS NULL AS inactive
FROM seen s JOIN tally y ON y.project_id = s.id LEFT JOIN health h ON h.project_id = s.id ORDER BY s.id
"""  # noqa: S608 constants of ours
BLOCKERS = f"""{BLOCKED}
SELECT r.uuid, r.code, r.title, r.project, {BLOCKED_SINCE} AS since FROM r
"""  # noqa: S608 constants of ours
ALONE = f"""{WORK}
SELECT w.uuid, w.code, w.title, w.project, (SELECT count(*) FROM open w WHERE {UNASSIGNED}) AS total
FROM open w WHERE {UNASSIGNED} ORDER BY w.created_at, w.id LIMIT {MOST}
"""  # noqa: S608 constants of ours
LOADS = f"""{WORK}
SELECT u.name, count(*) AS open, sum(w.active) AS active FROM open w
JOIN taskassignee a ON a.task_id = w.id JOIN user u ON u.id = a.user_id GROUP BY u.id ORDER BY open DESC, u.id
"""  # noqa: S608 constants of ours
SPENT = """
FROM timeentry e JOIN project p ON p.id = e.project_id JOIN member m ON m.project_id = p.id AND m.user_id = :me
WHERE p.company_id = :company AND (:since IS NULL OR e.start >= :since) AND (:billed IS NULL OR e.is_billed = :billed)
"""
SPENT_TOTALS = f"""
SELECT count(*) AS count, coalesce(sum(max(0, coalesce(e."end", :now) - e.start)), 0) AS seconds,
  coalesce(sum(max(0, coalesce(e."end", :now) - e.start) * e.is_billed), 0) AS billed {SPENT}
"""
ENTRIES = f"""
SELECT printf('%08x-0000-4000-b000-000000000000', e.id) AS uuid, u.name, e.comment, e.is_billed,
  max(0, coalesce(e."end", :now) - e.start) AS seconds
FROM (SELECT e.* {SPENT} ORDER BY e.start DESC, e.id DESC LIMIT {MOST}) e JOIN user u ON u.id = e.user_id
ORDER BY e.start DESC, e.id DESC
"""  # noqa: S608 constants of ours
PULSES = {"this-week": "", "today": "today", "this-month": "this-month", "last-30-days": "last-30-days"}


class PulseQuery(Query):
    """Which projects: all, those in progress, or those with overdue tasks; and which days."""

    view: Annotated[Literal["all", "active", "overdue", ""] | None, BeforeValidator(nothing)] = None
    period: Annotated[Literal["today", "this-week", "this-month", "last-30-days"] | None, BeforeValidator(nothing)] = (
        None
    )


class RiskQuery(Query):
    """Which risks: of one type, of one severity."""

    filter: Annotated[Literal["all", "blocked", "unassigned", "stale", "aging"] | None, BeforeValidator(nothing)] = None
    severity: Annotated[Literal["all", "critical", "warning", "info"] | None, BeforeValidator(nothing)] = None


class EntryQuery(Query):
    """Which time entries: of today, of this week, billed or not; all of them where nothing is said."""

    filter: Annotated[Literal["today", "this_week", "billable", "non_billable"] | None, BeforeValidator(nothing)] = None


def totals(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The tasks of the workspace in numbers; ``week`` were completed since Monday. One statement."""
    return db.asked(TOTALS, asked(here, db) | {"week": monday(db)})[0]


def monday(db: Db) -> int:
    """The midnight with which this week began."""
    return monday_of(week_of(db.now))


@bearer.get("/companies/manager-dashboard/pulse", feature=FEATURE, least=LEAST)
def pulse(query: PulseQuery, here: InWorkspace, db: Db) -> dict[str, Any]:
    """How the workspace does. Completed is what was so in the period (this week, from Monday, where none is named),
    velocity the points of it; all else is as of now. One statement.
    """
    period = query.period or "this-week"
    today = midnight(db.now)
    days = {"since": monday(db), "until": today + DAY} if period == "this-week" else days_of(period, today)._asdict()
    told = db.asked(PULSE, asked(here, db) | days | {"view": query.view or "all"})[0]
    return {
        "health_score": round(told["health"], 1),
        "tasks_completed": told["completed"],
        "tasks_in_progress": told["active"],
        "tasks_overdue": told["overdue"],
        "velocity": told["hundredths"] / 100,
        "period": period,
    }


@bearer.get("/companies/manager-dashboard/risks", feature=FEATURE, least=LEAST)
def risks(query: RiskQuery, here: InWorkspace, db: Db) -> dict[str, Any]:
    """What may go wrong: blocked tasks (critical), stale and aging ones (warning), unassigned ones (info).

    A task may be several of them. At most 100 are listed, the worst and oldest first; ``days_blocked`` is how long it
    has been so. One statement, whose rows of rank 0 are counts.
    """
    values = asked(here, db) | {"filter": query.filter or "all", "severity": query.severity or "all"}
    told = db.asked(RISKS, values)
    counts = {row["severity"]: row["since"] for row in told if not row["rank"]}
    rows = [risk(row, db.now) for row in told if row["rank"]]
    return {"total_risks": sum(counts.values()), **{word: counts.get(word, 0) for word in SEVERITIES}, "risks": rows}


def risk(row: dict[str, Any], now: int) -> dict[str, Any]:
    """A risk."""
    task = {name: row[name] for name in ("uuid", "code", "title")}
    days = days_since(row["since"], now)
    return {name: row[name] for name in ("type", "severity", "project")} | {"task": task, "days_blocked": days}


@bearer.get("/companies/manager-dashboard/overview", feature=FEATURE, least=LEAST)
def dashboard_overview(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace in numbers. Who did something to a task this week is active. Four statements."""
    told, values = totals(here, db), asked(here, db)
    statuses = {row["status"]: row["count"] for row in db.asked(STATUSES, values)}
    people = db.number(ACTIVE_PEOPLE, values | {"week": monday(db)})
    return {
        "projects_active": statuses.get(0, 0),
        "total_tasks": told["total"],
        "completed_this_week": told["week"],
        "team_members_active": people,
        "overdue_tasks": told["overdue"],
        "kpis": {
            "total_projects": sum(statuses.values()),
            "active_projects": statuses.get(0, 0),
            "total_tasks": told["total"],
            "completed_tasks": told["done"],
            "completion_rate": share(told["done"], told["total"]),
            "overdue_tasks": told["overdue"],
        },
        "project_status_distribution": [
            {"name": name, "value": statuses.get(code, 0)} for code, name in PROJECT_STATUSES.items()
        ],
        "velocity_chart": [
            {"week": week.date, "completed": week.completed, "created": week.created} for week in weeks(db, values)
        ],
    }


@bearer.get("/companies/manager-dashboard/health", feature=FEATURE, least=LEAST)
def dashboard_health(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The health of each project: healthy from 80 on, at_risk from 50, else critical. Three statements.

    ``avg_health_score`` is the mean over the projects; at most 100 overdue tasks are listed, the latest first.
    """
    told, values = totals(here, db), asked(here, db)
    late, projects = db.asked(LATE, values), db.asked(PROJECTS, values)
    mean = sum(row["health"] for row in projects) / (len(projects) or 1)
    return {
        "summary": {
            "total_overdue": told["overdue"],
            "total_stale": told["stale"],
            "total_inactive_projects": sum(row["inactive"] for row in projects),
            "avg_health_score": round(mean, 1) if projects else 100.0,
        },
        "overdue_tasks": [row | {"days_overdue": days_since(row.pop("due_date"), values["today"])} for row in late],
        "project_health": [
            {"slug": row["slug"], "name": row["name"], "health_score": round(row["health"], 1), "status": word(row)}
            for row in projects
        ],
    }


def word(row: dict[str, Any]) -> str:
    """A project's health in a word."""
    return "healthy" if row["health"] >= 80 else "at_risk" if row["health"] >= 50 else "critical"


@bearer.get("/companies/manager-dashboard/blockers", feature=FEATURE, least=LEAST)
def dashboard_blockers(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What is blocked and what is nobody's, at most 100 of each; high effort is from 8 points on. Three statements."""
    told, values = totals(here, db), asked(here, db)
    blocked, alone = db.asked(BLOCKERS, values), db.asked(ALONE, values)
    unassigned = alone[0]["total"] if alone else 0
    counts = {"blocked_count": told["blocked"], "high_effort_count": told["high"], "unassigned_count": unassigned}
    return {
        "summary": counts,
        "blockers": [row | {"days_blocked": days_since(row.pop("since"), db.now)} for row in blocked],
        "unassigned_tasks": [{name: row[name] for name in ("uuid", "code", "title", "project")} for row in alone],
    }


@bearer.get("/companies/manager-dashboard/command-center", feature=FEATURE, least=LEAST)
def command_center(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What is open, and with whom. The risk is what the tasks lack of full health: low below 20, high from 50. Two
    statements.
    """
    told, loads = totals(here, db), db.asked(LOADS, asked(here, db))
    score = round(100 - told["health"], 1)
    return {
        "stats": {
            "total_open": told["open"],
            "total_overdue": told["overdue"],
            "total_in_progress": told["active"],
            "completed_this_week": told["week"],
        },
        "workload": [{"user": row["name"], "open": row["open"], "in_progress": row["active"]} for row in loads],
        "risk_score": {"score": score, "level": "low" if score < 20 else "medium" if score < 50 else "high"},
    }


@bearer.get("/companies/manager-dashboard/time-entries", feature=FEATURE, least=LEAST)
def dashboard_time(query: EntryQuery, here: InWorkspace, db: Db) -> dict[str, Any]:
    """The workspace's time, at most 100 entries, the latest first, and the sum of all in hours. Two statements."""
    since = {"today": midnight(db.now), "this_week": monday(db)}.get(query.filter or "")
    billed = {"billable": 1, "non_billable": 0}.get(query.filter or "")
    values = asked(here, db) | {"since": since, "billed": billed}
    told = db.asked(SPENT_TOTALS, values)[0]
    return {
        "entries": [spent(row) for row in db.asked(ENTRIES, values)],
        "summary": {
            "total_entries": told["count"],
            "total_hours": f"{told['seconds'] / 3600:.1f}",
            "billable_hours": f"{told['billed'] / 3600:.1f}",
        },
    }


def spent(row: dict[str, Any]) -> dict[str, Any]:
    """A time entry; its uuid is made of its number."""
    return {
        "uuid": row["uuid"],
        "user": {"name": row["name"]},
        "description": row["comment"],
        "duration_formatted": lasting(row["seconds"]),
        "is_billable": bool(row["is_billed"]),
    }
