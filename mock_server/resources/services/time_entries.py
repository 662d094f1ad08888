"""Time tracking: timers that run, and time that is written down."""

from typing import Annotated, Any

from pydantic import BeforeValidator
from sqlalchemy import func, literal_column

from mock_server.dialects.answers import Beside, Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeText, Query, Since, Text, Until, When, nothing
from mock_server.dialects.lists import Filters, Order, Page, Where, refers_to
from mock_server.dialects.roles import permit
from mock_server.dialects.spelling import lasting
from mock_server.dialects.tenancy import CLI, Client, InProject, InWorkspace, Somewhere
from mock_server.dialects.views import NOW, Dated, Sql, Via, View
from mock_server.domain.tasks import Task, TimeEntry
from mock_server.domain.time_rules import begin, finish
from mock_server.domain.workspaces import Project
from mock_server.errors import Invalid, Missing
from mock_server.resources.figures import clock
from mock_server.resources.found import own, seen, task_at, the_one
from mock_server.resources.services.cards import NameCard, instant
from mock_server.store.callers import Caller
from mock_server.store.clock import seconds_of
from mock_server.store.rows import same

LATEST = Order("start", True)
OLDEST = Order("id", False)
MINE = """
SELECT e.id, e.start, coalesce(ltrim(t.code, '#'), '') AS code, coalesce(t.title, e.comment) AS title
FROM timeentry e JOIN project p ON p.id = e.project_id LEFT JOIN task t ON t.id = e.task_id
WHERE e.user_id = :me AND e."end" IS NULL AND (:company = 0 OR p.company_id = :company) ORDER BY e.id
"""
FREE = """
SELECT coalesce(sum((coalesce("end", :now) - start) / 60), 0) FROM timeentry
WHERE project_id = :project AND task_id IS NULL
"""


def spent(entry: Any) -> Any:
    """The seconds of an entry; those of a running one up to now."""
    return func.max(func.coalesce(entry.c.end, NOW) - entry.c.start, literal_column("0"))


def minutes(entry: Any) -> Any:
    """Its whole minutes."""
    return spent(entry) // 60


def total(entry: Any) -> Any:
    """Its hours, minutes and seconds, as in ``01:05:00``."""
    return clock(spent(entry))


class EntryView(View, of=TimeEntry):
    """Time that somebody worked; ``duration_minutes`` of a running timer follow the clock."""

    id: int
    task_uuid: Annotated[str | None, Via("task.uuid")]
    user: NameCard
    started_at: Annotated[str, Sql(lambda entry: instant(entry.c.start))]
    ended_at: Annotated[str | None, Sql(lambda entry: instant(entry.c.end))]
    duration_minutes: Annotated[int, Sql(minutes)]
    description: Annotated[str | None, Sql(lambda entry: func.nullif(entry.c.comment, ""))]
    is_manual: bool
    created_at: Annotated[str, Sql(lambda entry: instant(entry.c.created_at))]


class ProjectName(View):
    """The project of a running timer."""

    slug: Annotated[str, Via("project.slug")]
    name: Annotated[str, Via("project.name")]


class TimedTask(View, of=TimeEntry):
    """A task whose timer runs, as the CLI reads it; ``time_tracker`` is the timer's start."""

    uuid: Annotated[str, Via("task.uuid", lambda uuid: func.coalesce(uuid, ""))]
    code: Annotated[str, Via("task.code", lambda code: func.coalesce(func.ltrim(code, "#"), ""))]
    title: Annotated[str, Via("task.title", lambda title: func.coalesce(title, ""))]
    time_tracker: Annotated[str, Sql(lambda entry: instant(entry.c.start))]
    project: ProjectName


class Lasted(View):
    """When an entry was, and how long."""

    total: Annotated[str, Sql(total)]
    duration_minutes: Annotated[int, Sql(minutes)]
    start: Dated
    end: Dated


class FreeEntry(View, of=TimeEntry):
    """Time without a task."""

    comment: str
    time: Lasted
    user: NameCard
    is_billable: Annotated[bool, Sql(lambda entry: entry.c.is_billed)]


class EntryFilters(Filters):
    """Which entries of the project: of a task, and begun between two days."""

    task_uuid: Annotated[str, Where(lambda entry, uuid: refers_to(Task, "uuid", entry.c.task_id, uuid))] = ""
    date_from: Annotated[Since, Where(lambda entry, at: entry.c.start >= at)] = 0
    date_to: Annotated[Until, Where(lambda entry, at: entry.c.start <= at)] = 0


class Running(Filters):
    """A person's entries that run, in one workspace or in all (0)."""

    user: Annotated[int, Where(lambda entry, id: (entry.c.user_id == id) & entry.c.end.is_(None))] = 0
    company: Annotated[int, Where(lambda entry, id: of_company(entry, id))] = 0


class WithoutTask(Filters):
    """The entries that have no task."""

    is_free: Annotated[bool, Where(lambda entry, yes: entry.c.task_id.is_(None) == yes)] = True


def of_company(entry: Any, company: Any) -> Any:
    """Whether an entry is of a project of this workspace."""
    return refers_to(Project, "company_id", entry.c.project_id, company)


def length_of(value: Any) -> Any:
    """A length of time in seconds; None for an empty one."""
    return None if nothing(value) is None else seconds_of(value)


class MaybeCompany(Query):
    """The workspace that is meant, if one is."""

    company_slug: MaybeText = None


class StartBody(Body):
    """A timer to start: on a task by its uuid or code, or on none."""

    task_uuid: MaybeText = None
    issue_code: MaybeText = None
    comment: Text | None = None
    work_description: Text | None = None

    @property
    def said(self) -> str:
        """What is done, under either name."""
        return self.comment or self.work_description or ""

    def task(self, db: Db, here: Somewhere) -> Any:
        """The task that is named; None where none is. Raises NotFound, Invalid or Forbidden."""
        key = self.task_uuid or self.issue_code
        return task_at(db, key, here.project_id) if key else None


class EntryBody(StartBody):
    """A timer to start or, with ``start`` and ``end`` or a ``duration`` as in ``1h30m``, time to write down."""

    start: When = None
    end: When = None
    duration: Annotated[float | None, BeforeValidator(length_of)] = None


class EndBody(Body):
    """When an entry ended."""

    end: When = None


@bearer.get("/time-trackings")
def list_time(here: InProject, db: Db, page: Page, filters: EntryFilters) -> Listing[EntryView]:
    """The project's time, latest first."""
    return db.page(EntryView, page, here.owns(TimeEntry), filters=filters, order=LATEST)


@bearer.get("/time-trackings/active")
def active_timer(company: MaybeCompany, db: Db, client: Client) -> Any:
    """The caller's timer that runs, or null; for the CLI the array of the tasks whose timers run."""
    where = running_in(db, company)
    if client == CLI:
        return db.all(TimedTask, filters=where, order=OLDEST)
    rows = db.all(EntryView, filters=where, order=OLDEST).rows
    return One(rows[0]) if rows else None


@bearer.post("/time-trackings")
def track_time(body: EntryBody, here: Somewhere, db: Db) -> One[EntryView]:
    """Start a timer on a task or, with a start and an end, write down time by hand. Raises Conflict."""
    task = body.task(db, here)
    if task is None:
        raise Missing("task_uuid")
    span = span_of(body, db.now)
    if span is None:
        return shown(db, begin(db, task.project_id, task, db.me, body.said, body.start))
    row = {"task_id": task.id, "user_id": db.me, "comment": body.said, "is_manual": True}
    return shown(db, db.insert(TimeEntry, project_id=task.project_id, start=span[0], end=span[1], **row))


@bearer.put("/time-trackings/{id}")
def stop_time(id: str, body: EndBody, db: Db) -> One[EntryView]:
    """Stop a running entry, or give one that is over another end.

    A running one ends at ``end`` where that lies between its start and now, else now: the caller's clock need not be
    the sandbox's. Raises NotFound, Forbidden, Missing and Invalid.
    """
    entry = changeable(db, id)
    if body.end is None:
        raise Missing("end")
    if entry.end is None:
        finish(db, entry.id, db.me, body.end if entry.start <= body.end <= db.now else db.now)
    elif body.end < entry.start:
        raise Invalid("end", "The parameter 'end' comes before the start of the entry; it may not.")
    else:
        db.update(TimeEntry, entry.id, end=body.end)
    return shown(db, entry.id)


@bearer.post("/time-trackings/start", status=200)
def start_time(body: StartBody, here: Somewhere, db: Db, caller: Caller) -> One[EntryView]:
    """Start a timer, on a task or, without one, in the project that is named or at home. Raises Conflict."""
    task = body.task(db, here)
    if task is not None:
        return shown(db, begin(db, task.project_id, task, db.me, body.said))
    place = here if here.project_id else InProject.named(db, None, None, caller.project_id)
    permit(db, place.role)
    return shown(db, begin(db, place.project_id, None, db.me, body.said))


@bearer.post("/time-trackings/stop-all", status=200, least="client")
def stop_all(company: MaybeCompany, db: Db) -> Beside[list[dict[str, str]]]:
    """Stop every timer of the caller, in one workspace or in all."""
    running = db.asked(MINE, {"me": db.me, "company": company_of(db, company)})
    for row in running:
        finish(db, row["id"], db.me)
    told = [stopped(db, row) for row in running]
    count = len(told)
    return Beside(told, {"message": f"{count} timer{'' if count == 1 else 's'} stopped.", "stopped": count})


@bearer.get("/time-trackings/resolve-task/{code}")
def resolve_task(code: str, here: Somewhere, db: Db) -> dict[str, str]:
    """The uuid and the code of the task that a code names."""
    task = task_at(db, code, here.project_id)
    return {"uuid": task.uuid, "code": task.code.lstrip("#")}


@bearer.get("/time-trackings/no-task")
def list_time_without_task(here: InProject, db: Db, page: Page) -> Beside[Listing[FreeEntry]]:
    """The project's time that belongs to no task, latest first; ``stats`` sums up all of it."""
    rows = db.page(FreeEntry, page, here.owns(TimeEntry), filters=WithoutTask(is_free=True), order=LATEST)
    spent = db.number(FREE, {"project": here.project_id, "now": db.now})
    return Beside(rows, {"stats": {"total_minutes": spent, "total": lasting(60 * spent)}})


def company_of(db: Db, company: MaybeCompany) -> int:
    """The id of the workspace that is named; 0 for all. Raises NotFound."""
    return InWorkspace.named(db, company.company_slug).company_id if company.company_slug else 0


def running_in(db: Db, company: MaybeCompany) -> Running:
    """The caller's entries that run."""
    id = company_of(db, company)
    return Running(user=db.me, company=id) if id else Running(user=db.me)


def stopped(db: Db, row: dict[str, Any]) -> dict[str, str]:
    """A timer that was stopped: its task, and how long it ran in hours, minutes and seconds."""
    lasted = lasting(max(0, db.now - row["start"]))
    return {"task_code": row["code"], "task_title": row["title"], "duration_formatted": lasted}


def span_of(body: EntryBody, now: int) -> tuple[int, int] | None:
    """The start and end of time to write down; None where a timer is meant. Raises Missing and Invalid."""
    if body.duration is not None:
        length = int(body.duration)
        end = body.end if body.end is not None else now if body.start is None else body.start + length
        return end - length, end
    if body.end is None:
        check_past(body.start, now)
        return None
    if body.start is None:
        raise Missing("start", " with 'end'")
    if body.end < body.start:
        raise Invalid("end", "The parameter 'end' comes before 'start'; it may not.")
    return body.start, body.end


def check_past(start: int | None, now: int) -> None:
    """A timer runs since now or since earlier. Raises Invalid."""
    if start is not None and start > now:
        raise Invalid("start", "The parameter 'start' is in the future; without 'end' a timer runs since then.")


def changeable(db: Db, id: str) -> Any:
    """An entry of the caller, or of a project that they run. Raises NotFound or Forbidden."""
    return own(db, the_one(db, seen(db, "timeentry", "r.id = :id", id=id), "Time entry", id), "time")


def shown(db: Db, id: int) -> One[EntryView]:
    """An entry as it is told."""
    return db.one(EntryView, same(TimeEntry.id, id))
