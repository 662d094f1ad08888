"""What is reckoned over the time that people spent.

An entry counts, whole, on the UTC day on which it begins; one that still runs counts up to now. What was billed is
billable. Hours have two decimals.
"""

from typing import Any

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Decimal, Text, Words
from mock_server.dialects.tenancy import InWorkspace
from mock_server.domain.sprint_reports import named, share
from mock_server.resources.services.periods import SEEN, WEEKDAYS, PeriodQuery, about, hours, listed
from mock_server.store.clock import DAY

FOCUS = 25 * 60  # seconds: a spell of the Pomodoro technique; the sources do not say what counts as focus
SPENT = """
SELECT e.id, e.user_id, e.task_id, e.project_id, e.comment, e.start, e.is_billed,
  max(0, coalesce(e."end", :now) - e.start) AS seconds
FROM timeentry e WHERE e.start >= :since AND e.start < :until AND e.project_id IN """
SPENT = f"WITH e AS ({SPENT}{SEEN})"
TOTALS = f"""{SPENT}
SELECT coalesce(sum(seconds), 0) AS seconds, coalesce(sum(seconds * is_billed), 0) AS billed FROM e
WHERE :names IS NULL OR user_id IN (SELECT id FROM user WHERE username IN (SELECT value FROM json_each(:names)))
"""  # noqa: S608 constants of ours
PEOPLE = f"""{SPENT}
SELECT u.name, sum(seconds) AS seconds, sum(seconds * is_billed) AS billed FROM e JOIN user u ON u.id = e.user_id
GROUP BY u.id ORDER BY seconds DESC, u.id
"""  # noqa: S608 constants of ours
PROJECTS = f"""{SPENT}
SELECT p.name, sum(seconds) AS seconds, p.hourly_cents FROM e JOIN project p ON p.id = e.project_id
GROUP BY p.id ORDER BY seconds DESC, p.id
"""  # noqa: S608 constants of ours
ENTRIES = f"""{SPENT}
SELECT coalesce(ltrim(t.code, '#'), '') AS task_code, coalesce(t.title, '') AS task_title, seconds,
  e.comment AS description, u.name
FROM e JOIN user u ON u.id = e.user_id LEFT JOIN task t ON t.id = e.task_id ORDER BY e.start DESC, e.id DESC
"""  # noqa: S608 constants of ours
DAYS = f"""{SPENT}
SELECT e.start / {DAY} AS day, sum(seconds) AS seconds, count(*) AS entries FROM e GROUP BY day ORDER BY day
"""  # noqa: S608 constants of ours
KINDS = f"""{SPENT}
SELECT CASE WHEN e.task_id IS NULL THEN 'No task' ELSE coalesce(y.title, 'No type') END AS name,
  sum(seconds) AS seconds
FROM e LEFT JOIN task t ON t.id = e.task_id LEFT JOIN tasktype y ON y.id = t.type_id
GROUP BY 1 ORDER BY seconds DESC, name
"""  # noqa: S608 constants of ours
FOCUSED = f"""{SPENT}, steps AS (
  SELECT seconds, task_id, lag(task_id) OVER day AS was, row_number() OVER day AS step FROM e
  WINDOW day AS (PARTITION BY user_id, start / {DAY} ORDER BY start, id)
)
SELECT coalesce(sum(seconds), 0) AS seconds, coalesce(sum(seconds * (seconds >= {FOCUS})), 0) AS focus,
  coalesce(sum(seconds >= {FOCUS}), 0) AS spells, coalesce(sum(step > 1 AND task_id IS NOT was), 0) AS switches
FROM steps
"""  # noqa: S608 constants of ours
DONE = f"""
SELECT count(*) FROM task WHERE completed_at >= :since AND completed_at < :until AND project_id IN {SEEN}
"""  # noqa: S608 constants of ours


class ByPeople(PeriodQuery):
    """Which days, and whose time: everybody's, or that of some usernames, joined by commas."""

    users: Words | None = None


class Costed(PeriodQuery):
    """Which days, and what an hour costs, in whole units of currency; without it each project's own rate counts."""

    report_type: Text = "summary"
    hourly_rate: Decimal | None = None


@bearer.get("/time-trackings/analytics")
def time_analytics(query: ByPeople, here: InWorkspace, db: Db) -> dict[str, float]:
    """The hours of the period; ``avg_daily`` is the total by the number of its days. One statement."""
    values = about(here, db, query)
    told = db.asked(TOTALS, values | {"names": listed(query.users)})[0]
    return {
        "total_hours": hours(told["seconds"]),
        "billable_hours": hours(told["billed"]),
        "non_billable_hours": hours(told["seconds"] - told["billed"]),
        "avg_daily": hours(told["seconds"] / values["days"]),
    }


@bearer.get("/time-trackings/team")
def team_time(query: PeriodQuery, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """The hours of each person who spent some, most first; ``billable`` are hours too. One statement."""
    return [
        {"user": row["name"], "total_hours": hours(row["seconds"]), "billable": hours(row["billed"])}
        for row in db.asked(PEOPLE, about(here, db, query))
    ]


@bearer.get("/time-trackings/reports")
def time_report(query: Costed, here: InWorkspace, db: Db) -> dict[str, Any]:
    """The period's time by entry, person and project. Three statements.

    ``total_cost`` is hours by rate, in whole units of currency, summed over the projects.
    """
    values = about(here, db, query)
    entries, people, projects = (db.asked(sql, values) for sql in (ENTRIES, PEOPLE, PROJECTS))
    seconds = sum(row["seconds"] for row in projects)
    return {
        "total_seconds": seconds,
        "entries": [row | {"user": {"name": row.pop("name")}} for row in entries],
        "by_user": [{"name": row["name"], "seconds": row["seconds"]} for row in people],
        "summary": {"total_hours": hours(seconds), "total_cost": cost(projects, query.hourly_rate)},
        "by_project": [{"project": row["name"], "hours": hours(row["seconds"])} for row in projects],
    }


@bearer.get("/time-trackings/productivity")
def productivity(query: PeriodQuery, here: InWorkspace, db: Db) -> dict[str, Any]:
    """How the period's time was spent. Four statements.

    Focus is the time of entries of 25 minutes or more, the score its share of all time in a hundred,
    ``avg_focus_time`` the mean of such an entry in minutes. A context switch is an entry on another task than the same
    person's entry before it on the same day. ``avg_daily_hours`` is the total by the number of the period's days.
    """
    values = about(here, db, query)
    told, days, kinds = db.asked(FOCUSED, values)[0], db.asked(DAYS, values), db.asked(KINDS, values)
    seconds, score = told["seconds"], share(told["focus"], told["seconds"])
    return {
        "total_seconds": seconds,
        "focus_seconds": told["focus"],
        "productivity_score": score,
        "score": score,
        "avg_focus_time": round(told["focus"] / 60 / (told["spells"] or 1), 1),
        "context_switches": told["switches"],
        "avg_daily_hours": hours(seconds / values["days"]),
        "most_productive_day": best_weekday(days),
        "tasks_completed": db.number(DONE, values),
        "by_category": [row | {"percent": share(row["seconds"], seconds)} for row in kinds],
    }


@bearer.get("/time-trackings/timeline")
def timeline(query: PeriodQuery, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """Hours and entries of each day of the period, also of those without any. One statement."""
    values = about(here, db, query)
    worked = {row["day"]: row for row in db.asked(DAYS, values)}
    none = {"seconds": 0, "entries": 0}
    told = ((day, worked.get(day, none)) for day in range(values["since"] // DAY, values["until"] // DAY))
    return [{"date": named(day), "hours": hours(row["seconds"]), "entries": row["entries"]} for day, row in told]


def cost(projects: list[dict[str, Any]], rate: float | None) -> float:
    """What the hours of projects come to: at this rate or, without one, at each project's own."""
    cents = (row["seconds"] * (row["hourly_cents"] if rate is None else rate * 100) for row in projects)
    return float(round(sum(cents) / 3600 / 100, 2))


def best_weekday(days: list[dict[str, Any]]) -> str:
    """The day of the week on which most was worked; empty where nothing was."""
    sums: dict[str, int] = {}
    for row in days:
        weekday = WEEKDAYS[row["day"] % 7]
        sums[weekday] = sums.get(weekday, 0) + row["seconds"]
    return max(sums, key=sums.__getitem__, default="")
