"""Measures the keyed API with wrk: the server on one core, wrk on another, beside a bare uvicorn of equal answers."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

SECONDS, CONNECTIONS = 4, 16
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
CREATE = (
    'wrk.method="POST"; wrk.body="title=Measure+it"; wrk.headers["Content-Type"]="application/x-www-form-urlencoded"'
)
FLAGS = ("--tasks", "1000", "--rate-limit", "900000000/day")


@contextmanager
def serving(*command: str) -> Iterator[dict[str, Any]]:
    """A server on core 0; gives what it wrote into its ready file."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        process = subprocess.Popen(
            ["taskset", "-c", "0", sys.executable, *command, str(ready)], stdout=subprocess.DEVNULL
        )
        try:
            yield awaited(ready, process)
        finally:
            process.terminate()
            process.wait()


def awaited(ready: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The ready file's content, as soon as it is there."""
    for _ in range(600):
        if ready.exists():
            facts: dict[str, Any] = json.loads(ready.read_text())
            return facts
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("the server under measurement did not start")


def rate(url: str, script: str | None = None) -> float:
    """Requests a second that wrk gets from core 1, after a second of warming."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script or "")
        file.flush()
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", "-s", file.name]
        subprocess.run([*command, "-d1s", url], capture_output=True, check=True)
        told = subprocess.run([*command, f"-d{SECONDS}s", url], capture_output=True, check=True, text=True).stdout
    found = RATE.search(told)
    if found is None or "Non-2xx" in told:
        raise SystemExit(f"wrk saw refusals at {url}")
    return float(found[1])


def bare(size: int) -> float:
    """Requests a second of a bare uvicorn application whose body has so many bytes."""
    with serving("-m", "benchmarks.bare", str(size)) as facts:
        return rate(facts["base_url"])


def measured(remember: str) -> dict[str, tuple[float, int]]:
    """Requests a second and bytes of an answer, for a page, a task and a create."""
    with serving("-m", "mock_server", "serve", "--port", "0", *FLAGS, remember, "--ready-file") as facts:
        keys = facts["credentials"]
        pair = f"api_id={keys['api_id']}&project_key={keys['project_key']}"
        page = f"{facts['base_url']}/tasks?{pair}"
        first = json.loads(read(page))["data"][0]["uuid"]
        one = f"{facts['base_url']}/tasks/{first}?{pair}"
        told = {"page of 15 tasks": (rate(page), len(read(page))), "one task": (rate(one), len(read(one)))}
        return told | {"form-encoded create": (rate(page, CREATE), len(read(one)))}


def read(url: str) -> bytes:
    """An answer's body."""
    with urlopen(url) as answer:  # noqa: S310 loopback only
        body: bytes = answer.read()
    return body


def main() -> None:
    """Print the table: requests a second, and the share of the bare server, warm and with nothing remembered."""
    if shutil.which("wrk") is None or len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("the benchmark needs wrk (apt-get install wrk) and two cores")
    warm, cold = measured("--remember"), measured("--no-remember")
    print("| | bare/s | warm/s | ratio | nothing remembered/s | ratio |\n|---|---|---|---|---|---|")
    for name, (fast, size) in warm.items():
        base, slow = bare(size), cold[name][0]
        print(f"| {name} | {base:.0f} | {fast:.0f} | {fast / base:.2f} | {slow:.0f} | {slow / base:.2f} |")


if __name__ == "__main__":
    main()
