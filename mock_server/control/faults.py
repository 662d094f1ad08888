"""Faults: rules that make the requests of one sandbox fail."""

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints, model_validator

from mock_server.control.asked import TheSandbox, TheWorld
from mock_server.control.credentials import let_of
from mock_server.dialects.dialect import Dialect
from mock_server.dialects.matching import Match
from mock_server.dialects.seen import Seen
from mock_server.errors import Refusal
from mock_server.store.effects import Do, When
from mock_server.store.entry import Entry
from mock_server.store.faults import Phase, Rule
from mock_server.store.keyring import Let
from mock_server.store.sandbox import Sandbox
from mock_server.store.told import Span, Told

faults = APIRouter(prefix="/_mock/sandboxes/{id}/faults", tags=["faults"])
LASTS = 600.0  # seconds that a rule holds where nothing is said


class FaultBody(Told):
    """A rule: which requests, which of them, what is done, and whether before or after the request is carried out."""

    match: Match = Field(default_factory=Match)
    when: When = Field(default_factory=When)
    do: Do
    phase: Phase | None = None
    expires: Span = LASTS
    max_hits: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def possible(self) -> Self:
        """What is done to the true answer is done after there is one."""
        if self.do.mutilates and self.phase == "before":
            raise ValueError("what is done to the true answer comes after it: add a status, or say after")
        return self

    def rule(self) -> Rule:
        """The same, ready to count."""
        phase = self.phase or ("after" if self.do.mutilates else "before")
        return Rule(self.match, self.when, self.do, phase=phase, lasts=self.expires, most=self.max_hits)


class RequestBody(Told):
    """A request as it might come. ``body`` is the fields of a JSON body, or the text of a form."""

    method: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{1,16}$")] = "GET"
    path: Annotated[str, StringConstraints(pattern=r"^/")]
    query: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    credential: str = "default"
    dialect: Literal["keyed", "bearer"] = "keyed"

    def entry(self, let: Let, dialect: Dialect) -> Entry:
        """The same as an exchange that has just begun."""
        heads = {name.lower().encode(): value.encode() for name, value in self.headers.items()}
        entry = Entry(self.method, self.path, urlencode(self.query).encode(), heads, 0)
        is_form = isinstance(self.body, str)
        entry.content_type = "application/x-www-form-urlencoded" if is_form else "application/json"
        entry.body = str(self.body).encode() if is_form else orjson.dumps(self.body or {})
        entry.dialect = dialect.name
        entry.keys = let.keys
        try:
            entry.template = dialect.sought(self.method, self.path)[0].path
        except Refusal:
            entry.template = ""
        return entry


@faults.get("")
async def list_faults(sandbox: TheSandbox) -> dict[str, Any]:
    """The rules, in the order in which they are tried, with the requests that each has seen and hit."""
    sandbox.faults.tidy()
    return {"data": [told(rule) for rule in sandbox.faults.rules.values()], "total": len(sandbox.faults.rules)}


@faults.post("", status_code=201)
async def create_fault(sandbox: TheSandbox, body: FaultBody) -> dict[str, Any]:
    """Add a rule behind those that are there."""
    rule = body.rule()
    sandbox.faults.add(rule)
    return told(rule)


@faults.post("/preview")
async def preview_fault(sandbox: TheSandbox, world: TheWorld, request: Request, body: RequestBody) -> dict[str, Any]:
    """Which rule a request would meet, and why the others would not; nothing is counted."""
    entry = body.entry(let_of(world, sandbox, body.credential), request.app.state.dialects[body.dialect])
    seen = Seen(entry)
    rules = [outlook(rule, seen, sandbox) for rule in sandbox.faults.rules.values()]
    met = next((each["id"] for each in rules if each["would_hit"]), None)
    return {"fault": met, "template": entry.template or None, "rules": rules}


@faults.delete("")
async def delete_faults(sandbox: TheSandbox) -> dict[str, Any]:
    """Remove every rule."""
    removed = [*sandbox.faults.rules]
    sandbox.faults.rules.clear()
    return {"deleted": removed}


@faults.delete("/{fault}")
async def delete_fault(sandbox: TheSandbox, fault: str) -> dict[str, Any]:
    """Remove one rule."""
    del sandbox.faults.rules[sandbox.faults.find(fault).id]
    return {"deleted": fault}


def told(rule: Rule) -> dict[str, Any]:
    """What is said of a rule."""
    whole = FaultBody.model_construct(match=rule.match, when=rule.when, do=rule.do).model_dump(exclude_unset=True)
    counts = {"seen": rule.seen, "hits": rule.hits, "max_hits": rule.most, "is_over": rule.is_over}
    return {"id": rule.id, **whole, "phase": rule.phase, **counts}


def outlook(rule: Rule, seen: Seen, sandbox: Sandbox) -> dict[str, Any]:
    """What a rule makes of a request."""
    match: Any = rule.match
    unlike = [each._asdict() for each in match.differences(seen)]
    hits = not unlike and rule.would_hit(sandbox.faults.seed)
    return {"id": rule.id, "matches": not unlike, "would_hit": hits, "differences": unlike}
