"""What the journal tells of a request is the same however its bytes arrived."""

import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, quote_from_bytes, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as within
from hypothesis import strategies as st

from mock_server.testing import MockServer
from tests.wire.serving import connected

PAUSE = 0.02  # seconds after which the next bytes come in a piece of their own
OTHER = b"GET /sprints HTTP/1.1\r\nHost: localhost\r\n\r\n"
LENGTH, CHUNKS = "Content-Length", "Transfer-Encoding"
LETTERS = st.text("abcXYZ019-_", min_size=1, max_size=12)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


class Asked(NamedTuple):
    """A request in bytes: its head, and what follows."""

    head: bytes
    body: bytes


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """Requests as a client may send them, with odd paths, headers and bodies."""
    parts = draw(st.lists(st.binary(min_size=1, max_size=6), max_size=3))
    target = "/" + "/".join(["tasks", *(quote_from_bytes(part, safe="") for part in parts)])
    query = urlencode(draw(st.lists(st.tuples(LETTERS, st.text(max_size=8)), max_size=3)))
    heads = draw(st.lists(st.tuples(LETTERS.map("X-{}".format), VALUES), max_size=4))
    body = draw(st.one_of(st.just(b""), st.binary(max_size=300), st.just(b"title=" + b"y" * 9000)))
    method = draw(st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]))
    framing = draw(st.sampled_from([LENGTH, CHUNKS])) if body else ""
    heads += [(framing, "chunked" if framing == CHUNKS else str(len(body)))] if body else []
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if framing == CHUNKS else body
    lines = [f"{method} {target}?{{pair}}&{query} HTTP/1.1", "HOST: localhost", *map(": ".join, heads), "", ""]
    return Asked("\r\n".join(lines).encode(), sent)


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A server in a thread."""
    with MockServer(rate_limit="1000000/day") as server:
        yield server


def pieces(asked: Asked) -> Iterator[tuple[str, list[bytes]]]:
    """The same request, sent in several ways."""
    whole, middle = asked.head + asked.body, len(asked.head) // 2
    yield "whole", [whole]
    yield "after empty lines", [b"\r\n\r\n" + whole]
    yield "its head in two pieces", [whole[:middle], whole[middle:]]
    yield "its body apart", [asked.head, asked.body]
    yield "behind another, in one piece with it", [OTHER + whole]


def told(server: MockServer, sent: list[bytes]) -> dict[str, Any]:
    """What the journal tells of a request sent so, but for what differs between any two."""
    journal = f"{server.base_url}/_mock/sandboxes/default/journal"
    before = httpx.get(journal, params={"limit": 1, "page": 1}).json()["total"]
    with connected(urlsplit(server.base_url).port or 0) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(sent):
            time.sleep(PAUSE if number else 0)
            wire.sendall(piece)
        body = {"match": {}, "count": before + 1, "timeout": "5s"}
        assert httpx.post(f"{journal}/wait", json=body).json()["ok"]
    entry: dict[str, Any] = httpx.get(journal, params={"limit": 1, "page": before + 1}).json()["data"][0]
    return {name: entry[name] for name in entry.keys() - {"id", "at", "duration_ms", "connection", "answer"}}


@within(max_examples=12, deadline=None)
@given(asked=requests())
def test_the_same_request_is_told_alike_however_it_came(server: MockServer, asked: Asked) -> None:
    pair = urlencode(server.default.credentials.pair).encode()
    sent = Asked(asked.head.replace(b"{pair}", pair), asked.body)
    ways = {way: told(server, each) for way, each in pieces(sent)}
    assert [way for way, entry in ways.items() if entry != ways["whole"]] == []


def test_what_was_sent_is_what_is_told(server: MockServer) -> None:
    pair = server.default.credentials.pair
    path, head = "/tasks/" + quote("ä b"), {"X-Odd": "One", "x-odd": "two", "Content-Type": "application/json"}
    lines = [f"PUT {path}?{urlencode(pair)}&a=%20b HTTP/1.1", "Host: localhost", "Content-Length: 14"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    entry = told(server, ["\r\n".join([*lines, "", '{"title": "x"}']).encode()])
    assert (entry["method"], entry["path"], entry["template"]) == ("PUT", "/tasks/ä b", "/tasks/{uuid}")
    assert entry["request"]["query"] == {**pair, "a": " b"}
    assert entry["request"]["body"] == {"title": "x"}
    wanted = {"host": "localhost", "content-length": "14", "x-odd": "two", "content-type": "application/json"}
    assert entry["request"]["headers"] == wanted
