"""How a task is shown."""

from typing import Annotated, Any

from sqlalchemy import Integer, cast, func, select

from mock_server.dialects.views import Hung, Moment, Sql, Tallied, Through, Via, View, called, file_url, table_of
from mock_server.domain.planning import OPEN
from mock_server.domain.talk import Attachment
from mock_server.domain.tasks import Task, TaskAssignee, TaskLabel
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


def counted(counter: str) -> Tallied:
    """The field is a counter of the task."""
    return Tallied(lambda tally: tally.c[counter])


def checked_percentage(tally: Any) -> Any:
    """Done items of the task's checklists in a hundred, rounded down; nothing where there are no items."""
    return cast(tally.c.done_items * 100 / func.nullif(tally.c["items"], 0), Integer)


def first_image(task: Any) -> Any:
    """The link of the task's first image."""
    files = table_of(Attachment).alias()
    link = file_url(files.c.uuid)
    mine = (files.c.task_id == task.c.id, files.c.mimetype.like("image/%"), files.c.link.is_(None))
    return select(link).where(*mine).order_by(files.c.id).limit(1).scalar_subquery()


class TaskStats(View):
    """Counts of what hangs on a task."""

    checklists: Annotated[int, counted("checklists")]
    checklist_percentage: Annotated[int, Tallied(checked_percentage)]
    comments: Annotated[int, counted("comments")]
    attachments: Annotated[int, counted("attachments")]
    videos: Annotated[int, counted("videos")]
    time_trackers: Annotated[int, counted("entries")]


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
    image: Annotated[str | None, Sql(first_image), Hung("attachments")]
    labels: Annotated[list[LabelCard], Through(TaskLabel), Hung("labels")]
    slug: str
    state: Annotated[int | None, Via("workflow.state", lambda state: func.nullif(state, OPEN))]
    title: str
    description: str | None
    analyse: Analysis
    user: UserCard
    users: Annotated[list[UserCard], Through(TaskAssignee), Hung("assignees")]
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
