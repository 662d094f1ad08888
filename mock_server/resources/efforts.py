"""Efforts: the sizes by which tasks are estimated."""

from typing import Annotated, Any

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Decimal, Small, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where, contains
from mock_server.dialects.tenancy import Here
from mock_server.dialects.views import Sql, View, called
from mock_server.domain.planning import Effort
from mock_server.domain.template_rules import add, remove, settle
from mock_server.resources.cards import decimal
from mock_server.store.rows import same


class EffortView(View, of=Effort):
    """An effort; ``effort`` is a decimal as text."""

    id: int
    title: str
    description: str
    effort: Annotated[str, Sql(lambda effort: decimal(effort.c.hundredths))]
    position: int
    default: Annotated[bool, called("is_default")]


class EffortFilters(Filters):
    """Which efforts of the project."""

    search: Annotated[str, Where(lambda effort, text: contains(effort.c.title, text))] = ""


class EffortPatch(Body):
    """What may be changed of an effort; ``effort`` is its size in points."""

    title: Title = ""
    description: Text = ""
    effort: Decimal = 0
    position: Small | None = None
    default: bool | None = None

    def columns(self) -> dict[str, Any]:
        """The columns that are set."""
        row = self.sent("title", "description")
        return row | {"hundredths": round(self.effort * 100)} if "effort" in self.model_fields_set else row


class EffortBody(EffortPatch):
    """A new effort."""

    title: Title
    effort: Decimal


@keyed.get("/project-templates/effort")
@bearer.get("/project-templates/effort")
def list_efforts(db: Db, caller: Here, page: Page, filters: EffortFilters) -> Listing[EffortView]:
    """The project's efforts, by position."""
    return db.page(EffortView, page, caller.owns(Effort), filters=filters, order=BY_POSITION)


@keyed.post("/project-templates/effort")
def create_effort(body: EffortBody, db: Db, caller: Here) -> One[EffortView]:
    """A new effort, the last of the list where no position is given."""
    id = add(db, Effort, caller.project_id, body.position, body.default, **body.columns())
    return db.one(EffortView, same(Effort.id, id), caller.owns(Effort))


@keyed.put("/project-templates/effort/{id}")
def update_effort(id: str, body: EffortPatch, db: Db, caller: Here) -> One[EffortView]:
    """Change what is sent of an effort."""
    row = db.find(Effort, same(Effort.id, id), caller.owns(Effort))
    db.update(Effort, row.id, **body.columns())
    settle(db, Effort, row, body.position, body.default)
    return db.one(EffortView, same(Effort.id, id), caller.owns(Effort))


@keyed.delete("/project-templates/effort/{id}")
def delete_effort(id: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete an effort; its tasks stay, without one. The last effort cannot be deleted."""
    remove(db, Effort, db.find(Effort, same(Effort.id, id), caller.owns(Effort)))
    return Deleted
