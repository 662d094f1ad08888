"""Rate limits as the services API tells of them."""

from collections.abc import Callable

import httpx
import pytest

from tests.services.conftest import Service, assert_refused

PLANS = [("plan:free", 100), ("plan:pro", 500)]  # calls a minute, the tighter window of either


@pytest.mark.parametrize(
    ("plan", "calls"), [pytest.param(*each, marks=pytest.mark.settings(rate_limit=each[0])) for each in PLANS]
)
def test_a_plan_takes_its_calls_a_minute_from_each_token(
    client: httpx.Client, web: Service, acting: Callable[..., Service], plan: str, calls: int
) -> None:
    client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen"}).raise_for_status()
    left = [web.get("/auth/me").headers["x-ratelimit-remaining"] for _ in range(calls)]
    assert [int(each) for each in left] == [*range(calls - 1, -1, -1)]
    refused = web.get("/auth/me")
    told = assert_refused(refused, 429, "RATE_LIMIT_EXCEEDED")
    assert told["retry_after"] == int(refused.headers["retry-after"]) == 60
    assert refused.headers["x-ratelimit-limit"] == str(calls)
    assert acting("member").get("/auth/me").headers["x-ratelimit-remaining"] == str(calls - 1)
