"""The few words that set the project up, on a laptop and in CI."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make` in a copy of the checkout that has an installed environment, whose commands only echo."""
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in ("python", "pip", "gitscrum-mock"):
        command = tmp_path / ".venv" / "bin" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(f'#!/bin/sh\necho {name} "$@"\n')
        command.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        command = ["make", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)

    return run


def test_a_second_start_installs_nothing_and_passes_its_flags_on(make: Make) -> None:
    """The server's own output is all that is seen."""
    assert make("serve", "ARGS=--port 9000 --seed 7").stdout == "gitscrum-mock serve --port 9000 --seed 7\n"


def test_new_dependencies_are_installed_at_the_next_start(make: Make, tmp_path: Path) -> None:
    """A pyproject.toml newer than the last installation counts."""
    os.utime(tmp_path / "pyproject.toml", (2**31, 2**31))
    assert "pip install" in make("--dry-run", "serve").stdout


def test_tests_bring_what_they_need(make: Make) -> None:
    """The extra is installed where only the server was."""
    assert "--editable .[test]" in make("test").stdout


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt-get install python3-venv"),
    ],
    ids=["too old", "without venv"],
)
def test_an_unfit_python_is_told_in_one_sentence(make: Make, tmp_path: Path, script: str, sentence: str) -> None:
    """It says what to do, and leaves nothing behind that the next try would trip over."""
    (tmp_path / ".venv" / "bin" / "pip").unlink()
    unfit = tmp_path / "unfit"
    unfit.write_text(f"#!/bin/sh\n{script}\n")
    unfit.chmod(0o755)
    run = make("serve", f"PYTHON={unfit}")
    said, verdict = run.stderr.splitlines()
    assert sentence in said
    assert verdict.startswith("make: ***")
    assert not (tmp_path / ".venv" / "bin" / "pip").exists()


def test_ci_is_a_program_that_its_shell_can_read() -> None:
    """It ends with the tests, so that their closing line is the last."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    steps = [line.split()[1] for line in script.read_text().splitlines() if line.startswith("make ")]
    assert steps == ["lint", "image-test", "test"]
