"""Commands that end by themselves."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mock_server import __version__
from mock_server.settings import Settings
from tests.cli.running import run, served, surroundings


def test_help_tells_flag_variable_and_default_of_every_setting() -> None:
    """From the one place where they are written down."""
    told = " ".join(run("serve", "--help").stdout.split())
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in told
        assert f"GITSCRUM_MOCK_{name.upper()}" in told
        assert (field.description or "?") in told
    for default in ("8080", "demo", "documented", "127.0.0.1,::1", "10MiB", "30", "on"):
        assert f", default {default})" in told


def test_a_command_offers_only_the_settings_that_it_uses() -> None:
    """And the file that they may stand in."""
    told = run("ca", "--help").stdout
    assert "--cache-dir" in told
    assert "--config" in told
    assert "--port" not in told


def test_without_arguments_it_shows_its_commands() -> None:
    """Each with a line on what it does."""
    shown = run()
    for command in ("serve", "routes", "openapi", "healthcheck", "seed", "ca"):
        assert f"  {command}" in shown.stdout + shown.stderr


def test_it_knows_its_version() -> None:
    """Alone on a line."""
    assert run("--version").stdout == f"{__version__}\n"


def test_routes_come_as_a_table_or_as_json() -> None:
    """Every endpoint with what is known of it."""
    rows = json.loads(run("routes", "--json").stdout)
    tasks = next(row for row in rows if (row["method"], row["path"]) == ("GET", "/tasks"))
    assert tasks["confidence"] == "documented"
    assert tasks["summary"]
    table = run("routes").stdout
    assert all(row["path"] in table for row in rows)


def test_the_openapi_document_is_json() -> None:
    """Of the dialect that was asked for."""
    assert "/tasks" in json.loads(run("openapi", "--dialect", "keyed").stdout)["paths"]
    unknown = run("openapi", "--dialect", "spoken")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == "gitscrum-mock: There is no dialect 'spoken'; choose keyed or bearer.\n"


def test_the_ca_is_printed_and_stays_the_same(folder: Path) -> None:
    """It lies in the cache folder."""
    first = run("ca", "--cache-dir", folder / "kept")
    assert first.stdout.startswith("-----BEGIN CERTIFICATE-----")
    assert run("ca", "--cache-dir", folder / "kept").stdout == first.stdout
    (folder / "kept" / "ca" / "ca.pem").unlink()
    damaged = run("ca", "--cache-dir", folder / "kept")
    assert damaged.returncode == 2
    assert damaged.stderr.count("\n") == 1


def test_a_seeded_file_is_written_once_unless_forced(folder: Path) -> None:
    """And it can be served."""
    file = folder / "data" / "default.sqlite"
    assert run("seed", file, "--seed", 7).returncode == 0
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT count(*) FROM task").fetchone()[0] >= 60
    raw.close()
    again = run("seed", file, "--profile", "empty")
    assert (again.returncode, again.stderr) == (2, f"gitscrum-mock: {file} is there already; --force writes over it.\n")
    assert run("seed", file, "--profile", "empty", "--force").returncode == 0
    nowhere = run("seed", file / "below", "--profile", "empty")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)
    assert nowhere.stderr.startswith(f"gitscrum-mock: {file}/below cannot be written: ")
    with served(folder, "--data", folder / "data", "--profile", "empty") as running:
        assert running.facts["credentials"]["api_id"]


def test_a_health_check_says_whether_a_server_is_ready(folder: Path) -> None:
    """By its exit status, and in a sentence. Where the port was picked, the ready file knows it."""
    with served(folder, "--https-only") as running:
        well = run("healthcheck", "--port", running.facts["http_url"].rpartition(":")[2])
        assert (well.returncode, well.stdout) == (0, f"The sandbox at {running.facts['http_url']} is ready.\n")
        assert run("healthcheck", "--port", 0, "--ready-file", running.ready_file).stdout == well.stdout
        assert run("healthcheck", "--host", "0.0.0.0", GITSCRUM_MOCK_PORT="1").returncode == 1  # noqa: S104 not listening
    ill = run("healthcheck", "--port", 1)
    assert (ill.returncode, ill.stderr) == (1, "No sandbox is ready at http://127.0.0.1:1.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--profile", "none"], "There is no profile 'none'; choose one of demo, empty, edge."),
        (
            ["--port", "x"],
            "--port cannot be 'x': input should be a valid integer, unable to parse string as an integer.",
        ),
        (["--host", "192.0.2.1"], "The host '192.0.2.1' is not an address of this machine; see --host."),
        (["--config", "none.toml"], "There is no settings file none.toml."),
        (["--tls-cert", "x.pem"], "--tls-cert and --tls-key go together; one of them is missing."),
        (["--ready-file", "file/ready"], "The ready file file/ready cannot be written: File exists."),
        (["--data", "file/data"], "The data folder file/data cannot be written: Not a directory."),
        (["--data", "broken"], "The database file broken/default.sqlite cannot be used: file is not a database."),
        (["--locale", "xx_XX"], None),
    ],
)
def test_what_keeps_the_server_from_starting_is_one_sentence(
    folder: Path, arguments: list[str], sentence: str | None
) -> None:
    """On standard error, with exit status 2 and nothing else."""
    (folder / "file").write_text("in the way")
    (folder / "broken").mkdir()
    (folder / "broken" / "default.sqlite").write_text("no database, whatever its name says" * 100)
    failed = run("serve", "--port", "0", *arguments)
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (2, "", 1)
    assert failed.stderr.startswith("gitscrum-mock: ")
    assert sentence is None or failed.stderr == f"gitscrum-mock: {sentence}\n"


def test_starting_imports_nothing_that_a_start_does_not_need() -> None:
    """What draws tables, invents names or makes certificates comes when it is asked for."""
    program = (
        "import sys, mock_server.cli, mock_server.serving, mock_server.app; from mock_server.wire import listener, log"
    )
    late = ("faker", "trustme", "cryptography", "rich.progress")
    said = subprocess.run(
        [sys.executable, "-c", f"{program}; print([name for name in {late} if name in sys.modules])"],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"
