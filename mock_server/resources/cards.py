"""Small views that other views show inside."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Integer, cast, func, literal_column

from mock_server.dialects.views import Only, Sql, View
from mock_server.domain.planning import Effort, Label, Sprint, TaskType, UserStory, Workflow
from mock_server.domain.tasks import Task
from mock_server.domain.workspaces import Company, Project, User

COLOUR = r"^#[0-9A-Fa-f]{6}$"


class UserCard(View, of=User):
    """A person, in short."""

    name: str
    headline: str
    username: str
    avatar: str


class CompanyCard(View, of=Company):
    """The workspace, in short."""

    slug: str
    name: str
    logo: str


class ProjectCard(View, of=Project):
    """The project, in short."""

    slug: str
    name: str


class SprintCard(View, of=Sprint):
    """A sprint, in short."""

    id: int
    slug: str
    title: str


class UserStoryCard(View, of=UserStory):
    """A user story, in short."""

    id: int
    slug: str
    title: str


class TaskCard(View, of=Task):
    """A task, in short."""

    uuid: str
    code: str
    slug: str
    title: str


class LabelCard(View, of=Label):
    """A label, as a task wears it."""

    id: int
    slug: str
    title: str
    color: Annotated[str, Only("keyed")]
    digits: Annotated[str, Only("bearer"), Sql(lambda row: func.ltrim(row.c.color, "#")), Field(alias="color")] = ""


class TypeCard(View, of=TaskType):
    """A task type, in short."""

    id: int
    title: str
    color: str


class EffortCard(View, of=Effort):
    """An effort; ``effort`` is a decimal as text."""

    id: int
    title: str
    effort: Annotated[str, Sql(lambda effort: decimal(effort.c.hundredths))]


class WorkflowCard(View, of=Workflow):
    """A workflow column, in short."""

    id: int
    slug: str
    state: int
    title: str
    color: str


def decimal(hundredths: object) -> object:
    """Hundredths as a decimal text: 150 is "1.50"."""
    return func.printf("%.2f", hundredths / 100.0)  # type: ignore[operator]


class PersonCard(UserCard, of=User):
    """A person, at length; ``since`` is the month that they joined, as in "October 2019"."""

    location: str
    timezone_id: int
    timezone_name: str
    since: Annotated[str, Sql(lambda user: month(user.c.created_at))]


MONTHS = "January  February March    April    May      June     July     August   SeptemberOctober  November December "


def month(moment: object) -> object:
    """The English name of a moment's month, and its year; the names are cut out of MONTHS, nine letters each."""
    number = cast(func.strftime("%m", moment, "unixepoch"), Integer)
    name = func.trim(func.substr(literal_column(f"'{MONTHS}'"), number * 9 - 8, 9))
    return name.op("||")(literal_column("' '")).op("||")(func.strftime("%Y", moment, "unixepoch"))
