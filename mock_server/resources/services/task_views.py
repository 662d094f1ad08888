"""How the services API shows a task."""

from typing import Annotated, Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, select

from mock_server.dialects.views import Dated, Hung, Sql, Tallied, Through, Via, View, called, table_of
from mock_server.domain.tasks import Task, TaskAssignee, TaskLabel
from mock_server.resources.services.cards import (
    BoardCard,
    CompanyCard,
    EffortCard,
    LabelCard,
    PersonCard,
    ProjectCard,
    SprintCard,
    TypeCard,
    UserStoryCard,
    UserView,
    WorkflowCard,
    bare_code,
    ref_code,
)
from mock_server.resources.task_views import Analysis, TaskSettings, TaskStats, counted, first_image


def number_in(task: Any) -> ColumnElement[int]:
    """The number at the end of a task's code; 0 for a code of somebody's own that ends in none."""
    return cast(func.substr(task.c.code, func.instr(task.c.code, "-") + 1), Integer)


def tracked_minutes(tally: Any) -> ColumnElement[int]:
    """Whole minutes of the time entries on a task that have ended."""
    return cast(tally.c.seconds / 60, Integer)


def parent_uuid(task: Any) -> ColumnElement[str]:
    """The uuid of the task above, which most tasks have not."""
    above = table_of(Task).alias()
    found = select(above.c.uuid).where(above.c.id == task.c.parent_id).scalar_subquery()
    return case((task.c.parent_id.is_not(None), found))


class Stats(TaskStats):
    """Counts of what hangs on a task."""

    subtasks: Annotated[int, counted("subtasks")]


class TaskView(View, of=Task):
    """A task, with the keys of the webhooks and those which the CLI reads."""

    id: int
    uuid: str
    code: Annotated[str, Sql(bare_code)]
    ref_code: Annotated[str, Sql(ref_code)]
    number: Annotated[int, Sql(number_in)]
    title: str
    slug: str
    description: str | None
    state: Annotated[int, Via("workflow.state")]
    estimative: Annotated[int, Sql(lambda task: task.c.estimated_minutes)]
    estimated_minutes: int
    total_tracked_minutes: Annotated[int, Tallied(tracked_minutes)]
    parent_id: Annotated[str | None, Sql(parent_uuid)]
    has_recurring: bool = False
    is_favorite: bool = False
    type: TypeCard | None
    effort: EffortCard | None
    workflow: WorkflowCard
    config_workflow_title: Annotated[str, Via("workflow.title")]
    labels: Annotated[list[LabelCard], Through(TaskLabel), Hung("labels")]
    image: Annotated[str | None, Sql(first_image), Hung("attachments")]
    analyse: Analysis
    user: UserView
    users: Annotated[list[PersonCard], Through(TaskAssignee), Hung("assignees")]
    features: list[str] = []
    completed_user: UserView | None
    completed_date: Annotated[Dated, called("completed_at")]
    start_date: Dated
    due_date: Dated
    created_at: Dated
    settings: TaskSettings
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    sprint: SprintCard | None
    user_story: UserStoryCard | None
    board: BoardCard | None
    stats: Stats
    time_tracker: Annotated[str | None, Via("timer.start", lambda start: func.datetime(start, "unixepoch"))]
    time_tracker_user: Annotated[UserView | None, Via("timer.user")]
