"""Analytics of a workspace, as the command-line client asks for them. What their words mean stands in `work_rows`."""

from typing import Annotated, Any

from pydantic import Field

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Query
from mock_server.dialects.tenancy import InWorkspace
from mock_server.domain.sprint_reports import share
from mock_server.resources.services.work_rows import (
    BLOCKED,
    BLOCKED_SINCE,
    MARKED,
    UNASSIGNED,
    WORK,
    asked,
    days_since,
    monday_of,
    week_of,
    weeks,
)
from mock_server.resources.sprint_facts import RUNS
from mock_server.store.clock import DAY, midnight

FEATURE = "analytics"
HEAVY, LIGHT = 8, 3  # open tasks of one person: high from the former on, low below the latter
SPRINTS = f"""
SELECT x.title, p.name AS project_name, x.date_finish,
  (SELECT count(*) FROM task t WHERE t.sprint_id = x.id) AS tasks,
  (SELECT count(*) FROM task t WHERE t.sprint_id = x.id AND t.completed_at IS NOT NULL) AS done
FROM sprint x JOIN project p ON p.id = x.project_id JOIN member m ON m.project_id = p.id AND m.user_id = :me
WHERE p.company_id = :company AND {RUNS.format("x")} ORDER BY x.date_finish, x.id
"""  # noqa: S608 constants of ours
QUICK = f"""{WORK}
SELECT (SELECT count(*) FROM completed WHERE completed_at >= :week) AS completed_this_week,
  (SELECT coalesce(sum(active), 0) FROM open) AS total_in_progress
"""  # noqa: S608 constants of ours
LOADS = f"""{WORK}, mine AS (
  SELECT a.user_id, count(*) AS total, sum(w.active) AS active, sum(w.overdue) AS overdue FROM open w
  JOIN taskassignee a ON a.task_id = w.id GROUP BY a.user_id
)
SELECT u.name, u.username, coalesce(m.total, 0) AS total, coalesce(m.active, 0) AS active,
  coalesce(m.overdue, 0) AS overdue,
  EXISTS (SELECT 1 FROM timeentry e WHERE e.user_id = u.id AND e."end" IS NULL) AS tracking
FROM user u LEFT JOIN mine m ON m.user_id = u.id
WHERE u.id IN (SELECT b.user_id FROM member b JOIN seen s ON s.id = b.project_id) ORDER BY total DESC, u.id
"""  # noqa: S608 constants of ours
ALONE = f"""{WORK}
SELECT count(*) FROM open w WHERE {UNASSIGNED}
"""  # noqa: S608 constants of ours
BLOCKED_DAYS = f"""{WORK}
SELECT count(*) AS total, coalesce(avg((:now - {BLOCKED_SINCE}) / {DAY}), 0) AS days FROM open r WHERE r.blocked
"""  # noqa: S608 constants of ours
BLOCKERS = f"""{BLOCKED}, b AS (
  SELECT r.*, (
    SELECT max(h.id) FROM change h WHERE {MARKED}
  ) AS change_id FROM r
)
SELECT b.code, b.title, b.project, coalesce(h.created_at, b.created_at) AS since, u.name, u.username FROM b
LEFT JOIN change h ON h.id = b.change_id JOIN user u ON u.id = coalesce(h.user_id, b.user_id)
ORDER BY since, b.id
"""  # noqa: S608 constants of ours
CYCLES = f"""{WORK}, done AS (
  SELECT r.*, r.completed_at - coalesce((
    SELECT min(h.created_at) FROM change h WHERE h.task_id = r.id AND h.action = 'moved'
    AND h.created_at < r.completed_at
  ), r.created_at) AS seconds FROM completed r WHERE r.completed_at >= :since
)
SELECT coalesce(y.title, 'No type') AS type, count(*) AS count, sum(max(0, seconds)) AS seconds FROM done
LEFT JOIN tasktype y ON y.id = done.type_id GROUP BY 1 ORDER BY count DESC, type
"""  # noqa: S608 constants of ours


class DaysQuery(Query):
    """How many days back, today among them."""

    days: Annotated[int, Field(ge=1, le=365)] = 30


@bearer.get("/companies/analytics/velocity", feature=FEATURE)
def velocity(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The last eight weeks, this one last, and the sprints under way. Three statements.

    ``net`` is completed - created, ``effort_completed`` the points of what was completed, ``percent`` completed / all
    tasks of a sprint.
    """
    values = asked(here, db)
    quick = db.asked(QUICK, values | {"week": monday_of(week_of(db.now))})[0]
    trend = [
        {
            "week": week.date,
            "week_num": week.iso,
            "created": week.created,
            "completed": week.completed,
            "effort_completed": week.points,
            "net": week.net,
        }
        for week in weeks(db, values)
    ]
    sprints = [running(row, values["today"]) for row in db.asked(SPRINTS, values)]
    return {"weekly_trend": trend, "active_sprints": sprints, "quick_stats": quick}


def running(row: dict[str, Any], today: int) -> dict[str, Any]:
    """A sprint under way; the days that remain after today, 0 for one without an end."""
    left = max(0, (row["date_finish"] or today) - today) // DAY
    told = {name: row[name] for name in ("title", "project_name")}
    return told | {"percent": share(row["done"], row["tasks"]), "days_remaining": left}


@bearer.get("/companies/analytics/workload", feature=FEATURE)
def workload(here: InWorkspace, db: Db) -> dict[str, Any]:
    """The open tasks of everybody; a load is high from 8 of them on, low below 3, else normal. Two statements."""
    values = asked(here, db)
    members = [load(row) for row in db.asked(LOADS, values)]
    return {"members": members, "unassigned": db.number(ALONE, values), "team_size": len(members)}


def load(row: dict[str, Any]) -> dict[str, Any]:
    """What one person has to do."""
    return {
        "name": row["name"],
        "username": row["username"],
        "total_tasks": row["total"],
        "in_progress": row["active"],
        "overdue": row["overdue"],
        "load_level": "high" if row["total"] >= HEAVY else "low" if row["total"] < LIGHT else "normal",
        "is_tracking": bool(row["tracking"]),
    }


@bearer.get("/companies/analytics/blockers", feature=FEATURE)
def analytics_blockers(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What is blocked, since when and by whom: who marked it, else who made it. At most 100 tasks. Two statements."""
    values = asked(here, db)
    summary = db.asked(BLOCKED_DAYS, values)[0]
    return {
        "summary": {"total": summary["total"], "avg_days_blocked": round(summary["days"], 1)},
        "tasks": [blocked(row, db.now) for row in db.asked(BLOCKERS, values)],
    }


def blocked(row: dict[str, Any], now: int) -> dict[str, Any]:
    """A blocked task."""
    told = {name: row[name] for name in ("code", "title", "project")}
    by = {"name": row["name"], "username": row["username"]}
    return told | {"days_blocked": days_since(row["since"], now), "blocker_by": by}


@bearer.get("/companies/analytics/cycle-time", feature=FEATURE)
def cycle_time(query: DaysQuery, here: InWorkspace, db: Db) -> dict[str, Any]:
    """How long tasks took that were completed in the period: from the first move, else their making. One statement."""
    since = midnight(db.now) - (query.days - 1) * DAY
    rows = db.asked(CYCLES, asked(here, db) | {"since": since})
    count, seconds = sum(row["count"] for row in rows), sum(row["seconds"] for row in rows)
    return {
        "average_hours": mean_hours(seconds, count),
        "total_completed": count,
        "period_days": query.days,
        "by_type": [
            {"type": row["type"], "count": row["count"], "avg_hours": mean_hours(row["seconds"], row["count"])}
            for row in rows
        ],
    }


def mean_hours(seconds: int, count: int) -> float:
    """The mean of some lengths of time, in hours; 0 of none."""
    return round(seconds / 3600 / (count or 1), 1)


@bearer.get("/companies/analytics/throughput", feature=FEATURE)
def throughput(here: InWorkspace, db: Db) -> dict[str, Any]:
    """What was completed and made in each of the last eight weeks; ``net`` is the difference. One statement."""
    known = weeks(db, asked(here, db))
    total = sum(week.completed for week in known)
    weekly = [
        {
            "week": week.date,
            "label": f"W{week.iso}",
            "completed": week.completed,
            "created": week.created,
            "net": week.net,
        }
        for week in known
    ]
    return {"weekly": weekly, "total_completed": total, "average_per_week": round(total / len(known), 1)}
