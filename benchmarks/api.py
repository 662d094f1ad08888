"""The API beside a bare uvicorn that sends as many bytes, both in one run and by turns.

Where *nothing is remembered*, no answer or part of one outlives its request. Who a credential belongs to and where that
person works is known in either case, and what hangs on a task is counted when it is written.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any, NamedTuple

from benchmarks.figures import Figure, Step
from benchmarks.serving import CREATE, pair, rate, read, sandbox, started

LIMIT = ("--rate-limit", "900000000/day")
SERVERS = {"warm": ("--remember",), "cold": ("--no-remember",)}
Facts = dict[str, Any]
Bounds = tuple[float, float] | None


class Call(NamedTuple):
    """One call: where it goes, its floor and its aim warm and cold.

    ``script`` is wrk's for a write or for headers; ``like`` is where an answer of the same size is read.
    """

    name: str
    url: Callable[[Facts], str]
    warm: Bounds
    cold: Bounds
    script: Callable[[Facts], str] = lambda facts: ""  # noqa: ARG005 there is none
    like: Callable[[Facts], str] | None = None


def page(facts: Facts) -> str:
    """Fifteen tasks."""
    return f"{facts['base_url']}/tasks?{pair(facts)}"


def one(facts: Facts) -> str:
    """The newest task."""
    first = json.loads(read(page(facts)))["data"][0]["uuid"]
    return f"{facts['base_url']}/tasks/{first}?{pair(facts)}"


CALLS = (
    Call("page of 15 tasks", page, (0.20, 0.35), (0.05, 0.10)),
    Call("one task", one, (0.30, 0.50), (0.18, 0.28)),
    Call("form-encoded create", page, None, (0.10, 0.20), lambda facts: CREATE, one),  # noqa: ARG005 the same for all
)


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """The keyed dialect's ratios to the bare server, over so many turns."""
    yield from compared(CALLS, seconds, tasks, times, step)


def compared(calls: Sequence[Call], seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """The ratios of some calls."""
    with ExitStack() as servers:
        bare = servers.enter_context(started("-m", "benchmarks.bare"))[0]["base_url"]
        facts = {
            word: servers.enter_context(sandbox("--tasks", str(tasks), *LIMIT, *flags))[0]
            for word, flags in SERVERS.items()
        }
        for call in calls:
            step(call.name)
            yield from turns(call, bare, facts, seconds, times)


def turns(call: Call, bare: str, facts: dict[str, Facts], seconds: int, times: int) -> Iterator[Figure]:
    """One call, measured by turns."""
    urls = {word: call.url(each) for word, each in facts.items()}
    size = len(read((call.like or call.url)(facts["warm"]), facts["warm"]["credentials"]["token"]))
    told: dict[str, list[float]] = {word: [] for word in ("bare", *urls)}
    for _ in range(times):
        told["bare"].append(rate(f"{bare}/{size}", seconds))
        for word, url in urls.items():
            told[word].append(rate(url, seconds, call.script(facts[word])))
    rates = {word: median(each) for word, each in told.items()}
    for word, bounds, name in (("warm", call.warm, "warm"), ("cold", call.cold, "nothing remembered")):
        if bounds:
            beside = f"{rates[word]:.0f} of {rates['bare']:.0f} a second, {size} bytes"
            value = ratio(told, word, "bare")
            yield Figure(f"{call.name}, {name}", value, "of bare", bounds[0], "least", bounds[1], beside)


def ratio(told: dict[str, list[float]], ours: str, theirs: str) -> float:
    """The median over all turns of what two servers did in the same one: a machine is not equally fast in each."""
    return median(one / other for one, other in zip(told[ours], told[theirs], strict=True))
