"""The keyed dialect: GitScrum API 2.0.0, opened by ``api_id`` and ``project_key`` in the query."""

from copy import copy
from typing import Any

import orjson
from pydantic import BaseModel

from mock_server import ledger
from mock_server.dialects.answers import Bare, Deleted, Listing, One, Summed, Whole, array
from mock_server.dialects.dialect import Asked, Dialect
from mock_server.dialects.endpoint import Endpoint
from mock_server.dialects.lists import Page
from mock_server.errors import Forbidden, NotBuilt, Refusal, Unauthorized
from mock_server.store.callers import standing
from mock_server.store.keyring import Let
from mock_server.store.sandboxes import World

DELETED = b'{"data":{"deleted":true}}'


class Keyed(Dialect):
    """How the keyed dialect lets in, wraps and refuses. ``wrap_creates`` is always, never or documented."""

    name = "keyed"

    def __init__(self) -> None:
        super().__init__()
        self.wrap_creates = "documented"

    def with_creates(self, wrapped: str) -> "Keyed":
        """The same dialect, as one application was told to wrap what is created."""
        told = copy(self)
        told.wrap_creates = wrapped
        return told

    def known(self, world: World, asked: Asked) -> Let:
        """Whoever the pair in the query belongs to. Where a bearer token comes along, the pair wins."""
        api_id, project_key = asked.query.get("api_id"), asked.query.get("project_key")
        let = world.keyring.pairs.get((api_id, project_key))  # type: ignore[arg-type]
        if let is None:
            raise unknown(world, api_id, project_key)
        return let

    def admit(self, let: Let, method: str) -> None:
        """Let a known caller in, unless its credentials have ended or may only read."""
        if let.caller.kind != "full" or let.caller.expires_at is not None:
            standing(let.caller, let.sandbox.clock.now(), method)

    def wrapped(self, endpoint: Endpoint, said: Any) -> bytes:
        """``data`` around everything that is read, and around what is created as documented or as told."""
        if isinstance(said, Listing):
            return listed(said)
        if isinstance(said, Whole):
            return b'{"data":' + array(said.rows) + b"}"
        if said is Deleted:
            return DELETED
        if isinstance(said, Bare):
            return orjson.dumps(said.told)
        told = said.json if isinstance(said, One) else plain(said)
        return told if self.is_bare(endpoint) else b'{"data":' + told + b"}"

    def is_bare(self, endpoint: Endpoint) -> bool:
        """Whether the answer stands alone, outside ``data``."""
        if endpoint.status != 201 or self.wrap_creates == "documented":
            return endpoint.bare
        return self.wrap_creates == "never"

    def refused(self, error: Refusal, status: int) -> dict[str, Any]:  # noqa: ARG002 the status says it already
        """One flat object; ``param`` only where one parameter is to blame."""
        body = {"message": error.message, "error_code": error.code}
        return body | {"param": error.param} if error.param else body

    def unbuilt(self, method: str, path: str) -> Refusal | None:
        """A 501 for what the ledger knows and nobody has built."""
        known = ledger.load("keyed").unbuilt(method, path)
        if known is None:
            return None
        return NotBuilt(f"{method} {known.path} exists in the GitScrum API; this sandbox does not have it.")


def unknown(world: World, api_id: Any, project_key: Any) -> Refusal:
    """Why a pair opens nothing."""
    halves = {"api_id": api_id, "project_key": project_key}
    for param, half in halves.items():
        if not half:
            return Unauthorized(f"The parameter '{param}' is missing from the query.", "TOKEN_MISSING", param=param)
    for param, half in halves.items():
        if half not in world.keyring.halves:
            return Unauthorized(f"The {param} is not known.", "TOKEN_INVALID", param=param)
    return Forbidden("The api_id and the project_key do not belong together.", "CREDENTIALS_MISMATCH")


def plain(said: Any) -> bytes:
    """JSON of what is no view."""
    return orjson.dumps(said.model_dump(mode="json") if isinstance(said, BaseModel) else said)


def listed(said: Listing[Any]) -> bytes:
    """``data`` beside the five numbers: ``count`` is what this page holds, ``total_pages`` the ceiling."""
    page: Page = said.page
    numbers = {
        "total": said.total,
        "count": len(said.rows),
        "per_page": page.limit,
        "current_page": page.number,
        "total_pages": max(1, -(-said.total // page.limit)),
    }
    beside = orjson.dumps(numbers | said.beside)
    rows = array(said.rows)
    if isinstance(said, Summed):
        rows = b'{"data":' + rows + b',"resume":' + orjson.dumps(said.resume) + b"}"
    return b"".join((b'{"data":', rows, b",", beside[1:]))


keyed = Keyed()
