"""Time tracking: timers that run on tasks, and the entries that they or people make."""

import json
from functools import cache
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import bindparam, case, func, or_, select

from mock_server.dialects.answers import Db, Deleted, Listing, One, Summed
from mock_server.dialects.inputs import Body, MaybeText, Since, Text, Until, When, Words
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Order, Page, Where, contains, one_of, refers_to, values_of
from mock_server.dialects.questions import Question, compiled, matching
from mock_server.dialects.spelling import lasting
from mock_server.dialects.views import Moment, Sql, View, called, mark, table_of
from mock_server.domain.tasks import Task, TimeEntry
from mock_server.domain.time_rules import begin, finish, running_of
from mock_server.domain.workspaces import User
from mock_server.errors import Conflict, Invalid
from mock_server.resources.cards import TaskCard, UserCard
from mock_server.resources.figures import clock
from mock_server.resources.references import by_key
from mock_server.store.callers import Caller
from mock_server.store.rows import same

LATEST = Order("start", True)


def total(entry: Any) -> Any:
    """How long an entry lasted as hours, minutes and seconds; while it runs, until the moment of the answer."""
    spent = entry.c.end - entry.c.start
    return case((entry.c.end.is_(None), mark("e", entry.c.start)), else_=clock(spent))


def in_utc(column: str) -> Sql:
    """The moment in a column, as text."""
    return Sql(lambda entry: func.datetime(entry.c[column], "unixepoch"))


class UtcSpan(View):
    """Beginning and end as UTC text."""

    start: Annotated[str, in_utc("start")]
    end: Annotated[str | None, in_utc("end")]


class Span(View):
    """When an entry was; ``end`` is empty while it runs."""

    id: int
    start: Moment
    end: Moment
    total: Annotated[str, Sql(total)]
    UTC: UtcSpan


class TimeEntryView(View, of=TimeEntry):
    """Time that somebody worked."""

    comment: str
    time: Span
    user: UserCard
    billed: Annotated[bool, called("is_billed")]
    task: TaskCard | None


def begun(entry: Any, at: Any) -> Any:
    """Whether an entry begins then or later."""
    return entry.c.start >= at


def not_later(entry: Any, at: Any) -> Any:
    """Whether an entry begins then or before."""
    return entry.c.start <= at


def is_by(entry: Any, names: Any) -> Any:
    """Whether an entry is of one of these people, by username or name."""
    user = table_of(User).alias()
    named = or_(user.c.username.in_(one_of(names)), user.c.name.in_(one_of(names)))
    return entry.c.user_id.in_(select(user.c.id).where(named))


def is_titled(entry: Any, text: Any) -> Any:
    """Whether the title of an entry's task holds a text."""
    task = table_of(Task).alias()
    return entry.c.task_id.in_(select(task.c.id).where(contains(task.c.title, text)))


class EntryFilters(Filters):
    """Which entries of the project: of a task, between two days (both names of the web client), of some people."""

    task_uuid: Annotated[str, Where(lambda entry, uuid: refers_to(Task, "uuid", entry.c.task_id, uuid))] = ""
    start_date: Annotated[Since, Where(begun)] = 0
    end_date: Annotated[Until, Where(not_later)] = 0
    start: Annotated[Since, Where(begun)] = 0
    end: Annotated[Until, Where(not_later)] = 0
    users: Annotated[Words, Where(is_by, json.dumps)] = []
    title: Annotated[str, Where(is_titled)] = ""


class WithoutTask(Filters):
    """The entries that have no task, or no longer."""

    is_free: Annotated[bool, Where(lambda entry, yes: entry.c.task_id.is_(None) == yes)] = True


class StartBody(Body):
    """A timer to start."""

    task_uuid: Annotated[Text, Field(min_length=1)]
    comment: Text | None = None


class StopBody(Body):
    """A timer to stop: that of a task, else the caller's. A comment replaces that of its start."""

    task_uuid: MaybeText = None
    comment: Text | None = None


class EntryBody(StartBody):
    """Time to write down by hand."""

    start: When = None
    end: When = None


@keyed.post("/timer/start")
def start_timer(body: StartBody, db: Db, caller: Caller) -> One[TimeEntryView]:
    """Start a timer on a task. It takes one at a time, and so does a person."""
    task = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    return entry(db, caller, begin(db, caller.project_id, task, caller.user_id, body.comment or ""))


@keyed.post("/timer/end", status=200)
def end_timer(body: StopBody, db: Db, caller: Caller) -> One[TimeEntryView]:
    """Stop a timer; its time is kept."""
    id = running(db, caller, body)
    finish(db, id, caller.user_id, comment=body.comment)
    return entry(db, caller, id)


@keyed.post("/timer/cancel", status=200)
def cancel_timer(body: StopBody, db: Db, caller: Caller) -> type[Deleted]:
    """Stop a timer and forget its time."""
    db.delete(TimeEntry, running(db, caller, body))
    return Deleted


@keyed.get("/time-trackings")
def list_time_entries(db: Db, caller: Caller, page: Page, filters: EntryFilters) -> Summed[TimeEntryView]:
    """The project's time, latest first, in ``data.data``; ``data.resume`` sums up every entry that matches."""
    listing = db.page(TimeEntryView, page, caller.owns(TimeEntry), filters=filters, order=LATEST)
    return Summed(listing.rows, listing.total, page, resume=resume(db, caller, filters))


@keyed.get("/time-trackings/no-task")
def list_time_entries_without_task(db: Db, caller: Caller, page: Page) -> Listing[TimeEntryView]:
    """The time that belongs to no task, latest first."""
    return db.page(TimeEntryView, page, caller.owns(TimeEntry), filters=WithoutTask(is_free=True), order=LATEST)


@keyed.post("/time-trackings")
def create_time_entry(body: EntryBody, db: Db, caller: Caller) -> One[TimeEntryView]:
    """Write down time by hand. Without an end it lasted until now; without a start it took no time."""
    task = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    end = db.now if body.end is None else body.end
    start = end if body.start is None else body.start
    if start > end:
        raise Invalid("end", "The parameter 'end' comes before 'start'; an entry ends when it starts or later.")
    about = {"task_id": task.id, "user_id": caller.user_id, "comment": body.comment or "", "is_manual": True}
    return entry(db, caller, db.insert(TimeEntry, project_id=caller.project_id, start=start, end=end, **about))


@keyed.delete("/time-trackings/{id}")
def delete_time_entry(id: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete an entry; if its timer runs, that stops."""
    db.delete(TimeEntry, db.find(TimeEntry, same(TimeEntry.id, id), caller.owns(TimeEntry)).id)
    return Deleted


def entry(db: Db, caller: Caller, id: int) -> One[TimeEntryView]:
    """An entry as it is shown."""
    return db.one(TimeEntryView, same(TimeEntry.id, id), caller.owns(TimeEntry))


def running(db: Db, caller: Caller, body: StopBody) -> int:
    """The id of the running entry that a body means. Raises Conflict where none is running."""
    if body.task_uuid:
        task = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
        if task.timer_id:
            return int(task.timer_id)
        raise Conflict(f"No timer runs on {task.code}.", param="task_uuid")
    mine = [row["id"] for row in running_of(db, caller.user_id) if row["project_id"] == caller.project_id]
    if not mine:
        raise Conflict("You have no timer running in this project.")
    return int(mine[0])


def resume(db: Db, caller: Caller, filters: EntryFilters) -> dict[str, Any]:
    """The days that were asked for, and the hours of all entries that match; those of running ones follow the clock."""
    question = summing(tuple(filters.active()))
    values = values_of(filters) | {"m_project_id": caller.project_id, "now": db.now}
    seconds = db.asked(question.sql, values)[0]["seconds"] or 0
    bounds = {"period_start": filters.start_date or filters.start, "period_end": filters.end_date or filters.end}
    days = {name: db.date_of(at) if at else None for name, at in bounds.items()}
    return days | {"worked_hours": lasting(seconds)}


@cache
def summing(names: tuple[str, ...]) -> Question:
    """The statement that sums up the seconds of a project's entries under these filters."""
    row = table_of(TimeEntry).alias()
    active = tuple((name, EntryFilters.model_fields[name]) for name in names)
    spent = func.sum(func.coalesce(row.c.end, bindparam("now")) - row.c.start)
    return compiled(select(spent.label("seconds")).where(*matching(row, ("project_id",), active)))
