"""Reports on the tasks of a workspace over time. What their words mean stands in `work_rows`."""

from typing import Annotated, Any

from pydantic import Field

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Query
from mock_server.dialects.tenancy import InWorkspace
from mock_server.domain.sprint_reports import named
from mock_server.resources.services.periods import WEEKDAYS
from mock_server.resources.services.work_rows import WORK, asked, days_since
from mock_server.store.clock import DAY, midnight

FEATURE = "analytics"
FLOW = f"""{WORK}, past AS (
  SELECT count(*) AS number FROM seen s JOIN task t ON t.project_id = s.id WHERE t.completed_at < :first * {DAY}
), tracked AS MATERIALIZED (
  SELECT t.created_at, t.completed_at, w.state, (
    SELECT min(h.created_at) FROM change h WHERE h.task_id = t.id AND h.action = 'moved'
  ) AS moved FROM seen s JOIN task t ON t.project_id = s.id JOIN workflow w ON w.id = t.workflow_id
  WHERE t.completed_at IS NULL OR t.completed_at >= :first * {DAY}
), steps AS (
  SELECT :first AS day, number AS made, number AS begun, number AS done FROM past
  UNION ALL SELECT max(:first, created_at / {DAY}), 1, 0, 0 FROM tracked
  UNION ALL SELECT max(:first, min(moved, coalesce(completed_at, moved)) / {DAY}), 0, 1, 0 FROM tracked
  WHERE state <> 0 AND moved IS NOT NULL
  UNION ALL SELECT completed_at / {DAY}, 0, moved IS NULL, 1 FROM tracked WHERE completed_at IS NOT NULL
)
SELECT day, sum(made) AS made, sum(begun) AS begun, sum(done) AS done FROM steps GROUP BY day ORDER BY day
"""  # noqa: S608 constants of ours
AGES = f"""{WORK}, ages AS (
  SELECT project_id, count(*) AS open, avg((:now - created_at) / {DAY}) AS mean,
    max((:now - created_at) / {DAY}) AS oldest FROM open GROUP BY project_id
)
SELECT s.slug, s.name, s.created_at, coalesce(a.open, 0) AS open, coalesce(a.mean, 0) AS mean,
  coalesce(a.oldest, 0) AS oldest
FROM seen s LEFT JOIN ages a ON a.project_id = s.id ORDER BY s.created_at, s.id
"""  # noqa: S608 constants of ours
ACTIONS = f"""{WORK}
SELECT h.created_at / {DAY} AS day, count(*) AS actions, sum(h.action = 'created') AS created,
  sum(h.action = 'completed') AS completed, sum(h.action = 'commented') AS comments,
  count(DISTINCT h.user_id) AS people
FROM change h JOIN seen s ON s.id = h.project_id WHERE h.created_at >= :since GROUP BY day
"""  # noqa: S608 constants of ours
NONE = {"actions": 0, "created": 0, "completed": 0, "comments": 0, "people": 0}


class DaysQuery(Query):
    """How many days back, today among them."""

    days: Annotated[int, Field(ge=1, le=90)] = 30


@bearer.get("/companies/reports/cumulative-flow", feature=FEATURE)
def cumulative_flow(query: DaysQuery, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """How many tasks were to do, in progress and done at the end of each day. One statement.

    A task is in progress from its first move on (unless it stands in an open column now), and done from its completion.
    """
    last = midnight(db.now) // DAY
    first = last - query.days + 1
    found = {row["day"]: row for row in db.asked(FLOW, asked(here, db) | {"first": first})}
    made = begun = done = 0
    told = []
    for day in range(first, last + 1):
        if row := found.get(day):
            made, begun, done = made + row["made"], begun + row["begun"], done + row["done"]
        told.append({"date": named(day), "todo": made - begun, "in_progress": begun - done, "done": done})
    return told


@bearer.get("/companies/reports/project-age", feature=FEATURE)
def project_age(here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """How old each project and its open tasks are, in days, the oldest project first. One statement."""
    return [
        {
            "slug": row["slug"],
            "name": row["name"],
            "created_at": db.date_of(row["created_at"]),
            "age_days": days_since(row["created_at"], db.now),
            "open_tasks": row["open"],
            "avg_task_age_days": round(row["mean"], 1),
            "oldest_task_days": row["oldest"],
        }
        for row in db.asked(AGES, asked(here, db))
    ]


@bearer.get("/companies/reports/weekly-activity", feature=FEATURE)
def weekly_activity(here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """What happened to the tasks on each of the last seven days, today last, and by how many people. One statement."""
    last = midnight(db.now) // DAY
    rows = db.asked(ACTIONS, asked(here, db) | {"since": (last - 6) * DAY})
    found = {row.pop("day"): row for row in rows}
    return [
        {"date": named(day), "weekday": WEEKDAYS[day % 7], **found.get(day, NONE)} for day in range(last - 6, last + 1)
    ]
