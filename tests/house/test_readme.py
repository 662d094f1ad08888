"""The README's commands and facts, tried."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from mock_server.errors import table_of_codes
from mock_server.ledger import coverage_table, load
from tests.cli.running import UNTRACED, served
from tests.conftest import Api

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **UNTRACED}
ANSWER = re.compile(r"```json\n(.+?)\n```", re.DOTALL)
EXAMPLE = re.compile(r"```python\n(.+?)```", re.DOTALL)
TRIED = {
    "make serve": "tests/house/test_setup.py",
    "make test": ".ci/run",
    "curl ": "test_the_curl_gets_the_answer_that_is_shown, test_the_calls_by_curl_do_what_they_say",
    "control=": "test_the_calls_by_curl_do_what_they_say",
    "json=": "test_the_calls_by_curl_do_what_they_say",
    "gitscrum-mock ": "test_every_command_runs",
}
SCRIPT = re.compile(r"```sh\n(.+?)```", re.DOTALL)
COMMAND = re.compile(r"^gitscrum-mock (.+)$", re.MULTILINE)


def test_the_curl_gets_the_answer_that_is_shown(client: httpx.Client) -> None:
    url = next(line for line in README.splitlines() if line.startswith("curl ")).split("'")[1]
    told = ANSWER.search(README)
    assert told is not None
    assert client.get(url.removeprefix("http://127.0.0.1:8080")).json() == json.loads(told[1])


def test_the_pair_that_is_shown_is_the_default_one(api: Api) -> None:
    assert all(half in README for half in api.pair.values())


def test_the_call_with_a_token_is_answered(client: httpx.Client, sandbox: dict[str, Any]) -> None:
    line = next(line for line in README.splitlines() if line.startswith("curl -H "))
    _, _, header, url = shlex.split(line)
    assert header == f"Authorization: Bearer {sandbox['credentials']['token']}"
    answer = client.get(url.removeprefix("http://127.0.0.1:8080"), headers=dict([header.split(": ")]))
    assert answer.json()["meta"]["total"] > 0


def test_the_coverage_is_what_the_ledger_says() -> None:
    assert f"<!-- coverage -->\n{coverage_table(load('keyed'))}<!-- /coverage -->" in README
    bearer = load("bearer")
    assert f"<!-- coverage bearer -->\n{coverage_table(bearer)}<!-- /coverage bearer -->" in README
    used = [endpoint for endpoint in bearer.endpoints if endpoint.used_by]
    assert all(endpoint.is_served for endpoint in used)
    counts = len(used), len(bearer.endpoints) - len(used)
    assert [int(number) for number in re.findall(r"(?:all|the) (\d+) (?:endpoints|that only)", README)] == [*counts]


def test_the_error_codes_are_those_that_are_said() -> None:
    assert f"<!-- errors -->\n{table_of_codes()}<!-- /errors -->" in README


def test_no_command_of_the_readme_goes_untried() -> None:
    """Each line of a block for the shell begins with something that a test, or the CI itself, runs."""
    lines = [line for block in SCRIPT.findall(README) for line in block.splitlines()]
    assert lines
    assert [line for line in lines if not line.startswith(tuple(TRIED))] == []


def test_every_example_in_python_passes(tmp_path: Path) -> None:
    """All in one run, two at a time, as the README says."""
    examples = EXAMPLE.findall(README)
    assert len(examples) == 4
    for number, example in enumerate(examples):
        (tmp_path / f"test_{number}.py").write_text(example)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-n", "2", "-q"]
    told = subprocess.run(command, cwd=tmp_path, env=HERE, capture_output=True, text=True, timeout=100, check=False)
    assert "5 passed" in told.stdout, told.stdout


def test_the_calls_by_curl_do_what_they_say(tmp_path: Path) -> None:
    """Each answers without an error, in the order of the README."""
    (script,) = [block for block in SCRIPT.findall(README) if "control=" in block]
    with served(tmp_path) as server:
        calls = script.replace("http://127.0.0.1:8080", server.url).replace("curl -s", "curl -sf --write-out '\\n' -")
        told = subprocess.run(["bash", "-euc", calls], capture_output=True, text=True, timeout=60, check=True)
        left = httpx.get(f"{server.url}/_mock/sandboxes").json()["total"]
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert [answer.get("id") for answer in answers[:2]] == ["check-out-1", "fault-1"]
    assert answers[2]["at"] == "2026-03-02T11:00:00+00:00"
    assert (answers[3]["ok"], answers[4]["now"], answers[5]) == (True, 1_772_442_000, {"deleted": "check-out-1"})
    assert left == 1


def test_every_command_runs(tmp_path: Path) -> None:
    commands = COMMAND.findall(README)
    assert len(commands) >= 4
    for command in commands:
        words = [sys.executable, "-m", "mock_server", *shlex.split(command)]
        subprocess.run(words, cwd=tmp_path, env=HERE, check=True, capture_output=True, timeout=60)
