"""How the listeners start, share a loop, and end."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from mock_server.errors import StartFailure
from mock_server.wire.doors import plain_door
from mock_server.wire.listener import run
from tests.wire.serving import Echo, Message, Receive, Send, connected, everything, serving, settings

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from mock_server.wire.listener import run
from tests.wire.serving import Echo, settings
from mock_server.wire.doors import plain_door

given = settings(shutdown_grace=float(sys.argv[1]), request_timeout=5)
door = plain_door(given)
app = Echo()
run(app, given, [door], lambda: print(door.url, flush=True))
print(*app.finished)
"""


def started(grace: float = 5) -> tuple[subprocess.Popen[str], str]:
    """A server in a process of its own, and its URL."""
    command = [sys.executable, "-c", PROGRAM, str(grace)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, server.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_a_running_request_finish_and_exits_with_zero(number: signal.Signals) -> None:
    """The answer is whole, nothing is logged."""
    server, url = started()
    with connected(int(url.rpartition(":")[2])) as wire:
        wire.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        server.send_signal(number)
        assert everything(wire).endswith(b'"size": 0}')
    assert server.communicate(timeout=10) == ("/slow\n", "")
    assert server.returncode == 0


def test_an_idle_connection_does_not_delay_the_end() -> None:
    """It is closed at once."""
    server, url = started()
    with httpx.Client(base_url=url) as client:
        client.get("/echo")
        began = time.monotonic()
        server.terminate()
        server.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert server.returncode == 0


def test_a_request_that_never_ends_is_cut_off_after_the_grace_period() -> None:
    """And the exit is still a normal one, without a traceback."""
    server, url = started(grace=0.2)
    with connected(int(url.rpartition(":")[2])) as wire:
        wire.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.2)
        server.terminate()
        _, log = server.communicate(timeout=10)
    assert server.returncode == 0
    assert "Traceback" not in log


def test_a_port_in_use_is_one_sentence() -> None:
    """It names the port, the host and the flag."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            StartFailure, match=rf"^Port {port} on 127.0.0.1 is in use; choose another with --port, .*\.$"
        ):
            plain_door(settings(port=port))


def test_a_port_that_is_taken_between_binding_and_listening_is_one_sentence() -> None:
    """Two servers may bind one port; only one of them can listen."""
    first = plain_door(settings())
    second = plain_door(settings(port=first.port))
    first.listen()
    with pytest.raises(StartFailure, match="is in use"):
        second.listen()
    first.close()
    second.close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a" * 70, "::zz"])
def test_a_host_that_is_not_this_machine_is_one_sentence(host: str) -> None:
    """Whether it has no address or somebody else's."""
    with pytest.raises(StartFailure, match=r"^The host '.*' is not .*; see --host\.$"):
        plain_door(settings(host=host))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, r"^Port 80 on 127.0.0.1 is for privileged users only; choose one above 1023 with --port\.$"),
        (errno.EMFILE, r"^Port 80 on 127.0.0.1 cannot be opened: Too many open files\.$"),
    ],
)
def test_a_port_that_may_not_be_opened_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    """Whatever the system says."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(StartFailure, match=sentence):
        plain_door(settings(port=80))


async def broken(scope: Message, receive: Receive, send: Send) -> None:
    """An application that does not start."""
    await receive()
    await send({"type": "lifespan.startup.failed"})


def test_an_application_that_does_not_start_is_one_sentence() -> None:
    """And gives its port back."""
    door = plain_door(settings())
    with pytest.raises(StartFailure, match="did not start"):
        run(broken, settings(), [door])
    assert door.sockets[0].fileno() == -1


def test_a_failure_to_announce_ends_the_application() -> None:
    """A server that nobody can find must not stay."""
    door, ended = plain_door(settings()), []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        for wish in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{wish}"
            ended.append(wish)
            await send({"type": f"lifespan.{wish}.complete"})

    def fail() -> None:
        raise StartFailure("no place for the ready file")

    with pytest.raises(StartFailure, match="no place"):
        run(app, settings(), [door], fail)
    assert ended == ["startup", "shutdown"]


def test_a_door_refuses_until_it_listens() -> None:
    """A client that tries while the data is seeded sees that the server is not there yet."""
    door = plain_door(settings())
    with pytest.raises(ConnectionRefusedError), connected(door.port):
        pass
    door.close()


def has_ipv6() -> bool:
    """Whether this machine can listen on ::1; containers often cannot."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
V4, V6 = (socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_INET6, ("::1", 0, 0, 0))
ELSEWHERE = (socket.AF_INET6, ("2001:db8::1", 0, 0, 0))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        pytest.param("::1", "[::1]", marks=ipv6),
        pytest.param("::", "[::1]", marks=ipv6),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 to try it
        ("localhost", "localhost"),
    ],
)
def test_every_kind_of_host_is_served_and_named_as_a_client_calls_it(host: str, address: str) -> None:
    """IPv6, everywhere, and a name."""
    with serving(Echo(), settings(host=host)) as served:
        assert served.url == f"http://{address}:{served.port}"
        assert httpx.get(f"{served.url}/echo").status_code == 200


@ipv6
def test_a_server_on_every_interface_of_both_families_is_reached_in_both() -> None:
    """As the host ``::`` means it."""
    with serving(Echo(), settings(host="::")) as served:
        for address in ("127.0.0.1", "[::1]"):
            assert httpx.get(f"http://{address}:{served.port}/echo").status_code == 200


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        pytest.param([V6, V4], ["[::1]", "127.0.0.1"], marks=ipv6),
        ([ELSEWHERE, V4], ["127.0.0.1"]),
    ],
)
def test_a_name_with_several_addresses_is_served_on_those_that_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, found: list[tuple[int, tuple[object, ...]]], reached: list[str]
) -> None:
    """On one port, also where it was picked."""
    answers = [(family, socket.SOCK_STREAM, 6, "", address) for family, address in found]
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
        door = plain_door(settings(host="localhost"))
    assert len(door.sockets) == len(reached)
    assert len({each.getsockname()[1] for each in door.sockets}) == 1
    door.close()


def test_an_answer_says_who_gave_it_and_when() -> None:
    """One Server header, one Date header."""
    with serving(Echo(), settings()) as served:
        headers = httpx.get(f"{served.url}/echo").headers
    assert headers.get_list("server") == ["gitscrum-mock"]
    assert len(headers.get_list("date")) == 1
