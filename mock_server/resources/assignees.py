"""Who is assigned to a task."""

from typing import Annotated, Any

from sqlalchemy import select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.inputs import Body, Query, Text
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Order, Page, Where
from mock_server.dialects.views import table_of
from mock_server.domain.task_rules import record
from mock_server.domain.tasks import Task, TaskAssignee
from mock_server.domain.workspaces import Member, User
from mock_server.errors import Conflict
from mock_server.resources.cards import UserCard
from mock_server.resources.references import by_key, member
from mock_server.resources.task_views import TaskView
from mock_server.store.callers import Caller
from mock_server.store.rows import same

BY_ID = Order("id", False)


class OfTask(Query):
    """The task that is meant."""

    task_uuid: Text


class Removal(OfTask):
    """Who is taken off which task."""

    username: Text


class Assignment(Body):
    """Who is put on which task."""

    task_uuid: Text
    username: Text


def is_free(user: Any, task: Any) -> Any:
    """Whether a member of the task's project is not assigned to it; ``task`` is its id."""
    work, link, belongs = table_of(Task).alias(), table_of(TaskAssignee).alias(), table_of(Member).alias()
    members = select(belongs.c.user_id).join(work, work.c.project_id == belongs.c.project_id).where(work.c.id == task)
    return user.c.id.in_(members) & user.c.id.not_in(select(link.c.user_id).where(link.c.task_id == task))


class NotAdded(Filters):
    """Members who are not assigned to a task, by its id."""

    task: Annotated[int, Where(is_free)]


@keyed.get("/task-assignees/not-added")
def list_free_members(target: OfTask, db: Db, caller: Caller, page: Page) -> Listing[UserCard]:
    """The project's members who are not assigned to the task."""
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", target.task_uuid)
    return db.page(UserCard, page, filters=NotAdded(task=task.id), order=BY_ID)


@keyed.post("/task-assignees")
def add_assignee(body: Assignment, db: Db, caller: Caller) -> One[TaskView]:
    """Assign a member to a task; the answer is the task."""
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    user = member(db, caller, "username", body.username)
    if tied(db, task, user):
        raise Conflict(f"The task is assigned to '{user.username}' already.", param="username")
    db.insert(TaskAssignee, task_id=task.id, user_id=user.id)
    record(db, task, caller.user_id, "assigned", None, user.username)
    return db.one(TaskView, same(Task.id, task.id), caller.owns(Task))


@keyed.delete("/task-assignees")
def remove_assignee(target: Removal, db: Db, caller: Caller) -> type[Deleted]:
    """Take a member off a task."""
    task: Any = by_key(db, caller, "task_uuid", Task, "uuid", target.task_uuid)
    user: Any = db.find(User, same(User.username, target.username))
    link: Any = db.find(TaskAssignee, same(TaskAssignee.user_id, user.id), same(TaskAssignee.task_id, task.id))
    db.delete(TaskAssignee, link.id)
    record(db, task, caller.user_id, "unassigned", user.username)
    return Deleted


def tied(db: Db, task: Any, user: Any) -> bool:
    """Whether the task is assigned to somebody."""
    return db.seek(TaskAssignee, same(TaskAssignee.task_id, task.id), same(TaskAssignee.user_id, user.id)) is not None
