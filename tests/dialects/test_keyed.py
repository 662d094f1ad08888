"""Who is let in, what is refused, and in which words."""

from typing import Any

import httpx
import pytest

from mock_server.app import Sandboxed
from mock_server.store.clock import Clock
from tests.conftest import Api, assert_error, pair_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("path", ["/tasks", "/tasks/x", "/nowhere", "/"])
def test_every_path_needs_credentials(client: httpx.Client, path: str) -> None:
    assert_error(client.get(path), 401, "TOKEN_MISSING", "api_id")


def test_half_a_pair_is_missing_the_other_half(client: httpx.Client, api: Api) -> None:
    assert_error(client.get("/tasks", params={"api_id": api.pair["api_id"]}), 401, "TOKEN_MISSING", "project_key")


@pytest.mark.parametrize("param", ["api_id", "project_key"])
def test_an_unknown_half_is_named(client: httpx.Client, api: Api, param: str) -> None:
    assert_error(client.get("/tasks", params={**api.pair, param: "guess"}), 401, "TOKEN_INVALID", param)


def test_halves_that_do_not_belong_together_are_forbidden(client: httpx.Client, api: Api, other: Any) -> None:
    mixed = {**api.pair, "project_key": other("other_account").pair["project_key"]}
    assert_error(client.get("/tasks", params=mixed), 403, "CREDENTIALS_MISMATCH")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("revoked", 401, "TOKEN_INVALID"), ("expired", 401, "TOKEN_EXPIRED"), ("suspended", 402, "SUBSCRIPTION_EXPIRED")],
)
def test_each_refusal_has_a_pair_of_its_own(other: Any, name: str, status: int, code: str) -> None:
    assert_error(other(name).get("/tasks"), status, code)


def test_a_read_only_pair_reads_and_does_not_write(other: Any) -> None:
    reader = other("read_only")
    task = reader.get("/tasks").json()["data"][0]["uuid"]
    for answer in (
        reader.post("/tasks", data={"title": "x"}),
        reader.put(f"/tasks/{task}"),
        reader.delete(f"/tasks/{task}"),
    ):
        assert_error(answer, 403, "CLIENT_READ_ONLY")
    assert reader.get(f"/tasks/{task}").status_code == 200


def test_a_second_project_has_tasks_of_its_own(api: Api, other: Any) -> None:
    mine = {row["uuid"] for row in api.get("/tasks", limit=100).json()["data"]}
    theirs = {row["uuid"] for row in other("second_project").get("/tasks", limit=100).json()["data"]}
    assert theirs
    assert not mine & theirs


def test_a_pair_wins_over_a_bearer_token(api: Api) -> None:
    assert api.call("GET", "/tasks", headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_an_unknown_path_and_an_unknown_method_say_so(api: Api) -> None:
    assert_error(api.get("/nowhere"), 404, "ROUTE_NOT_FOUND")
    answer = api.call("PATCH", "/tasks")
    assert_error(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, POST, HEAD"


def test_what_the_ledger_knows_and_nobody_built_answers_501(api: Api) -> None:
    assert_error(api.get("/companies"), 501, "NOT_IMPLEMENTED")
    assert_error(api.get("/videos/"), 501, "NOT_IMPLEMENTED")


@pytest.mark.parametrize("path", ["/tasks", "/tasks/"])
def test_a_trailing_slash_makes_no_difference(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.history) == (200, [])


def test_head_is_get_without_a_body(api: Api) -> None:
    assert api.call("HEAD", "/tasks").status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b'{"title": ', "application/json", "MALFORMED_BODY"),
        (b"[1]", "application/json", "MALFORMED_BODY"),
        (b'{"title": "\\ud800"}', "application/json", "MALFORMED_BODY"),
        (b"title=%ff", "application/x-www-form-urlencoded", "MALFORMED_BODY"),
        (b"title=\xff", "application/x-www-form-urlencoded", "MALFORMED_BODY"),
        (b"<x/>", "text/xml", "UNSUPPORTED_CONTENT_TYPE"),
        (b"--x", "multipart/form-data", "MALFORMED_BODY"),
        (b"&".join(b"a=1" for _ in range(1001)), "application/x-www-form-urlencoded", "MALFORMED_BODY"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(api: Api, body: bytes, kind: str, code: str) -> None:
    assert_error(api.post("/tasks", content=body, headers={"Content-Type": kind}), 400, code)


def test_a_body_without_a_type_is_read_as_what_it_looks_like(api: Api) -> None:
    told = [api.post("/tasks", content=body).json()["title"] for body in (b'{"title": "a"}', b"title=b")]
    assert told == ["a", "b"]


def test_a_query_that_is_not_utf_8_is_refused(client: httpx.Client) -> None:
    assert_error(client.get("/tasks?api_id=%ff"), 400, "MALFORMED_BODY")


def test_a_nul_character_is_refused(api: Api) -> None:
    assert_error(api.post("/tasks", content=b"title=a%00b", headers=FORM), 400, "INVALID_PARAMETER", "title")


@pytest.mark.settings(body_limit=1000)
def test_a_body_over_the_limit_is_refused_whether_it_tells_its_length_or_not(api: Api) -> None:
    assert_error(api.post("/tasks", content=b"x" * 1001), 413, "PAYLOAD_TOO_LARGE")
    parts = (b"x" * 400 for _ in range(3))
    assert_error(api.post("/tasks", content=parts), 413, "PAYLOAD_TOO_LARGE")


WRAPPED = {"always": True, "never": False, "documented": False}


def test_creates_are_wrapped_as_each_application_was_told(cache: Any) -> None:
    """Three of them side by side in one process."""
    from starlette.testclient import TestClient

    from mock_server.app import create_app
    from mock_server.settings import load

    told = {}
    apps = {how: create_app(load(cache_dir=cache, wrap_creates=how)) for how in WRAPPED}
    for how, app in apps.items():
        with TestClient(app, "http://localhost") as client:
            pair = pair_of(client.get("/_mock/sandboxes/default").json()["credentials"])
            told[how] = "data" in client.post("/tasks", params=pair, data={"title": "x"}).json()
            document = client.get("/_mock/openapi/keyed.json").json()
            schema = document["paths"]["/tasks"]["post"]["responses"]["201"]["content"]["application/json"]["schema"]
            assert ("data" in schema.get("properties", {})) is WRAPPED[how]
    assert told == WRAPPED


@pytest.mark.settings(rate_limit="2/minute;3/hour")
def test_past_the_limit_a_request_changes_nothing_and_the_window_opens_again(
    api: Api, app: Sandboxed, other: Any
) -> None:
    clock: Clock = app.state.world.default.clock
    clock.set("frozen", 1_800_000_000)
    first = api.post("/tasks", data={"title": "one"})
    assert [first.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")] == [
        "2",
        "1",
        "1800000060",
    ]
    assert api.get("/tasks").headers["x-ratelimit-remaining"] == "0"
    refused = api.post("/tasks", data={"title": "three"})
    assert_error(refused, 429, "RATE_LIMIT_EXCEEDED")
    assert (refused.headers["retry-after"], refused.headers["x-ratelimit-remaining"]) == ("60", "0")
    assert other("second_project").get("/tasks").status_code == 200
    clock.advance(60)
    assert api.get("/tasks").json()["data"][0]["title"] == "one"
    clock.advance(61)
    assert api.get("/tasks").headers["retry-after"] == str(3600 - 121)


def test_a_bug_of_ours_answers_in_shape(api: Api, app: Sandboxed) -> None:
    app.state.world.default.store.raw.execute("DROP TABLE tally")
    assert_error(api.get("/tasks"), 500, "INTERNAL_ERROR")


def test_the_same_requests_get_the_same_bytes_while_the_clock_stands(cache: Any) -> None:
    from starlette.testclient import TestClient

    from mock_server.app import create_app
    from mock_server.settings import load

    told = []
    for _ in range(2):
        app = create_app(load(cache_dir=cache))
        app.state.world.default.clock.set("frozen", 1_800_000_000)
        with TestClient(app, "http://localhost") as client:
            pair = pair_of(client.get("/_mock/sandboxes/default").json()["credentials"])
            told.append(client.post("/tasks", params=pair, data={"title": "Twice"}).content)
    assert told[0] == told[1]
