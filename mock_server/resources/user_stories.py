"""User stories: what users want, and how to tell that they got it."""

from typing import Annotated, Any

from pydantic import AliasChoices, Field
from sqlalchemy import select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeId, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains
from mock_server.dialects.tenancy import Here
from mock_server.dialects.views import ME, Moment, Only, Sql, Via, View, table_of
from mock_server.domain.planning import DONE, Epic, Priority, UserStory
from mock_server.domain.slugs import slug_of
from mock_server.domain.workspaces import Member
from mock_server.resources.cards import CompanyCard, ProjectCard, UserCard
from mock_server.resources.figures import assignees, in_state, percentage, points, total, worked_hours
from mock_server.resources.references import by_key, referred
from mock_server.store.rows import same

NUMBERED = "UPDATE project SET stories_numbered = stories_numbered + 1 WHERE id = :id RETURNING stories_numbered"


class PriorityCard(View, of=Priority):
    """A priority, in short."""

    id: int
    title: str
    color: str


class EpicCard(View, of=Epic):
    """An epic, in short."""

    uuid: str
    title: str
    color: str | None


class UserStoryStats(View):
    """Figures over the story's tasks."""

    percentage: Annotated[int, percentage("user_story_id")]
    story_points: Annotated[float, points("user_story_id")]
    worked_hours: Annotated[str, worked_hours("user_story_id")]
    total_tasks: Annotated[int, total("user_story_id")]
    closed_tasks: Annotated[int, in_state("user_story_id", DONE)]
    tasks: Annotated[int, total("user_story_id")]


class UserStoryView(View, of=UserStory):
    """A user story, with every documented key."""

    id: int
    code: str
    slug: str
    title: str
    votes: int
    additional_information: str
    acceptance_criteria: str
    priority: PriorityCard | None
    epic: EpicCard | None
    stats: UserStoryStats
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    user: UserCard
    users: Annotated[list[UserCard], assignees("user_story_id")]
    created_at: Moment
    description: Annotated[str, Only("bearer"), Sql(lambda story: story.c.additional_information)]
    tasks_count: Annotated[int, Only("bearer"), total("user_story_id")]


class UserStoryFilters(Filters):
    """Which user stories of the project."""

    search: Annotated[str, Where(lambda story, text: contains(story.c.title, text))] = ""


class UserStoryBody(Body):
    """A user story, or what may be changed of one."""

    title: Title = "Untitled user story"
    additional_information: Text | None = None
    acceptance_criteria: Text | None = None
    user_story_priority_id: MaybeId = None
    epic_uuid: str | None = None


class NewStory(UserStoryBody):
    """A new user story in the services API, where it needs a title; ``description`` is the documented name."""

    title: Title
    additional_information: Annotated[
        Text | None, Field(validation_alias=AliasChoices("additional_information", "description"))
    ] = None


class OfMine(Filters):
    """The user stories of the projects that the caller works on."""

    mine: Annotated[bool, Where(lambda story, flag: story.c.project_id.in_(my_projects()) == flag)] = False


def my_projects() -> Any:
    """The ids of the projects that the caller works on."""
    member = table_of(Member).alias()
    return select(member.c.project_id).where(member.c.user_id == ME)


@keyed.get("/user-stories")
@bearer.get("/user-stories")
def list_user_stories(db: Db, caller: Here, page: Page, filters: UserStoryFilters) -> Listing[UserStoryView]:
    """The project's user stories, newest first."""
    return db.page(UserStoryView, page, caller.owns(UserStory), filters=filters)


@bearer.get("/user-stories/all-workspaces")
def list_my_user_stories(db: Db, page: Page) -> Listing[UserStoryView]:
    """The user stories of all projects that the caller works on, newest first."""
    return db.page(UserStoryView, page, filters=OfMine(mine=True))


@keyed.get("/user-stories/{slug}")
@bearer.get("/user-stories/{slug}")
def get_user_story(slug: str, db: Db, caller: Here) -> One[UserStoryView]:
    """One user story."""
    return db.one(UserStoryView, same(UserStory.slug, slug), caller.owns(UserStory))


@keyed.post("/user-stories")
def create_user_story(body: UserStoryBody, db: Db, caller: Here) -> One[UserStoryView]:
    """A new user story; its title is optional by the reference."""
    number = db.write(NUMBERED, {"id": caller.project_id}).fetchone()[0]
    slug = slug_of(body.title, db.uniqid(UserStory))
    row = {"title": body.title} | changes(db, caller, body)
    more = {"code": f"US-{number}", "slug": slug, "user_id": caller.user_id}
    id = db.insert(UserStory, project_id=caller.project_id, **row, **more)
    return db.one(UserStoryView, same(UserStory.id, id), caller.owns(UserStory))


@bearer.post("/user-stories")
def make_user_story(body: NewStory, db: Db, caller: Here) -> One[UserStoryView]:
    """A new user story."""
    return create_user_story(body, db, caller)


@keyed.put("/user-stories/{slug}")
@bearer.put("/user-stories/{slug}")
def update_user_story(slug: str, body: UserStoryBody, db: Db, caller: Here) -> One[UserStoryView]:
    """Change what is sent of a user story; its slug stays."""
    story = db.find(UserStory, same(UserStory.slug, slug), caller.owns(UserStory))
    db.update(UserStory, story.id, **changes(db, caller, body))
    return db.one(UserStoryView, same(UserStory.slug, slug), caller.owns(UserStory))


@keyed.delete("/user-stories/{slug}")
def delete_user_story(slug: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a user story; its tasks stay, in none."""
    db.delete(UserStory, db.find(UserStory, same(UserStory.slug, slug), caller.owns(UserStory)).id)
    return Deleted


def changes(db: Db, caller: Here, body: UserStoryBody) -> dict[str, Any]:
    """The columns that a body sets, its references checked. Raises Invalid."""
    row = body.sent("title")
    for name in ("additional_information", "acceptance_criteria"):
        if name in body.model_fields_set:
            row[name] = getattr(body, name) or ""
    if "user_story_priority_id" in body.model_fields_set:
        id = body.user_story_priority_id
        row["priority_id"] = referred(db, caller, "user_story_priority_id", Priority, id).id if id else None
    if "epic_uuid" in body.model_fields_set:
        uuid = body.epic_uuid
        row["epic_id"] = by_key(db, caller, "epic_uuid", Epic, "uuid", uuid).id if uuid else None
    return row
