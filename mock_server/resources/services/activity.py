"""What happened: feeds, and the history of a task's way along the board."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from sqlalchemy import select

from mock_server.dialects.answers import Db, Listing, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import MaybeText, Query, nothing
from mock_server.dialects.lists import Filters, Order, Page, Where, refers_to
from mock_server.dialects.tenancy import InProject, InWorkspace
from mock_server.dialects.views import Sql, Via, View, called, table_of
from mock_server.domain.planning import Sprint, UserStory
from mock_server.domain.tasks import Change, Task
from mock_server.domain.workspaces import Member, Project
from mock_server.errors import Missing, NotFound
from mock_server.resources.found import task_at
from mock_server.resources.services.cards import instant
from mock_server.resources.services.news import sentence
from mock_server.store.callers import Caller
from mock_server.store.rows import same

OLDEST = Order("id", False)
KNOWN = """
SELECT u.id FROM user u WHERE u.username = :name AND EXISTS (
  SELECT 1 FROM member m JOIN member mine ON mine.project_id = m.project_id AND mine.user_id = :me
  WHERE m.user_id = u.id
)
"""


class EventView(View, of=Change):
    """Something that somebody did."""

    type: Annotated[str, called("action")]
    description: Annotated[str, Sql(sentence)]
    created_at: Annotated[str, Sql(lambda change: instant(change.c.created_at))]


class ActivityView(EventView, of=Change):
    """The same, with what it was done to."""

    entity: Literal["task"] = "task"
    task_uuid: Annotated[str, Via("task.uuid")]
    user: Annotated[str, Via("user.username")]


class StepView(View, of=Change):
    """A step of a task along the board."""

    since: Annotated[str, called("old"), Field(alias="from")]
    to: Annotated[str, called("new")]
    user: Annotated[str, Via("user.name")]
    date: Annotated[str, Sql(lambda change: instant(change.c.created_at))]


def worked_on(person: Any) -> Any:
    """The ids of the projects that a person works on."""
    member = table_of(Member).alias()
    return select(member.c.project_id).where(member.c.user_id == person)


def tasks_in(column: str, table: type[Any], key: str, value: Any) -> Any:
    """The ids of the tasks that refer to a row whose key has a value."""
    task = table_of(Task).alias()
    return select(task.c.id).where(refers_to(table, key, task.c[column], value))


def tasks_with(column: str) -> Any:
    """The ids of the tasks that have one at all."""
    task = table_of(Task).alias()
    return select(task.c.id).where(task.c[column].is_not(None))


class Seen(Filters):
    """What a person sees: what happened in the projects that they work on; perhaps by one user, or in one workspace."""

    by: Annotated[int, Where(lambda change, me: change.c.project_id.in_(worked_on(me)))] = 0
    user: Annotated[int, Where(lambda change, id: change.c.user_id == id)] = 0
    company: Annotated[int, Where(lambda change, id: refers_to(Project, "company_id", change.c.project_id, id))] = 0
    sprint: Annotated[str, Where(lambda change, s: change.c.task_id.in_(tasks_in("sprint_id", Sprint, "slug", s)))] = ""
    sprints: Annotated[bool, Where(lambda change, _: change.c.task_id.in_(tasks_with("sprint_id")))] = False
    story: Annotated[
        str, Where(lambda change, s: change.c.task_id.in_(tasks_in("user_story_id", UserStory, "slug", s)))
    ] = ""
    stories: Annotated[bool, Where(lambda change, _: change.c.task_id.in_(tasks_with("user_story_id")))] = False


class Moves(Filters):
    """The changes that moved a task from column to column."""

    action: Annotated[str, Where(lambda change, action: change.c.action == action)] = "moved"


class Context(Query):
    """What the activity is of: a workspace, a project, a sprint, all sprints or all user stories of a project.

    ``uuid`` names a task, or with ``user_stories`` a story by its slug.
    """

    from_context: Annotated[
        Literal["company", "project", "sprint", "sprints", "user_stories"] | None, BeforeValidator(nothing)
    ] = None
    company_slug: MaybeText = None
    project_slug: MaybeText = None
    sprint_slug: MaybeText = None
    uuid: MaybeText = None


@bearer.get("/feeds")
def list_feed(db: Db, page: Page) -> Listing[EventView]:
    """What happened where the caller works, newest first."""
    return db.page(EventView, page, filters=Seen(by=db.me))


@bearer.get("/feeds/user/{username}")
def list_feed_of(username: str, db: Db, page: Page) -> Listing[EventView]:
    """What one person did where the caller works too, newest first. Raises NotFound."""
    found = db.asked(KNOWN, {"name": username, "me": db.me})
    if not found:
        raise NotFound("User", username, " among those that you work with")
    return db.page(EventView, page, filters=Seen(by=db.me, user=found[0]["id"]))


@bearer.get("/activities")
def list_activities(query: Context, db: Db, caller: Caller, page: Page) -> Listing[ActivityView]:
    """What happened in a context, newest first; without one, in the task, sprint, project or workspace that is named.

    Raises Missing, Invalid and NotFound.
    """
    context = query.from_context or implied(query)
    if context == "task":
        return db.page(ActivityView, page, same(Change.task_id, task_at(db, query.uuid or "").id))
    if context == "company":
        where = InWorkspace.named(db, query.company_slug) if query.company_slug else None
        company = where.company_id if where else caller.company_id
        return db.page(ActivityView, page, filters=Seen(by=db.me, company=company) if company else Seen(by=db.me))
    here = InProject.named(db, query.project_slug, query.company_slug, caller.project_id)
    return db.page(ActivityView, page, here.owns(Change), filters=narrowed(query, context))


@bearer.get("/activities/task/{uuid}/workflow")
def list_workflow_history(uuid: str, db: Db) -> Whole[StepView]:
    """A task's way along the board, the first step first."""
    return db.all(StepView, same(Change.task_id, task_at(db, uuid).id), filters=Moves(action="moved"), order=OLDEST)


def implied(query: Context) -> str:
    """The context that is meant where none is named."""
    if query.uuid:
        return "task"
    if query.sprint_slug:
        return "sprint"
    return "project" if query.project_slug else "company"


def narrowed(query: Context, context: str) -> Seen | None:
    """Which changes of a project. Raises Missing."""
    if context == "sprint":
        if not query.sprint_slug:
            raise Missing("sprint_slug", " with from_context=sprint")
        return Seen(sprint=query.sprint_slug)
    if context == "sprints":
        return Seen(sprints=True)
    if context == "user_stories":
        return Seen(story=query.uuid) if query.uuid else Seen(stories=True)
    return None
