"""The project that a key pair belongs to."""

from typing import Annotated, Any

from sqlalchemy import case, func, literal_column

from mock_server.dialects.answers import Db, One
from mock_server.dialects.keyed import keyed
from mock_server.dialects.views import Many, Moment, Sql, Through, View, called
from mock_server.domain.planning import DONE, OPEN, UNDER_WAY
from mock_server.domain.workspaces import PROJECT_STATUSES, Member, Project
from mock_server.resources.cards import CompanyCard, LabelCard, ProjectCard, UserCard
from mock_server.resources.figures import in_state, percentage, total
from mock_server.store.callers import Caller
from mock_server.store.rows import same


def formatted(project: Any) -> Any:
    """The budget with thousands set apart and two decimals; 0 where there is none, as in the documented example."""
    cents = func.round(project.c.budget * 100)
    text = func.printf("%,d.%02d", cents / 100, cents % 100)
    return case((project.c.budget == 0, literal_column("0")), else_=text)


def titled(project: Any) -> Any:
    """The title of the project's status."""
    return case(PROJECT_STATUSES, value=project.c.status, else_="")


def on_github(project: Any) -> Any:
    """Where the project's repository is shown."""
    return literal_column("'https://github.com/'").op("||")(project.c.github_full_name)


class Budget(View):
    """What the project may cost."""

    raw: Annotated[float, called("budget")]
    formatted: Annotated[int | str, Sql(formatted)]


class ProjectStatus(View):
    """How the project stands."""

    code: Annotated[int, called("status")]
    title: Annotated[str, Sql(titled)]


class Visibility(View):
    """Who may see the project."""

    is_private: bool
    title: Annotated[str, Sql(lambda project: case((project.c.is_private, "Private"), else_="Public"))]


class Github(View):
    """The repository that the project is tied to."""

    connected: Annotated[bool, Sql(lambda project: project.c.github_full_name.is_not(None))]
    full_name: Annotated[str | None, called("github_full_name")]
    html_url: Annotated[str | None, Sql(on_github)]


class Integration(View):
    """What the project is tied to."""

    github: Github


class ProjectDates(View):
    """When the project begins and is due."""

    start: Annotated[Moment, called("start_date")]
    due: Annotated[Moment, called("due_date")]


class ProjectStats(View):
    """How many of the project's tasks stand in columns of each state."""

    open: Annotated[int, in_state("project_id", OPEN)]
    progress: Annotated[int, in_state("project_id", *UNDER_WAY)]
    closed: Annotated[int, in_state("project_id", DONE)]
    total: Annotated[int, total("project_id")]


class ProjectSettings(View):
    """What the project makes use of; nothing is known of ``details``."""

    use_timer: bool
    task_type: Annotated[bool, called("use_types")]
    task_effort: Annotated[bool, called("use_efforts")]
    show_number: bool
    has_user_stories: bool
    has_sprints: bool
    details: None = None


class ProjectView(View, of=Project):
    """A project."""

    id: int
    slug: str
    name: str
    budget: Budget
    code: str
    logo: str
    description: str
    category_id: int | None
    background: str | None
    background_thumb: str | None
    slack_webhook: str
    discord_webhook: str
    percent: Annotated[int, percentage("project_id")]
    company: CompanyCard
    status: ProjectStatus
    visibility: Visibility
    integration: Integration
    dates: ProjectDates
    stats: ProjectStats
    labels: Annotated[list[LabelCard], Many(lambda project, label: label.c.project_id == project.c.id, "id")]
    users: Annotated[list[UserCard], Through(Member)]
    owner: UserCard
    settings: ProjectSettings
    parent: ProjectCard | None


@keyed.get("/projects")
def get_project(db: Db, caller: Caller) -> One[ProjectView]:
    """The one project that the key belongs to."""
    return db.one(ProjectView, same(Project.id, caller.project_id))
