"""How a caller comes by a token, and loses it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.running import served
from tests.conftest import Api
from tests.services.conftest import HEADERS, Service, assert_refused, data
from tests.services.walks import walk
from tests.wire.test_docs_in_browser import BROWSER
from tests.wire.test_docs_in_browser import shown as shown_by

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
MCP, CLI = "9e8d7c6b-5a4f-3e2d-1c0b-a9b8c7d6e5f4", "3e2d1c0b-a9b8-c7d6-e5f4-a3b2c1d0e9f8"
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def shown(service: Service) -> Any:
    """What the default sandbox says of itself."""
    return service.client.get("/_mock/sandboxes/default").json()


def login_of(service: Service) -> dict[str, str]:
    """What the owner logs in with."""
    told = shown(service)
    return {"email": told["credentials"]["email"], "password": told["password"]}


def asked(client: httpx.Client) -> Any:
    """The codes of a device."""
    return client.post("/oauth/device/code", json={"client_id": MCP}).json()


def polled(client: httpx.Client, device: Any) -> httpx.Response:
    """A device that asks for its token."""
    return client.post("/oauth/device/token", json={"grant_type": GRANT, "device_code": device["device_code"]})


def decided(client: httpx.Client, device: Any, **more: Any) -> httpx.Response:
    """A person who says something to a device."""
    return client.post("/_mock/device", json={"user_code": device["user_code"]} | more)


def assert_waits(answer: httpx.Response, word: str) -> None:
    """The error of RFC 8628, which both clients look for."""
    told = answer.json()
    assert (answer.status_code, told["error"]) == (400, word)
    assert told["error_description"] == told["message"]


@walk("POST /auth/login")
def _(service: Service) -> Sent:
    return "/auth/login", {"json": login_of(service)}


@walk("POST /auth/me")
def _(service: Service) -> Sent:
    return "/auth/me", {"headers": {"Content-Type": "application/json"}}


@walk("GET /me")
def _(service: Service) -> Sent:
    return "/me", {}


@walk("POST /auth/logout")
def _(service: Service) -> Sent:
    return "/auth/logout", {"json": {}}


@walk("POST /auth/refresh")
def _(service: Service) -> Sent:
    return "/auth/refresh", {}


@walk("POST /oauth/device/code")
def _(service: Service) -> Sent:
    return "/oauth/device/code", {"data": {"client_id": CLI, "scope": "cli read write"}}


@walk("POST /oauth/device/token")
def _(service: Service) -> Sent:
    device = asked(service.client)
    decided(service.client, device)
    return "/oauth/device/token", {
        "data": {"grant_type": GRANT, "device_code": device["device_code"], "client_id": CLI}
    }


def test_a_person_logs_in_and_reads_who_they_are(client: httpx.Client, web: Service) -> None:
    told = data(client.post("/auth/login", json=login_of(web), headers=HEADERS["other"] | {"Host": "services.x"}))
    assert (told["token_type"], [company["slug"] for company in told["companies"]]) == ("Bearer", ["saltmarsh-labs"])
    me = data(Service(client, told["access_token"]).get("/me"))
    assert me["email"] == login_of(web)["email"]
    assert me == data(web.post("/auth/me"))
    assert [workspace["slug"] for workspace in me["workspaces"]] == ["saltmarsh-labs"]


def test_a_login_without_a_dialect_is_understood_by_its_path(client: httpx.Client, web: Service) -> None:
    assert client.post("/auth/login", json=login_of(web)).status_code == 200
    assert client.post("/v1/oauth/device/code/", json={"client_id": MCP}).status_code == 200


def test_a_wrong_password_and_an_unknown_person_are_told_alike(client: httpx.Client, web: Service) -> None:
    login = login_of(web)
    for wrong in ({"password": "guess"}, {"email": "nobody@x.example"}):
        assert_refused(client.post("/auth/login", json=login | wrong), 404, "USER_NOT_FOUND")
    assert_refused(client.post("/auth/login", json={"email": "x"}), 422, "VALIDATION_FAILED", "password")


def test_a_token_by_login_has_no_project_where_there_are_several(client: httpx.Client, web: Service) -> None:
    token = data(client.post("/auth/login", json=login_of(web)))["access_token"]
    own = Service(client, token)
    assert_refused(own.get("/tasks"), 422, "VALIDATION_FAILED", "project_slug")
    assert data(own.get("/tasks", project_slug="route-planner"))


def test_the_password_chooses_the_sandbox(client: httpx.Client) -> None:
    box = client.post("/_mock/sandboxes", json={"name": "theirs", "seed": 5}).json()
    login = {"email": box["credentials"]["email"], "password": box["password"]}
    token = data(client.post("/auth/login", json=login))["access_token"]
    theirs = data(Service(client, token).get("/tasks", project_slug="route-planner"))
    assert theirs == data(Service(client, box["credentials"]["token"]).get("/tasks"))


def test_logging_out_ends_the_token_and_not_the_pair(web: Service, api: Api) -> None:
    assert web.post("/auth/logout", {}).status_code == 200
    assert_refused(web.get("/me"), 401, "SESSION_EXPIRED")
    assert api.get("/tasks").status_code == 200


def test_a_refreshed_token_goes_on_where_the_old_one_ends(client: httpx.Client, web: Service) -> None:
    before = data(web.get("/tasks"))
    told = web.post("/auth/refresh").json()
    assert_refused(web.get("/tasks"), 401, "SESSION_EXPIRED")
    assert told["data"]["access_token"] == told["access_token"] != told["refresh_token"]
    assert data(Service(client, told["access_token"]).get("/tasks")) == before
    again = Service(client, told["refresh_token"]).post("/auth/refresh").json()
    assert data(Service(client, again["access_token"]).get("/tasks")) == before


def test_a_token_lasts_a_year(client: httpx.Client, web: Service) -> None:
    token = data(client.post("/auth/login", json=login_of(web)))["access_token"]
    client.post("/_mock/sandboxes/default/clock/advance", json={"by": "364d"})
    assert Service(client, token).get("/me").status_code == 200
    client.post("/_mock/sandboxes/default/clock/advance", json={"by": "2d"})
    assert_refused(Service(client, token).get("/me"), 401, "TOKEN_EXPIRED")


def test_sessions_are_listed_with_what_was_minted(client: httpx.Client, web: Service) -> None:
    client.post("/auth/login", json=login_of(web))
    told = shown(web)
    assert any(name.startswith("session-") for name in told["minted_credentials"])
    assert not any(name.startswith("session-") for name in told["other_credentials"])


def test_a_device_waits_until_a_person_approves_and_gets_its_token_once(client: httpx.Client) -> None:
    device = asked(client)
    assert device["verification_uri_complete"] == f"{device['verification_uri']}?user_code={device['user_code']}"
    assert_waits(polled(client, device), "authorization_pending")
    assert decided(client, device, username=None).json()["said"] == "approved"
    told = polled(client, device).json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 365 * 86_400)
    assert data(Service(client, told["access_token"], "cli").get("/tasks/"))
    assert_waits(polled(client, device), "invalid_grant")


def test_a_device_that_asks_too_often_is_told_to_slow_down(client: httpx.Client) -> None:
    client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen"})
    device = asked(client)
    assert_waits(polled(client, device), "authorization_pending")
    assert_waits(polled(client, device), "slow_down")
    client.post("/_mock/sandboxes/default/clock/advance", json={"by": "10s"})
    assert_waits(polled(client, device), "authorization_pending")


def test_a_device_is_denied_and_its_code_expires(client: httpx.Client) -> None:
    denied, late = asked(client), asked(client)
    decided(client, denied, action="deny")
    assert_waits(polled(client, denied), "access_denied")
    client.post("/_mock/sandboxes/default/clock/advance", json={"by": "16m"})
    assert_waits(polled(client, late), "expired_token")
    assert decided(client, late).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("code", {}, "invalid_request"),
        ("token", {}, "unsupported_grant_type"),
        ("token", {"grant_type": GRANT}, "invalid_request"),
        ("token", {"grant_type": GRANT, "device_code": "made up"}, "invalid_grant"),
    ],
)
def test_a_device_that_asks_wrongly_is_told_in_words_of_the_standard(
    client: httpx.Client, path: str, body: dict[str, str], word: str
) -> None:
    assert_waits(client.post(f"/oauth/device/{path}", json=body), word)
    assert_waits(client.post(f"/oauth/device/{path}", data=body), word)


def test_a_device_can_be_approved_as_anybody_in_any_sandbox(client: httpx.Client) -> None:
    box = client.post("/_mock/sandboxes", json={"name": "theirs", "seed": 5}).json()
    member = box["other_credentials"]["member"]
    device = asked(client)
    assert decided(client, device, sandbox=box["id"], username=member["email"].partition("@")[0]).status_code == 200
    me = data(Service(client, polled(client, device).json()["access_token"]).get("/me"))
    assert me["email"] == member["email"]


@pytest.mark.parametrize(
    ("more", "status"),
    [({"username": "nobody"}, 404), ({"project": "nothing"}, 404), ({"sandbox": "none"}, 404), ({"action": "x"}, 400)],
)
def test_a_decision_that_cannot_be_is_refused(client: httpx.Client, more: dict[str, str], status: int) -> None:
    assert decided(client, asked(client), **more).status_code == status


@pytest.mark.settings(auto_approve=True)
def test_devices_are_approved_at_once_where_the_server_was_told_so(client: httpx.Client) -> None:
    token = polled(client, asked(client)).json()["access_token"]
    assert data(Service(client, token, "mcp").post("/auth/me"))["email"]


def test_the_page_shows_the_code_as_text_and_nothing_else(client: httpx.Client) -> None:
    page = client.get("/_mock/device", params={"user_code": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page
    assert client.post("/_mock/device", json={}, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_the_page_stands_in_a_browser(tmp_path: Path) -> None:
    with served(tmp_path, "--profile", "empty") as running:
        device = httpx.post(f"{running.url}/oauth/device/code", json={"client_id": MCP}).json()
        told = shown_by(tmp_path, device["verification_uri_complete"])
    assert f'value="{device["user_code"]}"' in told
    assert told.count("<option") == 3
