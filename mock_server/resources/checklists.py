"""Checklists of a task, and their items."""

import json
from typing import Annotated, Any

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.inputs import Body, MaybeId, Query, Small, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where
from mock_server.dialects.views import Many, Moment, Via, View, called
from mock_server.domain.tasks import Checklist, ChecklistTemplate, Task
from mock_server.domain.workspaces import User
from mock_server.errors import Invalid, NotFound
from mock_server.resources.references import by_key
from mock_server.store.callers import Caller
from mock_server.store.rows import same

COMPLETED = """
SELECT coalesce(sum(is_done) * 100 / nullif(count(*), 0), 0) FROM checklist
WHERE task_id = :task_id AND parent_id IS NOT NULL
"""


class Ticker(View, of=User):
    """A person, by name."""

    name: str
    username: str


class Done(View):
    """Whether an item is done, and by whom."""

    status: Annotated[bool, called("is_done")]
    user: Annotated[Ticker | None, Via("done_by")]


class ItemView(View, of=Checklist):
    """An item of a checklist."""

    id: int
    title: str
    position: int
    done: Done
    created_at: Moment


class ChecklistView(View, of=Checklist):
    """A checklist with its items, or an item, which has none."""

    id: int
    title: str
    position: int
    done: Done
    children: Annotated[list[ItemView], Many(lambda row, item: item.c.parent_id == row.c.id, "position")]
    user: Ticker
    created_at: Moment


class OfTask(Query):
    """The task that is meant."""

    task_uuid: Text


class Tops(Filters):
    """Checklists, as opposed to their items."""

    top: Annotated[bool, Where(lambda row, flag: row.c.parent_id.is_(None) == flag)] = True


class ChecklistPatch(Body):
    """What may be changed of a checklist or item; ``position`` counts from 1."""

    title: Title = ""
    position: Small | None = None


class ChecklistBody(Body):
    """A new checklist, or, with ``parent_id``, a new item of one."""

    task_uuid: Text
    title: Title
    parent_id: MaybeId = None


class Tick(Body):
    """Whether an item is done."""

    status: bool


class Application(Body):
    """The task that a template is applied to."""

    task_uuid: Text


@keyed.get("/task-checklists")
def list_checklists(target: OfTask, db: Db, caller: Caller, page: Page) -> Listing[ChecklistView]:
    """The checklists of a task, by position; ``stats`` stands beside them."""
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", target.task_uuid)
    stats = {"completed_percent": db.number(COMPLETED, {"task_id": task.id})}
    mine = same(Checklist.task_id, task.id)
    return db.page(ChecklistView, page, mine, filters=Tops(top=True), order=BY_POSITION, beside={"stats": stats})


@keyed.post("/task-checklists")
def create_checklist(body: ChecklistBody, db: Db, caller: Caller) -> One[ChecklistView]:
    """A new checklist, or a new item, after the last one."""
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    if body.parent_id is not None:
        parent = db.seek(Checklist, same(Checklist.id, body.parent_id), same(Checklist.task_id, task.id))
        if parent is None or parent.parent_id is not None:
            raise Invalid("parent_id", f"The parameter 'parent_id' names no checklist of this task: {body.parent_id}.")
    return db.one(ChecklistView, same(Checklist.id, added(db, caller, task.id, body.parent_id, body.title)))


@keyed.put("/task-checklists/{id}")
def update_checklist(id: str, body: ChecklistPatch, db: Db, caller: Caller) -> One[ChecklistView]:
    """Change the title or the position of a checklist or item."""
    row = found(db, caller, id)
    db.update(Checklist, row.id, **body.sent("title"))
    if body.position:
        ids = [each.id for each in beside(db, row) if each.id != row.id]
        ids.insert(min(body.position, len(ids) + 1) - 1, row.id)
        numbered(db, ids)
    return db.one(ChecklistView, same(Checklist.id, row.id))


@keyed.put("/task-checklists/{id}/toggle")
def toggle_checklist(id: str, body: Tick, db: Db, caller: Caller) -> One[ChecklistView]:
    """Tick an item, or take the tick away; of a checklist, all of its items."""
    row = found(db, caller, id)
    for each in [row, *db.every(Checklist, same(Checklist.parent_id, row.id))]:
        db.update(Checklist, each.id, is_done=body.status, done_by_id=caller.user_id if body.status else None)
    return db.one(ChecklistView, same(Checklist.id, row.id))


@keyed.post("/task-checklists/{template_id}/apply")
def apply_template(template_id: str, body: Application, db: Db, caller: Caller) -> One[ChecklistView]:
    """Copy one of the project's checklist templates into a task."""
    template: Any = db.find(ChecklistTemplate, same(ChecklistTemplate.id, template_id), caller.owns(ChecklistTemplate))
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    top = added(db, caller, task.id, None, template.title)
    for title in json.loads(template.items):
        added(db, caller, task.id, top, title)
    return db.one(ChecklistView, same(Checklist.id, top))


@keyed.delete("/task-checklists/{id}")
def delete_checklist(id: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete an item, or a checklist with its items."""
    row = found(db, caller, id)
    db.delete(Checklist, row.id)
    numbered(db, [each.id for each in beside(db, row)])
    return Deleted


def found(db: Db, caller: Caller, id: str) -> Any:
    """The project's checklist or item of this id. Raises NotFound."""
    row: Any = db.find(Checklist, same(Checklist.id, id))
    if db.seek(Task, same(Task.id, row.task_id), caller.owns(Task)) is None:
        raise NotFound("Checklist", id)
    return row


def beside(db: Db, row: Any) -> list[Any]:
    """The checklists of the row's task, or the items of its checklist, by position."""
    rows = db.every(Checklist, same(Checklist.task_id, row.task_id))
    return sorted((each for each in rows if each.parent_id == row.parent_id), key=lambda each: each.position)


def numbered(db: Db, ids: list[Any]) -> None:
    """Count positions from 1, in this order."""
    for position, id in enumerate(ids, 1):
        db.update(Checklist, id, position=position)


def added(db: Db, caller: Caller, task_id: int, parent_id: int | None, title: str) -> int:
    """The id of a new checklist or item, after the last one."""
    rows = db.every(Checklist, same(Checklist.task_id, task_id))
    position = 1 + sum(row.parent_id == parent_id for row in rows)
    about = {"parent_id": parent_id, "user_id": caller.user_id, "title": title, "position": position}
    return db.insert(Checklist, task_id=task_id, **about)
