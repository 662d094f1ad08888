"""A thousand sandboxes beside one another, over real sockets."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import UNTRACED, served
from tests.conftest import pair_of

MANY = 1000


async def used(client: httpx.AsyncClient, number: int, turns: asyncio.Semaphore) -> tuple[str, set[str], set[str]]:
    """Make a sandbox, write into it, reset some; its id, the titles that it should show, and those that it shows."""
    async with turns:
        made = (await client.post("/_mock/sandboxes", json={"profile": "empty"})).json()
        pair, titles = pair_of(made["credentials"]), {f"{number}.{each}" for each in range(number % 3)}
        for title in titles:
            await client.post("/tasks", params=pair, data={"title": title})
        if number % 5 == 0:
            await client.post(f"/_mock/sandboxes/{made['id']}/reset")
        page = (await client.get("/tasks", params=pair)).json()
        return made["id"], titles if number % 5 else set(), {task["title"] for task in page["data"]}


async def all_used(base: str) -> list[Any]:
    """The same for all, sixteen at a time."""
    turns = asyncio.Semaphore(16)
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        return await asyncio.gather(*(used(client, number, turns) for number in range(MANY)))


def test_a_thousand_sandboxes_stand_side_by_side_and_none_sees_another(tmp_path: Path) -> None:
    with served(tmp_path, **UNTRACED) as server:
        told = asyncio.run(all_used(server.url))
        listed = httpx.get(f"{server.url}/_mock/sandboxes").json()
    assert [wanted for _, wanted, _ in told] == [shown for _, _, shown in told]
    assert len({id for id, _, _ in told}) == MANY
    assert listed["total"] == MANY + 1
