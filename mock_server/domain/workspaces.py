"""Workspaces, their people and projects, and the credentials that open them."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from mock_server.domain.columns import belongs, day, key, moment, refers

PROJECT_STATUSES = {0: "In Progress", 1: "Done", 2: "On Hold", 3: "Canceled"}
ROLES = {1: "owner", 2: "manager", 3: "client", 4: "admin", 5: "member"}
KINDS = ("full", "read_only", "revoked", "expired", "suspended")


class Table(SQLModel):
    """What every table has in common: its rows are numbered and a number is never given twice."""

    __table_args__: object = {"sqlite_autoincrement": True}


class Seeding(Table, table=True):
    """How the sandbox's first rows were made; one row. ``anchor`` is the moment they are dated around."""

    id: int | None = key()
    profile: str
    seed: int
    locale: str
    tasks: int
    anchor: int = moment()


class Company(Table, table=True):
    """A workspace. The API calls it company."""

    id: int | None = key()
    uuid: str
    slug: str
    name: str
    logo: str
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
    created_at: int = moment()


class Project(Table, table=True):
    """A project. ``status`` is a key of PROJECT_STATUSES; ``tasks_numbered`` is the last task number given."""

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
    role_id: int
    is_leader: bool = False
    color: str


class Credential(Table, table=True):
    """What a client sends to be let in: a key pair (``api_id``, ``project_key``) or a ``token``, and whose it is.

    ``name`` is how the sandbox lists it (``default``, ``read_only``, ...); ``kind`` is one of KINDS.
    """

    __table_args__ = (UniqueConstraint("api_id", "project_key"), {"sqlite_autoincrement": True})
    id: int | None = key()
    name: str
    kind: str
    api_id: str | None = None
    project_key: str | None = None
    token: str | None = None
    company_id: int = belongs("company", index=False)
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    expires_at: int | None = moment(None)
