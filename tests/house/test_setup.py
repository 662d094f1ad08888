"""The two ways to set it up, for real: make, and pip."""

import os
import re
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
LINKS = ("docs/keyed", "docs/control", "openapi/keyed.json", "fidelity", "sandboxes/default")


def surroundings() -> dict[str, str]:
    """The environment without what an outer make left in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def copied(folder: Path) -> Path:
    """The checkout as make sees it, with the environment that these tests run in and no need to install anything."""
    for name in ("mock_server", "fixtures", "pyproject.toml", "Makefile", "README.md", "LICENSE"):
        (folder / name).symlink_to(ROOT / name)
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name in ("python", "pip", "gitscrum-mock"):
        (commands / name).symlink_to(Path(sys.prefix) / "bin" / name)
    (folder / ".venv" / ".installed").touch()
    os.utime(folder / ".venv" / ".installed", (2**31, 2**31))
    return folder


def test_make_serve_says_where_it_listens_and_what_to_try(tmp_path: Path) -> None:
    log, ready = tmp_path / "log", tmp_path / "ready.json"
    arguments = f"ARGS=--port 0 --profile empty --ready-file {ready}"
    with log.open("w") as out:
        process = subprocess.Popen(["make", "serve", arguments], cwd=copied(tmp_path), env=surroundings(), stdout=out)
        try:
            end = time.monotonic() + 30
            while "_mock/sandboxes/default" not in log.read_text():
                assert time.monotonic() < end
                time.sleep(0.05)
            told = log.read_text()
            url = re.search(r"http://127\.0\.0\.1:\d+", told)
            curl = re.search(r"curl '(.+)'", told)
            assert url is not None
            assert curl is not None
            assert httpx.get(curl[1]).json()["data"] == []
            assert all(httpx.get(f"{url[0]}/_mock/{link}").status_code == 200 for link in LINKS)
            assert all(f"{url[0]}/_mock/{link}" in told for link in LINKS)
            assert "pip install" not in told
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def test_pip_install_gives_the_command_and_its_fixtures(tmp_path: Path) -> None:
    """From a copy of the source, into an environment that borrows its dependencies from this one."""
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    site = next((home / "lib").glob("python*/site-packages"))
    outer = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "borrowed.pth").write_text(f"{outer}\n")
    install = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", ROOT]
    subprocess.run([*map(str, install)], check=True, capture_output=True, timeout=100)
    command = str(home / "bin" / "gitscrum-mock")
    ask = "from mock_server.fixture import home; print(home())"
    isolated = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    where = subprocess.run(
        [str(home / "bin" / "python"), "-c", ask],
        cwd=tmp_path,
        env=isolated,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(home)
    told = subprocess.run([command, "routes"], cwd=tmp_path, env=isolated, capture_output=True, text=True, check=True)
    assert "/tasks" in told.stdout
