"""What is refused, on every endpoint that it applies to, in the services API's one body."""

import re
from collections.abc import Callable

import httpx
import pytest

from mock_server.dialects.bearer import OPEN, bearer
from tests.services.conftest import Service, assert_refused
from tests.services.walks import SERVED, WALKS

Acting = Callable[..., Service]
CLOSED = [endpoint for endpoint in SERVED if endpoint.partition(" ")[2] not in OPEN]
OF = {f"{endpoint.method} {endpoint.path}": endpoint for endpoint in bearer.endpoints}
WRITES = [name for name, endpoint in OF.items() if endpoint.least not in ("client", "") and endpoint.method != "GET"]
PRO = [name for name, endpoint in OF.items() if endpoint.feature and "{" not in name]
TOKENS = {
    "revoked": (401, "TOKEN_INVALID"),
    "expired": (401, "TOKEN_EXPIRED"),
    "mfa_required": (401, "MFA_REQUIRED"),
    "suspended": (402, "SUBSCRIPTION_EXPIRED"),
}


def anywhere(endpoint: str) -> tuple[str, str]:
    """A method and a path of an endpoint, whatever its placeholders stand for."""
    method, _, path = endpoint.partition(" ")
    return method, re.sub(r"{\w+}", "x", path)


@pytest.mark.parametrize("endpoint", CLOSED)
def test_nobody_is_let_in_without_a_good_token(client: httpx.Client, acting: Acting, endpoint: str) -> None:
    method, path = anywhere(endpoint)
    told = client.request(method, path, headers={"X-Client-Type": "mcp"})
    assert_refused(told, 401, "TOKEN_MISSING")
    assert told.headers["www-authenticate"] == "Bearer"
    assert_refused(Service(client, "made-up").call(method, path), 401, "TOKEN_INVALID")
    for name, (status, code) in TOKENS.items():
        assert_refused(acting(name).call(method, path), status, code)


@pytest.mark.parametrize("endpoint", WRITES)
def test_a_client_writes_nowhere(client: httpx.Client, token: str, acting: Acting, endpoint: str) -> None:
    """The same call that the owner may make; what a client cannot see is not there for them."""
    path, sent = WALKS[endpoint](Service(client, token))
    answer = acting("client").call(OF[endpoint].method, path, **sent)
    assert (answer.status_code, answer.json()["error_code"]) == (403, "CLIENT_READ_ONLY") or answer.status_code == 404


@pytest.mark.parametrize("endpoint", WRITES)
def test_a_key_that_only_reads_writes_nowhere(acting: Acting, endpoint: str) -> None:
    assert_refused(acting("read_only").call(*anywhere(endpoint)), 403, "CLIENT_READ_ONLY")


@pytest.mark.parametrize("endpoint", PRO)
def test_the_free_plan_lacks_what_is_of_the_pro_plan(acting: Acting, endpoint: str) -> None:
    told = assert_refused(acting("free_plan").call(*anywhere(endpoint)), 402, "PRO_FEATURE_REQUIRED")
    assert (told["plan"], told["feature"]) == ("free", OF[endpoint].feature)
    assert told["upgrade_url"].startswith("https://")


@pytest.mark.parametrize("endpoint", ["GET /tasks", "POST /tasks", "GET /companies"])
def test_v1_in_front_of_a_path_makes_no_difference(web: Service, endpoint: str) -> None:
    method, path = anywhere(endpoint)
    sent = {"title": "x"} if method == "POST" else None
    plain, versioned = (web.call(method, each, json=sent) for each in (path, f"/v1{path}"))
    assert plain.status_code == versioned.status_code
    assert plain.json().keys() == versioned.json().keys()
