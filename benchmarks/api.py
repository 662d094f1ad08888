"""The keyed API beside a bare uvicorn that sends as many bytes, both in one run and by turns."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from typing import Any, NamedTuple

from benchmarks.figures import Figure, Step
from benchmarks.serving import CREATE, pair, rate, read, sandbox, started

LIMIT = ("--rate-limit", "900000000/day")
SERVERS = {"warm": ("--remember",), "cold": ("--no-remember",)}


class Call(NamedTuple):
    """One call: its floor and its aim warm and cold; ``script`` is wrk's for a write."""

    name: str
    warm: tuple[float, float] | None
    cold: tuple[float, float] | None
    script: str | None = None


CALLS = (
    Call("page of 15 tasks", (0.20, 0.35), (0.05, 0.10)),
    Call("one task", (0.30, 0.50), (0.18, 0.28)),
    Call("form-encoded create", None, (0.10, 0.20), CREATE),
)


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """The ratios to the bare server, over so many turns."""
    with ExitStack() as servers:
        bare = servers.enter_context(started("-m", "benchmarks.bare"))[0]["base_url"]
        facts = {
            word: servers.enter_context(sandbox("--tasks", str(tasks), *LIMIT, *flags))[0]
            for word, flags in SERVERS.items()
        }
        for call in CALLS:
            step(call.name)
            yield from turns(call, bare, facts, seconds, times)


def turns(call: Call, bare: str, facts: dict[str, Any], seconds: int, times: int) -> Iterator[Figure]:
    """One call, measured by turns."""
    urls = {word: url_of(call, each) for word, each in facts.items()}
    size = len(read(url_of(CALLS[1] if call.script else call, facts["warm"])))
    told: dict[str, list[float]] = {word: [] for word in ("bare", *urls)}
    for _ in range(times):
        told["bare"].append(rate(f"{bare}/{size}", seconds))
        for word, url in urls.items():
            told[word].append(rate(url, seconds, call.script))
    rates = {word: median(each) for word, each in told.items()}
    for word, bounds, name in (("warm", call.warm, "warm"), ("cold", call.cold, "nothing remembered")):
        if bounds:
            beside = f"{rates[word]:.0f} of {rates['bare']:.0f} a second, {size} bytes"
            value = ratio(told, word, "bare")
            yield Figure(f"{call.name}, {name}", value, "of bare", bounds[0], "least", bounds[1], beside)


def ratio(told: dict[str, list[float]], ours: str, theirs: str) -> float:
    """The median over all turns of what two servers did in the same one: a machine is not equally fast in each."""
    return median(one / other for one, other in zip(told[ours], told[theirs], strict=True))


def url_of(call: Call, facts: dict[str, Any]) -> str:
    """Where a call goes."""
    page = f"{facts['base_url']}/tasks?{pair(facts)}"
    if call.name != "one task":
        return page
    first = json.loads(read(page))["data"][0]["uuid"]
    return f"{facts['base_url']}/tasks/{first}?{pair(facts)}"
