"""Credentials and rate limits over HTTP."""

from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error, pair_of
from tests.control.conftest import Making

KINDS = {
    "full": (200, None),
    "read_only": (200, None),
    "revoked": (401, "TOKEN_INVALID"),
    "expired": (401, "TOKEN_EXPIRED"),
    "suspended": (402, "SUBSCRIPTION_EXPIRED"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_credential_of_any_kind_can_be_minted(client: httpx.Client, box: tuple[str, Api], kind: str) -> None:
    minted = client.post(f"{box[0]}/credentials", json={"kind": kind})
    assert minted.status_code == 201
    answer = Api(client, pair_of(minted.json())).get("/tasks")
    assert (answer.status_code, answer.json().get("error_code")) == KINDS[kind]


def test_a_read_only_credential_may_not_write(client: httpx.Client, box: tuple[str, Api]) -> None:
    minted = client.post(f"{box[0]}/credentials", json={"kind": "read_only"}).json()
    assert_error(Api(client, pair_of(minted)).post("/tasks", data={"title": "x"}), 403, "CLIENT_READ_ONLY")


def test_a_minted_credential_is_listed_and_opens_the_project_that_was_named(
    client: httpx.Client, box: tuple[str, Api]
) -> None:
    minted = client.post(f"{box[0]}/credentials", json={"project": "customer-portal"}).json()
    told = client.get(box[0]).json()["minted_credentials"]
    assert told[minted["name"]]["project_key"] == minted["project_key"]
    project = Api(client, pair_of(minted)).get("/tasks").json()["data"][0]["project"]
    assert project["slug"] == minted["project_slug"] == "customer-portal"


def test_two_minted_credentials_differ(client: httpx.Client, box: tuple[str, Api]) -> None:
    one, two = (client.post(f"{box[0]}/credentials", json={}).json() for _ in range(2))
    assert {one["api_id"], one["project_key"], one["token"]}.isdisjoint(
        {two["api_id"], two["project_key"], two["token"]}
    )


@pytest.mark.parametrize("by", ["project_key", "token", "name"])
def test_a_revoked_credential_opens_nothing_any_more(client: httpx.Client, box: tuple[str, Api], by: str) -> None:
    minted = client.post(f"{box[0]}/credentials", json={}).json()
    assert client.delete(f"{box[0]}/credentials/{minted[by]}").json()["kind"] == "revoked"
    assert_error(Api(client, pair_of(minted)).get("/tasks"), 401, "TOKEN_INVALID")
    assert box[1].get("/tasks").status_code == 200


def test_a_reset_takes_back_what_was_minted_and_revoked(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    minted = client.post(f"{path}/credentials", json={}).json()
    client.delete(f"{path}/credentials/{api.pair['project_key']}")
    client.post(f"{path}/reset")
    assert api.get("/tasks").status_code == 200
    assert_error(Api(client, pair_of(minted)).get("/tasks"), 401, "TOKEN_INVALID", "api_id")


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"kind": "admin"}, 400, "kind"),
        ({"project": "nowhere"}, 404, None),
        ({"expires_at": "later"}, 400, "expires_at"),
        ({"rate_limit": "fast"}, 400, "rate_limit"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_a_credential_that_cannot_be_is_refused(
    client: httpx.Client, box: tuple[str, Api], body: dict[str, Any], status: int, param: str | None
) -> None:
    answer = client.post(f"{box[0]}/credentials", json=body)
    assert (answer.status_code, answer.json().get("param")) == (status, param)
    assert client.get(box[0]).json()["minted_credentials"] == {}


def test_another_sandboxs_credential_cannot_be_revoked_here(client: httpx.Client, make: Making) -> None:
    (path, _), (_, api) = make(), make()
    assert_error(client.delete(f"{path}/credentials/{api.pair['project_key']}"), 404, "CREDENTIAL_NOT_FOUND")
    assert api.get("/tasks").status_code == 200


def test_limits_change_while_the_server_runs(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    assert "x-ratelimit-limit" not in api.get("/tasks").headers
    client.put(f"{path}/rate-limit", json={"limits": "2/minute;100/hour"})
    assert [api.get("/tasks").status_code for _ in range(3)] == [200, 200, 429]
    client.put(f"{path}/rate-limit", json={"limits": None})
    assert "x-ratelimit-limit" not in api.get("/tasks").headers


def test_a_caller_is_put_before_its_end(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    client.put(f"{path}/rate-limit", json={"limits": "1000/hour", "remaining": 1})
    answers = [api.get("/tasks") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["x-ratelimit-remaining"] == "0"
    assert answers[1].headers["retry-after"] == "3600"


def test_one_credential_has_limits_of_its_own(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    minted = client.post(f"{path}/credentials", json={"rate_limit": "1/minute"}).json()
    limited = Api(client, pair_of(minted))
    assert [limited.get("/tasks").status_code for _ in range(2)] == [200, 429]
    assert [api.get("/tasks").status_code for _ in range(2)] == [200, 200]
    client.put(f"{path}/rate-limit", json={"limits": "5/minute", "credential": minted["project_key"]})
    assert limited.get("/tasks").headers["x-ratelimit-remaining"] == "4"


def test_what_stands_can_be_asked(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    client.put(f"{path}/rate-limit", json={"limits": "3/minute"})
    api.get("/tasks")
    told = client.get(f"{path}/rate-limit").json()
    assert told["limits"] == "3/minute"
    rows = {row["credential"]: row["remaining"] for row in told["credentials"]}
    assert (rows["default"], rows["read_only"]) == (2, None)


@pytest.mark.settings(rate_limit="2/minute")
def test_a_reset_brings_back_the_limits_of_the_start(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    client.put(f"{path}/rate-limit", json={"limits": "9/minute"})
    client.post(f"{path}/reset")
    assert api.get("/tasks").headers["x-ratelimit-limit"] == "2"


def test_limits_of_one_sandbox_are_not_those_of_another(client: httpx.Client, make: Making) -> None:
    (path, _), (_, other) = make(), make()
    client.put(f"{path}/rate-limit", json={"limits": "1/day", "remaining": 0})
    assert other.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "limits"),
        ({"limits": "often"}, 400, "limits"),
        ({"remaining": -1}, 400, "remaining"),
        ({"remaining": 1, "credential": "nobody"}, 404, None),
    ],
)
def test_a_limit_that_cannot_be_is_refused(
    client: httpx.Client, box: tuple[str, Api], body: dict[str, Any], status: int, param: str | None
) -> None:
    answer = client.put(f"{box[0]}/rate-limit", json=body)
    assert (answer.status_code, answer.json().get("param")) == (status, param)
