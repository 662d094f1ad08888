"""Who may use the control routes, as a browser, a program and a stranger would ask."""

from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error

PATH = "/_mock/sandboxes"


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:80", "api.gitscrum.com", "x.localhost"]
)
def test_loopback_and_the_aliases_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get(PATH, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example", "", "a/b", "[", "mock"]
)
def test_a_name_that_may_have_been_rebound_is_refused(client: httpx.Client, host: str) -> None:
    assert_error(client.get(PATH, headers={"Host": host}), 403, "HOST_NOT_ALLOWED")


@pytest.mark.settings(allow_host=["mock", "10.0.0.1"])
def test_further_hosts_can_be_allowed(client: httpx.Client) -> None:
    assert client.get(PATH, headers={"Host": "mock:8080"}).status_code == 200
    assert client.get(PATH, headers={"Host": "10.0.0.1"}).status_code == 200
    assert client.get(PATH, headers={"Host": "mock2"}).status_code == 403


def test_the_api_itself_answers_to_any_host(client: httpx.Client, api: Api) -> None:
    assert api.call("GET", "/tasks", headers={"Host": "evil.example"}).status_code == 200


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_page_of_another_site_is_refused(client: httpx.Client, headers: dict[str, str], method: str) -> None:
    assert_error(client.request(method, PATH, headers=headers), 403, "CROSS_SITE_REQUEST")
    assert client.get(PATH).json()["total"] == 1


def test_its_own_pages_and_links_to_them_are_answered(client: httpx.Client) -> None:
    assert client.get(PATH, headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}).status_code == 200
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/_mock/docs/control", headers=link).status_code == 200
    assert client.post(PATH, headers=link).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_write_takes_json_alone(client: httpx.Client, kind: str) -> None:
    answer = client.post(PATH, content=b'{"name":"x"}', headers={"Content-Type": kind})
    assert_error(answer, 400, "UNSUPPORTED_CONTENT_TYPE")
    assert client.get(PATH).json()["total"] == 1


def test_no_answer_lets_other_origins_read(client: httpx.Client) -> None:
    answers = [client.get(PATH), client.options(PATH, headers={"Origin": "http://localhost"}), client.get("/tasks")]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


@pytest.mark.settings(control_token="open sesame")
def test_a_token_is_asked_for_where_one_is_set(client: httpx.Client) -> None:
    assert_error(client.get(PATH), 401, "CONTROL_TOKEN_INVALID")
    assert_error(client.get(PATH, headers={"Authorization": "Bearer wrong"}), 401, "CONTROL_TOKEN_INVALID")
    assert client.get(PATH, headers={"Authorization": "Bearer open sesame"}).status_code == 200
    assert client.get(PATH, headers={"X-Control-Token": "open sesame"}).status_code == 200
    assert client.get("/_mock/ready").status_code == 200


@pytest.mark.settings(control=False)
@pytest.mark.parametrize("path", ["", "/sandboxes", "/sandboxes/default", "/docs/keyed", "/metrics", "/explain/x-1"])
def test_without_control_only_readiness_is_left(client: httpx.Client, path: str) -> None:
    assert_error(client.get(f"/_mock{path}"), 404, "ROUTE_NOT_FOUND")
    assert client.get("/_mock/ready").json() == {"ready": True}


ODD: list[dict[str, Any]] = [{"Host": "localhost:99999"}, {"Origin": "http://[", "Host": "localhost"}]


@pytest.mark.parametrize("headers", ODD)
def test_odd_headers_are_no_bug(client: httpx.Client, headers: dict[str, Any]) -> None:
    assert client.get(PATH, headers=headers).status_code < 500
