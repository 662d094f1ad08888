"""Stand-ups: what was done, what is under way, and what is in the way, told from the tasks. Days are UTC."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BeforeValidator

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import When, nothing
from mock_server.dialects.tenancy import InWorkspace
from mock_server.resources.services.periods import days_of, hours
from mock_server.resources.services.work_rows import BLOCKED, BLOCKED_SINCE, MOST, WORK, OfProject, asked, days_since
from mock_server.store.clock import DAY, midnight

FEATURE = "standup"
STUCK = 5 * DAY  # in progress, and nothing happened
TOP = 5
PEOPLE = "json_group_array(json_object('name', u.name, 'username', u.username, 'avatar', u.avatar))"
ASSIGNED = f"(SELECT {PEOPLE} FROM taskassignee a JOIN user u ON u.id = a.user_id WHERE a.task_id = r.id)"  # noqa: S608 constants of ours
FIRST = """coalesce((
  SELECT u.name FROM taskassignee a JOIN user u ON u.id = a.user_id WHERE a.task_id = r.id ORDER BY a.id LIMIT 1
), '')"""
DONE_BETWEEN = f"""{WORK}
SELECT r.uuid, r.code, r.title, r.workflow_name, {ASSIGNED} AS users FROM completed r
WHERE r.completed_at >= :since AND r.completed_at < :until ORDER BY r.completed_at DESC, r.id DESC
"""  # noqa: S608 constants of ours
BLOCKERS = f"""{BLOCKED}
SELECT r.uuid, r.code, r.title, r.project, {FIRST} AS name, {BLOCKED_SINCE} AS since FROM r
"""  # noqa: S608 constants of ours
STUCK_TASKS = f"""{WORK}, r AS (
  SELECT * FROM open WHERE active AND updated_at < :now - {STUCK} ORDER BY updated_at, id LIMIT {MOST}
)
SELECT r.uuid, r.code, r.title, r.project, r.workflow_name, r.updated_at AS since, {FIRST} AS name FROM r
"""  # noqa: S608 constants of ours
SUMMARY = f"""{WORK}, lines AS (
  SELECT completed_user_id AS user_id, 'completed' AS kind, code || ' ' || title AS line, id FROM completed
  WHERE completed_at >= :since AND completed_at < :until AND completed_user_id IS NOT NULL
  UNION ALL SELECT a.user_id, 'planned', r.code || ' ' || r.title, r.id FROM open r
  JOIN taskassignee a ON a.task_id = r.id WHERE r.active AND NOT r.blocked
  UNION ALL SELECT a.user_id, 'blockers', r.code || ' ' || r.title, r.id FROM open r
  JOIN taskassignee a ON a.task_id = r.id WHERE r.blocked
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY user_id, kind ORDER BY id) AS place FROM lines
)
SELECT u.uuid, u.name, u.avatar, l.kind, l.line FROM numbered l JOIN user u ON u.id = l.user_id
WHERE l.place <= {MOST} ORDER BY u.id, l.id
"""  # noqa: S608 constants of ours
TEAM = f"""{WORK}, mine AS (
  SELECT a.user_id, sum(r.active) AS active, sum(r.blocked) AS blocked FROM open r
  JOIN taskassignee a ON a.task_id = r.id GROUP BY a.user_id
), done AS (
  SELECT completed_user_id AS user_id, sum(completed_at >= :today) AS today, count(*) AS week FROM completed
  WHERE completed_at >= :today - {6 * DAY} GROUP BY completed_user_id
), spent AS (
  SELECT e.user_id, sum(max(0, coalesce(e."end", :now) - e.start)) AS seconds, max(e."end" IS NULL) AS tracking
  FROM timeentry e JOIN seen s ON s.id = e.project_id WHERE e.start >= :today OR e."end" IS NULL GROUP BY e.user_id
)
SELECT u.uuid, u.name, u.username, u.avatar, coalesce(m.active, 0) AS active, coalesce(m.blocked, 0) AS blocked,
  coalesce(d.today, 0) AS today, coalesce(d.week, 0) AS week, coalesce(t.seconds, 0) AS seconds,
  coalesce(t.tracking, 0) AS tracking
FROM user u LEFT JOIN mine m ON m.user_id = u.id LEFT JOIN done d ON d.user_id = u.id
LEFT JOIN spent t ON t.user_id = u.id
WHERE u.id IN (SELECT b.user_id FROM member b JOIN seen s ON s.id = b.project_id) ORDER BY u.id
"""  # noqa: S608 constants of ours
BY_DAY = f"""{WORK}, happened AS (
  SELECT t.created_at AS at, 'created' AS kind, t.id FROM seen s JOIN task t ON t.project_id = s.id
  WHERE t.created_at >= :since
  UNION ALL SELECT completed_at, 'completed', id FROM completed WHERE completed_at >= :since
  UNION ALL
  SELECT h.created_at, iif(h.action = 'updated' AND h.new = 'is_blocker: True', 'blocked', 'active'), h.task_id
  FROM change h JOIN seen s ON s.id = h.project_id WHERE h.created_at >= :since
)
SELECT at / {DAY} AS day, sum(kind = 'created') AS created, sum(kind = 'completed') AS completed,
  sum(kind = 'blocked') AS blocked, count(DISTINCT id) AS active
FROM happened GROUP BY day ORDER BY day
"""  # noqa: S608 constants of ours
DOERS = f"""{WORK}, done AS (
  SELECT completed_user_id AS user_id, count(*) AS tasks FROM completed
  WHERE completed_at >= :since AND completed_at < :until GROUP BY completed_user_id
), spent AS (
  SELECT e.user_id, sum(max(0, coalesce(e."end", :now) - e.start)) AS seconds FROM timeentry e
  JOIN seen s ON s.id = e.project_id WHERE e.start >= :since AND e.start < :until GROUP BY e.user_id
)
SELECT u.uuid, u.name, u.username, u.avatar, coalesce(d.tasks, 0) AS tasks, coalesce(t.seconds, 0) AS seconds
FROM user u LEFT JOIN done d ON d.user_id = u.id LEFT JOIN spent t ON t.user_id = u.id
WHERE d.tasks IS NOT NULL OR t.seconds IS NOT NULL ORDER BY tasks DESC, seconds DESC, u.id
"""  # noqa: S608 constants of ours
COMPLETED = f"{WORK} SELECT count(*) FROM completed WHERE completed_at >= :since AND completed_at < :until"  # noqa: S608 constants of ours
COUNTS = {"done": "completed", "active": "active", "blocked": "blocked"}
KINDS = ("completed", "planned", "blockers")
PERIODS = {"today": "today", "week": "last-7-days", "month": "last-30-days"}


class OnDay(OfProject):
    """Which day; today where none is named."""

    date: When = None

    def midnight(self, now: int) -> int:
        """With which the day begins."""
        return midnight(now if self.date is None else self.date)


class InPeriod(OfProject):
    """Which days: a period that ends with today."""

    period: Annotated[
        Literal[
            "today",
            "yesterday",
            "week",
            "month",
            "last-7-days",
            "last-14-days",
            "last-15-days",
            "this-month",
            "last-month",
            "last-30-days",
        ]
        | None,
        BeforeValidator(nothing),
    ] = None


@bearer.get("/companies/standup/summary", feature=FEATURE)
def standup_summary(query: OnDay, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """An entry for each person with something to say. One statement.

    Completed is what they completed on the day or the day before, planned what is in progress and theirs, blockers
    what is theirs and blocked.
    """
    day = query.midnight(db.now)
    values = asked(here, db, query.project_slug) | {"since": day - DAY, "until": day + DAY}
    told = dict[str, dict[str, Any]]()
    for row in db.asked(SUMMARY, values):
        person = {"name": row["name"], "avatar": row["avatar"]}
        entry = {"uuid": row["uuid"], "date": db.date_of(day), "user": person, **{kind: [] for kind in KINDS}}
        told.setdefault(row["uuid"], entry)[row["kind"]].append(row["line"])
    return list(told.values())


@bearer.get("/companies/standup/completed-yesterday", feature=FEATURE)
def completed_yesterday(query: OnDay, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """What was completed on the day before, the latest first. One statement."""
    day = query.midnight(db.now)
    rows = db.asked(DONE_BETWEEN, asked(here, db, query.project_slug) | {"since": day - DAY, "until": day})
    return [row | {"users": orjson.loads(row["users"])} for row in rows]


@bearer.get("/companies/standup/blockers", feature=FEATURE)
def standup_blockers(query: OfProject, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """What is blocked, at most 100 tasks, the longest untouched first. One statement."""
    rows = db.asked(BLOCKERS, asked(here, db, query.project_slug))
    return [lasting(row, "days_blocked", db.now) for row in rows]


@bearer.get("/companies/standup/team-status", feature=FEATURE)
def team_status(query: OfProject, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """What everybody is at: tasks in progress and blocked, completed today and in seven days, hours of today.

    Somebody is online while a timer of theirs runs. One statement.
    """
    return [status(row) for row in db.asked(TEAM, asked(here, db, query.project_slug))]


def status(row: dict[str, Any]) -> dict[str, Any]:
    """A person's status, under the names of the CLI's commands and of its services layer."""
    tracked = hours(row["seconds"])
    return {
        "user_uuid": row["uuid"],
        "user_name": row["name"],
        "user_avatar": row["avatar"],
        "tasks_in_progress": row["active"],
        "tasks_completed_today": row["today"],
        "tasks_completed_week": row["week"],
        "blocked_count": row["blocked"],
        "hours_tracked_today": tracked,
        "user": person(row),
        "active_tasks": row["active"],
        "done_tasks": row["week"],
        "blocked_tasks": row["blocked"],
        "tracked_hours": tracked,
        "is_online": bool(row["tracking"]),
    }


def person(row: dict[str, Any]) -> dict[str, Any]:
    """Who it is."""
    return {name: row[name] for name in ("uuid", "name", "username", "avatar")}


@bearer.get("/companies/standup/stuck-tasks", feature=FEATURE)
def stuck_tasks(query: OfProject, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """What is in progress and was not touched for five days, at most 100 tasks, the longest first. One statement."""
    rows = db.asked(STUCK_TASKS, asked(here, db, query.project_slug))
    return [lasting(row, "days_stuck", db.now) for row in rows]


def lasting(row: dict[str, Any], word: str, now: int) -> dict[str, Any]:
    """A task with its first person, and under ``word`` for how many days it has been so."""
    told = {name: value for name, value in row.items() if name not in ("name", "since")}
    return told | {"assignee": {"name": row["name"]}, word: days_since(row["since"], now)}


@bearer.get("/companies/standup/weekly-digest", feature=FEATURE)
def weekly_digest(query: OfProject, here: InWorkspace, db: Db) -> dict[str, Any]:
    """The last seven days, today among them. Three statements.

    ``velocity_change`` is how many more tasks were completed than in the seven days before, in a hundred of those (100
    where there were none). A day counts what was made, completed and marked as blocked; active is every task that
    something happened to.
    """
    values, today = asked(here, db, query.project_slug), midnight(db.now)
    week = {"since": today - 6 * DAY, "until": today + DAY}
    doers, days = db.asked(DOERS, values | week), db.asked(BY_DAY, values | week)
    before = db.number(COMPLETED, values | {"since": today - 13 * DAY, "until": today - 6 * DAY})
    known = {row["day"]: row for row in days}
    completed = sum(row["completed"] for row in days)
    done = [row for row in doers if row["tasks"]][:TOP]
    return {
        "total_completed": completed,
        "total_hours": hours(sum(row["seconds"] for row in doers)),
        "velocity_change": change(before, completed),
        "top_contributors": [{"name": row["name"], "tasks_completed": row["tasks"]} for row in done],
        "daily_breakdown": [daily(db, known, today - back * DAY) for back in range(6, -1, -1)],
        "days": [counted(db, known, today - back * DAY) for back in range(6, -1, -1)],
    }


def change(before: int, after: int) -> float:
    """By how much a number has grown, in a hundred of what it was."""
    return round(100 * (after - before) / before, 1) if before else 100.0 * (after > 0)


def daily(db: Db, known: dict[int, dict[str, Any]], day: int) -> dict[str, Any]:
    """What happened on a day, as the CLI's command reads it."""
    row = known.get(day // DAY, {})
    return {"date": db.date_of(day)} | {name: row.get(name, 0) for name in ("completed", "created", "blocked")}


def counted(db: Db, known: dict[int, dict[str, Any]], day: int) -> dict[str, Any]:
    """The same, as the CLI's services layer reads it."""
    row, names = (
        known.get(day // DAY, {}),
        {"done_count": "completed", "active_count": "active", "blocked_count": "blocked"},
    )
    return {"date": db.date_of(day)} | {name: row.get(column, 0) for name, column in names.items()}


@bearer.get("/companies/standup/contributors", feature=FEATURE)
def contributors(query: InPeriod, here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """Who completed tasks or spent time in the period (else in seven days), most tasks first. One statement."""
    period = query.period or "week"
    days = days_of(PERIODS.get(period, period), midnight(db.now))
    rows = db.asked(DOERS, asked(here, db, query.project_slug) | days._asdict())
    return [{"user": person(row), "tasks_done": row["tasks"], "tracked_hours": hours(row["seconds"])} for row in rows]
