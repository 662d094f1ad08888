"""Task types: what sort of work a task is."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Colour, Small, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where, contains
from mock_server.dialects.tenancy import Here
from mock_server.dialects.views import Only, Sql, View, called
from mock_server.domain.planning import TaskType
from mock_server.domain.slugs import slug_of
from mock_server.domain.template_rules import add, remove, settle
from mock_server.errors import NotFound
from mock_server.resources.references import free_code
from mock_server.store.rows import same


class TypeView(View, of=TaskType):
    """A task type, with every documented key."""

    id: int
    title: str
    description: str
    slug: str
    code: str | None
    color: Annotated[str, Only("keyed")]
    digits: Annotated[str, Only("bearer"), Sql(lambda row: func.ltrim(row.c.color, "#")), Field(alias="color")] = ""
    position: int
    default: Annotated[bool, called("is_default")]


class TypeFilters(Filters):
    """Which task types of the project."""

    search: Annotated[str, Where(lambda row, text: contains(row.c.title, text))] = ""


class TypePatch(Body):
    """What may be changed of a task type."""

    title: Annotated[Title, Field(max_length=25)] = ""
    description: Text = ""
    code: Annotated[Text, Field(max_length=5)] | None = None
    color: Colour = "#000000"
    position: Small | None = None
    default: bool | None = None


class TypeBody(TypePatch):
    """A new task type."""

    title: Annotated[Title, Field(max_length=25)]


@keyed.get("/project-templates/type")
@bearer.get("/project-templates/type")
def list_types(db: Db, caller: Here, page: Page, filters: TypeFilters) -> Listing[TypeView]:
    """The project's task types, by position."""
    return db.page(TypeView, page, caller.owns(TaskType), filters=filters, order=BY_POSITION)


@keyed.post("/project-templates/type", bare=True)
@bearer.post("/project-templates/type")
def create_type(body: TypeBody, db: Db, caller: Here) -> One[TypeView]:
    """A new task type, the last of the list where no position is given."""
    free_code(db, caller, TaskType, body.code)
    slug = slug_of(body.title, db.uniqid(TaskType))
    row = {"title": body.title, "description": body.description, "code": body.code or None, "color": body.color}
    id = add(db, TaskType, caller.project_id, body.position, body.default, slug=slug, **row)
    return db.one(TypeView, same(TaskType.id, id), caller.owns(TaskType))


@keyed.put("/project-templates/type/{slug}")
@bearer.put("/project-templates/type/{slug}")
def update_type(slug: str, body: TypePatch, db: Db, caller: Here) -> One[TypeView]:
    """Change what is sent of a task type, found by its slug or its id."""
    row = found(db, caller, slug)
    if "code" in body.model_fields_set:
        free_code(db, caller, TaskType, body.code, row.id)
    db.update(TaskType, row.id, **body.sent("title", "description", "code", "color"))
    settle(db, TaskType, row, body.position, body.default)
    return db.one(TypeView, same(TaskType.id, row.id), caller.owns(TaskType))


@keyed.delete("/project-templates/type/{slug}")
def delete_type(slug: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a task type; its tasks stay, without one. The last type cannot be deleted."""
    remove(db, TaskType, found(db, caller, slug))
    return Deleted


def found(db: Db, caller: Here, slug: str) -> Any:
    """The project's type of this slug or id. Raises NotFound."""
    for match in (same(TaskType.slug, slug), same(TaskType.id, slug)):
        row = db.seek(TaskType, match, caller.owns(TaskType))
        if row is not None:
            return row
    raise NotFound("Task type", slug)
