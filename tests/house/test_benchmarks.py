"""The benchmark: what it says of a figure, and that each part of it measures."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bearer import REPORTS
from benchmarks.figures import Figure, shown
from mock_server.dialects.bearer import bearer
from mock_server.resources import load_services

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "side", "holds"), [(2.0, "least", True), (1.9, "least", False), (2.0, "most", True), (2.1, "most", False)]
)
def test_a_figure_is_held_to_its_bound(value: float, side: str, holds: bool) -> None:
    figure = Figure("x", value, "ms", 2.0, side)  # type: ignore[arg-type] # a Literal that parametrize cannot give
    assert figure.holds is holds
    assert ("MISSED" in figure.cells()) is not holds


def test_a_missed_bound_is_an_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = Figure("good", 1, bound=2), Figure("bad", 3, bound=2)
    assert (shown([good, Figure("free", 9)], as_json=False), shown([good, bad], as_json=False)) == (0, 1)
    assert "| bad | 3 | <= 2 |  | MISSED |  |" in capsys.readouterr().out
    assert shown([bad], as_json=True) == 1
    assert json.loads(capsys.readouterr().out)[0]["holds"] is False


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_the_api_is_measured_against_a_bare_server() -> None:
    command = [sys.executable, "-m", "benchmarks", "api", "--seconds", "1", "--times", "1", "--tasks", "30", "--json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    figures = {figure["name"]: figure["value"] for figure in json.loads(told.stdout)}
    assert len(figures) == 5
    assert all(0 < value < 5 for value in figures.values())


def test_every_report_that_is_measured_is_an_endpoint_and_no_dashboard_is_left_out() -> None:
    load_services()
    measured = {bearer.sought("GET", path)[0].path for path in REPORTS}
    roots = ("/companies/standup/", "/companies/manager-dashboard/", "/companies/analytics/", "/client-flow/dashboard/")
    wanted = {endpoint.path for endpoint in bearer.endpoints if endpoint.path.startswith(roots)}
    assert wanted <= measured
    assert len(measured) == len(REPORTS)


def test_a_part_that_is_none_is_named() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert told.stderr == "there is no part 'speed'; choose one of api, bearer, journal, start, control or all\n"
