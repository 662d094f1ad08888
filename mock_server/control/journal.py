"""The journal of a sandbox: read, watched, and asked whether what was expected was called.

The id ``stray`` stands for the calls that opened no sandbox.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal, Self

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, model_validator

from mock_server.control.asked import TheWorld
from mock_server.control.records import har, told
from mock_server.dialects.dialect import base_of
from mock_server.dialects.matching import Answered
from mock_server.dialects.seen import Seen
from mock_server.errors import NotFound
from mock_server.store.entry import Entry
from mock_server.store.journal import Journal
from mock_server.store.sandboxes import STRAY
from mock_server.store.told import Span, Told

journal = APIRouter(prefix="/_mock/sandboxes/{id}/journal", tags=["journal"])
NEAREST = 3
ALIVE = 15.0  # seconds after which a silent stream says that it is there
LONGEST = 300.0  # seconds of the longest wait
Heard = asyncio.Queue[Entry | None]


async def journal_of(id: str, world: TheWorld) -> Journal:
    """The journal that the path names. Raises NotFound."""
    return world.strays if id == STRAY else world.find(id).journal


TheJournal = Annotated[Journal, Depends(journal_of)]


class Wanted(Told):
    """Which exchanges: by what the request was, what became of it, and only those after ``since``, a request id."""

    method: str | None = None
    path: str | None = None
    dialect: Literal["keyed", "bearer"] | None = None
    credential: str | None = None
    status: str | None = None
    fault: str | None = None
    since: str | None = None

    def of(self, journal: Journal) -> list[Entry]:
        """Those of a journal, oldest first."""
        match = Answered(**self.model_dump(include=set(Answered.model_fields), exclude_none=True))
        return [entry for entry in later(journal, self.since) if match.fits(Seen(entry))]


class Listed(Wanted):
    """The same, a page at a time."""

    format: Literal["json", "har"] = "json"
    limit: int = Field(default=100, ge=1, le=1000)
    page: int = Field(default=1, ge=1, le=2**31)


class VerifyBody(Told):
    """What should have been called: so often, or in this order, not counting what came up to ``since``."""

    match: Answered | None = None
    exactly: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    order: list[Answered] | None = Field(default=None, min_length=1, max_length=100)
    since: str | None = None

    @model_validator(mode="after")
    def single(self) -> Self:
        """Either a match with its counts, or an order."""
        if (self.match is None) == (self.order is None):
            raise ValueError("it should have either 'match' or 'order'")
        if self.order is not None and self.counts:
            raise ValueError("an order takes no counts")
        if "exactly" in self.counts and len(self.counts) > 1:
            raise ValueError("'exactly' stands alone")
        return self

    @property
    def counts(self) -> set[str]:
        """Which counts are told."""
        return {"exactly", "at_least", "at_most"} & self.model_fields_set

    def is_enough(self, found: int) -> bool:
        """Whether so many are as many as there should be; at least one where nothing is said."""
        if self.exactly is not None:
            return found == self.exactly
        least = 1 if self.at_least is None and self.at_most is None else self.at_least or 0
        return found >= least and (self.at_most is None or found <= self.at_most)


class WaitBody(Told):
    """How many matching exchanges to wait for, and how long."""

    match: Answered = Field(default_factory=Answered)
    count: int = Field(default=1, ge=1)
    timeout: Annotated[Span, Field(le=LONGEST)] = 10.0
    since: str | None = None


@journal.get("")
async def list_exchanges(journal: TheJournal, wanted: Annotated[Listed, Query()], request: Request) -> Response:
    """The exchanges, oldest first, a page at a time; ``format=har`` for browsers' tools."""
    found = wanted.of(journal)
    rows = found[(wanted.page - 1) * wanted.limit : wanted.page * wanted.limit]
    if wanted.format == "har":
        base = base_of(request.scope, dict(request.scope["headers"])).decode()
        return json_of(har(rows, base))
    numbers = {"total": len(found), "count": len(rows), "per_page": wanted.limit, "current_page": wanted.page}
    pages = {"total_pages": max(1, -(-len(found) // wanted.limit))}
    return json_of({"data": [told(entry) for entry in rows], **numbers, **pages})


@journal.delete("")
async def clear_journal(journal: TheJournal) -> dict[str, int]:
    """Forget every exchange; the numbers go on."""
    count = len(journal.entries)
    journal.clear()
    return {"deleted": count}


@journal.get("/stream", response_class=StreamingResponse)
async def stream_exchanges(
    journal: TheJournal, wanted: Annotated[Wanted, Query()], last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Exchanges as they happen, as server-sent events; those after ``Last-Event-ID`` or ``since`` first."""
    since = last_event_id or wanted.since
    earlier = later(journal, since) if since else []
    return StreamingResponse(events(journal, wanted, earlier), media_type="text/event-stream")


@journal.post("/verify")
async def verify_exchanges(journal: TheJournal, body: VerifyBody) -> Response:
    """Whether what was expected was called; where it was not, what came nearest and how it differed."""
    entries = later(journal, body.since)
    if body.order is not None:
        return json_of(in_order(entries, body.order))
    match = body.match or Answered()
    found = [entry.id for entry in entries if match.fits(Seen(entry))]
    ok = body.is_enough(len(found))
    return json_of({"ok": ok, "found": len(found), "ids": found, "nearest": [] if ok else nearest(entries, match)})


@journal.post("/wait")
async def wait_for_exchanges(journal: TheJournal, body: WaitBody) -> Response:
    """Answers as soon as so many matching exchanges are there, or when the time is over (``ok`` is then false)."""
    with heard(journal) as queue:
        found = [entry for entry in later(journal, body.since) if body.match.fits(Seen(entry))]
        try:
            async with asyncio.timeout(body.timeout):
                while len(found) < body.count and (entry := await queue.get()):
                    found += [entry] if body.match.fits(Seen(entry)) else []
        except TimeoutError:
            pass
    ok = len(found) >= body.count
    missed = [] if ok else nearest(later(journal, body.since), body.match)
    return json_of({"ok": ok, "found": len(found), "ids": [entry.id for entry in found], "nearest": missed})


@journal.get("/{request_id}")
async def get_exchange(journal: TheJournal, request_id: str) -> Response:
    """One exchange, by the X-Request-Id of its answer."""
    return json_of(told(entry_of(journal, request_id)))


def entry_of(journal: Journal, request_id: str) -> Entry:
    """The exchange of a request id. Raises NotFound where there is none, or none any more."""
    entry = journal.find(number_of(request_id))
    if entry is not None and entry.id == request_id:
        return entry
    raise NotFound("Exchange", request_id, " in this journal")


def later(journal: Journal, since: str | None) -> list[Entry]:
    """The exchanges after the one of a request id, oldest first; all of them where none is told."""
    return journal.entries if since is None else journal.after(number_of(since))


def number_of(request_id: str) -> int:
    """The number in a request id; 0 where there is none."""
    number = request_id.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def nearest(entries: list[Entry], match: Answered) -> list[dict[str, Any]]:
    """The exchanges that fit nearly, the nearest and newest first, with what differed."""
    unlike = [(entry, [*match.differences(Seen(entry))]) for entry in reversed(entries)]
    closest = sorted((each for each in unlike if each[1]), key=lambda each: len(each[1]))[:NEAREST]
    return [
        {
            "id": entry.id,
            "method": entry.method,
            "path": entry.path,
            "status": entry.status or None,
            "differences": [each._asdict() for each in differences],
        }
        for entry, differences in closest
    ]


def in_order(entries: list[Entry], matches: list[Answered]) -> dict[str, Any]:
    """Whether the matches were met one after the other, whatever came between."""
    ids: list[str] = []
    rest = iter(entries)
    for match in matches:
        met = next((entry for entry in rest if match.fits(Seen(entry))), None)
        if met is None:
            return {"ok": False, "found": len(ids), "ids": ids, "nearest": nearest(entries, match)}
        ids.append(met.id)
    return {"ok": True, "found": len(ids), "ids": ids, "nearest": []}


@contextmanager
def heard(journal: Journal) -> Iterator[Heard]:
    """What happens from now on, in a queue; None is the end."""
    queue: Heard = asyncio.Queue()
    journal.listeners.append(queue.put_nowait)
    try:
        yield queue
    finally:
        journal.listeners.remove(queue.put_nowait)


async def events(journal: Journal, wanted: Wanted, earlier: list[Entry]) -> AsyncIterator[bytes]:
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    match = Answered(**wanted.model_dump(include=set(Answered.model_fields), exclude_none=True))
    with heard(journal) as queue:
        yield b": exchanges of " + journal.name.encode() + b"\n\n"
        for entry in earlier:
            queue.put_nowait(entry)
        while True:
            try:
                entry_or_end = await asyncio.wait_for(queue.get(), ALIVE)
            except TimeoutError:
                yield b": alive\n\n"
                continue
            if entry_or_end is None:
                return
            if match.fits(Seen(entry_or_end)):
                yield event(entry_or_end)


def event(entry: Entry) -> bytes:
    """One exchange as an event."""
    return b"id: " + entry.id.encode() + b"\nevent: exchange\ndata: " + orjson.dumps(told(entry)) + b"\n\n"


def json_of(told: Any) -> Response:
    """An answer of plain data."""
    return Response(orjson.dumps(told), media_type="application/json")
