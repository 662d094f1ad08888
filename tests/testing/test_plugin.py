"""The pytest plugin, in a test run of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.testing import MockServer
from tests.cli.running import UNTRACED, surroundings

FAILING = """
import urllib.request, urllib.parse, urllib.error, pytest

def test_it(gitscrum):
    query = urllib.parse.urlencode(gitscrum.pair)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{gitscrum.base_url}/taks?{query}")
    assert False, "on purpose"

def test_silent(gitscrum):
    assert False

def test_without():
    assert False
"""
PARALLEL = """
import json, urllib.request, urllib.parse, pytest

@pytest.mark.parametrize("number", range(8))
def test_it(gitscrum, number):
    query = urllib.parse.urlencode(gitscrum.pair)
    for title in "ab":
        urllib.request.urlopen(f"{gitscrum.base_url}/tasks?{query}", data=f"title={title}".encode())
    told = json.load(urllib.request.urlopen(f"{gitscrum.base_url}/tasks?{query}"))
    assert told["total"] == 62
    print("served by", gitscrum.base_url)
"""


def ran(folder: Path, test: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A test run over one file."""
    (folder / "test_it.py").write_text(test)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "--strict-markers",
        *options,
        "test_it.py",
    ]
    return subprocess.run(
        command, cwd=folder, env=surroundings(**UNTRACED), capture_output=True, text=True, timeout=100, check=False
    )


def test_the_journal_is_shown_where_a_test_fails(tmp_path: Path) -> None:
    told = ran(tmp_path, FAILING)
    assert told.returncode == 1
    assert "GitScrum sandbox test-it-1" in told.stdout
    assert "GET /taks -> 404 ROUTE_NOT_FOUND" in told.stdout
    assert told.stdout.count("GitScrum sandbox") == 2
    assert "Nothing was called." in told.stdout


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_each_test_has_a_sandbox_alone_and_in_parallel(tmp_path: Path, options: list[str]) -> None:
    told = ran(tmp_path, PARALLEL, *options)
    assert "8 passed" in told.stdout, told.stdout


def test_the_same_tests_run_against_a_server_that_is_there(tmp_path: Path) -> None:
    with MockServer(control_token="open sesame") as server:
        options = ["--gitscrum-url", server.base_url, "--gitscrum-token", "open sesame", "-rP", "-n", "2"]
        told = ran(tmp_path, PARALLEL, *options)
        assert "8 passed" in told.stdout, told.stdout
        assert told.stdout.count(f"served by {server.base_url}") == 8
        assert [*server.world.sandboxes] == ["default"]


def test_a_server_that_has_gone_does_not_break_the_report(tmp_path: Path) -> None:
    with MockServer() as server:
        test = f"""
import pytest
from mock_server.testing import Sandbox

def test_it(gitscrum, monkeypatch):
    monkeypatch.setattr(type(gitscrum), "requests", property(lambda self: 1 / 0))
    assert False, "{server.base_url}"
"""
        told = ran(tmp_path, test)
    assert "The journal cannot be had: division by zero" in told.stdout
