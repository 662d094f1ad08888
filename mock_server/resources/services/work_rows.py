"""Tasks as the reports of a workspace see them: which are open, late, blocked or stale, and in which week they moved.

A task is *open* while its column is not a done one and it is not archived. An open one is *overdue* when its last day
is before today, *blocked* while it is marked as a blocker, *unassigned* without people, and *aging* 60 days after it
was made; it is *stale* when it is in progress and nothing has happened to it for seven days. A project is *inactive*
when it is in progress and nothing has happened to its tasks for fourteen days.

The **health** of a set of tasks is the share of its open tasks, in a hundred, that are not overdue, blocked or stale
(each counts once); without open tasks it is 100. The sources have only the names of these figures.

Most tasks of an old project are done. So a report starts from the columns that are not, or from when tasks were made
or completed, and does not look at the others.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from mock_server.dialects.answers import Db
from mock_server.dialects.inputs import Query, Text
from mock_server.dialects.tenancy import InProject, Place
from mock_server.store.clock import DAY, midnight

STALE, AGING, INACTIVE = 7 * DAY, 60 * DAY, 14 * DAY
WEEKS = 8
MOST = 100  # rows of a list in a report
WORK = f"""
WITH seen AS NOT MATERIALIZED (
  SELECT p.id, p.name, p.slug, p.status, p.created_at FROM project p JOIN member m ON m.project_id = p.id
  AND m.user_id = :me WHERE p.company_id = :company AND (:project = 0 OR p.id = :project)
), open AS NOT MATERIALIZED (
  SELECT t.id, t.uuid, ltrim(t.code, '#') AS code, t.title, t.project_id, s.name AS project, w.title AS workflow_name,
    t.due_date, t.created_at, t.updated_at, t.user_id, coalesce(e.hundredths, 0) AS hundredths,
    w.state IN (2, 3) AS active, coalesce(t.due_date < :today, 0) AS overdue, t.is_blocker AS blocked,
    w.state IN (2, 3) AND t.updated_at < :now - {STALE} AS stale
  FROM seen s JOIN workflow w ON w.project_id = s.id AND w.state <> 1 JOIN task t ON t.workflow_id = w.id
  LEFT JOIN effort e ON e.id = t.effort_id WHERE NOT t.is_archived
), completed AS NOT MATERIALIZED (
  SELECT t.id, t.uuid, ltrim(t.code, '#') AS code, t.title, t.project_id, w.title AS workflow_name, t.type_id,
    t.created_at, t.completed_at, t.completed_user_id, coalesce(e.hundredths, 0) AS hundredths
  FROM seen s JOIN task t ON t.project_id = s.id JOIN workflow w ON w.id = t.workflow_id
  LEFT JOIN effort e ON e.id = t.effort_id WHERE t.completed_at IS NOT NULL
)"""  # noqa: S608 constants of ours
BLOCKED = f"""{WORK}, r AS (SELECT * FROM open WHERE blocked ORDER BY updated_at, id LIMIT {MOST})"""  # noqa: S608 constants of ours
UNASSIGNED = "NOT EXISTS (SELECT 1 FROM taskassignee a WHERE a.task_id = w.id)"  # of the open task w
MARKED = "h.task_id = r.id AND h.action = 'updated' AND h.new = 'is_blocker: True'"  # a change h of the task r
BLOCKED_SINCE = f"""coalesce((
  SELECT max(h.created_at) FROM change h WHERE {MARKED}
), r.created_at)"""  # noqa: S608 constants of ours
HEALTH = "coalesce(100.0 * sum(NOT (overdue OR blocked OR stale)) / nullif(count(*), 0), 100.0)"  # of open tasks
BY_WEEK = f"""{WORK}, happened AS (
  SELECT (t.created_at / {DAY} + 3) / 7 AS week, 1 AS created, 0 AS completed, 0 AS hundredths
  FROM seen s JOIN task t ON t.project_id = s.id WHERE t.created_at >= :since
  UNION ALL SELECT (completed_at / {DAY} + 3) / 7, 0, 1, hundredths FROM completed WHERE completed_at >= :since
)
SELECT week, sum(created) AS created, sum(completed) AS completed, sum(hundredths) AS hundredths FROM happened
GROUP BY week ORDER BY week
"""  # noqa: S608 constants of ours


class OfProject(Query):
    """Which project a report is about; all that the caller works on in the workspace where none is named."""

    project_slug: Text | None = None


class Week(NamedTuple):
    """A week from Monday to Sunday: its number since 1970, its Monday (unix seconds), and what happened in it."""

    number: int
    monday: int
    created: int
    completed: int
    points: float

    @property
    def date(self) -> str:
        """Its Monday as YYYY-MM-DD."""
        return Db.date_of(self.monday)

    @property
    def iso(self) -> str:
        """Its number in the year as ISO 8601 counts, in two digits."""
        return f"{datetime.fromtimestamp(self.monday, UTC).isocalendar().week:02}"

    @property
    def net(self) -> int:
        """How many more were completed than made."""
        return self.completed - self.created


def asked(here: Place, db: Db, project_slug: str | None = None) -> dict[str, Any]:
    """The values that every statement about a workspace, or a project of it, wants. Raises NotFound."""
    project = InProject.named(db, project_slug, str(here.company_id)).project_id if project_slug else 0
    return {"me": db.me, "company": here.company_id, "project": project, "now": db.now, "today": midnight(db.now)}


def week_of(moment: int) -> int:
    """The number of a moment's week; that of 1970's first Thursday is 0."""
    return (moment // DAY + 3) // 7


def monday_of(week: int) -> int:
    """The midnight with which a week begins."""
    return (week * 7 - 3) * DAY


def weeks(db: Db, values: dict[str, Any], count: int = WEEKS) -> list[Week]:
    """The last weeks, this one last: tasks made and completed, and the points of the latter. One statement."""
    last = week_of(values["now"])
    since = {"since": monday_of(last - count + 1)}
    found = {row["week"]: row for row in db.asked(BY_WEEK, values | since)}
    return list(told(found, range(last - count + 1, last + 1)))


def told(found: dict[int, dict[str, Any]], numbers: range) -> Iterator[Week]:
    """Every week of a range, also those in which nothing happened."""
    none = {"created": 0, "completed": 0, "hundredths": 0}
    for number in numbers:
        row = found.get(number, none)
        points = row["hundredths"] / 100
        yield Week(number, monday_of(number), row["created"], row["completed"], points)


def days_since(moment: int, now: int) -> int:
    """Whole days that have passed."""
    return max(0, now - moment) // DAY
