"""Who calls, and how they came by their token: login, the device flow of RFC 8628, renewal and logout."""

from typing import Annotated, Any

from pydantic import BaseModel
from sqlalchemy import func, select

from mock_server.dialects.answers import Bare, Beside, Db, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.entrance import YEAR, Entrance
from mock_server.dialects.inputs import Body, Text
from mock_server.dialects.views import Dated, Sql, View, as_json, table_of
from mock_server.domain.workspaces import Company, User, WorkspaceMember
from mock_server.errors import Forbidden, NoGrant, NotFound
from mock_server.store.callers import Caller, password_of
from mock_server.store.rows import same

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
BEARER = "Bearer"
PAGE = "/_mock/device"


class Login(Body):
    """A person's e-mail and the password of their sandbox."""

    email: Text
    password: Text
    language: Text | None = None
    token_invitation: Text | None = None


class DeviceBody(Body):
    """Which client asks, and for what."""

    client_id: str = ""
    scope: str = ""


class TokenBody(Body):
    """A device that asks for its token; MCP sends no client_id."""

    grant_type: str = ""
    device_code: str = ""
    client_id: str = ""


class WorkspaceCard(BaseModel):
    """A workspace, in short."""

    uuid: str
    slug: str
    name: str
    logo: str | None


def workspaces_of(user: Any) -> Any:
    """The workspaces of a person, in the order in which they came to them, as a JSON array."""
    seat, company = table_of(WorkspaceMember).alias(), table_of(Company).alias()
    keys = [part for name in WorkspaceCard.model_fields for part in (name, company.c[name])]
    rows = select(func.json_object(*keys).label("o")).join(seat, seat.c.company_id == company.c.id)
    told = rows.where(seat.c.user_id == user.c.id).order_by(seat.c.id).correlate(user).subquery()
    return as_json(select(func.json_group_array(func.json(told.c.o))))


class CurrentUser(View, of=User):
    """The person who calls, at length."""

    id: int
    uuid: str
    name: str
    username: str
    email: str
    avatar: str
    headline: str
    location: str
    timezone_id: int
    timezone_name: str
    language: str
    country_id: int | None = None
    email_offers: bool = False
    email_product_updates: bool = False
    email_weekly: bool = False
    onboarding_started: bool = True
    onboarding_completed: bool = True
    presence_status: str | None = None
    theme: str | None = None
    created_at: Dated
    workspaces: Annotated[list[WorkspaceCard], Sql(workspaces_of)]


class LoggedIn(BaseModel):
    """A token, and whose it is."""

    companies: list[dict[str, Any]]
    user: dict[str, Any]
    token_type: str
    access_token: str


class Renewed(BaseModel):
    """A new token, and one to renew it with."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int


COMPANIES = """
SELECT c.slug, c.name, c.logo FROM workspace_member s JOIN company c ON c.id = s.company_id
WHERE s.user_id = :user_id ORDER BY s.id
"""
SHOWN = "id uuid name username email avatar headline timezone_name language".split()


@bearer.post("/auth/login", status=200, least="client")
def log_in(body: Login, db: Db, door: Entrance) -> LoggedIn:
    """A token for a person; it is at home in their workspace, if they have just one, and in no project."""
    user = db.seek(User, same(User.email, body.email))
    if user is None or body.password != password_of(db.store.seed, door.sandbox.id):
        raise NotFound("User", body.email, ", or the password is wrong")
    companies = db.asked(COMPANIES, {"user_id": user.id})
    if not companies:
        raise Forbidden("You belong to no workspace.", "NO_WORKSPACE_ACCESS")
    shown = {name: getattr(user, name) for name in SHOWN}
    return LoggedIn(companies=companies, user=shown, token_type=BEARER, access_token=door.open(user.id or 0))


@bearer.post("/auth/me", status=200, least="client")
def show_me(db: Db, caller: Caller) -> One[CurrentUser]:
    """The person who calls."""
    return db.one(CurrentUser, same(User.id, caller.user_id))


@bearer.get("/me")
def get_me(db: Db, caller: Caller) -> One[CurrentUser]:
    """The person who calls, as the command-line client asks."""
    return db.one(CurrentUser, same(User.id, caller.user_id))


@bearer.post("/auth/logout", status=200, least="client")
def log_out(door: Entrance) -> dict[str, str]:
    """End the token; a key pair that was issued with it goes on."""
    door.shut()
    return {"message": "You are logged out."}


@bearer.post("/auth/refresh", status=200, least="client")
def refresh(caller: Caller, door: Entrance) -> Beside[Renewed]:
    """Two new tokens for the one that came, which ends: one to call with, one to come back with."""
    door.shut()
    home = caller.project_id or None
    told = Renewed(
        access_token=door.open(caller.user_id, home),
        refresh_token=door.open(caller.user_id, home),
        token_type=BEARER,
        expires_in=YEAR,
    )
    return Beside(told, told.model_dump())


@bearer.post("/oauth/device/code", status=200, least="client")
def ask_for_device(body: DeviceBody, door: Entrance) -> Bare:
    """Codes for a device: one to show to a person, one to come back with. Raises NoGrant."""
    if not body.client_id:
        raise NoGrant("invalid_request", "The parameter 'client_id' is required.")
    now = door.sandbox.clock.now()
    grant = door.ask(body.client_id, body.scope)
    page = door.base + PAGE
    told: dict[str, Any] = {"device_code": grant.device_code, "user_code": grant.user_code}
    told |= {"verification_uri": page, "verification_uri_complete": f"{page}?user_code={grant.user_code}"}
    return Bare(told | {"expires_in": int(grant.expires_at - now), "interval": grant.interval})


@bearer.post("/oauth/device/token", status=200, least="client")
def take_token(body: TokenBody, door: Entrance) -> Bare:
    """The token of a device that a person has approved, once. Raises NoGrant until then."""
    if body.grant_type != DEVICE_CODE:
        raise NoGrant("unsupported_grant_type", f"The parameter 'grant_type' has to be '{DEVICE_CODE}'.")
    if not body.device_code:
        raise NoGrant("invalid_request", "The parameter 'device_code' is required.")
    grant = door.sandbox.grants.poll(body.device_code, door.sandbox.clock.now())
    home, where = grant.project_id or None, grant.where
    tokens = {name: door.open(grant.user_id, home, where) for name in ("access_token", "refresh_token")}
    return Bare(tokens | {"token_type": BEARER, "expires_in": YEAR, "scope": grant.scope})
