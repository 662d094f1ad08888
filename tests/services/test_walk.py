"""Each client gets, from every endpoint that it calls, what it reads, in the types that it can read."""

from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import ledger
from tests.services.conftest import Service
from tests.services.walks import SERVED, WALKS, lacking

for file in sorted(Path(__file__).parent.glob("test_*.py")):
    if file.stem != Path(__file__).stem:
        import_module(f"tests.services.{file.stem}")
READS = ledger.reads()


def whole(read: Any) -> bool:
    """Whether what is read is told of the whole body, and not of its ``data``."""
    return isinstance(read, dict) and "data" in read


@pytest.mark.parametrize("kind", ["mcp", "cli", "other"])
@pytest.mark.parametrize("endpoint", SERVED)
def test_a_client_can_read_the_answer(client: httpx.Client, token: str, endpoint: str, kind: str) -> None:
    """Success, JSON with 200 for GitScrum's own clients, and every key that they read, with its type."""
    service = Service(client, token, kind)
    path, sent = WALKS[endpoint](service)
    answer = service.call(endpoint.partition(" ")[0], path, **sent)
    assert answer.is_success, answer.text
    if kind == "other":
        return
    assert answer.status_code == 200
    read, told = READS.get(endpoint, {}).get(kind, "any"), answer.json()
    bare = endpoint.startswith("POST /oauth/") or isinstance(told, list)
    assert lacking(read, told if whole(read) or bare else told.get("data", told)) == []
