"""The bearer dialect: GitScrum's services API, opened by a token in the Authorization header."""

from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any, Self, TypeVar, cast

import orjson

from mock_server import ledger
from mock_server.dialects.answers import Bare, Beside, Deleted, Listing, One, Whole, array
from mock_server.dialects.bodies import body_of
from mock_server.dialects.dialect import Answer, Asked, Dialect, Headers, Heads
from mock_server.dialects.endpoint import Call, Endpoint
from mock_server.dialects.keyed import plain
from mock_server.dialects.lists import Page, Part
from mock_server.dialects.roles import permit
from mock_server.dialects.spelling import Resourceful
from mock_server.dialects.tenancy import CLI, MCP, OTHER, InWorkspace, Place, client_of
from mock_server.dialects.tree import Found
from mock_server.domain.workspaces import PRO
from mock_server.errors import Invalid, Missing, NeedsPlan, NoGrant, NotBuilt, Refusal, Unauthorized
from mock_server.store.callers import Caller, standing
from mock_server.store.keyring import Let
from mock_server.store.sandbox import Sandbox
from mock_server.store.sandboxes import World

F = TypeVar("F", bound=Callable[..., Any])
OPEN = frozenset({"/auth/login", "/oauth/device/code", "/oauth/device/token"})
NOBODY = Caller("", "full", 0, 0, 0, 0, None)
PRICING = "https://gitscrum.com/pricing"  # what MCP falls back to, conventions.yaml code_details


class Bearer(Dialect):
    """How the bearer dialect lets in, wraps and refuses.

    Its endpoints are declared when it is first spoken, or listed, by what ``later`` was told.
    """

    name = "bearer"
    spelling = Resourceful
    paging = ("page", "per_page", "limit")

    def __init__(self) -> None:
        super().__init__()
        self._declare_all: Callable[[], None] | None = None

    def later(self, declare_all: Callable[[], None]) -> None:
        """Declare the endpoints when they are needed, so that no start waits for them."""
        self._declare_all = declare_all

    def ready(self) -> Self:
        """The same dialect, its endpoints declared."""
        declare_all, self._declare_all = self._declare_all, None
        if declare_all is not None:
            declare_all()
        return self

    def get(self, path: str, *, feature: str = "", least: str = "client") -> Callable[[F], F]:
        """Declare an endpoint that reads; ``least`` is the least role that may, ``feature`` a PRO group."""
        return self._told("GET", path, 200, feature, least)

    def post(  # type: ignore[override]
        self, path: str, *, status: int = 201, feature: str = "", least: str = "member"
    ) -> Callable[[F], F]:
        """Declare an endpoint that creates, or, with status 200, that does something else."""
        return self._told("POST", path, status, feature, least)

    def put(self, path: str, *, feature: str = "", least: str = "member") -> Callable[[F], F]:
        """Declare an endpoint that updates."""
        return self._told("PUT", path, 200, feature, least)

    def patch(self, path: str, *, feature: str = "", least: str = "member") -> Callable[[F], F]:
        """Declare an endpoint that updates."""
        return self._told("PATCH", path, 200, feature, least)

    def delete(self, path: str, *, status: int = 204, feature: str = "", least: str = "member") -> Callable[[F], F]:
        """Declare an endpoint that deletes, and has nothing to say of it unless its status is 200."""
        return self._told("DELETE", path, status, feature, least)

    def _told(self, method: str, path: str, status: int, feature: str, least: str) -> Callable[[F], F]:
        return lambda function: self.declared(
            function, Endpoint(method, path, function, status, feature=feature, least=least)
        )

    def page_of(self, query: Mapping[str, Any]) -> Page:
        """``page`` and ``per_page`` (or ``limit``), 1 to 100, 50 where nothing is said."""
        return Part.asked(query)

    def known(self, world: World, asked: Asked) -> Let:
        """Whoever the token belongs to. Where a token is still to be had, nobody, in the sandbox that they mean."""
        path = unversioned(asked.entry.path).rstrip("/")
        if path in OPEN:
            return Let(meant(world, asked), NOBODY, "", ())
        kind, _, token = asked.heads.get(b"authorization", b"").decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Unauthorized("The header 'Authorization: Bearer <token>' is missing.", "TOKEN_MISSING")
        let = world.keyring.tokens.get(token.strip())
        if let is None:
            raise Unauthorized("The token is not known.", "TOKEN_INVALID")
        return let

    def is_meant(self, asked: Asked) -> bool:
        """Whether a token comes, or its host, its client or its path are those of the services API."""
        heads, path = asked.heads, asked.entry.path
        return (
            heads.get(b"authorization", b"")[:7].lower() == b"bearer "
            or heads.get(b"host", b"").startswith(b"services.")
            or b"x-client-type" in heads
            or client_of(heads) == CLI
            or path.startswith("/v1/")
            or path.rstrip("/") in OPEN
        )

    def admit(self, let: Let, method: str) -> None:
        """Let a known caller in, unless the token has ended or may only read."""
        if let.caller.kind != "full" or let.caller.expires_at is not None:
            standing(let.caller, let.sandbox.clock.now(), method)

    def allow(self, endpoint: Endpoint, call: Call) -> None:
        """Let the caller call this, if the plan has it and the role is enough. Raises NeedsPlan or Forbidden."""
        call.db.least, call.db.writes = endpoint.least, endpoint.method != "GET"
        if not endpoint.feature and endpoint.least == "client":
            return
        place = place_of(endpoint, call)
        if place is None or not place.role:
            return
        if endpoint.feature and place.plan != PRO:
            raise NeedsPlan(endpoint.feature, place.plan)
        permit(call.db, place.role)

    def sought(self, method: str, path: str) -> tuple[Endpoint, Found]:
        """The endpoint at a path; ``/v1`` in front of it makes no difference."""
        self.ready()
        return super().sought(method, unversioned(path))

    def said(self, endpoint: Endpoint, said: Any, heads: Heads) -> Answer:
        """A success: as documented, and 200 with a body for the clients that read nothing else."""
        if client_of(heads) == OTHER:
            return Answer(endpoint.status, b"" if endpoint.status == 204 else self.wrapped(endpoint, said))
        return Answer(200, self.wrapped(endpoint, said))

    def wrapped(self, endpoint: Endpoint, said: Any) -> bytes:
        """``data`` around everything but what stands alone; a page with its numbers in ``meta`` and beside it."""
        if isinstance(said, Listing):
            return listed(said)
        if isinstance(said, Whole):
            return b'{"data":' + array(said.rows) + b"}"
        if said is Deleted:
            return b'{"success":true}'
        if isinstance(said, Bare):
            return orjson.dumps(said.told)
        if isinstance(said, Beside):
            return self.wrapped(endpoint, said.data)[:-1] + b"," + orjson.dumps(said.beside)[1:]
        return b'{"data":' + (said.json if isinstance(said, One) else plain(said)) + b"}"

    def refused(self, error: Refusal, status: int) -> dict[str, Any]:
        """One body for all: ``error`` is a text, ``errors`` has the complaints by parameter, the rest is of plans."""
        told = {"error_code": code_of(error), "message": error.message, "error": responses.get(status, "Error")}
        if isinstance(error, NoGrant):
            return told | {"error": error.word, "error_description": error.message}
        if isinstance(error, NeedsPlan):
            told |= {"feature": error.feature, "plan": error.plan, "upgrade_url": PRICING}
        if (seconds := getattr(error, "retry_after", None)) is not None:
            told |= {"retry_after": seconds, "upgrade_url": PRICING}
        return told | {"errors": error.errors} if error.errors else told

    def status_of(self, error: Refusal, heads: Heads) -> int:
        """What is wrong with a parameter is 409 for MCP and 422 for everybody else."""
        if isinstance(error, (Invalid, Missing)):
            return 409 if client_of(heads) == MCP else 422
        return super().status_of(error, heads)

    def refusal_headers(self, error: Refusal) -> Headers:
        """The headers that a refusal carries; a 401 says how to be let in."""
        more = [(b"www-authenticate", b"Bearer")] if isinstance(error, Unauthorized) else []
        return super().refusal_headers(error) + more

    def unbuilt(self, method: str, path: str) -> Refusal | None:
        """A 501 for what the ledger knows and nobody has built."""
        known = ledger.load("bearer").unbuilt(method, path)
        if known is None:
            return None
        return NotBuilt(f"{method} {known.path} exists in the services API; this sandbox does not have it.")


def meant(world: World, asked: Asked) -> Sandbox:
    """The sandbox that somebody without a token means: the one whose password they send, else the default one."""
    told = body_of(asked.body, asked.entry.content_type).get("password")
    return world.keyring.passwords.get(told, world.default) if isinstance(told, str) else world.default


def unversioned(path: str) -> str:
    """A path without the ``/v1`` that may stand in front of it."""
    return path[3:] if path.startswith("/v1/") else path


def code_of(error: Refusal) -> str:
    """The stable word for an error; one for everything that is wrong with a parameter."""
    return "VALIDATION_FAILED" if isinstance(error, (Invalid, Missing)) else error.code


def place_of(endpoint: Endpoint, call: Call) -> Place | None:
    """Where the role and the plan are looked at: the place that the endpoint asks for, else the token's workspace."""
    kind = endpoint.place or (InWorkspace if call.caller.company_id else None)
    return cast(Place, call.place(kind)) if kind else None


def listed(said: Listing[Any]) -> bytes:
    """``data`` with every number that some client reads: MCP in ``meta``, the CLI beside it."""
    page: Page = said.page
    pages = max(1, -(-said.total // page.limit))
    beside = {
        "total": said.total,
        "count": len(said.rows),
        "per_page": page.limit,
        "current_page": page.number,
        "total_pages": pages,
    }
    meta = {"meta": beside | {"last_page": pages}}
    return b"".join((b'{"data":', array(said.rows), b",", orjson.dumps(meta | beside | said.beside)[1:]))


bearer = Bearer()
