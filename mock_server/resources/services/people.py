"""Who belongs to a workspace or works on a project."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import Field
from sqlalchemy import case, select

from mock_server.dialects.answers import Bare, Db, Deleted, One, Whole, array
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Text
from mock_server.dialects.lists import Filters, Order, Where
from mock_server.dialects.tenancy import MCP, AtProject, AtWorkspace, Client, InWorkspace, Place
from mock_server.dialects.views import Dated, Sql, Via, View, table_of
from mock_server.domain.project_rules import join, seat
from mock_server.domain.workspaces import LADDER, ROLES, Member, User, WorkspaceMember
from mock_server.errors import Conflict, Forbidden, Invalid, Missing, NotFound, shown
from mock_server.store.rows import same

BY_ID = Order("id", False)
SEATS = ROLES | {1: "agency_owner"}  # what the CLI calls the owner of a workspace
IDS = {name: id for id, name in ROLES.items()}
Role = Literal["manager", "client", "admin", "member"]


def role_name(names: dict[int, str]) -> Any:
    """An expression: the name of a member's role."""
    return lambda member: case(names, value=member.c.role_id, else_="member")


class Person(View):
    """Somebody, through their membership."""

    uuid: Annotated[str, Via("user.uuid")]
    name: Annotated[str, Via("user.name")]
    username: Annotated[str, Via("user.username")]
    email: Annotated[str, Via("user.email")]
    avatar: Annotated[str, Via("user.avatar")]
    headline: Annotated[str, Via("user.headline")]
    timezone: Annotated[str, Via("user.timezone_name")]


class MemberView(Person, of=Member):
    """A member of a project."""

    id: int
    role: Annotated[str, Sql(role_name(ROLES))]
    is_leader: bool


class SeatView(Person, of=WorkspaceMember):
    """A member of a workspace."""

    id: int
    role: Annotated[str, Sql(role_name(SEATS))]
    joined_at: Annotated[Dated, Sql(lambda seat: seat.c.created_at)]


class MemberFilters(Filters):
    """Which members of a project."""

    role: Annotated[
        Literal["owner", "manager", "client", "admin", "member"] | None,
        Where(lambda member, role: member.c.role_id == role, lambda name: IDS[name]),
    ] = None


class Free(Filters):
    """The people of a workspace who do not work on a project."""

    of: Annotated[int, Where(lambda seat, project: seat.c.user_id.not_in(workers(project)))] = 0


ADDRESS = r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$"


class Invitation(Body):
    """Who is taken in, by username or e-mail, and as what."""

    username: Text = ""
    email: Annotated[Text, Field(max_length=200, pattern=ADDRESS)] = ""
    name: Text = ""
    role: Role = "member"


def workers(project: Any) -> Any:
    """The ids of the people who work on a project."""
    member = table_of(Member).alias()
    return select(member.c.user_id).where(member.c.project_id == project)


@bearer.get("/project-members/{project_slug}/assignees")
def list_assignees(here: AtProject, db: Db, client: Client) -> Whole[MemberView]:
    """Who can be put on the project's tasks; MCP reads the array alone."""
    rows = db.all(MemberView, here.owns(Member), order=BY_ID)
    return bare(rows) if client == MCP else rows


@bearer.get("/project-members/{project_slug}/members")
def list_members(here: AtProject, filters: MemberFilters, db: Db) -> Whole[MemberView]:
    """The project's members, in the order in which they came."""
    return db.all(MemberView, here.owns(Member), filters=filters, order=BY_ID)


@bearer.get("/projects/{slug}/members")
def list_project_members(here: AtProject, db: Db) -> Whole[MemberView]:
    """The same, where the command-line client asks."""
    return db.all(MemberView, here.owns(Member), order=BY_ID)


@bearer.get("/project-members/{project_slug}/available-users")
def list_available_users(here: AtProject, db: Db) -> Whole[SeatView]:
    """The people of the workspace who do not work on the project."""
    match = same(WorkspaceMember.company_id, here.company_id)
    return db.all(SeatView, match, filters=Free(of=here.project_id), order=BY_ID)


@bearer.post("/project-members/{project_slug}/members", least="manager")
def add_member(here: AtProject, body: Invitation, db: Db) -> One[MemberView]:
    """Let somebody of the workspace work on the project. Raises Conflict where they do already."""
    lent(here, body)
    user = known(db, body)
    if db.seek(WorkspaceMember, same(WorkspaceMember.user_id, user.id), mine(here)) is None:
        raise Invalid(named(body), f"The parameter '{named(body)}' names somebody who is not of this workspace.")
    if db.seek(Member, same(Member.user_id, user.id), here.owns(Member)):
        raise Conflict("This person works on the project already.", param=named(body))
    return db.one(MemberView, same(Member.id, join(db, here.project_id, user.id, IDS[body.role])))


@bearer.get("/workspaces/{slug}/members")
def list_workspace_members(here: AtWorkspace, db: Db) -> Whole[SeatView]:
    """The workspace's members, in the order in which they came."""
    return db.all(SeatView, mine(here), order=BY_ID)


@bearer.get("/workspace-members/{slug}")
def list_seats(here: AtWorkspace, db: Db) -> Whole[SeatView]:
    """The same, where the command-line client asks."""
    return db.all(SeatView, mine(here), order=BY_ID)


@bearer.post("/workspaces/{id}/members", least="admin")
def invite(here: AtWorkspace, body: Invitation, db: Db) -> One[SeatView]:
    """Take somebody into the workspace; who is not known yet comes in by e-mail. Raises Conflict."""
    lent(here, body)
    user_id = known(db, body).id if body.username or is_known(db, body) else newcomer(db, body)
    if db.seek(WorkspaceMember, same(WorkspaceMember.user_id, user_id), mine(here)):
        raise Conflict("This person belongs to the workspace already.", param=named(body))
    return db.one(SeatView, same(WorkspaceMember.id, seat(db, here.company_id, user_id, IDS[body.role])))


OF_WORKSPACE = """
DELETE FROM member WHERE user_id = :user_id AND project_id IN (SELECT id FROM project WHERE company_id = :company_id)
"""


@bearer.delete("/members/{id}", least="client", status=200)
def remove_member(id: str, db: Db) -> type[Deleted]:
    """Take somebody, by the id of their membership, out of a workspace and its projects; its owner stays."""
    row = db.seek(WorkspaceMember, same(WorkspaceMember.id, id))
    if row is None or db.seek(WorkspaceMember, same(WorkspaceMember.user_id, db.me), company_of(row)) is None:
        raise NotFound("Member", id, " in your workspaces")
    if row.role_id == IDS["owner"]:
        raise Conflict("The owner of a workspace cannot be taken out of it.")
    ruled(db, row.company_id)
    db.write(OF_WORKSPACE, {"user_id": row.user_id, "company_id": row.company_id})
    db.delete(WorkspaceMember, row.id)
    return Deleted


def lent(here: Place, body: Invitation) -> None:
    """Nobody lets somebody do more than they may themselves. Raises Forbidden."""
    if LADDER.index(body.role) > LADDER.index(here.role):
        raise Forbidden(f"Your role here is '{here.role}'; the role '{body.role}' is not yours to give.", "ADMIN_ONLY")


def company_of(row: Any) -> Any:
    """What a membership of the same workspace has to match."""
    return same(WorkspaceMember.company_id, row.company_id)


def mine(here: Any) -> Any:
    """What a membership of a place's workspace has to match."""
    return same(WorkspaceMember.company_id, here.company_id)


def ruled(db: Db, which: str | int) -> InWorkspace:
    """The workspace of a slug, uuid or id, where the caller is an admin or the owner. Raises NotFound or Forbidden."""
    here = InWorkspace.named(db, str(which))
    if here.role not in ("admin", "owner"):
        raise Forbidden(f"Your role here is '{here.role}'; this takes an admin or the owner.", "ADMIN_ONLY")
    return here


def named(body: Invitation) -> str:
    """The parameter by which a body names a person. Raises Missing."""
    if not (body.username or body.email):
        raise Missing("email", ", or username")
    return "username" if body.username else "email"


def is_known(db: Db, body: Invitation) -> bool:
    """Whether somebody has the e-mail of a body."""
    return db.seek(User, same(User.email, body.email)) is not None


def known(db: Db, body: Invitation) -> Any:
    """The person whom a body names. Raises Missing and Invalid."""
    param = named(body)
    user = db.seek(User, same(getattr(User, param), getattr(body, param)))
    if user is None:
        raise Invalid(param, f"The parameter '{param}' names '{shown(getattr(body, param))}', whom nobody knows.")
    return user


def newcomer(db: Db, body: Invitation) -> int:
    """Write down a person who is invited by e-mail; gives their id. Raises Missing and Invalid."""
    named(body)
    name = body.email.partition("@")[0]
    username, number = name.lower(), 2
    while db.seek(User, same(User.username, username)):
        username, number = f"{name.lower()}.{number}", number + 1
    told = {"username": username, "name": body.name or name, "email": body.email, "headline": "", "avatar": ""}
    return db.insert(User, **told, location="", timezone_id=1, timezone_name="UTC")


def bare(rows: Whole[Any]) -> Any:
    """A list that stands alone."""
    return Bare(orjson.loads(array(rows.rows)))
