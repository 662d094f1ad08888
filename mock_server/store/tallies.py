"""How often what was called and how long it took, since the start of the server."""

from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

from mock_server.store.entry import Entry

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds


class Label(NamedTuple):
    """What requests are told apart by; ``sandbox`` is the kind of the sandbox, ``route`` empty where there is none."""

    method: str
    route: str
    status: int
    dialect: str
    sandbox: str


class Spent:
    """How many requests took how long: ``buckets`` counts those up to each bound, then the rest."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets, self.seconds = [0] * (len(BOUNDS) + 1), 0.0


class Tally:
    """The counts of one server."""

    def __init__(self) -> None:
        self.requests: dict[Label, Spent] = {}
        self.faults: Counter[str] = Counter()

    def count(self, entry: Entry, sandbox: str) -> None:
        """Count a finished exchange."""
        label = Label(entry.method, entry.template, entry.status, entry.dialect, sandbox)
        spent = self.requests.get(label)
        if spent is None:
            spent = self.requests[label] = Spent()
        spent.buckets[bisect_left(BOUNDS, entry.took)] += 1
        spent.seconds += entry.took
        if entry.fault is not None:
            self.faults[what(entry.fault)] += 1


def what(fault: dict[str, object]) -> str:
    """What a fault did, in a word: how the wire broke, else the status, else that it delayed."""
    do = fault["do"]
    assert isinstance(do, dict), "a fault does something"  # noqa: S101 a slip of ours, found by tests
    wire = do.get("wire")
    return str(wire["kind"]) if wire else str(do.get("status", "delay"))
