"""What every answer of the API carries, whatever it says."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from mock_server.app import Sandboxed, create_app
from tests.conftest import Api, pair_of
from tests.wire.serving import connected, everything, serving, settings


def test_every_answer_carries_the_id_of_its_exchange(api: Api) -> None:
    """The id names the sandbox and counts its calls, so that the same calls get the same ids."""
    ids = [api.get(path).headers["x-request-id"] for path in ("/tasks", "/nowhere", "/tasks/none")]
    assert ids == ["default-1", "default-2", "default-3"]


@pytest.mark.parametrize(("dialect", "wanted"), [("keyed", 400), ("bearer", 404)])
def test_a_value_longer_than_any_head_is_refused_shortly(app: Sandboxed, dialect: str, wanted: int) -> None:
    """In process, that is, where a query of any length arrives; clients themselves would not send it."""
    keys = app.state.world.default.described()["credentials"]
    pair, token = pair_of(keys), b"Bearer " + keys["token"].encode()
    query = urlencode({"task_uuid": "x" * 1_000_001} | (pair if dialect == "keyed" else {}))
    heads = [(b"host", b"localhost"), *([(b"authorization", token)] if dialect == "bearer" else [])]
    status, told = asyncio.run(answered(app, "/comments", query.encode(), heads))
    assert (status, len(told) < 1000) == (wanted, True)


async def answered(app: Sandboxed, path: str, query: bytes, heads: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """Status and body of a GET as an ASGI server would have it."""
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("localhost", 80),
    }
    scope |= {"path": path, "raw_path": path.encode(), "query_string": query, "headers": heads, "root_path": ""}
    await app(scope, receive, send)
    return said[0]["status"], b"".join(message.get("body", b"") for message in said[1:])


def test_a_call_that_opens_no_sandbox_is_told_apart(client: httpx.Client) -> None:
    """It belongs to nobody's journal."""
    assert client.get("/tasks").headers["x-request-id"] == "stray-1"


def test_answers_to_requests_sent_at_once_come_whole_and_in_order(cache: Path) -> None:
    """Written in one piece or not: the refusal, what has no body, and the one that ends the connection, too."""
    with serving(create_app(given := settings(cache_dir=cache)), given) as served, connected(served.port) as wire:
        head, ends = b" HTTP/1.1\r\nHost: localhost\r\n", b"Connection: close\r\n"
        asked = [b"GET /current-version", b"PUT /tasks", b"HEAD /current-version", b"GET /nowhere", b"GET /tasks"]
        wire.sendall(b"".join(one + head + ends * (one == asked[-1]) + b"\r\n" for one in asked))
        told = everything(wire)
    heads = [part.partition(b"\r\n\r\n") for part in told.split(b"HTTP/1.1 ")[1:]]
    sizes = [int(head.partition(b"content-length: ")[2].split()[0]) for head, _, _ in heads]
    bodies = [len(body) for _, _, body in heads]
    assert [head[:3] for head, _, _ in heads] == [b"401"] * 5
    assert bodies == [size * (asked[at][:4] != b"HEAD") for at, size in enumerate(sizes)]
    assert [head.partition(b"x-request-id: ")[2].split()[0] for head, _, _ in heads] == [
        f"stray-{number}".encode() for number in range(1, 6)
    ]
