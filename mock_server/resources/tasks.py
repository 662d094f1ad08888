"""Tasks: listed, shown, created, changed and deleted."""

from typing import Annotated, Any, Literal

from sqlalchemy import and_, or_, select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains, refers_to
from mock_server.dialects.views import ME, table_of
from mock_server.domain.planning import DONE, Sprint, UserStory, Workflow
from mock_server.domain.tasks import Task, TaskAssignee
from mock_server.domain.workspaces import User
from mock_server.resources.task_views import TaskView
from mock_server.resources.task_writing import TaskBody, TaskPatch, changed, created, removed
from mock_server.store.callers import Caller
from mock_server.store.rows import same


class TaskFilters(Filters):
    """Which tasks of the project."""

    assignee: Annotated[str, Where(lambda task, who: is_assigned(task, who))] = ""
    workflow: Annotated[Literal["open", "done"] | None, Where(lambda task, word: is_in_state(task, word))] = None
    sprint_slug: Annotated[str, Where(lambda task, slug: refers_to(Sprint, "slug", task.c.sprint_id, slug))] = ""
    user_story_slug: Annotated[
        str, Where(lambda task, slug: refers_to(UserStory, "slug", task.c.user_story_id, slug))
    ] = ""
    title: Annotated[str, Where(lambda task, text: contains(task.c.title, text))] = ""
    is_archived: Annotated[bool, Where(lambda task, flag: task.c.is_archived == flag)] = False


def is_assigned(task: Any, who: Any) -> Any:
    """Whether the task is somebody's, by username; ``me`` is the caller."""
    link, user = table_of(TaskAssignee).alias(), table_of(User).alias()
    called = or_(user.c.username == who, and_(who == "me", user.c.id == ME))
    return task.c.id.in_(select(link.c.task_id).join(user, user.c.id == link.c.user_id).where(called))


def is_in_state(task: Any, word: Any) -> Any:
    """Whether the task stands in a column that is not done ("open") or in one that is ("done")."""
    column = table_of(Workflow).alias()
    return task.c.workflow_id.in_(select(column.c.id).where((column.c.state != DONE) == (word == "open")))


@keyed.get("/tasks")
def list_tasks(db: Db, caller: Caller, page: Page, filters: TaskFilters) -> Listing[TaskView]:
    """The project's tasks, newest first."""
    return db.page(TaskView, page, caller.owns(Task), filters=filters)


@keyed.get("/tasks/{uuid}")
def get_task(uuid: str, db: Db, caller: Caller) -> One[TaskView]:
    """One task."""
    return db.one(TaskView, same(Task.uuid, uuid), caller.owns(Task))


@keyed.post("/tasks", bare=True)
def create_task(body: TaskBody, db: Db, caller: Caller) -> One[TaskView]:
    """A new task, at the end of its column; without one, of the project's default column."""
    id = created(db, caller, body)
    return db.one(TaskView, same(Task.id, id), caller.owns(Task))


@keyed.put("/tasks/{uuid}")
def update_task(uuid: str, body: TaskPatch, db: Db, caller: Caller) -> One[TaskView]:
    """Change what is sent of a task. A new column moves it, to its end."""
    changed(db, caller, body, db.find(Task, same(Task.uuid, uuid), caller.owns(Task)))
    return db.one(TaskView, same(Task.uuid, uuid), caller.owns(Task))


@keyed.delete("/tasks/{uuid}")
def delete_task(uuid: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete a task with its comments, checklists and attachments; its sub-tasks and its time stay, without it."""
    removed(db, db.find(Task, same(Task.uuid, uuid), caller.owns(Task)))
    return Deleted
