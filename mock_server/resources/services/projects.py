"""Projects, as the services API lists, shows, makes and changes them."""

from typing import Annotated, Any, Literal, cast

from pydantic import Field
from sqlalchemy import case, func, select

from mock_server.dialects.answers import Db, Deleted, Listing, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Decimal, Text, Title, When
from mock_server.dialects.lists import Filters, Order, Page, Where, contains, refers_to
from mock_server.dialects.tenancy import CLI, AtProject, AtWorkspace, Client, InProject, InWorkspace
from mock_server.dialects.views import ME, Dated, Many, Sql, Through, View, called, table_of
from mock_server.domain.clients import ContactCompany
from mock_server.domain.planning import DONE, OPEN, UNDER_WAY, Board
from mock_server.domain.project_rules import found_project
from mock_server.domain.workspaces import PROJECT_STATUSES, Member, Project
from mock_server.errors import Invalid
from mock_server.resources.figures import in_state, percentage, total
from mock_server.resources.services.cards import BoardCard, CompanyCard, LabelCard, PersonCard
from mock_server.store.rows import same

BY_ID = Order("id", False)
WORDS = {0: "in_progress", 1: "completed", 2: "on_hold", 3: "archived"}
CODES = {word: code for code, word in WORDS.items()}
STATS = """
SELECT count(*) AS total_tasks, coalesce(sum(w.state = 1), 0) AS completed_tasks,
  coalesce(sum(w.state <> 1), 0) AS open_tasks,
  coalesce(sum(w.state <> 1 AND t.due_date < :today), 0) AS overdue_tasks,
  (SELECT count(*) FROM member WHERE project_id = :id) AS total_members,
  (SELECT count(*) FROM sprint WHERE project_id = :id) AS total_sprints,
  coalesce(avg(t.completed_at - t.created_at), 0) / 86400.0 AS avg_cycle_time,
  (SELECT coalesce(sum(e.end - e.start), 0) / 60 FROM timeentry e WHERE e.project_id = :id) AS total_time_minutes
FROM task t JOIN workflow w ON w.id = t.workflow_id WHERE t.project_id = :id
"""


def members_of(project: Any) -> Any:
    """How many people work on a project."""
    member = table_of(Member).alias()
    return select(func.count()).select_from(member).where(member.c.project_id == project.c.id).scalar_subquery()


def my_projects() -> Any:
    """The ids of the projects that the caller works on."""
    member = table_of(Member).alias()
    return select(member.c.project_id).where(member.c.user_id == ME)


class ProjectStatus(View):
    """How the project stands."""

    code: Annotated[int, called("status")]
    slug: Annotated[str, Sql(lambda project: case(WORDS, value=project.c.status, else_="in_progress"))]
    title: Annotated[str, Sql(lambda project: case(PROJECT_STATUSES, value=project.c.status, else_=""))]


class ProjectDates(View):
    """When the project begins and is due."""

    start: Annotated[Dated, called("start_date")]
    due: Annotated[Dated, called("due_date")]


class TaskFigures(View):
    """How many of the project's tasks stand in columns of each state."""

    open: Annotated[int, in_state("project_id", OPEN)]
    progress: Annotated[int, in_state("project_id", *UNDER_WAY)]
    closed: Annotated[int, in_state("project_id", DONE)]
    total: Annotated[int, total("project_id")]


class ClientCard(View, of=ContactCompany):
    """The client that the project is for."""

    uuid: str
    name: str


class Projecting(View, of=Project):
    """What every answer shows of a project."""

    id: int
    uuid: str
    slug: str
    name: str
    pure_name: Annotated[str, called("name")]
    code: str
    description: str
    logo: str
    background: str | None
    background_thumb: str | None
    visibility: Annotated[str, Sql(lambda project: case((project.c.is_private, "private"), else_="public"))]
    is_private: bool
    recurring: bool = False
    budget: float
    category_id: int | None
    company: CompanyCard
    contact_company: ClientCard | None
    dates: ProjectDates
    owner: PersonCard
    percent: Annotated[int, percentage("project_id")]
    stats: TaskFigures
    tasks_count: Annotated[int, total("project_id")]
    members_count: Annotated[int, Sql(members_of)]
    is_active: Annotated[bool, Sql(lambda project: project.c.status == 0)]
    labels: Annotated[list[LabelCard], Many(lambda project, label: label.c.project_id == project.c.id, "id")]
    users: Annotated[list[PersonCard], Through(Member)]
    created_at: Dated


class ProjectView(Projecting, of=Project):
    """A project."""

    status: ProjectStatus


class ProjectRow(Projecting, of=Project):
    """A project as the command-line client reads it: its status is a word."""

    status: Annotated[str, Sql(lambda project: case(WORDS, value=project.c.status, else_="in_progress"))]


class ProjectSettings(View):
    """What the project makes use of."""

    use_timer: bool
    use_types: bool
    use_efforts: bool
    has_user_stories: bool
    has_sprints: bool
    show_number: bool


class Detailed(Projecting, of=Project):
    """What a project shows besides when it is asked for alone."""

    boards: Annotated[list[BoardCard], Many(lambda project, board: board.c.project_id == project.c.id, "id")]
    settings: ProjectSettings
    hourly_rate: Annotated[float, Sql(lambda project: project.c.hourly_cents / 100.0)]


class ProjectDetail(Detailed, of=Project):
    """A project, asked for alone."""

    status: ProjectStatus


class ProjectDetailRow(Detailed, of=Project):
    """The same for the command-line client."""

    status: Annotated[str, Sql(lambda project: case(WORDS, value=project.c.status, else_="in_progress"))]


class ProjectFilters(Filters):
    """Which projects of the workspace."""

    status: Annotated[
        Literal["in_progress", "completed", "on_hold", "archived"] | None,
        Where(lambda project, code: project.c.status == code, lambda word: CODES[word]),
    ] = None
    name: Annotated[str, Where(lambda project, text: contains(project.c.name, text))] = ""
    contact_company_uuid: Annotated[
        str, Where(lambda project, uuid: refers_to(ContactCompany, "uuid", project.c.contact_company_id, uuid))
    ] = ""


class Mine(ProjectFilters):
    """The projects that the caller works on."""

    mine: Annotated[bool, Where(lambda project, flag: project.c.id.in_(my_projects()) == flag)] = False


class ProjectPatch(Body):
    """What may be changed of a project."""

    name: Title = ""
    description: Text = ""
    visibility: Literal["public", "private"] = "public"
    status: Literal["in_progress", "completed", "on_hold", "archived"] = "in_progress"
    client_uuid: Text | None = None
    budget: Decimal = 0
    hourly_rate: Annotated[Decimal, Field(le=1_000_000)] = 0
    start_date: When = None
    due_date: When = None


class ProjectBody(ProjectPatch):
    """A new project."""

    name: Title


@bearer.get("/projects")
def list_projects(
    here: InWorkspace, db: Db, page: Page, filters: ProjectFilters, client: Client
) -> Listing[ProjectView]:
    """The workspace's projects that the caller works on."""
    return listed(here, db, page, filters, client)


@bearer.get("/workspaces/{slug}/projects")
def list_workspace_projects(
    here: AtWorkspace, db: Db, page: Page, filters: ProjectFilters, client: Client
) -> Listing[ProjectView]:
    """The projects of a workspace that the caller works on."""
    return listed(here, db, page, filters, client)


@bearer.post("/projects")
def create_project(body: ProjectBody, here: InWorkspace, db: Db) -> One[ProjectView]:
    """A new project, with the board and the lists that work begins with; the caller owns it."""
    return made(here, db, body)


@bearer.post("/workspaces/{id}/projects")
def create_workspace_project(here: AtWorkspace, body: ProjectBody, db: Db) -> One[ProjectView]:
    """The same in a workspace that is named in the path."""
    return made(here, db, body)


@bearer.get("/projects/{slug}")
def get_project(here: AtProject, db: Db, client: Client) -> One[ProjectDetail]:
    """One project, by its slug or uuid."""
    view: Any = ProjectDetailRow if client == CLI else ProjectDetail
    return cast(One[ProjectDetail], db.one(view, same(Project.id, here.project_id)))


@bearer.put("/projects/{id}", least="manager")
def update_project(here: AtProject, body: ProjectPatch, db: Db, client: Client) -> One[ProjectDetail]:
    """Change what is sent of a project."""
    db.update(Project, here.project_id, **columns(here, db, body))
    view: Any = ProjectDetailRow if client == CLI else ProjectDetail
    return cast(One[ProjectDetail], db.one(view, same(Project.id, here.project_id)))


@bearer.delete("/projects/{id}", least="owner")
def delete_project(here: AtProject, db: Db) -> type[Deleted]:
    """Delete a project with all that is in it."""
    db.delete(Project, here.project_id)
    return Deleted


@bearer.get("/projects/{slug}/stats")
def project_stats(here: AtProject, db: Db) -> dict[str, Any]:
    """The project in figures.

    ``completion_rate`` is completed / total tasks in a hundred, ``avg_cycle_time`` the mean number of days from a
    task's making to its completion; both with one decimal.
    """
    told = db.asked(STATS, {"id": here.project_id, "today": db.now // 86_400 * 86_400})[0]
    told["completion_rate"] = round(100 * told["completed_tasks"] / (told["total_tasks"] or 1), 1)
    told["avg_cycle_time"] = round(told["avg_cycle_time"], 1)
    names = ("total_tasks", "completed_tasks", "open_tasks", "overdue_tasks")
    return told | {"tasks": {name.removesuffix("_tasks"): told[name] for name in names}}


@bearer.get("/project-boards")
def list_boards(here: InProject, db: Db) -> Whole[BoardCard]:
    """The project's boards."""
    return db.all(BoardCard, here.owns(Board), order=BY_ID)


def listed(here: InWorkspace, db: Db, page: Page, filters: ProjectFilters, client: Client) -> Listing[ProjectView]:
    """A page of the workspace's projects that the caller works on, in the order in which they were made."""
    wanted = Mine(mine=True, **filters.model_dump(exclude_unset=True))
    view: Any = ProjectRow if client == CLI else ProjectView
    return cast(Listing[ProjectView], db.page(view, page, here.owns(Project), filters=wanted, order=BY_ID))


def made(here: InWorkspace, db: Db, body: ProjectBody) -> One[ProjectView]:
    """Make a project."""
    row = columns(here, db, body)
    id = found_project(db, here.company_id, db.me, row.pop("name"), **row)
    return db.one(ProjectView, same(Project.id, id))


def columns(here: Any, db: Db, body: ProjectPatch) -> dict[str, Any]:
    """The columns that a body sets. Raises Invalid."""
    row = body.sent("name", "description", "budget", "start_date", "due_date")
    if "visibility" in body.model_fields_set:
        row["is_private"] = body.visibility == "private"
    if "status" in body.model_fields_set:
        row["status"] = CODES[body.status]
    if "hourly_rate" in body.model_fields_set:
        row["hourly_cents"] = round(body.hourly_rate * 100)
    if "client_uuid" in body.model_fields_set:
        row["contact_company_id"] = client_of(here, db, body.client_uuid)
    start, due = row.get("start_date"), row.get("due_date")
    if start is not None and due is not None and due < start:
        raise Invalid("due_date", "The parameter 'due_date' comes before 'start_date'; it may not.")
    return row


def client_of(here: Any, db: Db, uuid: str | None) -> int | None:
    """The id of the workspace's client of this uuid. Raises Invalid."""
    if not uuid:
        return None
    row = db.seek(ContactCompany, same(ContactCompany.uuid, uuid), same(ContactCompany.company_id, here.company_id))
    if row is None:
        raise Invalid("client_uuid", "The parameter 'client_uuid' names no client of this workspace.")
    return row.id
