"""What faults do to real connections, over HTTP and HTTPS, as httpx and requests see it."""

import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter

from mock_server.app import create_app
from tests.conftest import pair_of
from tests.wire.serving import Served, connected, everything, serving, settings

Call = Callable[[str, float], Any]


class World:
    """A server with one sandbox, and the two clients that people have."""

    def __init__(self, served: Served, folder: Path, scheme: str) -> None:
        self.served, self.folder = served, folder
        door = served.doors[0 if scheme == "http" else 1]
        self.url, self.port = door.url.replace("127.0.0.1", "localhost"), door.port
        self.plain = served.doors[0].url
        told = httpx.get(f"{self.plain}/_mock/sandboxes/default").json()
        self.pair = pair_of(told["credentials"])
        self.trusted = str(next(folder.rglob("ca.pem"), "")) if scheme == "https" else ""

    def fault(self, **rule: Any) -> None:
        """Add a rule."""
        assert httpx.post(f"{self.plain}/_mock/sandboxes/default/faults", json=rule).status_code == 201

    def by_httpx(self, method: str = "GET", patience: float = 5, **more: Any) -> httpx.Response:
        """One call by httpx."""
        verify = ssl.create_default_context(cafile=self.trusted) if self.trusted else True
        with httpx.Client(verify=verify, timeout=patience) as client:
            return client.request(method, f"{self.url}/tasks", params=self.pair, **more)

    def by_requests(self, method: str = "GET", patience: float = 5, **more: Any) -> requests.Response:
        """One call by requests."""
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=0))
            verify: Any = self.trusted or True
            return session.request(
                method, f"{self.url}/tasks", params=self.pair, timeout=patience, verify=verify, **more
            )

    def total(self) -> int:
        """How many tasks there are, whatever rules there are."""
        httpx.delete(f"{self.plain}/_mock/sandboxes/default/faults")
        return int(httpx.get(f"{self.plain}/tasks", params=self.pair).json()["total"])


@pytest.fixture(params=["http", "https"])
def world(request: pytest.FixtureRequest, cache: Path) -> Iterator[World]:
    """The server."""
    given = settings(cache_dir=cache, request_timeout=5.0, tls=request.param == "https", shutdown_grace=1.0)
    with serving(create_app(given), given) as served:
        yield World(served, cache, request.param)


KINDS = [
    ("reset", (httpx.ReadError, httpx.RemoteProtocolError), requests.ConnectionError),
    ("empty", (httpx.RemoteProtocolError, httpx.ReadError), requests.ConnectionError),
    ("garbage", httpx.RemoteProtocolError, requests.ConnectionError),
    ("truncate", httpx.RemoteProtocolError, (requests.exceptions.ChunkedEncodingError, requests.ConnectionError)),
    ("bad_chunk", httpx.RemoteProtocolError, (requests.exceptions.ChunkedEncodingError, requests.ConnectionError)),
]


@pytest.mark.parametrize(("kind", "of_httpx", "of_requests"), KINDS)
def test_a_broken_connection_is_an_error_in_every_client(
    world: World, kind: str, of_httpx: Any, of_requests: Any
) -> None:
    world.fault(do={"wire": kind})
    with pytest.raises(of_httpx):
        world.by_httpx()
    with pytest.raises(of_requests):
        world.by_requests()
    assert world.total() == 60
    assert world.by_httpx().status_code == world.by_requests().status_code == 200


def test_a_hanging_request_ends_by_the_clients_patience(world: World) -> None:
    world.fault(do={"wire": "hang"})
    with pytest.raises(httpx.ReadTimeout):
        world.by_httpx(patience=0.3)
    with pytest.raises(requests.ReadTimeout):
        world.by_requests(patience=0.3)


def test_a_dripping_answer_arrives_whole_and_late(world: World) -> None:
    wanted = world.by_httpx().json()["total"]
    size = len(world.by_httpx().content)
    world.fault(do={"wire": {"drip": max(1, size * 3)}})
    began = time.monotonic()
    assert world.by_httpx().json()["total"] == wanted
    assert time.monotonic() - began > 0.2
    assert world.by_requests().json()["total"] == wanted


@pytest.mark.parametrize("kind", ["reset", "empty", "garbage", "truncate"])
def test_after_means_that_the_write_is_there_and_its_answer_lost(world: World, kind: str) -> None:
    world.fault(do={"wire": kind}, phase="after", when={"first": 2})
    with pytest.raises(httpx.TransportError):
        world.by_httpx("POST", data={"title": "one"})
    with pytest.raises(requests.RequestException):
        world.by_requests("POST", data={"title": "two"})
    assert world.total() == 62


@pytest.mark.parametrize("kind", ["reset", "empty", "garbage"])
def test_before_means_that_nothing_was_written(world: World, kind: str) -> None:
    world.fault(do={"wire": kind})
    with pytest.raises(httpx.TransportError):
        world.by_httpx("POST", data={"title": "one"})
    assert world.total() == 60


def test_a_status_can_be_cut_short_too(world: World) -> None:
    world.fault(do={"status": 503, "wire": "truncate"})
    with pytest.raises(httpx.RemoteProtocolError):
        world.by_httpx("POST", data={"title": "one"})
    assert world.total() == 60


def test_a_header_breaks_the_connection_of_its_own_request(world: World) -> None:
    with pytest.raises(httpx.TransportError):
        world.by_httpx(headers={"X-Mock-Wire": "reset"})
    assert world.by_httpx().status_code == 200


def raw(world: World, kind: str) -> bytes:
    """All that arrives on a plain socket."""
    world.fault(do={"wire": kind})
    query = "&".join(f"{name}={value}" for name, value in world.pair.items())
    context = ssl.create_default_context(cafile=world.trusted) if world.trusted else None
    with connected(world.port, context) as wire:
        wire.sendall(f"GET /tasks?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if kind == "reset":
            return underneath(wire)
        return everything(wire)


def underneath(wire: socket.socket) -> bytes:
    """What arrives below TLS, where an end and a reset are told apart."""
    with socket.socket(fileno=os.dup(wire.fileno())) as below:
        below.settimeout(5)
        return everything(below)


def test_what_arrives_is_what_the_fault_is_called(world: World) -> None:
    assert raw(world, "empty") == b""
    httpx.delete(f"{world.plain}/_mock/sandboxes/default/faults")
    with pytest.raises(ConnectionResetError):
        raw(world, "reset")
    httpx.delete(f"{world.plain}/_mock/sandboxes/default/faults")
    assert not raw(world, "garbage").startswith(b"HTTP")
    httpx.delete(f"{world.plain}/_mock/sandboxes/default/faults")
    head, _, body = raw(world, "truncate").partition(b"\r\n\r\n")
    (promised,) = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length")]
    assert 0 < len(body) < promised
    httpx.delete(f"{world.plain}/_mock/sandboxes/default/faults")
    head, _, body = raw(world, "bad_chunk").partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head
    assert b"\r\nzz\r\n" in body
