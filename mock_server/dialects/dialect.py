"""What both dialects have in common: how endpoints are declared, and how one request is carried out."""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol, Self, TypeVar

import orjson

from mock_server.dialects.answers import Db
from mock_server.dialects.endpoint import Call, Endpoint
from mock_server.dialects.lists import Page
from mock_server.dialects.spelling import Spelling
from mock_server.dialects.tree import Found, Tree
from mock_server.errors import CODES, Malformed, NoSuchRoute, NotAllowed, Refusal, TooLarge, sized
from mock_server.store.entry import Entry
from mock_server.store.keyring import Let
from mock_server.store.sandbox import Sandbox
from mock_server.store.sandboxes import World
from mock_server.store.windows import Standing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
F = TypeVar("F", bound=Callable[..., Any])
Headers = list[tuple[bytes, bytes]]
Heads = Mapping[bytes, bytes]

STATUSES = {code.word: code.status for code in CODES}
TYPICAL = {400: "INVALID_PARAMETER", 401: "TOKEN_INVALID", 403: "CLIENT_READ_ONLY", 404: "NOT_FOUND"}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HOST = re.compile(rb"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


JSON = (b"content-type", b"application/json")


class Answer:
    """What is sent: a status, a body and the header that tells its kind, and headers of its own."""

    __slots__ = ("body", "headers", "kind", "status")

    def __init__(self, status: int, body: bytes, headers: Headers | None = None) -> None:
        self.status, self.body, self.headers, self.kind = status, body, headers or [], JSON


class Asked(Protocol):
    """One request as a dialect may look at it before anybody is let in."""

    query: dict[str, Any]
    heads: Heads
    body: bytes
    entry: Entry


class Dialect:
    """A way of speaking: its endpoints, and how it lets in, wraps and refuses (which each dialect says itself)."""

    name: str
    spelling: type[Spelling] = Spelling
    paging: tuple[str, ...] = ("limit", "page", "sort")

    def __init__(self) -> None:
        self.tree = Tree()
        self.endpoints: list[Endpoint] = []
        self.book: dict[Any, Any] = {}

    def ready(self) -> Self:
        """The same dialect, its endpoints declared."""
        return self

    def get(self, path: str) -> Callable[[F], F]:
        """Declare an endpoint that reads."""
        return self._declare("GET", path, 200, False)

    def post(self, path: str, *, status: int = 201, bare: bool = False) -> Callable[[F], F]:
        """Declare an endpoint that creates, or, with status 200, that does something else."""
        return self._declare("POST", path, status, bare)

    def put(self, path: str) -> Callable[[F], F]:
        """Declare an endpoint that updates."""
        return self._declare("PUT", path, 200, False)

    def delete(self, path: str) -> Callable[[F], F]:
        """Declare an endpoint that deletes."""
        return self._declare("DELETE", path, 200, False)

    def _declare(self, method: str, path: str, status: int, bare: bool = False) -> Callable[[F], F]:
        return lambda function: self.declared(function, Endpoint(method, path, function, status, bare))

    def declared(self, function: F, endpoint: Endpoint) -> F:
        """Take an endpoint; gives its function."""
        endpoint.page_of, endpoint.paging = self.page_of, self.paging
        self.tree.add(endpoint.method, endpoint.path, endpoint)
        self.endpoints.append(endpoint)
        return function

    def page_of(self, query: Mapping[str, Any]) -> Page:
        """The page that a query asks for. Raises Invalid, naming the parameter."""
        return Page.asked(query)

    def known(self, world: World, asked: Asked) -> Let:
        """Who calls, and which sandbox. Raises Unauthorized or Forbidden."""
        raise NotImplementedError

    def is_meant(self, asked: Asked) -> bool:  # noqa: ARG002 some dialects look who asks
        """Whether a request that has no key pair is in this dialect."""
        return False

    def admit(self, let: Let, method: str) -> None:
        """Let a known caller in. Raises Unauthorized, Forbidden or PlanSuspended."""
        raise NotImplementedError

    def allow(self, endpoint: Endpoint, call: Call) -> None:
        """Let a caller who was let in call this endpoint. Raises Forbidden or NeedsPlan."""

    def wrapped(self, endpoint: Endpoint, said: Any) -> bytes:
        """The body of a success."""
        raise NotImplementedError

    def said(self, endpoint: Endpoint, said: Any, heads: Heads) -> Answer:  # noqa: ARG002 some dialects look who asks
        """A success."""
        return Answer(endpoint.status, self.wrapped(endpoint, said))

    def is_bare(self, endpoint: Endpoint) -> bool:
        """Whether the answer stands alone, outside ``data``."""
        return endpoint.bare

    def refused(self, error: Refusal, status: int) -> dict[str, Any]:
        """The body of a refusal."""
        raise NotImplementedError

    def refusal(self, error: Refusal, heads: Heads, status: int | None = None) -> Answer:
        """A refusal; a fault may ask for another status."""
        status = status or self.status_of(error, heads)
        return Answer(status, orjson.dumps(self.refused(error, status)), self.refusal_headers(error))

    def status_of(self, error: Refusal, heads: Heads) -> int:  # noqa: ARG002 some dialects look who asks
        """The status of a refusal; every ..._NOT_FOUND is a 404."""
        return STATUSES.get(error.code, 404 if error.code.endswith("_NOT_FOUND") else 500)

    def word_of(self, status: int) -> str:
        """The code that a status is most often said with."""
        said = TYPICAL.get(status)
        return said or next((code.word for code in CODES if code.status == status), f"HTTP_{status}")

    def refusal_headers(self, error: Refusal) -> Headers:
        """The headers that a refusal carries."""
        if (seconds := getattr(error, "retry_after", None)) is not None:
            return [(b"retry-after", str(seconds).encode())]
        if isinstance(error, NotAllowed):
            return [(b"allow", ", ".join(error.allowed).encode())]
        return []

    def unbuilt(self, method: str, path: str) -> Refusal | None:
        """What to say of a path that the real service has and the sandbox has not."""
        raise NotImplementedError

    def sought(self, method: str, path: str) -> tuple[Endpoint, Found]:
        """The endpoint at a path. Raises NoSuchRoute, NotAllowed or NotBuilt."""
        found = self.tree.find(path)
        endpoint = found.methods.get("GET" if method == "HEAD" else method) if found else None
        if endpoint is None or found is None:
            raise self.unbuilt(method, path) or misled(method, path, found)
        return endpoint, found

    def db(self, sandbox: Sandbox) -> Db:
        """The sandbox's database as this dialect sees it."""
        face = sandbox.faces.get(self.name)
        if face is None:
            face = sandbox.faces[self.name] = Db(sandbox.store, self.name, self.book, self.spelling())
        return face


def standing_headers(standing: Standing) -> Headers:
    """Where the caller stands under its rate limit."""
    limit, remaining, reset, _ = standing
    return [
        (b"x-ratelimit-limit", b"%d" % limit),
        (b"x-ratelimit-remaining", b"%d" % remaining),
        (b"x-ratelimit-reset", b"%d" % reset),
    ]


def misled(method: str, path: str, found: Found | None) -> Refusal:
    """Whether it is the path or the method that nobody answers."""
    if found is None:
        return NoSuchRoute(f"There is no endpoint at {path[:200]!r}.")
    allowed = (*found.methods, "HEAD") if "GET" in found.methods else tuple(found.methods)
    return NotAllowed(f"{path[:200]!r} does not take {method}; it takes {', '.join(allowed)}.", allowed)


def base_of(scope: Scope, heads: Heads) -> bytes:
    """Scheme and host as the caller used them; a Host that is none is not repeated."""
    host = heads.get(b"host", b"")
    if not HOST.fullmatch(host):
        host = "{}:{}".format(*(scope.get("server") or ("127.0.0.1", 80))).encode()
    scheme: str = scope["scheme"]
    return scheme.encode() + b"://" + host


async def received(receive: Receive, heads: Heads, most: int) -> bytes:
    """The body. Raises TooLarge as soon as it is."""
    length = heads.get(b"content-length", b"")
    if length.isdigit() and int(length) > most:
        raise TooLarge(f"The body has {sized(int(length))}; at most {sized(most)} are taken.")
    return await drained(receive, most)


async def drained(receive: Receive, most: int) -> bytes:
    """The whole body. Raises TooLarge, and Malformed where the client left before it was whole."""
    part, more = await piece(receive)
    if not more:
        return checked(part, most)
    parts, size = [part], len(part)
    while more:
        part, more = await piece(receive)
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge(f"The body is too large; at most {sized(most)} are taken.")
    return b"".join(parts)


async def piece(receive: Receive) -> tuple[bytes, bool]:
    """The next part of the body, and whether there is more. Raises Malformed where the client left."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Malformed("The client left before the body was whole.")
    return message.get("body", b""), message.get("more_body", False)


def checked(body: bytes, most: int) -> bytes:
    """The body, unless it is too large."""
    if len(body) > most:
        raise TooLarge(f"The body is too large; at most {sized(most)} are taken.")
    return body
