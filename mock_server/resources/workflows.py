"""Workflow columns, as a template and as the board shows them, and the whole board with its tasks."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field
from sqlalchemy import case, func, literal_column, select

from mock_server.dialects.answers import Db, Deleted, Listing, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Colour, Small, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where, contains, refers_to
from mock_server.dialects.tenancy import Here
from mock_server.dialects.views import Only, Sql, View, called, table_of
from mock_server.domain.planning import DONE, OPEN, STATES, Sprint, UserStory, Workflow
from mock_server.domain.slugs import slug_of
from mock_server.domain.task_rules import completion, record
from mock_server.domain.tasks import Task
from mock_server.domain.template_rules import add, remove, settle
from mock_server.errors import Conflict
from mock_server.resources.task_views import TaskView
from mock_server.store.rows import same

GREY = "#9E9E9E"
WORDS = {title.lower(): state for state, title in STATES.items()}
HELD = "SELECT id FROM task WHERE workflow_id = :id LIMIT 1"
BETWEEN = b',"task":'


def state_of(value: Any) -> Any:
    """A state by its number or by its name."""
    text = str(value).strip().lower()
    state = WORDS.get(text, int(text) if text in ("0", "1", "2", "3") else None)
    if state is None:
        raise ValueError("it should be 0, 1, 2 or 3, or one of Todo, Done, In Progress and Review")
    return state


State = Annotated[int, BeforeValidator(state_of, json_schema_input_type=int | str)]


def state_title(column: Any) -> Any:
    """The name of a column's state."""
    titles: list[Any] = [(column.c.state == state, literal_column(f"'{title}'")) for state, title in STATES.items()]
    return case(*titles)


def worth(column: Any) -> Any:
    """The sum of the fixed values of the column's tasks."""
    task = table_of(Task).alias()
    cents = func.coalesce(func.sum(task.c.cents) / 100.0, 0)
    return select(cents).where(task.c.workflow_id == column.c.id).scalar_subquery()


def mailed_to(column: Any) -> Any:
    """The column's e-mail addresses as a JSON array: what the commas of their text divide."""
    text, between = func.replace(column.c.emails, ", ", ","), '","'
    parts = func.replace(func.json_quote(text), ",", between)
    return func.json(case((func.coalesce(column.c.emails, "") == "", "[]"), else_=func.printf("[%s]", parts)))


def standing(column: Any) -> Any:
    """How many tasks stand in a column."""
    task = table_of(Task).alias()
    total = select(func.count()).select_from(task).where(task.c.workflow_id == column.c.id).scalar_subquery()
    return func.json_object("total", total)


class WorkflowView(View, of=Workflow):
    """A workflow column as the project's template has it."""

    id: int
    title: str
    description: str
    slug: str
    type: str
    color: str
    position: int
    state: int
    default: Annotated[bool, called("is_default")]
    emails: str | None
    autoarchive: int


class ColumnStatus(View):
    """A column's state, with its name."""

    code: Annotated[int, called("state")]
    title: Annotated[str, Sql(state_title)]


class BoardColumn(View, of=Workflow):
    """A workflow column as the board shows it; ``value_fixed`` is what its tasks are worth together."""

    id: int
    title: str
    description: str
    autoarchive: int
    slug: str
    status: ColumnStatus
    color: str
    position: int
    value_fixed: Annotated[float, Sql(worth)]
    default: Annotated[bool, called("is_default")]
    emails: Annotated[str, Only("keyed"), Sql(lambda column: func.coalesce(column.c.emails, ""))]
    state: Annotated[int, Only("bearer")]
    addresses: Annotated[list[str], Only("bearer"), Sql(mailed_to), Field(alias="emails")] = []
    held: Annotated[dict[str, int], Only("bearer"), Sql(standing), Field(alias="tasks")] = {}
    wip: Annotated[int | None, Only("bearer")] = None
    labels: Annotated[list[str], Only("bearer")] = []
    users: Annotated[list[str], Only("bearer")] = []
    clear_old_labels: Annotated[bool, Only("bearer")] = False
    clear_old_users: Annotated[bool, Only("bearer")] = False


class ColumnTasks(BaseModel):
    """The tasks of a column, by position."""

    data: list[TaskView]


class FullColumn(BoardColumn, of=Workflow):
    """A column of the board with its tasks."""

    tasks: ColumnTasks


class Placed(View, of=Task):
    """A task and the id of the column in which it stands."""

    column: Annotated[int, called("workflow_id")]
    task: TaskView


class WorkflowFilters(Filters):
    """Which columns of the project."""

    search: Annotated[str, Where(lambda column, text: contains(column.c.title, text))] = ""


class BoardFilters(Filters):
    """Which tasks the board shows."""

    user_story_slug: Annotated[
        str, Where(lambda task, slug: refers_to(UserStory, "slug", task.c.user_story_id, slug))
    ] = ""
    sprint_slug: Annotated[str, Where(lambda task, slug: refers_to(Sprint, "slug", task.c.sprint_id, slug))] = ""
    is_archived: Annotated[bool, Where(lambda task, flag: task.c.is_archived == flag)] = False


class WorkflowPatch(Body):
    """What may be changed of a column."""

    title: Title = ""
    description: Text = ""
    type: Annotated[Text, Field(max_length=50)] = "issues"
    color: Colour = GREY
    state: Annotated[State, Field(validation_alias=AliasChoices("state", "status"))] = OPEN
    emails: Annotated[Text, Field(max_length=2000)] | None = None
    autoarchive: bool = False
    position: Small | None = None
    default: bool | None = None


class WorkflowBody(WorkflowPatch):
    """A new column."""

    title: Title


@keyed.get("/project-templates/workflow")
@bearer.get("/project-templates/workflow")
def list_workflows(db: Db, caller: Here, page: Page, filters: WorkflowFilters) -> Listing[WorkflowView]:
    """The project's columns, by position."""
    return db.page(WorkflowView, page, caller.owns(Workflow), filters=filters, order=BY_POSITION)


@keyed.post("/project-templates/workflow", bare=True)
def create_workflow(body: WorkflowBody, db: Db, caller: Here) -> One[WorkflowView]:
    """A new column, the last of the board where no position is given."""
    return db.one(WorkflowView, same(Workflow.id, new_column(db, caller, body)), caller.owns(Workflow))


@keyed.put("/project-templates/workflow/{id}")
def update_workflow(id: str, body: WorkflowPatch, db: Db, caller: Here) -> One[WorkflowView]:
    """Change what is sent of a column. A new state completes or reopens its tasks."""
    change_column(db, caller, id, body)
    return db.one(WorkflowView, same(Workflow.id, id), caller.owns(Workflow))


@keyed.delete("/project-templates/workflow/{id}")
def delete_workflow(id: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a column that holds no tasks and is not the last."""
    return drop_column(db, caller, id)


@keyed.get("/projects-workflows")
@bearer.get("/projects-workflows")
def list_board_columns(db: Db, caller: Here, page: Page) -> Listing[BoardColumn]:
    """The columns of the board, from left to right."""
    return db.page(BoardColumn, page, caller.owns(Workflow), order=BY_POSITION)


@keyed.post("/projects-workflows")
@bearer.post("/projects-workflows")
def create_board_column(body: WorkflowBody, db: Db, caller: Here) -> One[BoardColumn]:
    """A new column at the right of the board, or at the position that is given."""
    return db.one(BoardColumn, same(Workflow.id, new_column(db, caller, body)), caller.owns(Workflow))


@keyed.put("/projects-workflows/{id}")
@bearer.put("/projects-workflows/{id}")
def update_board_column(id: str, body: WorkflowPatch, db: Db, caller: Here) -> One[BoardColumn]:
    """Change what is sent of a column. A new state completes or reopens its tasks."""
    change_column(db, caller, id, body)
    return db.one(BoardColumn, same(Workflow.id, id), caller.owns(Workflow))


@keyed.delete("/projects-workflows/{id}")
def delete_board_column(id: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a column that holds no tasks and is not the last."""
    return drop_column(db, caller, id)


@keyed.get("/projects-workflows-with-tasks")
def show_board(db: Db, caller: Here, filters: BoardFilters) -> Whole[FullColumn]:
    """The whole board: every column with its tasks, without the archived ones unless they are asked for."""
    sure = filters.model_copy(update={"is_archived": filters.is_archived})
    columns = db.every(Workflow, caller.owns(Workflow))
    shown = db.all(BoardColumn, caller.owns(Workflow), order=BY_POSITION)
    held = by_column(db.all(Placed, caller.owns(Task), filters=sure, order=BY_POSITION).rows)
    ids = [column.id for column in sorted(columns, key=lambda column: (column.position, column.id))]
    return Whole([filled(row, held[id]) for id, row in zip(ids, shown.rows, strict=True)])


def by_column(rows: Sequence[bytes]) -> dict[int | None, list[bytes]]:
    """The tasks, as JSON, of each column's id."""
    held: dict[int | None, list[bytes]] = defaultdict(list)
    for row in rows:
        column, _, task = row.partition(BETWEEN)
        held[int(column.rpartition(b":")[2])].append(task[:-1])
    return held


def filled(column: bytes, tasks: list[bytes]) -> bytes:
    """A column's JSON with its tasks in it."""
    return column[:-1] + b',"tasks":{"data":[' + b",".join(tasks) + b"]}}"


def columns_of(body: WorkflowPatch) -> dict[str, Any]:
    """The columns that a body sets."""
    row = body.sent("title", "description", "type", "color", "state", "emails")
    return row | {"autoarchive": int(body.autoarchive)} if "autoarchive" in body.model_fields_set else row


def new_column(db: Db, caller: Here, body: WorkflowBody) -> int:
    """Make a column; gives its id."""
    row = {"color": GREY, "slug": slug_of(body.title, db.uniqid(Workflow))} | columns_of(body)
    return add(db, Workflow, caller.project_id, body.position, body.default, **row)


def change_column(db: Db, caller: Here, id: str, body: WorkflowPatch) -> None:
    """Change a column as the body says. Raises NotFound or Conflict."""
    column = db.find(Workflow, same(Workflow.id, id), caller.owns(Workflow))
    db.update(Workflow, column.id, **columns_of(body))
    settle(db, Workflow, column, body.position, body.default)
    if "state" in body.model_fields_set:
        restate(db, caller, column, body.state)


def restate(db: Db, caller: Here, column: Workflow, state: int) -> None:
    """Complete the tasks of a column that becomes a done one, or reopen those of one that no longer is."""
    changed = completion(db, state, column.state, caller.user_id)
    for task in db.every(Task, same(Task.workflow_id, column.id)) if changed else []:
        db.update(Task, task.id, **changed, updated_at=db.now)
        record(db, task, caller.user_id, "completed" if state == DONE else "reopened")


def drop_column(db: Db, caller: Here, id: str) -> type[Deleted]:
    """Delete a column. Raises NotFound, or Conflict where it holds tasks or is the last."""
    column = db.find(Workflow, same(Workflow.id, id), caller.owns(Workflow))
    if db.asked(HELD, {"id": column.id}):
        raise Conflict("The column holds tasks; move them to another column first.")
    remove(db, Workflow, column)
    return Deleted
