"""Why a request was answered as it was: which check refused it, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import asdict
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from fastapi import APIRouter, Request, Response

from mock_server import errors, ledger
from mock_server.control.asked import TheWorld
from mock_server.control.journal import entry_of, json_of
from mock_server.control.records import told
from mock_server.dialects.dialect import Dialect
from mock_server.dialects.endpoint import Endpoint
from mock_server.dialects.seen import Seen
from mock_server.errors import NotFound, Refusal
from mock_server.store.entry import Entry
from mock_server.store.journal import Journal
from mock_server.store.sandboxes import STRAY, World

explain = APIRouter(prefix="/_mock/explain", tags=["journal"])
NEAREST = 3
LIKENESS = 0.6
CHECKS: tuple[tuple[str, tuple[type[Refusal], ...]], ...] = (
    ("credentials", (errors.Unauthorized, errors.Forbidden, errors.PlanSuspended)),
    ("rate limit", (errors.TooMany,)),
    ("route", (errors.NoSuchRoute, errors.NotAllowed, errors.NotBuilt)),
    ("body", (errors.Malformed, errors.UnsupportedContent, errors.TooLarge)),
    ("parameters", (errors.Missing, errors.Invalid)),
    ("data", (errors.NotFound, errors.Conflict)),
)


@explain.get("/{request_id}")
async def explain_exchange(request_id: str, world: TheWorld, request: Request) -> Response:
    """Which check refused the request and why, what was nearly meant, and how surely the endpoint is known."""
    entry = entry_of(journal_for(world, request_id), request_id)
    dialect: Dialect = request.app.state.dialects[entry.dialect].ready()
    endpoint = next((e for e in dialect.endpoints if (e.path, e.method) == (entry.template, verb(entry))), None)
    return json_of(
        {
            "id": entry.id,
            "status": entry.status or None,
            "check": check_of(entry),
            "why": why(entry),
            "param": entry.error.param if entry.error else None,
            "fault": entry.fault,
            "nearest_routes": [] if endpoint else nearest_routes(entry, dialect),
            "parameters": parameters(entry, endpoint) if endpoint else None,
            "ledger": known(entry),
            "exchange": told(entry),
        }
    )


def journal_for(world: World, request_id: str) -> Journal:
    """The journal that a request id belongs to. Raises NotFound."""
    name = request_id.rpartition("-")[0]
    if name == STRAY:
        return world.strays
    if name not in world.sandboxes:
        raise NotFound("Exchange", request_id, "")
    return world.sandboxes[name].journal


def verb(entry: Entry) -> str:
    """The method that answers; HEAD is as GET."""
    return "GET" if entry.method == "HEAD" else entry.method


def check_of(entry: Entry) -> str | None:
    """Which check refused the request; None where none did."""
    if entry.fault is not None and ("status" in entry.fault["do"] or "wire" in entry.fault["do"]):
        return "fault"
    if entry.error is None:
        return None
    return next((name for name, kinds in CHECKS if isinstance(entry.error, kinds)), "sandbox")


def why(entry: Entry) -> str:
    """The reason in a sentence."""
    if check_of(entry) == "fault" and entry.fault is not None:
        return f"The rule {entry.fault['id']} was met, {entry.fault['phase']} the request was carried out."
    return entry.error.message if entry.error else "Nothing refused the request."


def nearest_routes(entry: Entry, dialect: Dialect) -> list[dict[str, str]]:
    """The routes that look most like what was called; those with its method first among equals."""
    scored = [(likeness(entry, endpoint), endpoint) for endpoint in dialect.endpoints]
    best = sorted((each for each in scored if each[0] > LIKENESS), key=lambda each: -each[0])[:NEAREST]
    return [{"method": endpoint.method, "path": endpoint.path} for _, endpoint in best]


def likeness(entry: Entry, endpoint: Endpoint) -> float:
    """How much a request's path looks like an endpoint's, from 0 to 1 and a little more for the method."""
    ours, theirs = endpoint.path.strip("/").split("/"), entry.path.strip("/").split("/")
    filled = [part if not part.startswith("{") else given for part, given in zip(ours, theirs, strict=False)]
    path = "/".join([*filled, *ours[len(filled) :]])
    same = SequenceMatcher(None, path, "/".join(theirs)).ratio()
    return same + 0.01 * (endpoint.method == verb(entry))


def parameters(entry: Entry, endpoint: Endpoint) -> dict[str, Any]:
    """What was sent and is not known there, and what is missing, each with the name that was probably meant."""
    seen = Seen(entry)
    given = {**seen.query, **seen.body}
    known = endpoint.parameters
    unknown = [name for name in given if name not in known | {"api_id", "project_key"}]
    missing = [str(entry.error.param)] if isinstance(entry.error, errors.Missing) else []
    return {
        "taken": sorted(known),
        "unknown": [{"name": name, "nearest": like(name, known)} for name in unknown],
        "missing": [{"name": name, "nearest": like(name, unknown)} for name in missing],
    }


def like(name: str, among: Iterable[str]) -> str | None:
    """The name that looks most like another."""
    return next(iter(get_close_matches(name, list(among), 1, LIKENESS)), None)


def known(entry: Entry) -> dict[str, Any] | None:
    """What the ledger says of the endpoint and what was assumed about its noun."""
    facts = ledger.load(entry.dialect)
    found = facts.find(verb(entry), entry.template) if entry.template else facts.matching(entry.method, entry.path)
    if found is None:
        return None
    assumed = [asdict(each) for each in facts.assumptions if each.resource == found.resource]
    return {**asdict(found), "assumptions": assumed}
