"""Which tasks a list of the services API shows: every spelling of its sources is taken, as the contract asks."""

import json
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from sqlalchemy import String, and_, case, cast, func, literal, or_, select

from mock_server.dialects.inputs import Words, last_second, moment_of
from mock_server.dialects.lists import LARGEST, Filters, Where, contains, one_of, refers_to
from mock_server.dialects.views import ME, TODAY, table_of
from mock_server.domain.planning import (
    DONE,
    IN_PROGRESS,
    OPEN,
    REVIEW,
    UNDER_WAY,
    Board,
    Effort,
    Label,
    Sprint,
    TaskType,
    UserStory,
    Workflow,
)
from mock_server.domain.tasks import TaskAssignee, TaskLabel
from mock_server.domain.workspaces import Member, User
from mock_server.store.clock import DAY

STATUSES = {"todo": OPEN, "in-progress": IN_PROGRESS, "done": DONE}


def named(table: Any, words: Any) -> Any:
    """The ids of the rows that have one of these words as id, title or slug; an effort's title, "2", is no id."""
    row = table_of(table).alias()
    number = cast(row.c.id, String).in_(one_of(words))
    return select(row.c.id).where(or_(number, *called(row, words)) if "slug" in row.c else number)


def titled(table: Any, words: Any) -> Any:
    """The ids of the rows that have one of these words as title or slug."""
    row = table_of(table).alias()
    return select(row.c.id).where(or_(*called(row, words)))


def called(row: Any, words: Any) -> list[Any]:
    """Whether a row's title or slug is one of these words, whatever the letter case."""
    wanted = one_of(func.lower(words))
    return [func.lower(row.c.title).in_(wanted)] + ([row.c.slug.in_(wanted)] if "slug" in row.c else [])


def within(column: Any, bounds: Any) -> Any:
    """Whether a moment lies between two that are bound as a JSON array."""
    return column.between(func.json_extract(bounds, "$[0]"), func.json_extract(bounds, "$[1]"))


def span(value: Any) -> Any:
    """``start=end`` in one value, or one day, as two unix seconds: the first of the start and the last of the end."""
    first, _, last = str(value).partition("=")
    bounds = [moment_of(first), last_second(last or first)]
    if None in bounds:
        raise ValueError("it should be two dates as in '2026-02-01=2026-02-28'")
    return bounds


def is_worn(task: Any, words: Any) -> Any:
    """Whether a task wears one of these labels."""
    link = table_of(TaskLabel).alias()
    return task.c.id.in_(select(link.c.task_id).where(link.c.label_id.in_(named(Label, words))))


def is_of(task: Any, names: Any) -> Any:
    """Whether a task is assigned to one of these people, by username; ``me`` is the caller."""
    link, user = table_of(TaskAssignee).alias(), table_of(User).alias()
    called = or_(user.c.username.in_(one_of(names)), and_(user.c.id == ME, literal("me").in_(one_of(names))))
    return task.c.id.in_(select(link.c.task_id).join(user, user.c.id == link.c.user_id).where(called))


def is_nobodys(task: Any, flag: Any) -> Any:
    """Whether nobody is assigned to a task."""
    link = table_of(TaskAssignee).alias()
    return task.c.id.not_in(select(link.c.task_id)) == flag


def is_in(task: Any, state: Any) -> Any:
    """Whether a task stands in a column of this state; review is in progress too."""
    column = table_of(Workflow).alias()
    meant = case((column.c.state == REVIEW, IN_PROGRESS), else_=column.c.state)
    return task.c.workflow_id.in_(select(column.c.id).where(meant == state))


def is_mine(task: Any, flag: Any) -> Any:
    """Whether the caller is assigned to a task."""
    link = table_of(TaskAssignee).alias()
    return task.c.id.in_(select(link.c.task_id).where(link.c.user_id == ME)) == flag


def is_for_today(task: Any, flag: Any) -> Any:
    """Whether a task is to be looked at today: not done, and due today or before, or in progress."""
    column = table_of(Workflow).alias()
    begun = or_(*[column.c.state == state for state in UNDER_WAY])
    under_way = task.c.workflow_id.in_(select(column.c.id).where(begun))
    finished = task.c.workflow_id.in_(select(column.c.id).where(column.c.state == DONE))
    return and_(~finished, task.c.is_archived == 0, or_(under_way, task.c.due_date < TODAY + DAY))


def number_of(task: Any, number: Any) -> Any:
    """Whether a task's code ends in this number."""
    return task.c.code.like("%-" + cast(number, String))


Range = Annotated[list[int], BeforeValidator(span, json_schema_input_type=str)]


class TaskFilters(Filters):
    """Which tasks of the project. Several words are joined by commas or sent as a list; a range is ``start=end``."""

    title: Annotated[str, Where(lambda task, text: contains(task.c.title, text))] = ""
    description: Annotated[str, Where(lambda task, text: contains(task.c.description, text))] = ""
    number: Annotated[int, Field(ge=1, le=LARGEST), Where(number_of)] = 1
    status: Annotated[Literal["todo", "in-progress", "done"] | None, Where(is_in, lambda word: STATUSES[word])] = None
    workflows: Annotated[Words, Where(lambda task, of: task.c.workflow_id.in_(named(Workflow, of)), json.dumps)] = []
    workflow: Annotated[Words, Where(lambda task, of: task.c.workflow_id.in_(named(Workflow, of)), json.dumps)] = []
    types: Annotated[Words, Where(lambda task, of: task.c.type_id.in_(named(TaskType, of)), json.dumps)] = []
    type: Annotated[Words, Where(lambda task, of: task.c.type_id.in_(named(TaskType, of)), json.dumps)] = []
    efforts: Annotated[Words, Where(lambda task, of: task.c.effort_id.in_(named(Effort, of)), json.dumps)] = []
    effort: Annotated[Words, Where(lambda task, of: task.c.effort_id.in_(titled(Effort, of)), json.dumps)] = []
    labels: Annotated[Words, Where(is_worn, json.dumps)] = []
    sprints: Annotated[Words, Where(lambda task, of: task.c.sprint_id.in_(named(Sprint, of)), json.dumps)] = []
    sprint: Annotated[Words, Where(lambda task, of: task.c.sprint_id.in_(named(Sprint, of)), json.dumps)] = []
    sprint_slug: Annotated[Words, Where(lambda task, of: task.c.sprint_id.in_(named(Sprint, of)), json.dumps)] = []
    user_stories: Annotated[
        Words, Where(lambda task, of: task.c.user_story_id.in_(named(UserStory, of)), json.dumps)
    ] = []
    user_story: Annotated[
        Words, Where(lambda task, of: task.c.user_story_id.in_(named(UserStory, of)), json.dumps)
    ] = []
    users: Annotated[Words, Where(is_of, json.dumps)] = []
    assignee: Annotated[Words, Where(is_of, json.dumps)] = []
    unassigned: Annotated[bool, Where(is_nobodys)] = False
    board_uuid: Annotated[str, Where(lambda task, uuid: refers_to(Board, "uuid", task.c.board_id, uuid))] = ""
    start_date: Annotated[Range, Where(lambda task, of: within(task.c.start_date, of), json.dumps)] = []
    due_date: Annotated[Range, Where(lambda task, of: within(task.c.due_date, of), json.dumps)] = []
    created_at: Annotated[Range, Where(lambda task, of: within(task.c.created_at, of), json.dumps)] = []
    closed_at: Annotated[Range, Where(lambda task, of: within(task.c.completed_at, of), json.dumps)] = []
    is_blocker: Annotated[bool, Where(lambda task, flag: task.c.is_blocker == flag)] = False
    is_bug: Annotated[bool, Where(lambda task, flag: task.c.is_bug == flag)] = False
    is_archived: Annotated[bool, Where(lambda task, flag: task.c.is_archived == flag)] = False
    is_draft: Annotated[bool, Where(lambda task, flag: task.c.is_draft == flag)] = False


def is_seen(task: Any, flag: Any) -> Any:
    """Whether the caller works on a task's project."""
    member = table_of(Member).alias()
    seat = select(member.c.id).where(member.c.project_id == task.c.project_id, member.c.user_id == ME)
    return seat.exists() == flag


class Seen(Filters):
    """The tasks that the caller may see."""

    seen: Annotated[bool, Where(is_seen)] = False


class Mine(Filters):
    """The caller's own tasks, wherever they work; those that stand on today's list."""

    mine: Annotated[bool, Where(is_mine)] = False
    today: Annotated[bool, Where(is_for_today)] = False
