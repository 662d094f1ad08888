"""Where a bearer call takes place: the workspace and project that it names, or those which its token is at home in.

``company_slug`` and ``project_slug`` come in the query or in the body, as a slug, a uuid or an id. What a person does
not belong to is not there for them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, Self, cast

from mock_server.dialects.answers import Db
from mock_server.dialects.endpoint import Call
from mock_server.dialects.roles import role_of
from mock_server.errors import Invalid, NotFound, shown
from mock_server.store.callers import Owner
from mock_server.store.rows import Match, same

WORKSPACES = """
SELECT c.id AS company_id, 0 AS project_id, s.role_id, s.role_id AS seat, c.plan
FROM workspace_member s JOIN company c ON c.id = s.company_id
WHERE s.user_id = :me AND (:company IS NULL OR :company IN (c.slug, c.uuid, CAST(c.id AS TEXT)))
ORDER BY c.id = :home DESC, c.id
"""
PROJECTS = """
SELECT p.company_id, p.id AS project_id, m.role_id, s.role_id AS seat, c.plan
FROM member m JOIN project p ON p.id = m.project_id JOIN company c ON c.id = p.company_id
LEFT JOIN workspace_member s ON s.company_id = c.id AND s.user_id = m.user_id
WHERE m.user_id = :me AND (:company IS NULL OR :company IN (c.slug, c.uuid, CAST(c.id AS TEXT)))
AND (:project IS NULL OR :project IN (p.slug, p.uuid, CAST(p.id AS TEXT))) ORDER BY p.id = :home DESC, p.id
"""
MCP, CLI, OTHER = "mcp", "cli", "other"


class Place(NamedTuple):
    """A workspace, and a project of it (0 for none), with the ``role`` that the caller has there and the plan."""

    user_id: int
    company_id: int
    project_id: int
    role: str
    plan: str

    def owns(self, table: object) -> Match:
        """What a row of this table has to match to belong here: to the project, or to the workspace without one."""
        column = "project_id" if self.project_id else "company_id"
        return same(getattr(cast(Any, table), column), self.project_id or self.company_id)


class InWorkspace(Place):
    """The workspace that a call names in ``company_slug``, else that of its token."""

    params: tuple[str, ...] = ("company_slug",)

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound, and Invalid where it is not clear which one is meant."""
        company = slug_in(call.given(), "company_slug")
        values = {"me": call.caller.user_id, "company": company, "home": call.caller.company_id}
        found = places(call.db, WORKSPACES, values)
        if not found:
            raise NotFound("Workspace", company, " among those that you belong to")
        if company is None and len(found) > 1 and found[0]["company_id"] != values["home"]:
            raise Invalid("company_slug", "The parameter 'company_slug' is required: you belong to several workspaces.")
        return cls(*placed(call.db, found[0]))

    @classmethod
    def named(cls, db: Db, slug: str) -> Self:
        """The caller's workspace of this slug or uuid. Raises NotFound."""
        found = places(db, WORKSPACES, {"me": db.me, "company": slug, "home": 0})
        if not found:
            raise NotFound("Workspace", slug, " among those that you belong to")
        return cls(*placed(db, found[0]))


class InProject(Place):
    """The project that a call names in ``project_slug``, else that of its token."""

    params: tuple[str, ...] = ("company_slug", "project_slug")

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound, and Invalid where it is not clear which one is meant."""
        given = call.given()
        project, company = slug_in(given, "project_slug"), slug_in(given, "company_slug")
        return cls.named(call.db, project, company, call.caller.project_id)

    @classmethod
    def named(cls, db: Db, project: str | None, company: str | None = None, home: int = 0) -> Self:
        """The caller's project of this slug or uuid, in a workspace where one is named; without a slug, ``home``.

        Raises NotFound, and Invalid where it is not clear which one is meant.
        """
        found = places(db, PROJECTS, {"me": db.me, "company": company, "project": project, "home": home})
        if not found:
            raise missing(db, company, project)
        if len(found) > 1 and (project is not None or found[0]["project_id"] != home):
            raise unclear(project)
        return cls(*placed(db, found[0]))


class InSomeProject(InProject):
    """The same; where it is not clear which one is meant, the first that the caller works on: for shared lists."""

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound."""
        company = slug_in(call.given(), "company_slug")
        if slug_in(call.given(), "project_slug") is not None:
            return super().asked_of(call)
        values = {"me": call.db.me, "company": company, "project": None, "home": call.caller.project_id}
        found = places(call.db, PROJECTS, values)
        if not found:
            raise missing(call.db, company, None)
        return cls(*placed(call.db, found[0]))


class AtWorkspace(InWorkspace):
    """The workspace that the path names first, by its slug, its uuid or its id."""

    params: tuple[str, ...] = ()

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound."""
        return cls.named(call.db, call.values[0])


class AtProject(InProject):
    """The project that the path names first; ``company_slug`` tells it from one of another workspace."""

    params: tuple[str, ...] = ("company_slug",)

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound, and Invalid where it is not clear which one is meant."""
        return cls.named(call.db, call.values[0], slug_in(call.given(), "company_slug"))


class Somewhere(Place):
    """The project that a call names in ``project_slug``; where it names none, everywhere (project 0)."""

    params: tuple[str, ...] = ("company_slug", "project_slug")

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The place. Raises NotFound, and Invalid where it is not clear which one is meant."""
        given = call.given()
        project = slug_in(given, "project_slug")
        if project is None:
            return cls(call.db.me, 0, 0, "", "")
        return cls(*InProject.named(call.db, project, slug_in(given, "company_slug")))


class Here(Owner, Protocol):
    """The project of the caller's key pair, or the one that a bearer call names: for what both dialects do alike."""

    @staticmethod
    def asked_of(call: Call) -> Owner:
        """The place. Raises NotFound, and Invalid where it is not clear which one is meant."""
        return call.caller if call.db.dialect == "keyed" else InProject.asked_of(call)


class HereOrFirst(Here, Protocol):
    """The same; a bearer call need not say which project it means."""

    @staticmethod
    def asked_of(call: Call) -> Owner:
        """The place. Raises NotFound."""
        return call.caller if call.db.dialect == "keyed" else InSomeProject.asked_of(call)


class Client(str):
    """Which client calls: ``mcp``, ``cli`` or ``other``; for answers whose types differ between them."""

    __slots__ = ()

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The client, told by its headers."""
        return cls(client_of(call.heads))


def client_of(heads: Mapping[bytes, bytes]) -> str:
    """Told apart as conventions.yaml says: ``X-Client-Type: mcp`` against ``User-Agent: GitScrum-CLI/...``."""
    if heads.get(b"x-client-type", b"").lower() == b"mcp":
        return MCP
    return CLI if heads.get(b"user-agent", b"").startswith(b"GitScrum-CLI") else OTHER


def places(db: Db, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The places that a person sees; known until somebody's place changes."""
    key, store = (sql, *values.values()), db.store
    found = None if store.raw.in_transaction else store.places.get(key)
    if found is None:
        found = db.asked(sql, values)
        if found and not store.raw.in_transaction:
            store.places[key] = found
    return found


def placed(db: Db, row: Mapping[str, Any]) -> tuple[int, int, int, str, str]:
    """A row as a place."""
    return db.me, row["company_id"], row["project_id"], role_of(row), row["plan"]


def missing(db: Db, company: str | None, project: str | None) -> NotFound:
    """Whether it is the workspace or the project that is not there."""
    if company is not None:
        InWorkspace.named(db, company)
    return NotFound("Project", project, " among those that you work on")


def unclear(project: str | None) -> Invalid:
    """Several projects would do."""
    if project is None:
        return Invalid("project_slug", "The parameter 'project_slug' is required: you work on several projects.")
    why = f"'{shown(project)}' is a project in several of your workspaces"
    return Invalid("company_slug", f"The parameter 'company_slug' is required: {why}.")


def slug_in(given: Mapping[str, Any], name: str) -> str | None:
    """A slug, or None where it did not come. Raises Invalid for what is no text."""
    value = given.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or "\0" in value:
        raise Invalid(name, f"The parameter '{name}' takes a slug; got '{shown(value)}'.")
    return value
