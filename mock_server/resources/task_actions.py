"""What else is done with a task: its sub-tasks and relatives shown, a copy made, a move to another project."""

from typing import Annotated, Any

from sqlalchemy import or_, select

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.inputs import Body, MaybeId, MaybeText
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where
from mock_server.dialects.views import table_of
from mock_server.domain.tasks import Task, TaskLink
from mock_server.domain.workspaces import Company, Project
from mock_server.errors import Invalid, Missing, shown
from mock_server.resources.task_moving import duplicated, moved
from mock_server.resources.task_views import TaskView
from mock_server.store.callers import Caller
from mock_server.store.rows import same


class Relatives(Filters):
    """The tasks that are tied to a task, in either direction."""

    to: Annotated[int, Where(lambda task, id: is_tied(task, id))] = 0


class MoveBody(Body):
    """Where a task goes: a project of the workspace by its slug, a column of it by its id."""

    new_company_slug: MaybeText = None
    new_project_slug: MaybeText = None
    new_workflow_id: MaybeId = None


def is_tied(task: Any, id: Any) -> Any:
    """Whether a task is tied to the task of this id."""
    link = table_of(TaskLink)
    there = select(link.c.related_id).where(link.c.task_id == id)
    back = select(link.c.task_id).where(link.c.related_id == id)
    return or_(task.c.id.in_(there), task.c.id.in_(back))


@keyed.get("/tasks/{uuid}/sub-tasks")
def list_sub_tasks(uuid: str, db: Db, caller: Caller, page: Page) -> Listing[TaskView]:
    """The tasks right below a task, newest first."""
    task = db.find(Task, same(Task.uuid, uuid), caller.owns(Task))
    return db.page(TaskView, page, same(Task.parent_id, task.id), caller.owns(Task))


@keyed.get("/tasks/{uuid}/related-tasks")
def list_related_tasks(uuid: str, db: Db, caller: Caller, page: Page) -> Listing[TaskView]:
    """The tasks that a task was copied into or from, newest first."""
    task = db.find(Task, same(Task.uuid, uuid), caller.owns(Task))
    return db.page(TaskView, page, caller.owns(Task), filters=Relatives(to=task.id or 0))


@keyed.post("/tasks/{uuid}/duplicate")
def duplicate_task(uuid: str, db: Db, caller: Caller) -> One[TaskView]:
    """A copy with the same people, labels and checklists (nothing ticked yet), at the end of the same column."""
    task = db.find(Task, same(Task.uuid, uuid), caller.owns(Task))
    id = duplicated(db, caller, task)
    return db.one(TaskView, same(Task.id, id), caller.owns(Task))


@keyed.post("/tasks/{uuid}/move", status=200)
def move_task(uuid: str, body: MoveBody, db: Db, caller: Caller) -> One[TaskView]:
    """Move a task to another column, or to another project of the workspace, where it gets a new code."""
    task = db.find(Task, same(Task.uuid, uuid), caller.owns(Task))
    if not (body.new_project_slug or body.new_workflow_id):
        raise Missing("new_project_slug", ", or new_workflow_id to stay in the project")
    target = target_of(db, caller, body)
    moved(db, caller, task, target, body.new_workflow_id)
    return db.one(TaskView, same(Task.id, task.id))


def target_of(db: Db, caller: Caller, body: MoveBody) -> Any:
    """The project that a task goes to; the caller's own where none is named. Raises Invalid."""
    if body.new_company_slug:
        company = db.find(Company, same(Company.id, caller.company_id))
        if company.slug != body.new_company_slug:
            slug = shown(body.new_company_slug)
            raise Invalid("new_company_slug", f"The parameter 'new_company_slug' names '{slug}'; tasks stay in theirs.")
    if not body.new_project_slug:
        return db.find(Project, same(Project.id, caller.project_id))
    slug = body.new_project_slug
    target = db.seek(Project, same(Project.slug, slug), same(Project.company_id, caller.company_id))
    if target is None:
        why = f"The parameter 'new_project_slug' names '{shown(slug)}', which this workspace does not have."
        raise Invalid("new_project_slug", why)
    return target
