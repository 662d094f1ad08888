"""Tasks, as the services API lists, shows, makes and changes them."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func, select

from mock_server.dialects.answers import Bare, Beside, Db, Deleted, Listing, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Id, MaybeId, Small, Text, Title, Words
from mock_server.dialects.lists import Order, Page
from mock_server.dialects.tenancy import AtProject, InProject, Somewhere
from mock_server.dialects.views import Dated, Sql, Via, View, table_of
from mock_server.domain.planning import DONE, OPEN, Board, Label, Workflow
from mock_server.domain.task_rules import place, record
from mock_server.domain.tasks import Task, TaskAssignee, TaskLabel, TimeEntry
from mock_server.domain.workspaces import Project, User
from mock_server.errors import Conflict, NotFound, shown
from mock_server.resources.found import home_of, task_at
from mock_server.resources.references import by_key, member, referred
from mock_server.resources.services.cards import PersonCard, WorkflowCard, bare_code
from mock_server.resources.services.task_filters import Mine, Seen, TaskFilters
from mock_server.resources.services.task_views import TaskView
from mock_server.resources.task_moving import duplicated, moved
from mock_server.resources.task_writing import TaskBody, TaskPatch, changed, created, removed
from mock_server.store.callers import Owner
from mock_server.store.rows import same

SEEN = Seen(seen=True)
LATEST = Order("start", True)
OLDEST = Order("created_at", False)
EXTRAS = ("estimated_minutes", "board_id")


class TaskChange(TaskPatch):
    """What may be changed of a task; ``members`` and ``label_ids`` replace those that it has."""

    estimated_minutes: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    board_id: Text | None = None
    members: Words | None = None
    label_ids: list[Id] | None = None


class NewTask(TaskChange, TaskBody):
    """A new task; ``usernames`` are the people whose it is."""

    title: Title
    usernames: Words | None = None


class ByCode(Body):
    """What the command-line client changes of a task: its column by title, its texts, or that it is closed."""

    config_workflow_title: Text | None = None
    title: Title = ""
    description: Text | None = None
    is_closed: bool | None = None


class Assignment(Body):
    """Who is put on a task."""

    username: Text


class Copying(Body):
    """Where a copy goes: to a column; with the tasks below it, or without them."""

    config_workflow_id: MaybeId = None
    include_subtasks: bool = False


class Moving(Body):
    """Where a task goes: to a project by its slug, to a column of it by its id."""

    new_project_slug: Text
    new_workflow_id: MaybeId = None


class OnBoard(Body):
    """Where on the board a task goes."""

    workflow_id: Id
    position: Small | None = None


class Assignee(View, of=User):
    """Who does a task, by name."""

    name: str


def first_assignee(task: Any) -> Any:
    """The name of the person who was assigned first, as an object; null where nobody is."""
    link, user = table_of(TaskAssignee).alias(), table_of(User).alias()
    named = select(func.json_object("name", user.c.name)).join(link, link.c.user_id == user.c.id)
    return func.json(named.where(link.c.task_id == task.c.id).order_by(link.c.id).limit(1).scalar_subquery())


class SubTaskView(View, of=Task):
    """A task below another, in short: its ``status`` is its column."""

    uuid: str
    code: Annotated[str, Sql(bare_code)]
    title: str
    status: Annotated[WorkflowCard, Via("workflow")]
    assignee: Annotated[dict[str, str] | None, Sql(first_assignee)]


class TaskEntryView(View, of=TimeEntry):
    """Time that somebody worked on a task; ``end`` and ``minutes`` are null while it runs."""

    id: int
    comment: str
    start: Dated
    end: Dated
    minutes: Annotated[int | None, Sql(lambda entry: (entry.c.end - entry.c.start) / 60)]
    user: PersonCard


@bearer.get("/tasks")
def list_tasks(here: InProject, db: Db, page: Page, filters: TaskFilters) -> Listing[TaskView]:
    """The project's tasks, newest first."""
    return db.page(TaskView, page, here.owns(Task), filters=filters)


@bearer.post("/tasks")
def create_task(body: NewTask, here: InProject, db: Db) -> One[TaskView]:
    """A new task, at the end of its column; without one, of the project's default column."""
    if body.usernames or body.members:
        body.users = [*(body.users or []), *(body.usernames or []), *(body.members or [])]
    id = created(db, here, body, **extras(db, here, body))
    relabel(db, here, id, body)
    return db.one(TaskView, same(Task.id, id))


@bearer.get("/projects/{id}/tasks")
def list_project_tasks(here: AtProject, db: Db, page: Page, filters: TaskFilters) -> Listing[TaskView]:
    """The tasks of a project that is named in the path, newest first."""
    return list_tasks(here, db, page, filters)


@bearer.post("/projects/{id}/tasks")
def create_project_task(here: AtProject, body: NewTask, db: Db) -> One[TaskView]:
    """A new task in a project that is named in the path."""
    return create_task(body, here, db)


@bearer.get("/tasks/all-workspaces")
def list_my_tasks(db: Db, page: Page) -> Listing[TaskView]:
    """The tasks that are assigned to the caller in all workspaces, newest first."""
    return db.page(TaskView, page, filters=Mine(mine=True))


@bearer.get("/tasks/my-today")
def list_todays_tasks(db: Db, page: Page) -> Listing[TaskView]:
    """The caller's open tasks that are due today or before, or in progress, newest first."""
    return db.page(TaskView, page, filters=Mine(mine=True, today=True))


@bearer.get("/tasks/{uuid}")
def get_task(uuid: str, db: Db) -> One[TaskView]:
    """One task, by its uuid (with one statement), its code or its ref_code."""
    try:
        return db.one(TaskView, same(Task.uuid, uuid), filters=SEEN)
    except NotFound:
        return db.one(TaskView, same(Task.id, task_at(db, uuid).id))


@bearer.put("/tasks/{uuid}")
def update_task(uuid: str, body: TaskChange, db: Db) -> One[TaskView]:
    """Change what is sent of a task. A new column moves it, to its end."""
    task = task_at(db, uuid)
    here = home_of(db, task)
    changed(db, here, body, task, **extras(db, here, body))
    reassign(db, here, task, body.members)
    relabel(db, here, task.id, body)
    return db.one(TaskView, same(Task.id, task.id))


@bearer.delete("/tasks/{id}")
def delete_task(id: str, db: Db) -> type[Deleted]:
    """Delete a task with its comments, checklists and attachments; its sub-tasks and its time stay, without it."""
    removed(db, task_at(db, id))
    return Deleted


@bearer.put("/tasks/{uuid}/complete")
def complete_task(uuid: str, db: Db) -> Beside[One[TaskView]]:
    """Move a task to the first column that is done; one that stands in such a column stays there."""
    task = task_at(db, uuid)
    column = close(db, task)
    beside = {
        "message": "The task is complete.",
        "done": True,
        "workflow": {"slug": column.slug, "title": column.title},
    }
    return Beside(db.one(TaskView, same(Task.id, task.id)), beside)


@bearer.get("/tasks/{uuid}/sub-tasks")
def list_sub_tasks(uuid: str, db: Db) -> Whole[SubTaskView]:
    """The tasks right below a task, oldest first."""
    return db.all(SubTaskView, same(Task.parent_id, task_at(db, uuid).id), order=OLDEST)


@bearer.get("/tasks/{id}/time-entries")
def list_task_entries(id: str, db: Db, page: Page) -> Listing[TaskEntryView]:
    """The time that was worked on a task, latest first."""
    return db.page(TaskEntryView, page, same(TimeEntry.task_id, task_at(db, id).id), order=LATEST)


@bearer.get("/tasks/by-code/{code}")
def get_task_by_code(code: str, here: Somewhere, db: Db) -> One[TaskView]:
    """One task, by its code, in the project that is named or wherever the caller works."""
    return db.one(TaskView, same(Task.id, task_at(db, code, here.project_id).id))


@bearer.get("/tasks/ref/{ref_code}")
def get_task_by_ref(ref_code: str, db: Db) -> One[TaskView]:
    """One task, by its ref_code."""
    return db.one(TaskView, same(Task.id, task_at(db, ref_code).id))


@bearer.patch("/tasks/by-code/{code}")
def update_task_by_code(code: str, body: ByCode, db: Db) -> One[TaskView]:
    """Move a task to the column of a title, change its texts, close it or open it again."""
    task = task_at(db, code)
    here = home_of(db, task)
    patch = TaskPatch.read(body.sent("title", "description"))
    changed(db, here, patch, task)
    if body.config_workflow_title is not None:
        column = by_key(db, here, "config_workflow_title", Workflow, "title", body.config_workflow_title)
        put(db, task, column)
    elif body.is_closed is not None:
        close(db, task) if body.is_closed else reopen(db, task)
    return db.one(TaskView, same(Task.id, task.id))


@bearer.post("/tasks/by-code/{code}/assign", status=200)
def assign_task(code: str, body: Assignment, db: Db) -> One[TaskView]:
    """Put a member of the project on a task."""
    task = task_at(db, code)
    user = member(db, home_of(db, task), "username", body.username)
    if db.seek(TaskAssignee, same(TaskAssignee.task_id, task.id), same(TaskAssignee.user_id, user.id)):
        raise Conflict(f"'{shown(body.username)}' is assigned to this task already.", param="username")
    assign(db, task, user)
    return db.one(TaskView, same(Task.id, task.id))


@bearer.post("/tasks/{uuid}/duplicate", status=200)
def duplicate_task(uuid: str, body: Copying, db: Db) -> One[TaskView]:
    """A copy of a task, in the same column or in another one, with copies of the tasks below it where asked."""
    task = task_at(db, uuid)
    here = home_of(db, task)
    column = None
    if body.config_workflow_id:
        column = referred(db, here, "config_workflow_id", Workflow, body.config_workflow_id)
    id = duplicated(db, here, task, column)
    for below in db.every(Task, same(Task.parent_id, task.id)) if body.include_subtasks else ():
        duplicated(db, here, below, parent_id=id)
    return db.one(TaskView, same(Task.id, id))


@bearer.post("/tasks/{uuid}/move", status=200)
def move_task(uuid: str, body: Moving, db: Db) -> Bare:
    """Move a task to another project that the caller works on, where it gets a new code."""
    task = task_at(db, uuid)
    there = InProject.named(db, body.new_project_slug)
    moved(db, home_of(db, task), task, db.find(Project, same(Project.id, there.project_id)), body.new_workflow_id)
    return Bare({"message": "The task is on its way to the other project.", "status": "processing"})


@bearer.patch("/tasks/{id}/move")
def move_on_board(id: str, body: OnBoard, db: Db) -> One[TaskView]:
    """Move a task to a column of its project, at a position from 1 or at its end."""
    task = task_at(db, id)
    put(db, task, referred(db, home_of(db, task), "workflow_id", Workflow, body.workflow_id), body.position)
    return db.one(TaskView, same(Task.id, task.id))


def extras(db: Db, here: Owner, body: TaskChange) -> dict[str, Any]:
    """The columns that only this dialect sets. Raises Invalid."""
    row: dict[str, Any] = body.sent("estimated_minutes") if "estimated_minutes" in body.model_fields_set else {}
    if "board_id" in body.model_fields_set:
        row["board_id"] = by_key(db, here, "board_id", Board, "uuid", body.board_id).id if body.board_id else None
    return row


def relabel(db: Db, here: Owner, id: int, body: TaskChange) -> None:
    """Let a task wear these labels and no others, where the body tells them. Raises Invalid."""
    if body.label_ids is None:
        return
    wanted = [referred(db, here, "label_ids", Label, label).id for label in dict.fromkeys(body.label_ids)]
    db.write("DELETE FROM tasklabel WHERE task_id = :id", {"id": id})
    for label in wanted:
        db.insert(TaskLabel, task_id=id, label_id=label)


def reassign(db: Db, here: Owner, task: Any, names: list[str] | None) -> None:
    """Let a task be these people's and nobody else's, where the body tells them. Raises Invalid."""
    if names is None:
        return
    wanted = {user.id: user for user in (member(db, here, "members", name) for name in names)}
    for row in db.every(TaskAssignee, same(TaskAssignee.task_id, task.id)):
        if wanted.pop(row.user_id, None) is None:
            db.delete(TaskAssignee, row.id)
            user = db.find(User, same(User.id, row.user_id))
            record(db, task, db.me, "unassigned", user.username)
    for user in wanted.values():
        assign(db, task, user)


def assign(db: Db, task: Any, user: Any) -> None:
    """Put a person on a task."""
    db.insert(TaskAssignee, task_id=task.id, user_id=user.id)
    record(db, task, db.me, "assigned", None, user.username)


def put(db: Db, task: Any, column: Any, position: int | None = None) -> None:
    """Move a task to a position of a column of its own project; its row may have changed since it was read."""
    place(db, task, column, db.find(Workflow, same(Workflow.id, task.workflow_id)), position, db.me)


def close(db: Db, task: Any) -> Any:
    """Move a task to the first column that is done, unless it stands in one; gives the column. Raises Conflict."""
    return to_state(db, task, lambda state: state == DONE, "has no column that is done")


def reopen(db: Db, task: Any) -> Any:
    """Move a task to the first column that is open, unless it stands in one that is not done. Raises Conflict."""
    was = db.find(Workflow, same(Workflow.id, task.workflow_id))
    return was if was.state != DONE else to_state(db, task, lambda state: state == OPEN, "has no column that is open")


def to_state(db: Db, task: Any, fits: Any, otherwise: str) -> Any:
    """Move a task to the first column whose state fits, unless its own does."""
    columns = sorted(db.every(Workflow, same(Workflow.project_id, task.project_id)), key=lambda each: each.position)
    own = next(each for each in columns if each.id == task.workflow_id)
    target = own if fits(own.state) else next((each for each in columns if fits(each.state)), None)
    if target is None:
        raise Conflict(f"The board of this project {otherwise}.")
    if target is not own:
        place(db, task, target, own, None, db.me)
    return target
