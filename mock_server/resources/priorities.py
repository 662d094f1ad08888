"""Priorities: how much user stories matter."""

from typing import Annotated

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.inputs import Body, Colour, Small, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where, contains
from mock_server.dialects.views import View, called
from mock_server.domain.planning import Priority
from mock_server.domain.template_rules import add, remove, settle
from mock_server.store.callers import Caller
from mock_server.store.rows import same

VIOLET = "#9900ff"


class PriorityView(View, of=Priority):
    """A priority."""

    id: int
    title: str
    color: str
    position: int
    default: Annotated[bool, called("is_default")]


class PriorityFilters(Filters):
    """Which priorities of the project."""

    search: Annotated[str, Where(lambda priority, text: contains(priority.c.title, text))] = ""


class PriorityPatch(Body):
    """What may be changed of a priority."""

    title: Title = ""
    color: Colour = VIOLET
    position: Small | None = None
    default: bool | None = None


class PriorityBody(PriorityPatch):
    """A new priority."""

    title: Title


@keyed.get("/user-story-priorities")
def list_user_story_priorities(db: Db, caller: Caller, page: Page, filters: PriorityFilters) -> Listing[PriorityView]:
    """The priorities that a user story of the project can have, by position."""
    return db.page(PriorityView, page, caller.owns(Priority), filters=filters, order=BY_POSITION)


@keyed.get("/project-templates/priority")
def list_priorities(db: Db, caller: Caller, page: Page, filters: PriorityFilters) -> Listing[PriorityView]:
    """The project's priorities, by position."""
    return db.page(PriorityView, page, caller.owns(Priority), filters=filters, order=BY_POSITION)


@keyed.post("/project-templates/priority")
def create_priority(body: PriorityBody, db: Db, caller: Caller) -> One[PriorityView]:
    """A new priority, the last of the list where no position is given."""
    row = {"title": body.title, "color": body.color}
    id = add(db, Priority, caller.project_id, body.position, body.default, **row)
    return db.one(PriorityView, same(Priority.id, id), caller.owns(Priority))


@keyed.put("/project-templates/priority/{id}")
def update_priority(id: str, body: PriorityPatch, db: Db, caller: Caller) -> One[PriorityView]:
    """Change what is sent of a priority."""
    row = db.find(Priority, same(Priority.id, id), caller.owns(Priority))
    db.update(Priority, row.id, **body.sent("title", "color"))
    settle(db, Priority, row, body.position, body.default)
    return db.one(PriorityView, same(Priority.id, id), caller.owns(Priority))


@keyed.delete("/project-templates/priority/{id}")
def delete_priority(id: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete a priority; its user stories stay, without one. The last priority cannot be deleted."""
    remove(db, Priority, db.find(Priority, same(Priority.id, id), caller.owns(Priority)))
    return Deleted
