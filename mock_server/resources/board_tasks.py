"""The board, column by column: which tasks stand in a column, and a task put elsewhere."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy import func, or_, select

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.inputs import EARLIEST, LATEST, Body, Id, Small, Text, Words, last_second, moment_of
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import BY_POSITION, Filters, Page, Where, contains, one_of, refers_to
from mock_server.dialects.views import table_of
from mock_server.domain.planning import Effort, Label, Sprint, TaskType, UserStory, Workflow
from mock_server.domain.task_rules import place
from mock_server.domain.tasks import Task, TaskAssignee, TaskLabel
from mock_server.domain.workspaces import User
from mock_server.resources.references import by_key, referred
from mock_server.resources.task_views import TaskView
from mock_server.store.callers import Caller
from mock_server.store.rows import same


def period(value: Any) -> Any:
    """The first and the last second between two days, which come joined by a comma; either may be left out."""
    first, comma, last = str(value).partition(",")
    if not comma:
        raise ValueError("it should be two days joined by a comma, as in '2022-11-01,2022-11-30'")
    return [moment_of(first.strip()) or EARLIEST, last_second(last.strip()) or LATEST]


Period = Annotated[list[int], BeforeValidator(period, json_schema_input_type=str)]


def within(column: str) -> Where:
    """Whether the moment in a column of the task lies in a period."""

    def holds(task: Any, bounds: Any) -> Any:
        return task.c[column].between(func.json_extract(bounds, "$[0]"), func.json_extract(bounds, "$[1]"))

    return Where(holds, json.dumps)


def has_title(table: Any, column: str) -> Where:
    """Whether what the task refers to has one of these titles."""

    def holds(task: Any, titles: Any) -> Any:
        target = table_of(table).alias()
        return task.c[column].in_(select(target.c.id).where(target.c.title.in_(one_of(titles))))

    return Where(holds, json.dumps)


def is_of(task: Any, names: Any) -> Any:
    """Whether the task is one of these people's, by username or name."""
    link, user = table_of(TaskAssignee).alias(), table_of(User).alias()
    named = or_(user.c.username.in_(one_of(names)), user.c.name.in_(one_of(names)))
    return task.c.id.in_(select(link.c.task_id).join(user, user.c.id == link.c.user_id).where(named))


def wears(task: Any, titles: Any) -> Any:
    """Whether the task wears a label of one of these titles."""
    link, label = table_of(TaskLabel).alias(), table_of(Label).alias()
    worn = select(link.c.task_id).join(label, label.c.id == link.c.label_id)
    return task.c.id.in_(worn.where(label.c.title.in_(one_of(titles))))


def has(column: str) -> Where:
    """Whether the task's switch is set as told."""
    return Where(lambda task, flag: task.c[column] == flag)


class BoardFilters(Filters):
    """Which tasks of a column. Lists are joined by commas; a task has to match one of their words."""

    workflow_id: Annotated[Id, Where(lambda task, id: task.c.workflow_id == id)]
    is_archived: Annotated[bool, has("is_archived")] = False
    sprint_slug: Annotated[str, Where(lambda task, slug: refers_to(Sprint, "slug", task.c.sprint_id, slug))] = ""
    user_story_slug: Annotated[
        str, Where(lambda task, slug: refers_to(UserStory, "slug", task.c.user_story_id, slug))
    ] = ""
    title: Annotated[str, Where(lambda task, text: contains(task.c.title, text))] = ""
    start_date: Annotated[Period, within("start_date")] = []
    due_date: Annotated[Period, within("due_date")] = []
    users: Annotated[Words, Where(is_of, json.dumps)] = []
    labels: Annotated[Words, Where(wears, json.dumps)] = []
    types: Annotated[Words, has_title(TaskType, "type_id")] = []
    efforts: Annotated[Words, has_title(Effort, "effort_id")] = []
    timer: Annotated[bool, Where(lambda task, flag: task.c.timer_id.is_not(None) == flag)] = False
    is_blocker: Annotated[bool, has("is_blocker")] = False
    is_draft: Annotated[bool, has("is_draft")] = False
    is_bug: Annotated[bool, has("is_bug")] = False


class BoardMove(Body):
    """A task and where it goes: a column, and a position from 1 in it; the last where none is told."""

    task_uuid: Annotated[Text, Field(min_length=1)]
    workflow_id: Id
    position: Small | None = None


@keyed.get("/board-tasks")
def list_board_tasks(db: Db, caller: Caller, page: Page, filters: BoardFilters) -> Listing[TaskView]:
    """The tasks of a column in their order; archived ones only where they are asked for."""
    referred(db, caller, "workflow_id", Workflow, filters.workflow_id)
    if "is_archived" not in filters.model_fields_set:
        filters = filters.model_copy(update={"is_archived": False})
    return db.page(TaskView, page, caller.owns(Task), filters=filters, order=BY_POSITION)


@keyed.put("/board-tasks")
def move_on_board(body: BoardMove, db: Db, caller: Caller) -> One[TaskView]:
    """Put a task into a column, at a position; the tasks there make room. A done column completes it."""
    task = by_key(db, caller, "task_uuid", Task, "uuid", body.task_uuid)
    column = referred(db, caller, "workflow_id", Workflow, body.workflow_id)
    was = db.find(Workflow, same(Workflow.id, task.workflow_id))
    place(db, task, column, was, body.position, caller.user_id)
    return db.one(TaskView, same(Task.id, task.id), caller.owns(Task))
