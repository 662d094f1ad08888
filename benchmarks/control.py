"""What it costs in the server to make, reset, keep, restore, fork and move a sandbox of the demo profile."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.figures import Figure, Step
from benchmarks.serving import memory

MOST = 2.0  # milliseconds
MANY = 1000


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:  # noqa: ARG001 as the others
    """Median and p99 of each operation, and the memory of a sandbox, all in a process of its own on core 0."""
    step(f"{MANY} sandboxes")
    command = ["taskset", "-c", "0", sys.executable, "-m", "benchmarks.control"]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for name, each in told["operations"].items():
        beside = f"p99 {each['p99']:.2f} ms"
        yield Figure(f"{name} a sandbox", each["median"], "ms", MOST, beside=beside)
    first = told["first"]
    yield Figure(
        "first statement after that", first["median"], "ms", beside=f"p99 {first['p99']:.2f} ms, makes the copy"
    )
    yield Figure("memory of a sandbox", told["memory"], "MiB", 1.5, aim=1.0, beside=f"{MANY} of them, each called once")


def measured() -> dict[str, Any]:
    """The same as plain data."""
    from mock_server.store.sandboxes import World
    from mock_server.store.seeding import Spec

    world = World(Path(tempfile.mkdtemp()))
    world.open(Spec())
    before = memory_here()
    boxes: list[Any] = []
    told = {"make": timed(lambda _: boxes.append(world.make(Spec())))}
    first = timed(lambda number: used(boxes[number]))
    taken = (memory_here() - before) / MANY
    told["reset"] = timed(lambda number: world.reset(boxes[number]))
    for box in boxes:
        used(box)
    told["snapshot"] = timed(lambda number: world.keep(boxes[number], "kept"))
    told["restore"] = timed(lambda number: world.restore(boxes[number], "kept"))
    told["fork"] = timed(lambda number: world.remove(world.make(boxes[number].snapshots["kept"])))
    told["advance"] = timed(lambda number: boxes[number].clock.advance(60))
    return {"operations": told, "first": first, "memory": taken}


def used(box: Any) -> None:
    """Ask a sandbox's data for something."""
    box.store.asked("SELECT count(*) FROM task", {})


def timed(operation: Callable[[int], object]) -> dict[str, float]:
    """Median and p99 in milliseconds."""
    spent = []
    for number in range(MANY):
        began = time.perf_counter()
        operation(number)
        spent.append((time.perf_counter() - began) * 1000)
    return {"median": median(spent), "p99": quantiles(spent, n=100)[98]}


def memory_here() -> float:
    """The resident memory of this process in MiB."""
    import os

    return memory(os.getpid())


if __name__ == "__main__":
    print(json.dumps(measured()))
