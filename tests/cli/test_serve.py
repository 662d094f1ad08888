"""The server as a user starts it."""

import json
import os
import pty
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.running import COMMAND, Running, run, served, surroundings


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    """A server with the empty profile."""
    with served(folder, "--profile", "empty") as running:
        yield running


def test_it_says_where_it_is_who_may_come_in_and_what_to_try(running: Running) -> None:
    """The curl that it prints works as it stands."""
    assert running.end() == 0
    said, complaints = running.said
    assert running.url in said
    assert complaints == ""
    for value in running.facts["credentials"].values():
        assert value in said
    for page in ("docs/keyed", "openapi/keyed.json", "fidelity", "sandboxes/default"):
        assert f"{running.url}/_mock/{page}" in said


def test_the_curl_that_it_prints_works(folder: Path) -> None:
    """As it stands."""
    server = subprocess.Popen([*COMMAND, "serve", "--port", "0"], env=surroundings(), stdout=subprocess.PIPE, text=True)
    with server:
        assert server.stdout is not None
        command = next(line for line in server.stdout if line.strip().startswith("curl "))
        url = shlex.split(command)[-1]
        assert httpx.get(url).json()["data"]
        server.terminate()


def test_the_ready_file_is_there_while_it_serves(running: Running) -> None:
    """With the base URL and the credentials, which the server's own page tells too."""
    assert httpx.get(f"{running.url}/_mock/ready").status_code == 200
    page = httpx.get(f"{running.url}/_mock/sandboxes/default").json()
    assert running.facts["credentials"] == page["credentials"]
    assert running.end(signal.SIGINT) == 0
    assert not running.ready_file.exists()


def test_a_script_gets_one_line_of_json(folder: Path) -> None:
    """The same that stands in the ready file."""
    with served(folder, "--profile", "empty", "--json") as running:
        assert running.end() == 0
        assert json.loads(running.said[0]) == running.facts
        assert running.said[0].count("\n") == 1


def test_listening_everywhere_is_worth_a_warning(folder: Path) -> None:
    """On standard error, and the printed URL is still one that works here."""
    with served(folder, "--profile", "empty", "--host", "0.0.0.0") as running:  # noqa: S104 to see the warning
        assert running.url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{running.url}/_mock/ready").status_code == 200
        running.end()
    told = "Listening on 0.0.0.0: everybody on this network can reach this server"
    assert running.said[1] == f"{told}, its control routes too: set --control-token, or --no-control.\n"


@pytest.mark.parametrize("closed", [["--no-control"], ["--control-token", "open sesame"]])
def test_closed_control_routes_are_no_worry(tmp_path: Path, closed: list[str]) -> None:
    with served(tmp_path, "--host", "0.0.0.0", *closed) as running:  # noqa: S104 that is what is tested
        assert running.end() == 0
    assert running.said[1] == "Listening on 0.0.0.0: everybody on this network can reach this server.\n"


def test_a_port_in_use_is_one_sentence(running: Running) -> None:
    """Said before anything is seeded."""
    port = running.url.rpartition(":")[2]
    second = run("serve", "--port", port)
    assert second.returncode == 2
    assert second.stderr == (
        f"gitscrum-mock: Port {port} on 127.0.0.1 is in use; choose another with --port, where 0 picks a free one.\n"
    )


def test_https_is_served_with_the_ca_that_the_command_prints(folder: Path) -> None:
    """Where HTTPS is required, the base URL is the one that answers."""
    with served(folder, "--profile", "empty", "--https-only", "--tls-name", "mock.test") as running:
        assert running.url == running.facts["https_url"]
        trust = ssl.create_default_context(cadata=run("ca").stdout)
        with httpx.Client(verify=trust, params=running.keys) as client:
            for name in ("localhost", "api.gitscrum.com", "mock.test"):
                answer = client.get(f"{running.url}/tasks", extensions={"sni_hostname": name})
                assert answer.status_code == 200
        refused = httpx.get(f"{running.facts['http_url']}/tasks", params=running.keys)
        assert (refused.status_code, refused.json()["error_code"]) == (403, "HTTPS_REQUIRED")
        running.end()
        assert running.facts["ca"] in running.said[0]


def test_a_ca_for_this_run_only_is_worth_a_warning(folder: Path) -> None:
    """Where the cache cannot be written, as in a container with a read-only root."""
    (folder / "file").write_text("in the way")
    with served(folder, "--profile", "empty", "--tls", "--cache-dir", folder / "file") as running:
        trust = ssl.create_default_context(cafile=running.facts["ca"])
        assert httpx.get(f"{running.facts['https_url']}/_mock/ready", verify=trust).status_code == 200
        running.end()
    assert running.said[1].endswith(f"The CA in {running.facts['ca']} is for this run only.\n")


def test_a_terminal_sees_progress_and_a_command_to_copy(folder: Path) -> None:
    """In one piece, however narrow the terminal."""
    ours, theirs = pty.openpty()
    command = [*COMMAND, "serve", "--port", "0", "--ready-file", str(folder / "ready.json")]
    with subprocess.Popen(
        command, env=surroundings(TERM="xterm", COLUMNS="60"), stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        seen = b""
        while b"sandboxes/default" not in seen:
            seen += os.read(ours, 65_536)
        facts = json.loads((folder / "ready.json").read_text())
        process.terminate()
        assert process.wait(20) == 0
    os.close(ours)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    keys = facts["credentials"]
    query = f"api_id={keys['api_id']}&project_key={keys['project_key']}&limit=1"
    assert f"curl '{facts['base_url']}/tasks?{query}'" in shown
    assert "seeding" in shown


def test_what_is_sent_to_no_end_changes_nothing(folder: Path) -> None:
    """Half a body is not a request, even if that half could be read as one."""
    with served(folder, "--profile", "empty", "--request-timeout", "0.3") as running:
        client = httpx.Client(base_url=running.url, params=running.keys)
        before = client.get("/tasks").json()["total"]
        half = b"title=Half+a+task"
        path = httpx.URL("/tasks", params=running.keys)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900"
        )
        for patience in (0.0, 2.0):
            with socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2]))) as wire:
                wire.sendall(head.encode() + b"\r\n\r\n" + half)
                wire.settimeout(patience or None)
                if patience:
                    assert b"REQUEST_TIMEOUT" in wire.recv(65_536)
        time.sleep(0.2)
        assert client.get("/tasks").json()["total"] == before
        client.close()
        assert running.end() == 0
    assert running.said[1] == ""


def catches(process: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal yet."""
    status = Path(f"/proc/{process}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_may_be_stopped_while_it_still_seeds(number: signal.Signals) -> None:
    """Without a traceback."""
    command = [*COMMAND, "serve", "--port", "0", "--tasks", "300000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=surroundings(), stdout=pipe, stderr=pipe, text=True) as process:
        while not catches(process.pid, signal.SIGTERM):
            time.sleep(0.05)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(number)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == (0 if number == signal.SIGTERM else 130)


PROGRAM = """
import logging, sys
from mock_server.wire.log import keep_log
keep_log(sys.argv[1])
logging.getLogger("somewhere").info("chatter")
logging.getLogger("elsewhere").warning("beware")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("somewhere").exception("it failed", extra={"path": "/tasks"})
"""


@pytest.mark.parametrize("kind", ["text", "json", "off"])
def test_the_log_is_text_or_json_or_nothing(kind: str) -> None:
    """What went wrong, with what came with it, on standard error."""
    command = [sys.executable, "-c", PROGRAM, kind]
    said = subprocess.run(command, env=surroundings(), capture_output=True, text=True, check=True)
    assert said.stdout == ""
    if kind == "off":
        assert said.stderr == ""
    elif kind == "json":
        warning, line = map(json.loads, said.stderr.splitlines())
        assert (warning["event"], warning["level"]) == ("beware", "warning")
        assert (line["event"], line["level"], line["path"]) == ("it failed", "error", "/tasks")
        assert line["exception"].endswith("ZeroDivisionError: division by zero")
    else:
        assert "it failed" in said.stderr
        assert "path=/tasks" in said.stderr
        assert "ZeroDivisionError: division by zero" in said.stderr
        assert "chatter" not in said.stderr
