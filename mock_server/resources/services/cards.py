"""Small views that other views of the services API show inside."""

from typing import Annotated, Any

from sqlalchemy import ColumnElement, func, literal_column

from mock_server.dialects.views import Dated, Sql, View
from mock_server.domain.planning import Board, Effort, Label, Sprint, TaskType, UserStory, Workflow
from mock_server.domain.tasks import Task
from mock_server.domain.workspaces import Company, Project, User
from mock_server.resources.cards import COLOUR as COLOUR


def ref_code(row: object) -> ColumnElement[str]:
    """The first eight hexadecimal digits of a row's uuid, by which the CLI's lists name it."""
    return func.substr(row.c.uuid, 1, 8)  # type: ignore[attr-defined]


def sprint_ref(sprint: object) -> ColumnElement[str]:
    """A sprint has no uuid: its ref_code is its number in eight hexadecimal digits."""
    return func.printf("%08x", sprint.c.id)  # type: ignore[attr-defined]


def bare_code(row: object) -> ColumnElement[str]:
    """A code without its #, as in ``PROJ-123``."""
    return func.ltrim(row.c.code, "#")  # type: ignore[attr-defined]


def points(effort: Any) -> ColumnElement[int]:
    """An effort's size in whole points, half a point rounded up: the CLI reads an integer."""
    half_up: ColumnElement[int] = (effort.c.hundredths + 50) // 100
    return half_up


def day_of(moment: Any) -> ColumnElement[str]:
    """The day of a moment as YYYY-MM-DD; null where there is none."""
    return func.strftime(literal_column("'%Y-%m-%d'"), moment, literal_column("'unixepoch'"))


def instant(moment: Any) -> ColumnElement[str]:
    """A moment as the documentation writes it, 2026-02-05T09:15:00Z; null where there is none."""
    return func.strftime(literal_column("'%Y-%m-%dT%H:%M:%SZ'"), moment, literal_column("'unixepoch'"))


class PersonCard(View, of=User):
    """A person, as tasks and lists name them."""

    uuid: str
    name: str
    username: str
    avatar: str
    headline: str


class NameCard(View, of=User):
    """A person by their names."""

    username: str
    name: str


class UserView(View, of=User):
    """A person, at length."""

    id: int
    uuid: str
    name: str
    username: str
    avatar: str
    headline: str
    location: str
    timezone_name: str
    language: str
    created_at: Dated


class CompanyCard(View, of=Company):
    """The workspace, in short."""

    slug: str
    name: str


class ProjectCard(View, of=Project):
    """The project, in short."""

    slug: str
    name: str
    code: str


class SprintCard(View, of=Sprint):
    """A sprint, in short."""

    id: int
    slug: str
    title: str
    code: str
    ref_code: Annotated[str, Sql(sprint_ref)]


class UserStoryCard(View, of=UserStory):
    """A user story, in short."""

    id: int
    slug: str
    title: str
    code: str


class TaskCard(View, of=Task):
    """A task, in short."""

    uuid: str
    code: Annotated[str, Sql(bare_code)]
    slug: str
    title: str


class LabelCard(View, of=Label):
    """A label, as a task wears it."""

    id: int
    slug: str
    title: str
    color: str


class TypeCard(View, of=TaskType):
    """A task type, in short."""

    id: int
    title: str
    color: str


class EffortCard(View, of=Effort):
    """An effort; ``effort`` and ``value`` are both its points."""

    id: int
    title: str
    effort: Annotated[int, Sql(points)]
    value: Annotated[int, Sql(points)]


class BoardCard(View, of=Board):
    """A board, as tasks and lists name it."""

    uuid: str
    label: str


class WorkflowCard(View, of=Workflow):
    """A workflow column, in short."""

    id: int
    slug: str
    state: int
    title: str
    color: str
