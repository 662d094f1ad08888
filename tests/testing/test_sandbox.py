"""The typed client and the fixtures, as the author of a client's tests uses them."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import requests

from mock_server.testing import Control, ControlError, Exchange, MockServer, Sandbox

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def create(box: Sandbox, title: str, **more: Any) -> httpx.Response:
    """Create a task, as a client would."""
    return httpx.post(f"{box.base_url}/tasks", params=box.pair, data={"title": title}, **more)


def total(box: Sandbox) -> int:
    """How many tasks there are."""
    return int(httpx.get(f"{box.base_url}/tasks", params=box.pair).json()["total"])


@pytest.mark.gitscrum(profile="empty")
def test_a_mark_says_what_the_sandbox_starts_with(gitscrum: Sandbox) -> None:
    assert total(gitscrum) == 0


def test_a_sandbox_is_called_after_its_test(gitscrum: Sandbox) -> None:
    assert gitscrum.name == "test_a_sandbox_is_called_after_its_test"
    assert gitscrum.credentials.company_slug == "saltmarsh-labs"
    assert set(gitscrum.other_credentials) >= {"read_only", "revoked"}


def test_the_clock_is_held_moved_and_let_go(gitscrum: Sandbox) -> None:
    assert gitscrum.freeze(NINE) == gitscrum.now == NINE.timestamp()
    assert gitscrum.advance("1h") == NINE.timestamp() + 3600
    assert gitscrum.freeze() == NINE.timestamp() + 3600
    assert gitscrum.start("2030-01-01") < gitscrum.now
    assert gitscrum.start(rate=1000) < gitscrum.now
    assert abs(gitscrum.real_time() - datetime.now(UTC).timestamp()) < 60


def test_data_is_kept_restored_forked_and_carried_away(gitscrum: Sandbox) -> None:
    create(gitscrum, "kept")
    name, export = gitscrum.snapshot(), gitscrum.export("json")
    create(gitscrum, "lost")
    with gitscrum.fork(name="other") as fork:
        assert total(fork) == 62
        fork.load(export)
        assert total(fork) == 61
    gitscrum.restore(name)
    assert total(gitscrum) == 61
    gitscrum.reset()
    assert total(gitscrum) == 60
    gitscrum.load(gitscrum.export())
    with Sandbox.make(gitscrum.base_url, from_=f"{gitscrum.id}/{name}") as past:
        assert total(past) == 61


def test_a_client_retries_until_two_failures_are_over(gitscrum: Sandbox) -> None:
    fault = gitscrum.fail(503, when={"first": 2}, match={"method": "POST"}, retry_after=0)
    assert gitscrum.preview("POST", "/tasks") == fault.id
    assert gitscrum.preview("GET", "/tasks") is None
    answers = [create(gitscrum, "x").status_code for _ in range(3)]
    assert answers == [503, 503, 201]
    assert fault.hits == 2
    assert [each.status for each in gitscrum.found(method="POST")] == answers
    fault.remove()
    assert gitscrum.faults == []


def test_every_rule_can_be_taken_away(gitscrum: Sandbox) -> None:
    gitscrum.fail(wire="reset")
    gitscrum.fail(delay="1ms", expires="1m", max_hits=3)
    gitscrum.fail(wire={"drip": 10}, phase="after")
    with pytest.raises(httpx.TransportError):
        create(gitscrum, "x")
    gitscrum.heal()
    assert create(gitscrum, "x").status_code == 201


def test_limits_and_credentials_are_made_for_a_test(gitscrum: Sandbox) -> None:
    gitscrum.limit("100/hour", remaining=1)
    assert [create(gitscrum, "x").status_code for _ in range(2)] == [201, 429]
    gitscrum.advance("1h")
    assert create(gitscrum, "x").status_code == 201
    gitscrum.limit()
    minted = gitscrum.mint("full", project="customer-portal", expires_at=NINE.replace(year=2099), rate_limit="9/day")
    assert httpx.get(f"{gitscrum.base_url}/tasks", params=minted.pair).headers["x-ratelimit-limit"] == "9"
    gitscrum.revoke(minted)
    assert httpx.get(f"{gitscrum.base_url}/tasks", params=minted.pair).status_code == 401


def test_what_was_called_is_seen_and_verified(gitscrum: Sandbox) -> None:
    create(gitscrum, "one", headers={"X-Test": "yes"})
    requests.get(f"{gitscrum.base_url}/taks", params=gitscrum.pair, timeout=5)
    first, second = gitscrum.requests
    assert isinstance(first, Exchange)
    assert (first.body, first.answer["title"], first.headers["x-test"]) == ({"title": "one"}, "one", "yes")
    assert str(second).endswith("GET /taks -> 404 ROUTE_NOT_FOUND")
    assert gitscrum.verify("POST", "/tasks", body={"title": "one"}, exactly=1) == 1
    gitscrum.verify_order({"method": "POST"}, {"status": 404})
    gitscrum.wait_for("POST", "/tasks", timeout="1s")
    assert gitscrum.explain(second.id)["nearest_routes"][0]["path"] == "/tasks"
    gitscrum.forget()
    assert gitscrum.requests == []


def test_a_failed_verification_tells_what_was_nearest(gitscrum: Sandbox) -> None:
    create(gitscrum, "one")
    with pytest.raises(AssertionError, match=r"body\.title: wanted 'two', got 'one'"):
        gitscrum.verify("POST", "/tasks", body={"title": "two"})
    with pytest.raises(AssertionError, match="Wanted in this order"):
        gitscrum.verify_order({"method": "PUT"})
    with pytest.raises(AssertionError, match="Waited"):
        gitscrum.wait_for("PUT", timeout=0.01)
    with pytest.raises(AssertionError, match="found 1"):
        gitscrum.verify("POST", exactly=2)


def test_a_refusal_says_what_was_wrong(gitscrum: Sandbox) -> None:
    with pytest.raises(ControlError, match="profile 'none'") as refused:
        Sandbox.make(gitscrum.control, profile="none")
    assert (refused.value.status, refused.value.code, refused.value.param) == (400, "INVALID_PARAMETER", "profile")
    with pytest.raises(ControlError) as missing:
        Sandbox.open(gitscrum.base_url, "nobody")
    assert missing.value.status == 404


def test_a_server_of_ones_own_has_its_settings() -> None:
    with MockServer(profile="empty", control_token="open sesame", rate_limit="5/minute") as server:
        assert total(server.default) == 0
        with server.sandbox(name="other") as box:
            assert create(box, "x").headers["x-ratelimit-remaining"] == "4"
        with pytest.raises(ControlError) as closed:
            Sandbox.open(Control(server.base_url))
        assert closed.value.status == 401
