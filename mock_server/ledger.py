"""The fidelity ledger: which endpoints the real API has, how well that is known, and what is served here."""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
CONFIDENCES = ("documented", "seen in a client", "assumed")


@dataclass(frozen=True)
class Known:
    """An endpoint: ``confidence`` is one of CONFIDENCES; ``status`` is served or not built."""

    noun: str
    method: str
    path: str
    confidence: str
    source: str
    status: str = "served"
    note: str = ""


@dataclass(frozen=True)
class Assumption:
    """What the contract leaves open, and what was decided."""

    about: str
    decided: str


@dataclass(frozen=True)
class Ledger:
    """Everything that is known of one dialect."""

    endpoints: tuple[Known, ...]
    assumptions: tuple[Assumption, ...]

    def unbuilt(self, method: str, path: str) -> Known | None:
        """The endpoint at a path which the real API has and the sandbox has not."""
        asked = path.strip("/").split("/")
        missing = (known for known in self.endpoints if known.status == "not built" and known.method == method)
        return next((known for known in missing if fits(known.path.strip("/").split("/"), asked)), None)

    def as_json(self) -> dict[str, Any]:
        """The whole ledger as plain data."""
        return {name: [asdict(row) for row in rows] for name, rows in vars(self).items()}


def fits(template: list[str], asked: list[str]) -> bool:
    """Whether a path's segments are those of a template such as ``/tasks/{uuid}``."""
    pairs = zip(template, asked, strict=False)
    return len(template) == len(asked) and all(want.startswith("{") or want == have for want, have in pairs)


@cache
def load(dialect: str) -> Ledger:
    """The ledger of a dialect, from the fixtures."""
    homes = (PACKAGE / "fixtures", PACKAGE.parent / "fixtures")
    home = next(folder for folder in homes if folder.is_dir())
    told = tomllib.loads((home / "contract" / f"{dialect}.toml").read_text("utf-8"))
    rows = tuple(row_of(noun, text) for noun, lines in told["endpoints"].items() for text in lines)
    return Ledger(rows, tuple(Assumption(about, decided) for about, decided in told["assumed"].items()))


def row_of(noun: str, text: str) -> Known:
    """A line of the ledger: method, path, confidence, source, and where it applies status and note, split by bars."""
    place, confidence, source, *rest = (part.strip() for part in text.split("|"))
    method, path = place.split(" ", 1)
    return Known(noun, method, path.strip(), confidence, source, *rest)


def coverage(ledger: Ledger) -> str:
    """The README's table: for each noun, how many of the known endpoints are served."""
    nouns = sorted({known.noun for known in ledger.endpoints})
    lines = ["| noun | documented | seen in a client | answers 501 |", "|---|---|---|---|"]
    for noun in (*nouns, "all"):
        rows = [known for known in ledger.endpoints if noun in (known.noun, "all")]
        unbuilt = sum(known.status == "not built" for known in rows)
        lines.append(f"| {noun} | {share(rows, CONFIDENCES[0])} | {share(rows, CONFIDENCES[1])} | {unbuilt or ''} |")
    return "\n".join(lines)


def share(rows: list[Known], confidence: str) -> str:
    """How many rows of a confidence are served, of how many."""
    known = [row for row in rows if row.confidence == confidence]
    return f"{sum(row.status == 'served' for row in known)} of {len(known)}" if known else ""
