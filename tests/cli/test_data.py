"""Databases in a folder: one server at a time, and nothing that was answered is lost."""

import signal
import stat
import threading
from pathlib import Path

import httpx

from tests.cli.running import Running, run, served
from tests.conftest import pair_of


def test_a_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(tmp_path, "--profile", "empty", "--data", data) as first:
        told = run("serve", "--port", "0", "--profile", "empty", "--data", data)
        assert httpx.get(f"{first.url}/_mock/ready").status_code == 200
        assert first.end() == 0
    assert told.returncode == 2
    assert told.stderr == f"gitscrum-mock: The data folder {data} is in use by another server.\n"
    with served(tmp_path, "--profile", "empty", "--data", data) as next_one:
        assert next_one.end() == 0


def written(server: Running, writer: int, answered: list[str]) -> None:
    """Create tasks until the server is gone; the titles that were answered."""
    with httpx.Client(base_url=server.url, params=server.keys) as client:
        for number in range(10_000):
            try:
                answer = client.post("/tasks", data={"title": f"{writer}.{number}"})
            except httpx.TransportError:
                return
            assert answer.status_code == 201
            answered.append(answer.json()["title"])


def test_what_was_answered_survives_a_kill_under_four_writers(tmp_path: Path) -> None:
    data, answered = tmp_path / "data", list[str]()
    with served(tmp_path, "--profile", "empty", "--data", data) as server:
        threads = [threading.Thread(target=written, args=(server, writer, answered)) for writer in range(4)]
        for thread in threads:
            thread.start()
        while len(answered) < 200:
            pass
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        for thread in threads:
            thread.join()
    (tmp_path / "ready.json").unlink()
    with served(tmp_path, "--profile", "empty", "--data", data) as again:
        kept = set[str]()
        page, pages = 1, 1
        while page <= pages:
            told = httpx.get(f"{again.url}/tasks", params=again.keys | {"limit": "100", "page": str(page)}).json()
            kept |= {task["title"] for task in told["data"]}
            page, pages = page + 1, told["total_pages"]
    assert set(answered) <= kept
    assert len(kept) <= len(answered) + 4


def test_sandboxes_that_were_made_are_there_after_a_restart(tmp_path: Path) -> None:
    """But for those that go by themselves, and those that were removed."""
    data = tmp_path / "data"
    with served(tmp_path, "--profile", "empty", "--data", data) as server:
        boxes = f"{server.url}/_mock/sandboxes"
        kept, gone, timed = (
            httpx.post(boxes, json=body).json()
            for body in ({"name": "kept", "seed": 7}, {"name": "gone"}, {"name": "timed", "ttl": "1h"})
        )
        httpx.post(f"{server.url}/tasks", params=pair_of(kept["credentials"]), data={"title": "before"})
        httpx.post(f"{boxes}/{kept['id']}/snapshots", json={"name": "one"})
        httpx.post(f"{server.url}/tasks", params=pair_of(kept["credentials"]), data={"title": "lost"})
        assert httpx.post(f"{boxes}/{kept['id']}/snapshots/one/restore").status_code == 200
        httpx.delete(f"{boxes}/{gone['id']}")
        assert server.end() == 0
    assert {path.stem for path in data.glob("*.sqlite")} == {"default", kept["id"]}
    with served(tmp_path, "--profile", "empty", "--data", data) as again:
        told = httpx.get(f"{again.url}/_mock/sandboxes").json()["data"]
        assert [(each["id"], each["seed"]) for each in told] == [("default", 1), (kept["id"], 7)]
        page = httpx.get(f"{again.url}/tasks", params=pair_of(kept["credentials"])).json()
        assert [task["title"] for task in page["data"]] == ["before"]
        httpx.post(f"{again.url}/_mock/sandboxes/{kept['id']}/reset")
        assert httpx.get(f"{again.url}/tasks", params=pair_of(kept["credentials"])).json()["total"] == 0
        made = httpx.post(f"{again.url}/_mock/sandboxes", json={"name": "kept"}).json()
        assert made["id"] not in {kept["id"], "default"}
    assert timed["ttl"] == 3600


def test_the_ready_file_is_readable_as_the_umask_allows(tmp_path: Path) -> None:
    """So that another user of a shared volume can read it."""
    with served(tmp_path, "--profile", "empty") as server:
        assert stat.S_IMODE(server.ready_file.stat().st_mode) == 0o644
        server.end()
