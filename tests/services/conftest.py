"""Clients that send a bearer token, as GitScrum's own clients and others do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi.testclient import TestClient

from mock_server.app import create_app
from mock_server.settings import load

HEADERS = {
    "mcp": {"X-Client-Type": "mcp", "X-Client-Source": "mcp-server", "Accept": "application/json"},
    "cli": {"User-Agent": "GitScrum-CLI/1.0", "Accept": "application/json"},
    "other": {"X-Client-Type": "api"},
}


class Service:
    """A client that sends a token, and the headers of its kind, with every call."""

    def __init__(self, client: httpx.Client, token: str, kind: str = "other") -> None:
        self.client, self.token, self.kind = client, token, kind

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any call."""
        headers = HEADERS[self.kind] | {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Read; keywords are query parameters."""
        return self.call("GET", path, params=params)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Create, or do something."""
        return self.call("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Change."""
        return self.call("PUT", path, json=json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Change."""
        return self.call("PATCH", path, json=json, **more)

    def delete(self, path: str, **params: Any) -> httpx.Response:
        """Delete; keywords are query parameters."""
        return self.call("DELETE", path, params=params)


def data(answer: httpx.Response) -> Any:
    """What ``data`` holds of a success."""
    assert answer.is_success, answer.text
    return answer.json()["data"]


def assert_refused(answer: httpx.Response, status: int, code: str, *params: str) -> dict[str, Any]:
    """The bearer error body: a code, a message, ``error`` as a text, and ``errors`` for the parameters to blame."""
    told: dict[str, Any] = answer.json()
    blamed = sorted(told.get("errors", {}))
    assert (answer.status_code, told["error_code"], blamed) == (status, code, sorted(params)), told
    assert told["message"]
    assert isinstance(told["error"], str)
    return told


def started(**settings: Any) -> TestClient:
    """A client of a fresh application."""
    return TestClient(create_app(load(**settings)), "http://localhost", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def standing(cache: Path) -> Iterator[TestClient]:
    """One application for all the tests that say nothing of its settings."""
    with started(cache_dir=cache) as client:
        yield client


@pytest.fixture
def client(request: pytest.FixtureRequest, settings: dict[str, Any]) -> Iterator[httpx.Client]:
    """A client without credentials, of a sandbox as at the beginning."""
    if request.node.get_closest_marker("settings"):
        with started(**settings) as fresh:
            yield cast(httpx.Client, fresh)
        return
    shared = request.getfixturevalue("standing")
    shared.cookies.clear()
    shared.post("/_mock/sandboxes/default/reset")
    yield shared


@pytest.fixture
def token(sandbox: dict[str, Any]) -> str:
    """The default credential's token: the owner's, at home in the first project."""
    return str(sandbox["credentials"]["token"])


@pytest.fixture
def web(client: httpx.Client, token: str) -> Service:
    """The owner with a client of their own, which gets what the documentation says."""
    return Service(client, token)


@pytest.fixture
def mcp(client: httpx.Client, token: str) -> Service:
    """The owner with GitScrum's MCP server."""
    return Service(client, token, "mcp")


@pytest.fixture
def cli(client: httpx.Client, token: str) -> Service:
    """The owner with GitScrum's command-line client."""
    return Service(client, token, "cli")


@pytest.fixture
def acting(client: httpx.Client, sandbox: dict[str, Any]) -> Callable[..., Service]:
    """Clients of the other credentials, by name: ``acting("member")``, ``acting("client", "mcp")``."""
    return lambda name, kind="other": Service(client, sandbox["other_credentials"][name]["token"], kind)


@pytest.fixture
def somebody(client: httpx.Client, sandbox: dict[str, Any]) -> Service:
    """The owner after a login: at home in no project."""
    sent = {"email": sandbox["credentials"]["email"], "password": sandbox["password"]}
    return Service(client, data(client.post("/auth/login", json=sent))["access_token"])
