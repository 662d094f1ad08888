"""Workspaces, their people and projects, and the credentials that open them."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from mock_server.domain.columns import belongs, day, key, moment, one_of, refers, wide

PROJECT_STATUSES = {0: "In Progress", 1: "Done", 2: "On Hold", 3: "Canceled"}
ROLES = {1: "owner", 2: "manager", 3: "client", 4: "admin", 5: "member"}
KINDS = ("full", "read_only", "revoked", "expired", "suspended", "mfa", "ended")
RUNS = (1, 2, 4)  # of ROLES, those that run a project: owner, manager, admin
LADDER = ("client", "member", "manager", "admin", "owner")  # who may do more stands later
FREE, PRO = "free", "pro"


class Table(SQLModel):
    """What every table has in common: its rows are numbered and a number is never given twice."""

    __table_args__: object = {"sqlite_autoincrement": True}


class Seeding(Table, table=True):
    """How the sandbox's first rows were made; one row. ``anchor`` is the moment they are dated around."""

    id: int | None = key()
    profile: str
    seed: int = wide()
    locale: str
    tasks: int
    anchor: int = moment()


class Company(Table, table=True):
    """A workspace. The API calls it company. ``plan`` is FREE or PRO."""

    id: int | None = key()
    uuid: str
    owner_id: int = belongs("user", index=False)
    slug: str
    name: str
    description: str = ""
    logo: str
    plan: str = PRO
    created_at: int = moment()


class User(Table, table=True):
    """A person. ``timezone_id`` is GitScrum's number of the zone; ``created_at`` is the month they joined."""

    id: int | None = key()
    uuid: str
    username: str
    name: str
    email: str
    headline: str
    avatar: str
    location: str
    timezone_id: int
    timezone_name: str
    language: str = "en"
    created_at: int = moment()


class WorkspaceMember(Table, table=True):
    """A person in a workspace. ``role_id`` is a key of ROLES."""

    __tablename__ = "workspace_member"
    __table_args__ = (UniqueConstraint("company_id", "user_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    company_id: int = belongs("company", index=False)
    user_id: int = belongs("user")
    role_id: int = one_of(ROLES)
    created_at: int = moment()


class Project(Table, table=True):
    """A project. ``status`` is a key of PROJECT_STATUSES; ``tasks_numbered`` is the last task number given.

    ``budget`` is in whole units of currency, ``hourly_cents`` what an hour of work on it costs.
    """

    id: int | None = key()
    uuid: str
    company_id: int = belongs("company")
    owner_id: int = belongs("user", index=False)
    parent_id: int | None = refers("project", index=False)
    slug: str
    name: str
    code: str
    description: str
    logo: str
    budget: float = 0
    hourly_cents: int = 0
    contact_company_id: int | None = refers("contact_company")
    category_id: int | None = None
    background: str | None = None
    background_thumb: str | None = None
    slack_webhook: str = ""
    discord_webhook: str = ""
    status: int = 0
    is_private: bool = False
    use_timer: bool = True
    use_types: bool = True
    use_efforts: bool = True
    show_number: bool = True
    has_user_stories: bool = True
    has_sprints: bool = True
    github_full_name: str | None = None
    start_date: int | None = day(None)
    due_date: int | None = day(None)
    tasks_numbered: int = 0
    sprints_numbered: int = 0
    stories_numbered: int = 0
    created_at: int = moment()


class Member(Table, table=True):
    """A person in a project. ``role_id`` is a key of ROLES."""

    __table_args__ = (UniqueConstraint("project_id", "user_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    role_id: int = one_of(ROLES)
    is_leader: bool = False
    color: str


class Credential(Table, table=True):
    """What a client sends to be let in: a key pair (``api_id``, ``project_key``) or a ``token``, and whose it is.

    One without ``has_pair`` is a token alone.

    ``name`` is how the sandbox lists it (``default``, ``read_only``, ...); ``kind`` is one of KINDS. ``project_id`` is
    where its calls go that name no project; a token that somebody got by logging in has none.
    """

    __table_args__ = (UniqueConstraint("api_id", "project_key"), {"sqlite_autoincrement": True})
    id: int | None = key()
    name: str
    kind: str
    api_id: str | None = None
    project_key: str | None = None
    token: str | None = Field(default=None, index=True)
    has_pair: bool = True
    company_id: int | None = refers("company", index=False)
    project_id: int | None = refers("project", index=False)
    user_id: int = belongs("user", index=False)
    expires_at: int | None = moment(None)
