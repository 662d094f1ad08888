"""What the journal costs: one server, whose ring is switched off and on by turns, so that nothing else differs."""

import os
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.api import CALLS, Call
from benchmarks.figures import Figure, Step
from benchmarks.serving import rate
from mock_server.serving import settle
from mock_server.testing import MockServer

LIMIT = "900000000/day"
LEAST = 0.9


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """Each call with the journal, as a share of what it reaches without."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        with MockServer(tasks=tasks, rate_limit=LIMIT) as server:
            settle()
            facts = {"base_url": server.base_url, "credentials": server.default.credentials.pair}
            for call in CALLS:
                step(f"{call.name}, with the journal and without")
                yield turns(call, server.world.ring, facts, seconds, times)
    finally:
        os.sched_setaffinity(0, cores)


def turns(call: Call, ring: Any, facts: dict[str, Any], seconds: int, times: int) -> Figure:
    """One call, by turns; the median of what each turn shows."""
    url, script, most = call.url(facts), call.script(facts), ring.most_entries
    told: list[tuple[float, float]] = []
    for number in range(times):
        pair = {}
        for entries in (0, most) if number % 2 else (most, 0):
            ring.most_entries = entries
            pair[entries] = rate(url, seconds, script)
        told.append((pair[most], pair[0]))
    ring.most_entries = most
    share = median(one / other for one, other in told)
    beside = f"{median(one for one, _ in told):.0f} against {median(other for _, other in told):.0f} a second"
    return Figure(f"{call.name}, with the journal", share, "of without", LEAST, "least", beside=beside)
