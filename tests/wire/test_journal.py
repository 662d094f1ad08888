"""The journal over real sockets: connections, streams, and waiting for what has not come yet."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.running import Running, served


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A server in a process of its own."""
    with served(tmp_path) as running:
        yield running


@pytest.fixture
def journal(server: Running) -> str:
    """Where the default sandbox's journal is."""
    return f"{server.url}/_mock/sandboxes/default/journal"


def test_reuse_of_a_connection_is_told_from_a_new_one(server: Running, journal: str) -> None:
    with httpx.Client(base_url=server.url, params=server.keys) as client:
        client.get("/tasks"), client.get("/tasks")
    httpx.get(f"{server.url}/tasks", params=server.keys)
    first, second, third = (each["connection"] for each in httpx.get(journal).json()["data"])
    assert first == second != third


def test_a_broken_answer_has_no_status_and_its_fault(server: Running, journal: str) -> None:
    httpx.post(f"{server.url}/_mock/sandboxes/default/faults", json={"do": {"wire": "empty"}, "phase": "after"})
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{server.url}/tasks", params=server.keys, data={"title": "lost"})
    (entry,) = httpx.get(journal).json()["data"]
    assert (entry["status"], entry["fault"]["phase"]) == (None, "after")
    assert entry["answer"]["body"]["title"] == "lost"


def listened(url: str, heard: list[dict[str, Any]], ready: threading.Event, headers: dict[str, str]) -> None:
    """Read a stream to its end."""
    with httpx.stream("GET", url, timeout=30, headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            ready.set()
            if line.startswith("data: "):
                heard.append(json.loads(line.removeprefix("data: ")))


def test_a_stream_tells_what_happens_and_ends_with_the_server(server: Running, journal: str) -> None:
    httpx.get(f"{server.url}/tasks", params=server.keys)
    heard: list[dict[str, Any]] = []
    ready = threading.Event()
    url = f"{journal}/stream?path=/tasks"
    thread = threading.Thread(target=listened, args=(url, heard, ready, {"Last-Event-ID": "default-0"}))
    thread.start()
    assert ready.wait(10)
    httpx.get(f"{server.url}/sprints", params=server.keys)
    httpx.post(f"{server.url}/tasks", params=server.keys, data={"title": "x"})
    until(lambda: len(heard) == 2)
    began = time.monotonic()
    assert server.end() == 0
    assert time.monotonic() - began < 8
    thread.join(10)
    assert [each["id"] for each in heard] == ["default-1", "default-3"]


def until(holds: Any) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_waiting_is_answered_as_soon_as_it_holds(server: Running, journal: str) -> None:
    told: list[dict[str, Any]] = []
    body = {"match": {"method": "POST"}, "count": 2, "timeout": "30s"}
    thread = threading.Thread(target=lambda: told.append(httpx.post(f"{journal}/wait", json=body, timeout=40).json()))
    thread.start()
    for _ in range(2):
        httpx.post(f"{server.url}/tasks", params=server.keys, data={"title": "x"})
    thread.join(10)
    assert told
    assert (told[0]["ok"], told[0]["found"]) == (True, 2)


def test_a_hanging_request_does_not_hold_the_servers_end(server: Running) -> None:
    httpx.post(f"{server.url}/_mock/sandboxes/default/faults", json={"do": {"wire": "hang"}})
    ends: list[Any] = []

    def hung() -> None:
        try:
            httpx.get(f"{server.url}/tasks", params=server.keys, timeout=30)
        except httpx.TransportError as error:
            ends.append(error)

    thread = threading.Thread(target=hung)
    thread.start()
    until(lambda: httpx.get(f"{server.url}/_mock/sandboxes/default/journal").json()["total"] == 1)
    began = time.monotonic()
    assert server.end() == 0
    assert time.monotonic() - began < 8
    thread.join(10)
    assert len(ends) == 1
    assert "Traceback" not in server.said[1]
