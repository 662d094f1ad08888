"""Large projects, the start, and memory."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.figures import Figure, Step
from benchmarks.serving import CREATE, memory, pair, rate, read, sandbox, surroundings

LARGE = 100_000
STARTS = 7
IMPORTS = ("-c", "import fastapi, sqlmodel, uvicorn")


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """All of them."""
    step(f"pages of {LARGE} tasks")
    yield from pages(seconds, tasks, times)
    step("the cold start")
    yield cold_start()
    step("memory")
    yield from memories(seconds)


def pages(seconds: int, tasks: int, times: int) -> Iterator[Figure]:
    """What page 1 and page 50 of a large project cost, beside page 1 of a small one, with nothing remembered."""
    began = time.monotonic()
    with sandbox("--tasks", str(LARGE), "--no-remember") as (large, _):
        lasted = time.monotonic() - began
        beside = f"{lasted:.1f} s, start included"
        yield Figure("seeding", LARGE / lasted, "tasks a second", 10_000, "least", beside=beside)
        with sandbox("--tasks", str(tasks), "--no-remember") as (small, _):
            told: dict[str, list[float]] = {"small": [], "1": [], "50": []}
            for _ in range(times):
                told["small"].append(rate(f"{small['base_url']}/tasks?{pair(small)}", seconds))
                for page in ("1", "50"):
                    told[page].append(rate(f"{large['base_url']}/tasks?{pair(large)}&page={page}", seconds))
    for page in ("1", "50"):
        cost = median(small / large for small, large in zip(told["small"], told[page], strict=True))
        yield Figure(f"page {page} of {LARGE} tasks", cost, f"of page 1 of {tasks}", 1.5)


def cold_start() -> Figure:
    """The time to the first answer, from a kept seed image, beside that of three imports."""
    ours, theirs = [], []
    for _ in range(STARTS):
        theirs.append(lasting(*IMPORTS))
        began = time.monotonic()
        with sandbox() as (facts, _):
            read(f"{facts['base_url']}/_mock/ready")
            ours.append(time.monotonic() - began)
    first, second = median(ours), median(theirs)
    return Figure("cold start", first / second, "of three imports", 1.5, beside=f"{first:.2f} s, {second:.2f} s")


def lasting(*command: str) -> float:
    """How many seconds a Python command takes, on the core of the servers."""
    began = time.monotonic()
    subprocess.run(["taskset", "-c", "0", sys.executable, *command], check=True, env=surroundings())
    return time.monotonic() - began


def memories(seconds: int) -> Iterator[Figure]:
    """Resident memory at the start, and how much more it is after reading and writing under load."""
    with sandbox() as (facts, process):
        url = f"{facts['base_url']}/tasks?{pair(facts)}"
        first = memory(process)
        yield Figure("memory at the start", first, "MiB", 90)
        rate(url, seconds, CREATE)
        rate(url, seconds)
        then = memory(process)
        rate(url, seconds)
        yield Figure("memory more under load", then - first, "MiB", 64)
        yield Figure("memory more after as much again", memory(process) - then, "MiB", 8)
