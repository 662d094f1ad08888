"""What tests of the control routes need: sandboxes of their own, and clients for them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import Api, pair_of

FROZEN = {"mode": "frozen", "at": "2026-03-02T09:00:00Z"}
Making = Callable[..., tuple[str, Api]]


@pytest.fixture
def make(client: httpx.Client) -> Making:
    """Make a sandbox: the address of its control routes, and a client with its full-access pair."""

    def made(**body: Any) -> tuple[str, Api]:
        answer = client.post("/_mock/sandboxes", json=body)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return f"/_mock/sandboxes/{told['id']}", Api(client, pair_of(told["credentials"]))

    return made


@pytest.fixture
def box(make: Making) -> tuple[str, Api]:
    """A sandbox whose clock stands still."""
    return make(clock=FROZEN)
