"""Servers on one core, and wrk on the other."""

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
from urllib.request import Request, urlopen

CONNECTIONS = 16
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "COVERAGE_")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
CREATE = (
    'wrk.method="POST"; wrk.body="title=Measure+it"; wrk.headers["Content-Type"]="application/x-www-form-urlencoded"'
)


def ready() -> None:
    """Leave with a sentence where nothing can be measured."""
    if shutil.which("wrk") is None or shutil.which("taskset") is None or len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("the benchmark needs wrk (apt-get install wrk), taskset and two cores")


@contextmanager
def started(*command: str) -> Iterator[tuple[dict[str, Any], int]]:
    """A server on core 0, whose last argument is its ready file; what it wrote there, and its process id."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ready.json"
        pinned = ["taskset", "-c", "0", sys.executable, *command, str(file)]
        process = subprocess.Popen(pinned, stdout=subprocess.DEVNULL, env=surroundings())
        try:
            yield awaited(file, process), process.pid
        finally:
            process.terminate()
            process.wait()


def surroundings() -> dict[str, str]:
    """The environment, in which Python keeps what it compiled, as for whoever installs it, and nobody counts lines."""
    return {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)}


def sandbox(*flags: str) -> Any:
    """The server under measurement."""
    return started("-m", "mock_server", "serve", "--port", "0", *flags, "--ready-file")


def awaited(file: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The ready file's content, as soon as it is there."""
    while process.poll() is None:
        if file.exists():
            facts: dict[str, Any] = json.loads(file.read_text())
            return facts
        time.sleep(0.005)
    raise SystemExit("the server under measurement did not start")


def rate(url: str, seconds: int, script: str | None = None) -> float:
    """Requests a second that wrk gets from core 1, after a second of warming."""
    with wrk(url, 1, script):
        pass
    with wrk(url, seconds, script) as told:
        pass
    return told[0]


@contextmanager
def wrk(url: str, seconds: int, script: str | None = None) -> Iterator[list[float]]:
    """So many seconds of load from core 1; at the end the list has the requests a second."""
    rates: list[float] = []
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script or "")
        file.flush()
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", "-s", file.name, f"-d{seconds}s", url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        yield rates
        told = process.communicate()[0]
    found = RATE.search(told)
    if process.returncode or found is None or "Non-2xx" in told:
        raise SystemExit(f"wrk saw refusals at {url}")
    rates.append(float(found[1]))


@contextmanager
def awake() -> Iterator[None]:
    """Core 1 never sleeps; what keeps it awake gives way to whatever else wants to run there.

    A client that sleeps between two answers has to be woken by each, at the server's cost, and the deeper it sleeps
    the dearer that is: without this, 5 us more of work in the server show as 7 or 8.
    """
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.sched_setaffinity(process.pid, {1})
        os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
        yield
    finally:
        process.kill()
        process.wait()


def pair(facts: dict[str, Any]) -> str:
    """The query with the full-access pair."""
    keys = facts["credentials"]
    return f"api_id={keys['api_id']}&project_key={keys['project_key']}"


def read(url: str, token: str = "") -> bytes:
    """An answer's body; with a token, that of the services API unless the URL has a pair."""
    asked = Request(url, headers={"Authorization": f"Bearer {token}"} if token and "api_id=" not in url else {})  # noqa: S310
    with urlopen(asked) as answer:  # noqa: S310 loopback only
        body: bytes = answer.read()
    return body


def memory(process: int) -> float:
    """The resident memory of a process in MiB."""
    told = Path(f"/proc/{process}/status").read_text()
    return int(told.split("VmRSS:")[1].split()[0]) / 1024
