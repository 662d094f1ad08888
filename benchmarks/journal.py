"""What the journal costs: one server under one load, whose ring is switched off and on by short turns.

Nothing else differs then, and what the machine does in phases of seconds befalls both alike.
"""

import os
from collections.abc import Iterator
from statistics import median
from time import perf_counter, sleep
from typing import Any

from benchmarks.api import CALLS, Call
from benchmarks.figures import Figure, Step
from benchmarks.serving import awake, wrk
from mock_server.serving import settle
from mock_server.store.sandboxes import World
from mock_server.testing import MockServer

LIMIT = "900000000/day"
LEAST = 0.9
TURN, REST = 0.1, 0.02  # seconds that are counted, and before them until the caches are as they will be
WARMING = 1  # second


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """Each call with the journal, as a share of what it reaches without."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {0})
    try:
        with MockServer(tasks=tasks, rate_limit=LIMIT) as server, awake():
            settle()
            facts = {"base_url": server.base_url, "credentials": server.default.credentials.pair}
            for call in CALLS:
                step(f"{call.name}, with the journal and without")
                yield turns(call, server.world, facts, 2 * seconds * times)
    finally:
        os.sched_setaffinity(0, cores)


def turns(call: Call, world: World, facts: dict[str, Any], seconds: int) -> Figure:
    """One call, by turns; the median of what each turn shows."""
    with wrk(call.url(facts), seconds + WARMING, call.script(facts)):
        told = [*counted(world, perf_counter() + seconds)]
    share = median(one / other for one, other in told)
    beside = f"{median(one for one, _ in told):.0f} against {median(other for _, other in told):.0f} a second"
    return Figure(f"{call.name}, with the journal", share, "of without", LEAST, "least", beside=beside)


def counted(world: World, end: float) -> Iterator[tuple[float, float]]:
    """Requests a second with the journal and without, turn by turn until the end."""
    most, order = world.ring.most_entries, [True, False]
    sleep(WARMING)
    while perf_counter() < end:
        told = {}
        for is_on in order:
            world.ring.most_entries = most if is_on else 0
            told[is_on] = speed(world)
        yield told[True], told[False]
        order.reverse()
    world.ring.most_entries = most


def speed(world: World) -> float:
    """Requests a second in one turn."""
    sleep(REST)
    journal = world.default.journal
    count, start = journal.count, perf_counter()
    sleep(TURN)
    return (journal.count - count) / (perf_counter() - start)
