"""The command in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).parents[2])
COMMAND = [sys.executable, "-m", "mock_server"]


def surroundings(**more: str) -> dict[str, str]:
    """The environment, with the package on the path and a width that wraps nothing."""
    return {**os.environ, "PYTHONPATH": ROOT, "COLUMNS": "200", **more}


UNTRACED = {"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": ""}
"""For ``surroundings``: nobody counts the lines of a process that others cover, and it is twice as fast."""


def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """One command, from start to end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, env=surroundings(**more), capture_output=True, text=True, timeout=60, check=False)


@dataclass
class Running:
    """A server that answers."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]
    ready_file: Path
    said: tuple[str, str] = ("", "")

    @property
    def url(self) -> str:
        """Its base URL."""
        return str(self.facts["base_url"])

    @property
    def keys(self) -> dict[str, str]:
        """The pair that every request needs."""
        return {name: self.facts["credentials"][name] for name in ("api_id", "project_key")}

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit status. ``said`` is what it wrote on output and error."""
        self.process.send_signal(number)
        self.said = self.process.communicate(timeout=30)
        return self.process.returncode


@contextmanager
def served(folder: Path, *arguments: object, **more: str) -> Iterator[Running]:
    """``serve`` on a free port, from when it answers to the end of the block."""
    ready = folder / "ready.json"
    command = [*COMMAND, "serve", "--port", "0", "--tls-port", "0", "--ready-file", str(ready), *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=surroundings(**more), stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Running(process, awaited(process, ready), ready)
        finally:
            process.kill()


def awaited(process: subprocess.Popen[str], ready: Path) -> dict[str, Any]:
    """What the ready file says, once it is there."""
    end = time.monotonic() + 30
    while not ready.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    facts: dict[str, Any] = json.loads(ready.read_text())
    return facts
