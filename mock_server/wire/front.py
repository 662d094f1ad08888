"""One request, from its first byte to its last: read, let in, counted, found, carried out, said, noted."""

import asyncio
import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Any, cast

from mock_server.dialects.bodies import query_of
from mock_server.dialects.dialect import (
    WRITES,
    Answer,
    Dialect,
    Headers,
    Heads,
    Receive,
    Scope,
    Send,
    base_of,
    received,
    standing_headers,
)
from mock_server.dialects.endpoint import Call, Endpoint
from mock_server.dialects.seen import Seen
from mock_server.errors import Refusal, TooMany
from mock_server.store.entry import Entry
from mock_server.store.faults import Fault
from mock_server.store.journal import Journal
from mock_server.store.keyring import Let
from mock_server.store.sandboxes import World
from mock_server.wire.protocol import at_once

Place = tuple[Endpoint, tuple[str, ...]] | Refusal
NO_CONTENT = 204  # has neither a body nor its length: RFC 9110, 8.6
FAULTS = frozenset({b"x-mock-status", b"x-mock-delay", b"x-mock-wire"})
LOG = logging.getLogger("mock_server")


class Exchange:
    """One request under way: what came, who speaks how, and what is noted of it."""

    __slots__ = (
        "body",
        "connection",
        "dialect",
        "entry",
        "fault",
        "headers",
        "heads",
        "journal",
        "kind",
        "query",
        "scope",
        "started",
    )

    def __init__(self, scope: Scope, dialect: Dialect, journal: Journal) -> None:
        self.scope, self.dialect, self.journal = scope, dialect, journal
        self.started, self.kind = perf_counter(), "stray"
        self.heads: Heads = dict(scope["headers"])
        self.headers: Headers = []
        self.query: dict[str, Any] = {}
        self.body = b""
        self.fault: Fault | None = None
        extensions = scope.get("extensions", {})
        self.connection = connection = extensions.get("mock_server.connection")
        self.entry = Entry(
            scope["method"], scope["path"], scope["query_string"], self.heads, connection.number if connection else 0
        )
        self.entry.dialect = dialect.name
        self.entry.raw = extensions.get("mock_server.raw", b"")


class Front:
    """Answers every path of the API in dialect; ``most`` is the largest body in bytes.

    ``by_headers`` tells whether a request may ask for a fault of its own.
    """

    def __init__(self, world: World, dialects: Mapping[str, Dialect], most: int, by_headers: bool = True) -> None:
        self.world, self.most, self.by_headers = world, most, by_headers
        self.keyed, self.bearer = dialects["keyed"], dialects["bearer"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever comes. A bug of ours is logged and said in dialect too."""
        asked = Exchange(scope, self.keyed, self.world.strays)
        try:
            answer = await self.answered(asked, receive)
        except Refusal as error:
            answer = refusal(asked, error)
        except Exception:
            what = {"method": scope["method"], "path": scope["path"][:200]}
            LOG.exception("request failed", extra=what)
            answer = refusal(asked, Refusal("The sandbox failed on this request; please report it."))
        self.noted(asked, answer)
        if asked.fault is not None and asked.fault.do.wire is not None:
            await harmed(asked, answer, receive, send)
        else:
            await sent(send, answer, asked)

    async def answered(self, asked: Exchange, receive: Receive) -> Answer:
        """The answer. Raises Refusal."""
        entry = asked.entry
        if entry.method in WRITES:
            asked.body = await received(receive, asked.heads, self.most)
            entry.content_type = asked.heads.get(b"content-type", b"").decode("latin-1")
        self.world.sweep()
        let = self.let_in(asked)
        if let.sandbox.windows.is_on:
            counted(asked, let)
        place = placed(asked)
        if self.is_faulted(asked, let):
            return await self.faulted(asked, place)
        return carried_out(asked, let, place)

    def is_faulted(self, asked: Exchange, let: Let) -> bool:
        """Whether a fault befalls the request: the one that its headers ask for, else that of the first rule."""
        fault = asked_for(asked.heads) if self.by_headers else None
        if fault is None and let.sandbox.faults.rules:
            fault = let.sandbox.faults.met(Seen(asked.entry, asked.body))
        if fault is not None:
            asked.fault, did = fault, fault.do.model_dump(exclude_unset=True)
            asked.entry.fault = {"id": fault.id, "phase": fault.phase, "do": did}
        return fault is not None

    async def faulted(self, asked: Exchange, place: Place) -> Answer:
        """Carry a request out with its fault: not at all, or with its answer delayed or lost. Raises Refusal."""
        fault = cast(Fault, asked.fault)
        if fault.phase == "before":
            await asyncio.sleep(fault.delay)
        if fault.phase == "after" or not (fault.do.status or fault.do.wire):
            answer = tried(asked, self.let_in(asked), place)
        if fault.phase == "after":
            await asyncio.sleep(fault.delay)
        if fault.do.status or (fault.do.wire and fault.phase == "before"):
            from mock_server.wire.faults import answer_of

            answer, asked.entry.error = answer_of(fault.do, asked.dialect, asked.heads)
        return answer

    def noted(self, asked: Exchange, answer: Answer) -> None:
        """Note what came of the exchange, and give it the id that the answer carries."""
        entry, journal = asked.entry, asked.journal
        entry.status = 0 if asked.fault and is_silent(asked.fault) else answer.status
        asked.headers.append((b"x-request-id", journal.number(entry).encode()))
        entry.took = perf_counter() - asked.started
        entry.kind, entry.more = answer.kind[1], answer.headers or ()
        journal.note(entry, asked.body, answer.body)
        self.world.tally.count(entry, asked.kind)

    def let_in(self, asked: Exchange) -> Let:
        """Who calls. From here on the exchange belongs to the journal of the sandbox that the credential chose."""
        dialect = self.understood(asked)
        let = dialect.known(self.world, asked)
        asked.journal, asked.kind = let.sandbox.journal, let.sandbox.kind
        asked.entry.keys = let.keys
        asked.entry.began = let.sandbox.clock.now()
        dialect.admit(let, asked.entry.method)
        return let

    def understood(self, asked: Exchange) -> Dialect:
        """The dialect that the caller speaks: its credential tells, else the host that it called, else keyed."""
        asked.query = query = query_of(asked.entry.query)
        if "project_key" in query or "api_id" in query:
            return self.keyed
        if self.bearer.is_meant(asked):
            asked.dialect = self.bearer
            asked.entry.dialect = asked.dialect.name
        return asked.dialect


def asked_for(heads: Heads) -> Fault | None:
    """The fault that a request's own headers ask for. Raises Invalid.

    What faults are made of is imported with the first of them, so that the start does not wait for it.
    """
    if FAULTS.isdisjoint(heads):
        return None
    from mock_server.wire.faults import by_header

    return by_header(heads)


async def harmed(asked: Exchange, answer: Answer, receive: Receive, send: Send) -> None:
    """Break the connection as the fault says."""
    from mock_server.wire.faults import Broken

    wire = cast(Fault, asked.fault).do.wire
    await Broken(cast(Any, wire), answer, asked.headers, asked.connection, send).harm(receive)


def counted(asked: Exchange, let: Let) -> None:
    """Count the request. Raises TooMany, and changes nothing, where the caller's window is used up."""
    standing = let.sandbox.windows.count(let.caller.key, asked.entry.began)
    if standing is None:
        return
    asked.headers += standing_headers(standing)
    asked.entry.standing = standing
    _, _, _, wait = standing
    if wait:
        raise TooMany(f"Too many requests; try again in {wait} seconds.", wait)


def placed(asked: Exchange) -> Place:
    """The endpoint that is called with the values in its path, or why there is none."""
    try:
        endpoint, found = asked.dialect.sought(asked.entry.method, asked.entry.path)
    except Refusal as error:
        return error
    asked.entry.template = endpoint.path
    return endpoint, found.values


def tried(asked: Exchange, let: Let, place: Place) -> Answer:
    """What the endpoint says, or its refusal: the answer that a fault may lose."""
    try:
        return carried_out(asked, let, place)
    except Refusal as error:
        return refusal(asked, error)


def carried_out(asked: Exchange, let: Let, place: Place) -> Answer:
    """What the endpoint says. All that it wrote is kept, or nothing. Raises Refusal."""
    if isinstance(place, Refusal):
        raise place
    endpoint, values = place
    dialect = asked.dialect
    db = dialect.db(let.sandbox)
    db.me = let.caller.user_id
    db.spell.at(db.store.tick(), base_of(asked.scope, asked.heads) + let.sandbox.files)
    call = Call(asked.query, values, let, db)
    call.body, call.content_type, call.heads = asked.body, asked.entry.content_type, asked.heads
    try:
        dialect.allow(endpoint, call)
        answer = dialect.said(endpoint, endpoint.answer(call), asked.heads)
        db.store.keep()
    except BaseException:
        db.store.undo()
        raise
    return answer


def is_silent(fault: Fault) -> bool:
    """Whether a fault leaves the client without a whole answer."""
    return fault.do.wire is not None and fault.do.wire.kind != "drip"


def refusal(asked: Exchange, error: Refusal) -> Answer:
    """A refusal in dialect."""
    asked.entry.error = error.with_traceback(None)
    return asked.dialect.refusal(error, asked.heads)


async def sent(send: Send, answer: Answer, asked: Exchange) -> None:
    """Send an answer; in one piece where that can be done."""
    length = (b"content-length", str(len(answer.body)).encode())
    framing = [] if answer.status == NO_CONTENT else [answer.kind, length]
    headers = [*framing, *asked.headers, *answer.headers]
    if not answer.headers and at_once(send, answer.status, headers, answer.body):
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
