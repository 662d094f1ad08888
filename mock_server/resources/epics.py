"""Epics: large pieces of work that user stories belong to."""

from typing import Annotated, Any

from sqlalchemy import func, select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Colour, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains
from mock_server.dialects.tenancy import Here
from mock_server.dialects.views import Moment, Only, Sql, View, table_of
from mock_server.domain.planning import Epic, UserStory
from mock_server.resources.cards import PersonCard
from mock_server.store.rows import same


def stories(epic: Any) -> Any:
    """How many user stories belong to the epic; null where there are none, as the contract's example has it."""
    story = table_of(UserStory).alias()
    number = select(func.nullif(func.count(), 0)).select_from(story)
    return number.where(story.c.epic_id == epic.c.id).scalar_subquery()


class EpicStats(View):
    """Figures over the epic."""

    user_stories: Annotated[int | None, Sql(stories)]


class EpicView(View, of=Epic):
    """An epic, with every documented key."""

    uuid: str
    title: str
    stats: EpicStats
    user: PersonCard
    color: str | None
    created_at: Moment
    slug: Annotated[str, Only("bearer"), Sql(lambda epic: epic.c.uuid)]
    description: Annotated[str, Only("bearer")]
    user_stories_count: Annotated[int, Only("bearer"), Sql(lambda epic: func.coalesce(stories(epic), 0))]


class EpicFilters(Filters):
    """Which epics of the project."""

    search: Annotated[str, Where(lambda epic, text: contains(epic.c.title, text))] = ""


class EpicBody(Body):
    """An epic, or what may be changed of one."""

    title: Title = "Untitled epic"
    color: Colour | None = None
    description: Text = ""


@keyed.get("/user-story-epics")
@bearer.get("/user-story-epics")
def list_epics(db: Db, caller: Here, page: Page, filters: EpicFilters) -> Listing[EpicView]:
    """The project's epics, newest first."""
    return db.page(EpicView, page, caller.owns(Epic), filters=filters)


@keyed.get("/user-story-epics/{uuid}")
def get_epic(uuid: str, db: Db, caller: Here) -> One[EpicView]:
    """One epic."""
    return db.one(EpicView, same(Epic.uuid, uuid), caller.owns(Epic))


@keyed.post("/user-story-epics", bare=True)
@bearer.post("/user-story-epics")
def create_epic(body: EpicBody, db: Db, caller: Here) -> One[EpicView]:
    """A new epic; its title is optional by the reference."""
    row = {"title": body.title, "color": body.color, "description": body.description, "user_id": caller.user_id}
    id = db.insert(Epic, project_id=caller.project_id, **row)
    return db.one(EpicView, same(Epic.id, id), caller.owns(Epic))


@keyed.put("/user-story-epics/{uuid}")
@bearer.put("/user-story-epics/{uuid}")
def update_epic(uuid: str, body: EpicBody, db: Db, caller: Here) -> One[EpicView]:
    """Change what is sent of an epic."""
    epic = db.find(Epic, same(Epic.uuid, uuid), caller.owns(Epic))
    db.update(Epic, epic.id, **body.sent())
    return db.one(EpicView, same(Epic.uuid, uuid), caller.owns(Epic))


@keyed.delete("/user-story-epics/{uuid}")
def delete_epic(uuid: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete an epic; its user stories stay, in none."""
    db.delete(Epic, db.find(Epic, same(Epic.uuid, uuid), caller.owns(Epic)).id)
    return Deleted
