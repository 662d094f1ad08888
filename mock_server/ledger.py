"""The fidelity ledger: what is known of the API, from where, how surely, and what of it is served.

The facts lie in ``fixtures/contract/<dialect>/*.toml``, one file per noun. Nothing is read before ``load`` is called.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mock_server.fixture import home

DOCUMENTED, SEEN, ASSUMED = CONFIDENCES = ("documented", "seen in a client", "assumed")
SERVED, NOT_BUILT = STATUSES = ("served", "not built")
WRAPS = ("bare", "data", "none")
CREDENTIALS = ("key pair", "bearer", "none")
PLACEHOLDER = re.compile(r"\{\w+\}")
TAIL = re.compile(r"/\{\w+:path\}")


@dataclass(frozen=True)
class Endpoint:
    """One method of one path.

    ``path`` has no slash at its end; ``{uuid}`` stands for a segment, ``{rest:path}`` for whatever follows. ``wrap``
    is how the answer stands: bare, in ``data``, or none where its shape is not known or it is no JSON. ``credential``
    is what it is seen to be called with; ``used_by`` names the documentation and the clients that have it.
    """

    resource: str
    id: str
    method: str
    path: str
    confidence: str
    source: str
    status: str
    wrap: str
    note: str = ""
    credential: str = "key pair"
    used_by: str = ""

    @property
    def shape(self) -> str:
        """The path with every placeholder alike, so that ``{id}`` and ``{slug}`` compare equal."""
        return PLACEHOLDER.sub("{}", self.path)

    @property
    def is_served(self) -> bool:
        """Whether the sandbox answers it, and not with 501."""
        return self.status == SERVED

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the paths of requests to it look like."""
        return re.compile(PLACEHOLDER.sub("[^/]+", TAIL.sub("(?:/.*)?", self.path)), re.DOTALL)


@dataclass(frozen=True)
class Field:
    """A key of an object: ``name`` is dotted for a key inside a key.

    ``type`` is string, integer, number, boolean, date (the date object, or [] where unset), object, array, null,
    unknown, or another object's name; ``array of ...`` and ``... or ...`` join them.
    """

    resource: str
    object: str
    name: str
    type: str
    confidence: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """What is told nowhere and was decided here."""

    resource: str
    about: str
    decided: str
    why: str


@dataclass(frozen=True)
class Conflict:
    """What the sources tell differently, and which reading holds here."""

    resource: str
    topic: str
    readings: list[str]
    decided: str


@dataclass(frozen=True)
class Ledger:
    """All facts of one dialect, by noun in alphabetical order."""

    dialect: str
    endpoints: tuple[Endpoint, ...]
    fields: tuple[Field, ...]
    assumptions: tuple[Assumption, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def served(self) -> list[Endpoint]:
        """What the sandbox answers."""
        return [endpoint for endpoint in self.endpoints if endpoint.is_served]

    @property
    def not_built(self) -> list[Endpoint]:
        """What answers 501."""
        return [endpoint for endpoint in self.endpoints if not endpoint.is_served]

    @property
    def documented(self) -> list[Endpoint]:
        """What the documentation promises."""
        return [endpoint for endpoint in self.endpoints if endpoint.confidence == DOCUMENTED]

    @property
    def resources(self) -> list[str]:
        """The nouns that have endpoints."""
        return list(dict.fromkeys(endpoint.resource for endpoint in self.endpoints))

    def find(self, method: str, path: str) -> Endpoint | None:
        """The endpoint of a path template; how its placeholders are called makes no difference. Served goes first."""
        shape = PLACEHOLDER.sub("{}", path.rstrip("/"))
        return preferred(e for e in self.endpoints if (e.method, e.shape) == (method, shape))

    def matching(self, method: str, path: str) -> Endpoint | None:
        """The endpoint which a request's path means, a fixed segment going before a placeholder. HEAD is as GET."""
        asked, trimmed = "GET" if method == "HEAD" else method, path.rstrip("/")
        return preferred(e for e in self.endpoints if e.method == asked and e.pattern.fullmatch(trimmed))

    def unbuilt(self, method: str, path: str) -> Endpoint | None:
        """The endpoint which a request's path means, if it answers 501."""
        endpoint = self.matching(method, path)
        return endpoint if endpoint and not endpoint.is_served else None

    def fields_of(self, object: str) -> list[Field]:
        """The keys of an object, those inside keys too."""
        return [field for field in self.fields if field.object == object]


def preferred(endpoints: Iterable[Endpoint]) -> Endpoint | None:
    """The most literal of several, what is served first among equals."""
    return min(endpoints, key=lambda endpoint: (endpoint.path.count("{"), not endpoint.is_served), default=None)


@cache
def reads() -> dict[str, dict[str, Any]]:
    """What MCP and the CLI read of each bearer answer, by "METHOD /path" and client: types, as in ``reads.json``."""
    import json

    told: dict[str, dict[str, Any]] = json.loads((home() / "contract" / "bearer" / "reads.json").read_text("utf-8"))
    return told


@cache
def load(dialect: str = "keyed") -> Ledger:
    """The ledger of a dialect; read once. Raises FileNotFoundError where there is none."""
    folder = home() / "contract" / dialect
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no ledger of the dialect '{dialect}' in {folder.parent}.")
    return read(dialect, folder)


def read(dialect: str, folder: Path) -> Ledger:
    """The ledger in a folder of TOML files. Raises TypeError where a fact is incomplete, KeyError for a source."""
    import tomllib  # not on the way to the first answer

    nouns = [tomllib.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))]
    return Ledger(
        dialect,
        endpoints=tuple(Endpoint(**fact) for noun in nouns for fact in facts(noun, "endpoint")),
        fields=tuple(Field(**fact) for noun in nouns for fact in facts(noun, "field")),
        assumptions=tuple(Assumption(**fact) for noun in nouns for fact in facts(noun, "assumption")),
        conflicts=tuple(Conflict(**fact) for noun in nouns for fact in facts(noun, "conflict")),
    )


def facts(noun: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """A noun's facts of one kind, each with the noun's name and, where it has a source, that source in full."""
    told = [{"resource": noun["resource"], **fact} for fact in noun.get(kind, [])]
    return [fact | {"source": noun["source"][fact["source"]]} if "source" in fact else fact for fact in told]


def tally(endpoints: list[Endpoint], confidence: str) -> str:
    """How many endpoints of a confidence are served, of how many: ``4/5``, or a dash where there are none."""
    known = [endpoint for endpoint in endpoints if endpoint.confidence == confidence]
    return f"{sum(endpoint.is_served for endpoint in known)}/{len(known)}" if known else "-"


def coverage(name: str, endpoints: list[Endpoint]) -> dict[str, Any]:
    """One row of the coverage table."""
    missing = sum(not endpoint.is_served for endpoint in endpoints)
    told = {confidence: tally(endpoints, confidence) for confidence in (DOCUMENTED, SEEN)}
    return {"resource": name, **told, NOT_BUILT: missing}


def coverage_rows(ledger: Ledger) -> list[dict[str, Any]]:
    """The coverage of each noun that has endpoints, and of all together."""
    by_noun = {name: [e for e in ledger.endpoints if e.resource == name] for name in ledger.resources}
    every = {**by_noun, "total": list(ledger.endpoints)}
    return [coverage(name, endpoints) for name, endpoints in every.items()]


def coverage_table(ledger: Ledger) -> str:
    """The coverage as a Markdown table, for the README; it ends in a line break."""
    head = "| Noun | Documented | Seen in a client | Not built (501) |\n|---|--:|--:|--:|\n"
    rows = [[str(cell or "-") for cell in row.values()] for row in coverage_rows(ledger)]
    rows[-1] = [f"**{cell}**" for cell in rows[-1]]
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def as_json(ledger: Ledger) -> dict[str, Any]:
    """All of it, ready to be written as JSON, for ``/_mock/fidelity``."""
    kinds = ("endpoints", "fields", "assumptions", "conflicts")
    return {
        "dialect": ledger.dialect,
        "coverage": coverage_rows(ledger),
        **{kind: [asdict(fact) for fact in getattr(ledger, kind)] for kind in kinds},
    }
