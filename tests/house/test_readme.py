"""The README's commands and facts, tried."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx

from tests.conftest import Api

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
ANSWER = re.compile(r"```json\n(.+?)\n```", re.DOTALL)
COMMAND = re.compile(r"^gitscrum-mock (.+)$", re.MULTILINE)


def test_the_curl_gets_the_answer_that_is_shown(client: httpx.Client) -> None:
    url = next(line for line in README.splitlines() if line.startswith("curl ")).split("'")[1]
    told = ANSWER.search(README)
    assert told is not None
    assert client.get(url.removeprefix("http://127.0.0.1:8080")).json() == json.loads(told[1])


def test_the_pair_that_is_shown_is_the_default_one(api: Api) -> None:
    assert all(half in README for half in api.pair.values())


def test_every_command_runs(tmp_path: Path) -> None:
    commands = COMMAND.findall(README)
    assert len(commands) >= 4
    for command in commands:
        words = [sys.executable, "-m", "mock_server", *shlex.split(command)]
        subprocess.run(words, cwd=tmp_path, env=HERE, check=True, capture_output=True, timeout=60)
