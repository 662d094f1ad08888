"""Sprints: the project's time boxes."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field
from sqlalchemy import case, func, literal_column

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.inputs import Body, Colour, Text, Title, When, nothing
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains
from mock_server.dialects.views import TODAY, Moment, Sql, Via, View
from mock_server.domain.planning import DONE, IN_PROGRESS, OPEN, SPRINT_STATUSES, Sprint
from mock_server.domain.slugs import slug_of
from mock_server.errors import Invalid
from mock_server.resources.cards import CompanyCard, ProjectCard, UserCard
from mock_server.resources.figures import assignees, in_state, percentage, points, total, worked_hours
from mock_server.store.callers import Caller
from mock_server.store.clock import DAY
from mock_server.store.rows import same

Status = Literal["open", "in-progress", "closed"]
NUMBERED = "UPDATE project SET sprints_numbered = sprints_numbered + 1 WHERE id = :id RETURNING sprints_numbered"
MOST_DAYS = 366
BURNED = """
SELECT t.completed_at / 86400 AS day, count(*) AS tasks, coalesce(sum(e.hundredths), 0) / 100.0 AS efforts
FROM task t LEFT JOIN effort e ON e.id = t.effort_id WHERE t.sprint_id = :id GROUP BY 1
"""


def status_of(sprint: Any) -> Any:
    """The status that was set; without one, as the dates say: before, during or after the sprint."""
    by_date = case(
        (sprint.c.date_finish < TODAY, literal_column("'closed'")),
        (sprint.c.date_start <= TODAY, literal_column("'in-progress'")),
        else_=literal_column("'open'"),
    )
    return func.coalesce(sprint.c.status, by_date)


def status_title(sprint: Any) -> Any:
    """The status as a person reads it."""
    known: list[Any] = [
        (status_of(sprint) == slug, literal_column(f"'{title}'")) for slug, title in SPRINT_STATUSES.items()
    ]
    return case(*known)


def day_of(column: str) -> Sql:
    """A day as YYYY-MM-DD."""
    return Sql(lambda sprint: func.date(sprint.c[column], "unixepoch"))


def timebox(sprint: Any) -> Any:
    """The text that was given, or the two days."""
    days = func.date(sprint.c.date_start, "unixepoch").op("||")(literal_column("' - '"))
    return func.coalesce(sprint.c.timebox, days.op("||")(func.date(sprint.c.date_finish, "unixepoch")), "")


def duration(sprint: Any) -> Any:
    """The number of days, the first and the last among them."""
    days = (sprint.c.date_finish - sprint.c.date_start) / literal_column(str(DAY)) + 1
    return case((days.is_(None), literal_column("''")), else_=func.printf("%d days", days))


class SprintStatus(View):
    """Where a sprint stands."""

    slug: Annotated[str, Sql(status_of)]
    title: Annotated[str, Sql(status_title)]


class SprintStats(View):
    """Figures over the sprint's tasks."""

    percentage: Annotated[int, percentage("sprint_id")]
    story_points: Annotated[float, points("sprint_id")]
    worked_hours: Annotated[str, worked_hours("sprint_id")]
    total_tasks: Annotated[int, total("sprint_id")]
    open_tasks: Annotated[int, in_state("sprint_id", OPEN, IN_PROGRESS)]
    closed_tasks: Annotated[int, in_state("sprint_id", DONE)]
    completed: Annotated[int, in_state("sprint_id", DONE)]


class SprintView(View, of=Sprint):
    """A sprint, with every documented key."""

    id: int
    code: str
    slug: str
    title: str
    description: str
    color: str
    timebox: Annotated[str, Sql(timebox)]
    duration: Annotated[str, Sql(duration)]
    date_start: Annotated[str | None, day_of("date_start")]
    date_finish: Annotated[str | None, day_of("date_finish")]
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    stats: SprintStats
    status: SprintStatus
    user: UserCard
    users: Annotated[list[UserCard], assignees("sprint_id")]
    created_at: Moment


class SprintFilters(Filters):
    """Which sprints of the project."""

    search: Annotated[str, Where(lambda sprint, text: contains(sprint.c.title, text))] = ""


class SprintPatch(Body):
    """What may be changed of a sprint."""

    title: Annotated[Title, Field(max_length=60)] = ""
    description: Text | None = None
    timebox: Annotated[Annotated[Text, Field(max_length=100)] | None, BeforeValidator(nothing)] = None
    color: Colour = ""
    date_start: When = None
    date_finish: When = None
    status: Annotated[
        Status | None,
        BeforeValidator(nothing),
        Field(validation_alias=AliasChoices("sprint_status_slug", "sprint_status_id", "status")),
    ] = None


class SprintBody(SprintPatch):
    """A new sprint."""

    title: Annotated[Title, Field(max_length=60)]


@keyed.get("/sprints")
def list_sprints(db: Db, caller: Caller, page: Page, filters: SprintFilters) -> Listing[SprintView]:
    """The project's sprints, newest first."""
    return db.page(SprintView, page, caller.owns(Sprint), filters=filters)


@keyed.get("/sprints/statuses")
def list_sprint_statuses() -> list[dict[str, str]]:
    """The statuses that a sprint can have."""
    return [{"slug": slug, "title": title} for slug, title in SPRINT_STATUSES.items()]


@keyed.get("/sprints/{slug}")
def get_sprint(slug: str, db: Db, caller: Caller) -> One[SprintView]:
    """One sprint, with its burn-down charts."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint))
    return db.one(SprintView, same(Sprint.slug, slug), caller.owns(Sprint)).with_key("charts", charts(db, sprint))


@keyed.post("/sprints", bare=True)
def create_sprint(body: SprintBody, db: Db, caller: Caller) -> One[SprintView]:
    """A new sprint."""
    number = db.write(NUMBERED, {"id": caller.project_id}).fetchone()[0]
    slug = slug_of(body.title, db.uniqid(Sprint))
    row = changes(body) | {"code": f"S-{number}", "slug": slug, "user_id": caller.user_id}
    id = db.insert(Sprint, project_id=caller.project_id, **row)
    return db.one(SprintView, same(Sprint.id, id), caller.owns(Sprint))


@keyed.put("/sprints/{slug}")
def update_sprint(slug: str, body: SprintPatch, db: Db, caller: Caller) -> One[SprintView]:
    """Change what is sent of a sprint; its slug stays."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint))
    db.update(Sprint, sprint.id, **changes(body, sprint))
    return db.one(SprintView, same(Sprint.slug, slug), caller.owns(Sprint))


@keyed.delete("/sprints/{slug}")
def delete_sprint(slug: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete a sprint; its tasks stay, in none."""
    db.delete(Sprint, db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint)).id)
    return Deleted


def changes(body: SprintPatch, sprint: Sprint | None = None) -> dict[str, Any]:
    """The columns that a body sets; its days at midnight, in order. Raises Invalid."""
    row = body.sent()
    if "description" in row:
        row["description"] = row["description"] or ""
    for name in ("date_start", "date_finish"):
        if row.get(name) is not None:
            row[name] = row[name] // DAY * DAY
    start, finish = (row.get(name, getattr(sprint, name, None)) for name in ("date_start", "date_finish"))
    if start is not None and finish is not None and finish < start:
        raise Invalid("date_finish", "The parameter 'date_finish' comes before 'date_start'; it may not.")
    return row


def charts(db: Db, sprint: Sprint) -> dict[str, list[dict[str, Any]]]:
    """How the sprint burns down, by tasks and by points of effort; empty while it has no dates."""
    burned, days = db.asked(BURNED, {"id": sprint.id}), days_of(sprint)
    return {f"burndown_{unit}": burndown(db, burned, unit, days) for unit in ("tasks", "efforts")}


def days_of(sprint: Sprint) -> range:
    """The sprint's days, counted since 1970; of a very long sprint every second, third, ... one."""
    if sprint.date_start is None or sprint.date_finish is None:
        return range(0)
    first, last = sprint.date_start // DAY, sprint.date_finish // DAY
    return range(first, last + 1, 1 + (last - first) // MOST_DAYS)


def burndown(db: Db, burned: list[dict[str, Any]], unit: str, days: range) -> list[dict[str, Any]]:
    """The points of a chart, under the keys that clients draw.

    ``decrement`` is what would be left at an even pace, ``closedCountDown`` what was left at the end of the day (null
    for days to come), the plot lines the places of the first and the last day.
    """
    total, end = sum(row[unit] for row in burned), len(days) - 1
    return [
        {
            "date": db.date_of(day * DAY),
            "decrement": round(total * (end - at) / max(end, 1), 2),
            "closedCountDown": total - closed(burned, unit, day) if day <= db.now // DAY else None,
            "startPlotLines": 0,
            "endPlotLines": end,
        }
        for at, day in enumerate(days)
    ]


def closed(burned: list[dict[str, Any]], unit: str, day: int) -> Any:
    """How much was done by the end of a day."""
    return sum(row[unit] for row in burned if row["day"] is not None and row["day"] <= day)
