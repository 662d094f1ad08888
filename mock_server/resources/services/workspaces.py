"""Workspaces, which the wire calls companies: listed, shown, made, changed and counted."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import case, func, select

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Text, Title
from mock_server.dialects.lists import Filters, Order, Page, Where, contains
from mock_server.dialects.tenancy import AtWorkspace, InWorkspace
from mock_server.dialects.views import ME, Dated, Sql, Via, View, table_of
from mock_server.domain.project_rules import OWNER, seat
from mock_server.domain.slugs import kebab, slug_of
from mock_server.domain.workspaces import PRO, ROLES, Company, Project, User, WorkspaceMember
from mock_server.resources.sprint_facts import RUNS
from mock_server.store.rows import same

BY_ID = Order("id", False)
LABELS = ROLES | {OWNER: "agency_owner"}
STATS = f"""
SELECT (SELECT count(*) FROM project WHERE company_id = :id) AS total_projects,
  (SELECT count(*) FROM task t JOIN project p ON p.id = t.project_id WHERE p.company_id = :id) AS total_tasks,
  (SELECT count(*) FROM task t JOIN project p ON p.id = t.project_id JOIN workflow w ON w.id = t.workflow_id
    WHERE p.company_id = :id AND w.state = 1) AS completed_tasks,
  (SELECT count(*) FROM sprint s JOIN project p ON p.id = s.project_id WHERE p.company_id = :id
    AND {RUNS.format("s")}) AS active_sprints,
  (SELECT count(*) FROM workspace_member WHERE company_id = :id) AS total_members,
  (SELECT coalesce(sum(e.end - e.start), 0) / 60 FROM timeentry e JOIN project p ON p.id = e.project_id
    WHERE p.company_id = :id) AS total_time_minutes
"""  # noqa: S608 constants of ours


def number_in(table: Any) -> Any:
    """An expression: how many rows of a table belong to a workspace."""

    def told(company: Any) -> Any:
        rows = table_of(table).alias()
        mine = rows.c.company_id == company.c.id
        return select(func.count()).select_from(rows).where(mine).scalar_subquery()

    return told


def my_seats() -> Any:
    """The ids of the workspaces that the caller belongs to."""
    mine = table_of(WorkspaceMember).alias()
    return select(mine.c.company_id).where(mine.c.user_id == ME)


def my_label(company: Any) -> Any:
    """What the caller is called in a workspace."""
    mine = table_of(WorkspaceMember).alias()
    named = select(case(LABELS, value=mine.c.role_id, else_="member"))
    return named.where(mine.c.company_id == company.c.id, mine.c.user_id == ME).limit(1).scalar_subquery()


def is_only(company: Any) -> Any:
    """Whether the caller belongs to no other workspace."""
    mine = table_of(WorkspaceMember).alias()
    others = select(func.count()).select_from(mine).where(mine.c.user_id == ME, mine.c.company_id != company.c.id)
    return others.scalar_subquery() == 0


class Owner(View, of=User):
    """Whose workspace it is."""

    name: str
    username: str


class WorkspaceSettings(View):
    """What the workspace is set to: as its owner is."""

    timezone: Annotated[str, Via("owner.timezone_name")]
    language: Annotated[str, Via("owner.language")]


class MyRole(View):
    """What the caller is in it."""

    label: Annotated[str, Sql(my_label)]


class WorkspaceView(View, of=Company):
    """A workspace."""

    uuid: str
    slug: str
    name: str
    description: str
    plan: str
    logo: str
    header_logo: str | None = None
    header_color: str | None = None
    favicon: str | None = None
    owner: Owner
    settings: WorkspaceSettings
    is_owner: Annotated[bool, Sql(lambda company: company.c.owner_id == ME)]
    is_only_workspace: Annotated[bool, Sql(is_only)]
    is_subscription_workspace: Annotated[bool, Sql(lambda company: company.c.plan == PRO)]
    my_company_default: Annotated[bool, Sql(lambda company: company.c.owner_id == ME)]
    logged_user_role: MyRole
    projects_count: Annotated[int, Sql(number_in(Project))]
    members_count: Annotated[int, Sql(number_in(WorkspaceMember))]
    created_at: Dated


class WorkspaceFilters(Filters):
    """Which workspaces of the caller."""

    search: Annotated[str, Where(lambda company, text: contains(company.c.name, text))] = ""


class Mine(WorkspaceFilters):
    """The workspaces that the caller belongs to."""

    mine: Annotated[bool, Where(lambda company, flag: company.c.id.in_(my_seats()) == flag)] = False


class WorkspacePatch(Body):
    """What may be changed of a workspace."""

    name: Title = ""
    description: Text = ""
    logo: Annotated[Text, Field(max_length=500)] = ""


class WorkspaceBody(WorkspacePatch):
    """A new workspace."""

    name: Title


@bearer.get("/workspaces")
@bearer.get("/companies")
def list_workspaces(db: Db, page: Page, filters: WorkspaceFilters) -> Listing[WorkspaceView]:
    """The workspaces that the caller belongs to, in the order in which they were made."""
    wanted = Mine(mine=True, **filters.model_dump(exclude_unset=True))
    return db.page(WorkspaceView, page, filters=wanted, order=BY_ID)


@bearer.get("/workspaces/{slug}")
@bearer.get("/companies/{slug}")
def get_workspace(here: AtWorkspace, db: Db) -> One[WorkspaceView]:
    """One workspace, by its slug or uuid."""
    return db.one(WorkspaceView, same(Company.id, here.company_id))


@bearer.post("/companies", least="client")
def create_workspace(body: WorkspaceBody, db: Db) -> One[WorkspaceView]:
    """A new workspace, owned by the caller; its plan has everything."""
    slug = kebab(body.name)
    if not slug or db.seek(Company, same(Company.slug, slug)):
        slug = slug_of(body.name, db.uniqid(Company))
    told = {"description": body.description, "logo": body.logo}
    id = db.insert(Company, owner_id=db.me, slug=slug, name=body.name, **told)
    seat(db, id, db.me, OWNER)
    return db.one(WorkspaceView, same(Company.id, id))


@bearer.put("/workspaces/{id}", least="admin")
def update_workspace(here: AtWorkspace, body: WorkspacePatch, db: Db) -> One[WorkspaceView]:
    """Change what is sent of a workspace; its slug stays."""
    db.update(Company, here.company_id, **body.sent())
    return db.one(WorkspaceView, same(Company.id, here.company_id))


@bearer.get("/workspaces/{slug}/stats")
def workspace_stats(here: AtWorkspace, db: Db) -> dict[str, int]:
    """The workspace in figures: projects, tasks, those in done columns, sprints under way, people, minutes worked."""
    return figures(db, here)


@bearer.get("/companies/workspace-stats")
def company_figures(here: InWorkspace, db: Db) -> dict[str, int]:
    """The same, where the command-line client asks."""
    return figures(db, here)


@bearer.get("/companies/stats")
def company_stats(here: InWorkspace, db: Db) -> dict[str, dict[str, int]]:
    """The same, under ``stats``."""
    return {"stats": figures(db, here)}


@bearer.get("/companies/{slug}/my-role")
def my_role(here: AtWorkspace) -> dict[str, Any]:
    """What the caller is in a workspace, and may therefore do."""
    is_owner, is_admin = here.role == "owner", here.role in ("owner", "admin")
    numbers = {"can_create_project": int(here.role != "client"), "is_admin": int(is_admin)}
    label = "agency_owner" if is_owner else here.role
    return numbers | {"is_owner": is_owner, "is_workspace_owner": is_owner, "role": label}


def figures(db: Db, here: InWorkspace) -> dict[str, int]:
    """One statement over everything that belongs to a workspace."""
    return db.asked(STATS, {"id": here.company_id, "today": db.now // 86_400 * 86_400})[0]
