"""How a task is shown."""

from typing import Annotated, Any

from sqlalchemy import Integer, cast, func, select

from mock_server.dialects.views import Moment, Sql, Through, Via, View, called, file_url, table_of
from mock_server.domain.planning import OPEN
from mock_server.domain.talk import Attachment, Comment
from mock_server.domain.tasks import Checklist, Task, TaskAssignee, TaskLabel, TimeEntry
from mock_server.resources.cards import (
    CompanyCard,
    EffortCard,
    LabelCard,
    ProjectCard,
    SprintCard,
    TypeCard,
    UserCard,
    UserStoryCard,
    WorkflowCard,
)


def number_of(table: Any, **values: Any) -> Any:
    """An expression: how many rows of ``table`` belong to a task, with columns as given (None: not empty)."""

    def told(task: Any) -> Any:
        rows = table_of(table).alias()
        return (
            select(func.count())
            .select_from(rows)
            .where(rows.c.task_id == task.c.id, *holding(rows, values))
            .scalar_subquery()
        )

    return told


def holding(rows: Any, values: dict[str, Any]) -> list[Any]:
    """The conditions that the columns have these values."""
    return [rows.c[name].is_(None) if value is None else rows.c[name] == value for name, value in values.items()]


def checked_percentage(task: Any) -> Any:
    """Done items of the task's checklists in a hundred, rounded down; 0 where there are no items."""
    items = table_of(Checklist).alias()
    share = func.coalesce(func.sum(cast(items.c.is_done, Integer)) * 100 / func.nullif(func.count(), 0), 0)
    mine = (items.c.task_id == task.c.id, items.c.parent_id.is_not(None))
    return select(cast(share, Integer)).where(*mine).scalar_subquery()


def kind_of_file(pattern: str) -> Any:
    """An expression: how many attachments of a task have a media type like this."""

    def told(task: Any) -> Any:
        files = table_of(Attachment).alias()
        mine = (files.c.task_id == task.c.id, files.c.mimetype.like(pattern))
        return select(func.count()).select_from(files).where(*mine).scalar_subquery()

    return told


def first_image(task: Any) -> Any:
    """The link of the task's first image."""
    files = table_of(Attachment).alias()
    link = file_url(files.c.uuid)
    mine = (files.c.task_id == task.c.id, files.c.mimetype.like("image/%"), files.c.link.is_(None))
    return select(link).where(*mine).order_by(files.c.id).limit(1).scalar_subquery()


class TaskStats(View):
    """Counts of what hangs on a task."""

    checklists: Annotated[int, Sql(number_of(Checklist, parent_id=None))]
    checklist_percentage: Annotated[int, Sql(checked_percentage)]
    comments: Annotated[int, Sql(number_of(Comment))]
    attachments: Annotated[int, Sql(number_of(Attachment))]
    videos: Annotated[int, Sql(kind_of_file("video/%"))]
    time_trackers: Annotated[int, Sql(number_of(TimeEntry))]


class TaskSettings(View):
    """A task's switches."""

    is_draft: Annotated[bool, called("is_draft")]
    is_bug: Annotated[bool, called("is_bug")]
    is_blocker: Annotated[bool, called("is_blocker")]
    is_archived: Annotated[bool, called("is_archived")]


class Analysis(View):
    """What the service made of a task; nothing rates its risk here."""

    risk: str | None = None


class TaskView(View, of=Task):
    """A task, with every documented key."""

    id: int
    uuid: str
    code: str
    effort: EffortCard | None
    type: TypeCard | None
    timer: Annotated[bool, Via("project.use_timer")]
    has_sprints: Annotated[bool, Via("project.has_sprints")]
    has_user_stories: Annotated[bool, Via("project.has_user_stories")]
    workflow: WorkflowCard
    parent_id: int | None
    image: Annotated[str | None, Sql(first_image)]
    labels: Annotated[list[LabelCard], Through(TaskLabel)]
    slug: str
    state: Annotated[int | None, Via("workflow.state", lambda state: func.nullif(state, OPEN))]
    title: str
    description: str | None
    analyse: Analysis
    user: UserCard
    users: Annotated[list[UserCard], Through(TaskAssignee)]
    features: list[str] = []
    completed_user: UserCard | None
    completed_date: Annotated[Moment, called("completed_at")]
    start_date: Moment
    due_date: Moment
    created_at: Moment
    settings: TaskSettings
    time_tracker: Annotated[str | None, Via("timer.start", lambda start: func.datetime(start, "unixepoch"))]
    time_tracker_user: Annotated[UserCard | None, Via("timer.user")]
    stats: TaskStats
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    sprint: SprintCard | None
    user_story: UserStoryCard | None
