"""Sprints, as the services API lists, shows and changes them."""

from typing import Annotated, Any, Literal, cast

from pydantic import AliasChoices, Field
from sqlalchemy import Integer, case, func, literal_column, select
from sqlalchemy import cast as cast_to

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Title, When
from mock_server.dialects.lists import Filters, Page, Where
from mock_server.dialects.tenancy import CLI, Client, InProject
from mock_server.dialects.views import ME, Dated, Sql, Via, View, called, table_of
from mock_server.domain.planning import DONE, OPEN, STATUS_COLOURS, UNDER_WAY, Sprint
from mock_server.domain.talk import Comment
from mock_server.domain.tasks import Task, TimeEntry
from mock_server.domain.workspaces import Member
from mock_server.errors import NotFound
from mock_server.resources.figures import assignees, in_state, percentage, total
from mock_server.resources.figures import points as points_of
from mock_server.resources.services.cards import CompanyCard, PersonCard, ProjectCard, UserView, sprint_ref
from mock_server.resources.sprint_facts import (
    SprintBody,
    SprintPatch,
    changes,
    created,
    day_of,
    status_of,
    status_title,
    timebox,
)
from mock_server.store.clock import DAY
from mock_server.store.rows import same

STATUS_WORDS = {"open": "It has not begun.", "in-progress": "It is under way.", "closed": "It is over."}


def worded(words: dict[str, str]) -> Any:
    """An expression: the word for a sprint's status."""

    def told(sprint: Any) -> Any:
        known: list[Any] = [(status_of(sprint) == slug, literal_column(f"'{word}'")) for slug, word in words.items()]
        return case(*known)

    return told


def days(sprint: Any) -> Any:
    """The number of days, the first and the last among them; 0 without dates."""
    span = cast_to((sprint.c.date_finish - sprint.c.date_start) / literal_column(str(DAY)), Integer)
    return func.coalesce(span + 1, 0)


def closed_at(sprint: Any) -> Any:
    """The end of its last day, once it is closed."""
    return case((status_of(sprint) == literal_column("'closed'"), sprint.c.date_finish + literal_column(str(DAY - 1))))


def worked(sprint: Any) -> Any:
    """The hours of its tasks' finished time entries, with two decimals."""
    task, entry = table_of(Task).alias(), table_of(TimeEntry).alias()
    spent = func.round(func.coalesce(func.sum(entry.c.end - entry.c.start), 0) / 3600.0, 2)
    mine = (entry.c.task_id == task.c.id) & (task.c.sprint_id == sprint.c.id)
    return select(spent).select_from(task).join(entry, mine).scalar_subquery()


def said_on(sprint: Any) -> Any:
    """How many comments its tasks have."""
    task, comment = table_of(Task).alias(), table_of(Comment).alias()
    mine = (comment.c.task_id == task.c.id) & (task.c.sprint_id == sprint.c.id)
    return select(func.count()).select_from(task).join(comment, mine).scalar_subquery()


class Timebox(View):
    """The first and the last day."""

    start: Annotated[Dated, called("date_start")]
    finish: Annotated[Dated, called("date_finish")]


class Status(View):
    """Where a sprint stands: as it was told, else as its dates say."""

    slug: Annotated[str, Sql(status_of)]
    title: Annotated[str, Sql(status_title)]
    color: Annotated[str, Sql(worded(STATUS_COLOURS))]
    description: Annotated[str, Sql(worded(STATUS_WORDS))]


class SprintStats(View):
    """Figures over the sprint's tasks, under the names of each source."""

    story_points: Annotated[float, points_of("sprint_id")]
    worked_hours: Annotated[float, Sql(worked)]
    total_tasks: Annotated[int, total("sprint_id")]
    open_tasks: Annotated[int, in_state("sprint_id", OPEN, *UNDER_WAY)]
    closed_tasks: Annotated[int, in_state("sprint_id", DONE)]
    percentage: Annotated[int, percentage("sprint_id")]
    comments: Annotated[int, Sql(said_on)]
    tasks_count: Annotated[int, total("sprint_id")]
    completed_count: Annotated[int, in_state("sprint_id", DONE)]
    progress_percentage: Annotated[int, percentage("sprint_id")]


class Sprinting(View, of=Sprint):
    """What every answer shows of a sprint."""

    id: int
    code: str
    ref_code: Annotated[str, Sql(sprint_ref)]
    slug: str
    title: str
    description: str
    color: str
    duration: Annotated[int, Sql(days)]
    date_start: Annotated[str | None, day_of("date_start")]
    date_finish: Annotated[str | None, day_of("date_finish")]
    is_private: bool
    close_on_finish: bool
    status: Status
    stats: SprintStats
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    user: UserView
    users: Annotated[list[PersonCard], assignees("sprint_id")]
    closed_at: Annotated[Dated, Sql(closed_at)]
    created_at: Dated


class SprintView(Sprinting, of=Sprint):
    """A sprint."""

    timebox: Timebox


class SprintRow(Sprinting, of=Sprint):
    """A sprint as the command-line client lists it: its time box is a text."""

    timebox: Annotated[str, Sql(timebox)]


class SprintFilters(Filters):
    """Which sprints of the project."""

    current: Annotated[bool, Where(lambda sprint, flag: (status_of(sprint) == "in-progress") == flag)] = False
    state: Annotated[
        Literal["active"] | None, Where(lambda sprint, word: (status_of(sprint) == "in-progress") == (word == "active"))
    ] = None


class OfMine(Filters):
    """The sprints of the projects that the caller works on."""

    mine: Annotated[bool, Where(lambda sprint, flag: sprint.c.project_id.in_(my_projects()) == flag)] = False


def my_projects() -> Any:
    """The ids of the projects that the caller works on."""
    member = table_of(Member).alias()
    return select(member.c.project_id).where(member.c.user_id == ME)


class SprintChange(SprintPatch):
    """What may be changed of a sprint; its end has a name for each client."""

    date_start: Annotated[When, Field(validation_alias=AliasChoices("date_start", "start_date"))] = None
    date_finish: Annotated[When, Field(validation_alias=AliasChoices("date_finish", "date_end", "end_date"))] = None
    is_private: bool = False
    close_on_finish: bool = False


class NewSprint(SprintChange, SprintBody):
    """A new sprint."""

    title: Title


@bearer.get("/sprints")
def list_sprints(here: InProject, db: Db, page: Page, filters: SprintFilters, client: Client) -> Listing[SprintView]:
    """The project's sprints, newest first. The command-line client asks for the current one and reads it alone."""
    if client != CLI:
        return db.page(SprintView, page, here.owns(Sprint), filters=filters)
    listed = db.page(SprintRow, page, here.owns(Sprint), filters=filters)
    return cast(Listing[SprintView], current(listed) if filters.current else listed)


@bearer.get("/sprints/all-workspaces")
def list_my_sprints(db: Db, page: Page) -> Listing[SprintView]:
    """The sprints of all projects that the caller works on, newest first."""
    return db.page(SprintView, page, filters=OfMine(mine=True))


@bearer.get("/sprints/{slug}")
def get_sprint(slug: str, here: InProject, db: Db) -> One[SprintView]:
    """One sprint."""
    return db.one(SprintView, same(Sprint.slug, slug), here.owns(Sprint))


@bearer.post("/sprints")
def create_sprint(body: NewSprint, here: InProject, db: Db) -> One[SprintView]:
    """A new sprint."""
    id = created(db, here, body, **body.sent("is_private", "close_on_finish"))
    return db.one(SprintView, same(Sprint.id, id))


@bearer.put("/sprints/{slug}")
def update_sprint(slug: str, body: SprintChange, here: InProject, db: Db) -> One[SprintView]:
    """Change what is sent of a sprint; its slug stays."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), here.owns(Sprint))
    more = body.sent("is_private", "close_on_finish") if body.model_fields_set else {}
    db.update(Sprint, sprint.id, **changes(body, sprint) | more)
    return db.one(SprintView, same(Sprint.id, sprint.id))


def current(listed: Listing[SprintRow]) -> One[SprintRow]:
    """The newest of the sprints that are under way. Raises NotFound."""
    if not listed.rows:
        raise NotFound("Sprint", None, ": none is under way in this project")
    return One(listed.rows[0])
