"""What becomes of clients that are slow, garbled or too talkative."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.wire.serving import PATIENCE, Echo, Served, connected, everything, said, serving, settings

TIMED_OUT = {"message": "The request did not arrive within 0.4 seconds.", "error_code": "REQUEST_TIMEOUT"}
MALFORMED = {"message": "What arrived is not an HTTP/1.1 request.", "error_code": "MALFORMED_REQUEST"}
HALF_BODY = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
WHOLE = b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def app() -> Echo:
    """An application that answers with what it got."""
    return Echo()


@pytest.fixture
def served(app: Echo) -> Iterator[Served]:
    """It, served over HTTP."""
    with serving(app, settings()) as served:
        yield served


def test_a_connection_that_sends_nothing_is_closed(served: Served) -> None:
    """Without a word: there is no request to answer."""
    began = time.monotonic()
    with connected(served.port) as wire:
        assert everything(wire) == b""
    assert PATIENCE * 0.9 < time.monotonic() - began < PATIENCE * 4


@pytest.mark.parametrize("half", [b"GET /echo HTT", b"GET /echo HTTP/1.1\r\nHost: x\r\n", HALF_BODY])
def test_a_half_sent_request_is_told_that_it_is_late(served: Served, half: bytes) -> None:
    """In the error shape of the API, with the connection closed."""
    with connected(served.port) as wire:
        wire.sendall(half)
        answer = everything(wire)
    assert said(answer) == (408, TIMED_OUT)
    assert b"connection: close" in answer
    assert b"server: gitscrum-mock" in answer
    assert b"date: " in answer


def test_a_drip_of_bytes_does_not_stretch_the_deadline(served: Served) -> None:
    """The time runs from the first byte, however many follow."""
    began = time.monotonic()
    with connected(served.port) as wire:
        wire.sendall(b"GET /echo HTTP/1.1\r\n")
        wire.settimeout(0.05)
        answer = b""
        while not answer:
            wire.sendall(b"x")
            try:
                answer = wire.recv(65_536)
            except TimeoutError:
                assert time.monotonic() - began < PATIENCE * 4
    assert said(answer) == (408, TIMED_OUT)


def test_a_drip_of_empty_lines_is_closed_too(served: Served) -> None:
    """Between two requests, where a parser skips them."""
    with connected(served.port) as wire:
        wire.sendall(WHOLE)
        assert b"200 OK" in wire.recv(65_536)
        wire.sendall(b"\r\n")
        assert everything(wire) == b""


def test_the_application_learns_that_a_late_client_is_gone(served: Served, app: Echo) -> None:
    """It must not take half a body for a whole one."""
    with connected(served.port) as wire:
        wire.sendall(HALF_BODY)
        everything(wire)
    for _ in range(200):
        if app.finished:
            break
        time.sleep(0.01)
    assert app.finished == ["disconnect"]


def test_a_request_in_two_parts_is_answered(served: Served) -> None:
    """If the second comes in time."""
    with connected(served.port) as wire:
        for part in (HALF_BODY[:25], HALF_BODY[25:], b"defghij"):
            wire.sendall(part)
            time.sleep(PATIENCE / 8)
        assert said(wire.recv(65_536)) == (200, {"path": "/echo", "scheme": "http", "size": 10})


def test_a_connection_outlives_the_deadline_while_it_is_used(served: Served) -> None:
    """Each request has its own time, and between two of them the keep-alive time counts."""
    with httpx.Client(base_url=served.url) as client:
        for _ in range(3):
            assert client.get("/echo").status_code == 200
            time.sleep(PATIENCE * 0.7)


def test_a_slow_answer_is_not_the_clients_fault(served: Served) -> None:
    """The deadline is for the request alone."""
    assert httpx.get(f"{served.url}/slow").status_code == 200


def test_a_body_that_the_application_does_not_read_yet_is_not_late(served: Served) -> None:
    """The client could not send the rest of it if it wanted to."""
    body = b"x" * 5_000_000
    assert httpx.post(f"{served.url}/late", content=body).json()["size"] == len(body)


def test_a_half_request_behind_a_slow_answer_waits_for_it(served: Served) -> None:
    """The first request is answered whole before the connection ends."""
    with connected(served.port) as wire:
        wire.sendall(WHOLE.replace(b"echo", b"slow") + b"GET /ec")
        answer = everything(wire)
    assert said(answer) == (200, {"path": "/slow", "scheme": "http", "size": 0})


def test_a_body_behind_an_early_answer_has_to_end_too(served: Served) -> None:
    """An answer that did not wait for the body does not free the client of its deadline."""
    with connected(served.port) as wire:
        wire.sendall(HALF_BODY.replace(b"echo", b"early"))
        assert said(everything(wire)) == (413, {"early": True})


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_told_so_in_json(served: Served, garbage: bytes) -> None:
    """And the connection ends."""
    with connected(served.port) as wire:
        wire.sendall(garbage)
        assert said(everything(wire)) == (400, MALFORMED)


def test_garbage_behind_a_good_request_does_not_spoil_its_answer(served: Served) -> None:
    """The good one is answered, then the connection ends."""
    with connected(served.port) as wire:
        wire.sendall(WHOLE + b"garbage\r\n\r\n")
        assert said(everything(wire)) == (200, {"path": "/echo", "scheme": "http", "size": 0})


@pytest.mark.parametrize("size", [66_000, 300_000, 2_000_000])
@pytest.mark.parametrize("end", [b"\r\n\r\n", b""])
def test_a_head_over_64_kib_is_refused(served: Served, size: int, end: bytes) -> None:
    """Whether it ends or not, and although the client still sends."""
    with connected(served.port) as wire:
        wire.sendall(b"GET /echo HTTP/1.1\r\nX: " + b"x" * size + end)
        status, error = said(everything(wire))
    assert status == 431
    assert error == {
        "message": "Request line and headers are larger than 65536 bytes.",
        "error_code": "HEADERS_TOO_LARGE",
    }


def test_a_large_body_is_no_large_head(served: Served) -> None:
    """Only the head is counted, also where the next request comes in the same breath."""
    body = b"POST /echo HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
    with connected(served.port) as wire:
        wire.sendall(body + WHOLE[:-2])
        time.sleep(PATIENCE / 4)
        wire.sendall(b"Connection: close\r\n\r\n")
        answer = everything(wire)
    assert answer.count(b"200 OK") == 2
    assert b'"size": 200000' in answer


@pytest.mark.parametrize("wish", ["websocket", "h2c"])
def test_an_upgrade_is_answered_as_plain_http(served: Served, wish: str) -> None:
    """The server offers none, and the connection may be used again."""
    with httpx.Client(base_url=served.url, headers={"Connection": "Upgrade", "Upgrade": wish}) as client:
        for _ in range(2):
            assert client.get("/echo").json()["path"] == "/echo"


def test_several_requests_at_once_are_answered_in_order(served: Served) -> None:
    """Pipelined, the first of them slow."""
    with connected(served.port) as wire:
        wire.sendall(WHOLE.replace(b"echo", b"slow") + WHOLE + WHOLE.replace(b"echo", b"last"))
        answer = b""
        while answer.count(b"200 OK") < 3 or not answer.endswith(b"}"):
            answer += wire.recv(65_536)
    assert answer.index(b'"/slow"') < answer.index(b'"/echo"') < answer.index(b'"/last"')
