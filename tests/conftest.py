"""A sandbox of its own for each test, spoken to over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.testclient import TestClient

from mock_server.app import Sandboxed, create_app
from mock_server.settings import load

NOON = 1_790_000_000


class Api:
    """A client that sends a key pair with every call."""

    def __init__(self, client: httpx.Client, pair: dict[str, str]) -> None:
        self.client, self.pair = client, pair

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any call; ``params`` come on top of the pair."""
        params = {**self.pair, **more.pop("params", {})}
        return self.client.request(method, path, params=params, **more)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Read; keywords are query parameters."""
        return self.call("GET", path, params=params)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Create."""
        return self.call("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        """Change."""
        return self.call("PUT", path, **more)

    def delete(self, path: str, **params: Any) -> httpx.Response:
        """Delete; keywords are query parameters."""
        return self.call("DELETE", path, params=params)


def assert_error(answer: httpx.Response, status: int, code: str, param: str | None = None) -> None:
    """The keyed error shape: one flat object with a message, a code, and ``param`` only where one is to blame."""
    told = answer.json()
    assert (answer.status_code, told["error_code"], told.get("param")) == (status, code, param), told
    assert told["message"]
    assert told.keys() <= {"message", "error_code", "param"}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where seed images are kept between tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def settings(request: pytest.FixtureRequest, cache: Path) -> dict[str, Any]:
    """How the application is started; a test says more with ``@pytest.mark.settings(profile="edge")``."""
    mark = request.node.get_closest_marker("settings")
    return {"cache_dir": cache, **(mark.kwargs if mark else {})}


@pytest.fixture
def app(settings: dict[str, Any]) -> Sandboxed:
    """A fresh application."""
    return create_app(load(**settings))


@pytest.fixture
def client(app: Sandboxed) -> Iterator[httpx.Client]:
    """A client without credentials."""
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield cast(httpx.Client, client)


@pytest.fixture
def sandbox(client: httpx.Client) -> dict[str, Any]:
    """What the default sandbox says of itself."""
    told: dict[str, Any] = client.get("/_mock/sandboxes/default").json()
    return told


def pair_of(credentials: dict[str, str]) -> dict[str, str]:
    """The two halves of a pair."""
    return {name: credentials[name] for name in ("api_id", "project_key")}


@pytest.fixture
def api(client: httpx.Client, sandbox: dict[str, Any]) -> Api:
    """The default pair's client."""
    return Api(client, pair_of(sandbox["credentials"]))


@pytest.fixture
def other(client: httpx.Client, sandbox: dict[str, Any]) -> Any:
    """Clients of the other credentials, by name: ``other("read_only")``."""
    return lambda name: Api(client, pair_of(sandbox["other_credentials"][name]))
