"""What a project plans with: workflow columns, types, efforts, labels, sprints, user stories and epics."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from mock_server.domain.columns import belongs, day, key, moment, refers
from mock_server.domain.workspaces import Table

AUTO = {"sqlite_autoincrement": True}
OPEN, DONE, IN_PROGRESS, REVIEW = 0, 1, 2, 3
UNDER_WAY = (IN_PROGRESS, REVIEW)
STATES = {OPEN: "TODO", DONE: "Done", IN_PROGRESS: "In Progress", REVIEW: "Review"}
SPRINT_STATUSES = {"open": "Open", "in-progress": "In Progress", "closed": "Closed"}
STATUS_COLOURS = {"open": "#9E9E9E", "in-progress": "#3B82F6", "closed": "#22C55E"}


class Workflow(Table, table=True):
    """A column of the board. ``state`` is a key of STATES; ``position`` counts from 1; one column is the default."""

    __table_args__ = (Index("workflow_order", "project_id", text("is_default DESC"), "position"), AUTO)
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    slug: str
    title: str
    description: str = ""
    type: str = "issues"
    color: str
    position: int
    state: int = OPEN
    is_default: bool = False
    emails: str | None = None
    autoarchive: int = 0


class Board(Table, table=True):
    """A board of a project; the CLI calls it by its uuid. A task may stand on one."""

    id: int | None = key()
    uuid: str = Field(unique=True)
    project_id: int = belongs("project")
    label: str


class TaskType(Table, table=True):
    """What sort of work a task is: feature, bug, chore."""

    id: int | None = key()
    project_id: int = belongs("project")
    slug: str
    title: str
    description: str = ""
    code: str | None = None
    color: str
    position: int
    is_default: bool = False


class Effort(Table, table=True):
    """An estimate. ``hundredths`` is its size in hundredths of a point, so that it adds up exactly."""

    id: int | None = key()
    project_id: int = belongs("project")
    title: str
    description: str = ""
    hundredths: int
    position: int
    is_default: bool = False


class Priority(Table, table=True):
    """How much a user story matters."""

    id: int | None = key()
    project_id: int = belongs("project")
    title: str
    color: str
    position: int
    is_default: bool = False


class Label(Table, table=True):
    """A coloured word that tasks of the project may wear."""

    id: int | None = key()
    project_id: int = belongs("project")
    slug: str
    title: str
    color: str


class DetachedLabel(Table, table=True):
    """A label that a project of the workspace gave up, so that one may have it again."""

    __tablename__ = "detached_label"
    __table_args__ = (UniqueConstraint("company_id", "slug"), {"sqlite_autoincrement": True})
    id: int | None = key()
    company_id: int = belongs("company", index=False)
    slug: str
    title: str
    color: str


class Sprint(Table, table=True):
    """A time box. ``status`` is a key of SPRINT_STATUSES; empty means that the dates decide."""

    __table_args__ = (Index("sprint_newest", "project_id", "created_at", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    code: str
    slug: str
    title: str
    description: str = ""
    timebox: str | None = None
    status: str | None = None
    color: str = "#3B82F6"
    is_private: bool = False
    close_on_finish: bool = False
    date_start: int | None = day(None)
    date_finish: int | None = day(None)
    created_at: int = moment()


class Epic(Table, table=True):
    """A large piece of work that user stories belong to."""

    __table_args__ = (Index("epic_newest", "project_id", "created_at", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    title: str
    description: str = ""
    color: str | None = None
    created_at: int = moment()


class UserStory(Table, table=True):
    """What a user wants, and how to tell that they got it (``acceptance_criteria``)."""

    __tablename__ = "user_story"
    __table_args__ = (
        UniqueConstraint("project_id", "slug"),
        Index("user_story_newest", "project_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    epic_id: int | None = refers("epic")
    priority_id: int | None = refers("priority")
    code: str
    slug: str
    title: str
    votes: int = 0
    additional_information: str = ""
    acceptance_criteria: str = ""
    created_at: int = moment()
