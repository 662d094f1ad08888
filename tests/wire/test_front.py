"""What every answer of the API carries, whatever it says."""

from pathlib import Path

import httpx

from mock_server.app import create_app
from tests.conftest import Api
from tests.wire.serving import connected, everything, serving, settings


def test_every_answer_carries_the_id_of_its_exchange(api: Api) -> None:
    """The id names the sandbox and counts its calls, so that the same calls get the same ids."""
    ids = [api.get(path).headers["x-request-id"] for path in ("/tasks", "/nowhere", "/tasks/none")]
    assert ids == ["default-1", "default-2", "default-3"]


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
