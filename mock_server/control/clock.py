"""The clock of a sandbox. Everything dated follows it, and nothing sleeps."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from mock_server.control.asked import TheSandbox
from mock_server.control.sandboxes import ClockBody
from mock_server.errors import Invalid
from mock_server.store.clock import LATEST, Clock
from mock_server.store.told import Span, Told

clock = APIRouter(prefix="/_mock/sandboxes/{id}/clock", tags=["clock"])


class AdvanceBody(Told):
    """How far to jump forward."""

    by: Span


@clock.get("")
async def get_clock(sandbox: TheSandbox) -> dict[str, Any]:
    """How the clock goes, and what time it is."""
    return said(sandbox.clock)


@clock.put("")
async def set_clock(sandbox: TheSandbox, body: ClockBody) -> dict[str, Any]:
    """Let the clock go otherwise; without ``at`` it goes on from the time it is."""
    sandbox.clock.follow(body.pace())
    return said(sandbox.clock)


@clock.post("/advance")
async def advance_clock(sandbox: TheSandbox, body: AdvanceBody) -> dict[str, Any]:
    """Jump forward. A real clock becomes one with an offset."""
    if sandbox.clock.now() + body.by > LATEST:
        raise Invalid("by", "The field 'by' leads past the year 9999.")
    sandbox.clock.advance(body.by)
    return said(sandbox.clock)


def said(clock: Clock) -> dict[str, Any]:
    """The mode, the rate, and the present moment in unix seconds and in ISO 8601."""
    now = clock.now()
    rate = clock.rate if clock.mode == "scaled" else float(clock.mode != "frozen")
    return {"mode": clock.mode, "rate": rate, "now": now, "at": datetime.fromtimestamp(now, UTC).isoformat()}
