"""The clock of a sandbox over HTTP."""

from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error, pair_of
from tests.control.conftest import Making

NINE = "2026-03-02T09:00:00+00:00"


def test_a_frozen_clock_stands_until_it_is_advanced(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, _ = box
    assert client.get(f"{path}/clock").json() == {"mode": "frozen", "rate": 0, "now": 1_772_442_000, "at": NINE}
    told = client.post(f"{path}/clock/advance", json={"by": "2h30m"}).json()
    assert (told["mode"], told["at"]) == ("frozen", "2026-03-02T11:30:00+00:00")


def test_what_is_dated_follows_the_clock(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    uuid = api.post("/tasks", data={"title": "x"}).json()["uuid"]
    said = []
    for by in ("0s", "3d", "2w"):
        client.post(f"{path}/clock/advance", json={"by": by})
        said.append(api.get(f"/tasks/{uuid}").json()["data"]["created_at"]["date_for_humans"])
    assert said == ["1 second ago", "3 days ago", "2 weeks ago"]


def test_a_running_timer_follows_the_clock(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    uuid = api.post("/tasks", data={"title": "x"}).json()["uuid"]
    assert api.post("/timer/start", data={"task_uuid": uuid}).status_code < 300
    client.post(f"{path}/clock/advance", json={"by": "1h5m"})
    ended = api.post("/timer/end", data={"task_uuid": uuid})
    assert ended.json()["data"]["time"]["total"] == "01:05:00"


def test_a_key_expires_by_the_clock(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, _ = box
    body = {"kind": "full", "expires_at": "2026-03-02T10:00:00Z"}
    minted = client.post(f"{path}/credentials", json=body).json()
    api = Api(client, pair_of(minted))
    assert api.get("/tasks").status_code == 200
    client.post(f"{path}/clock/advance", json={"by": "1h"})
    assert_error(api.get("/tasks"), 401, "TOKEN_EXPIRED")


def test_a_rate_limit_window_ends_by_the_clock(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    client.put(f"{path}/rate-limit", json={"limits": "1/minute"})
    assert [api.get("/tasks").status_code for _ in range(2)] == [200, 429]
    client.post(f"{path}/clock/advance", json={"by": "60s"})
    assert api.get("/tasks").status_code == 200


def test_a_scaled_clock_runs_ahead_of_the_machine(client: httpx.Client, make: Making) -> None:
    path, _ = make(clock={"mode": "scaled", "at": NINE, "rate": 1e6})
    first, second = (client.get(f"{path}/clock").json() for _ in range(2))
    assert second["now"] - first["now"] > 10
    assert second["rate"] == 1e6


def test_an_offset_clock_goes_on_from_where_it_was_set(client: httpx.Client, make: Making) -> None:
    path, _ = make(clock={"mode": "offset", "at": "2030-01-01T00:00:00Z"})
    assert client.get(f"{path}/clock").json()["at"].startswith("2030-01-01T00:00")


def test_a_real_clock_that_is_advanced_gets_an_offset(client: httpx.Client, make: Making) -> None:
    path, _ = make()
    before = client.get(f"{path}/clock").json()
    after = client.post(f"{path}/clock/advance", json={"by": "30d"}).json()
    assert (before["mode"], after["mode"]) == ("real", "offset")
    assert 0 <= after["now"] - before["now"] - 30 * 86_400 < 60


@pytest.mark.parametrize(
    ("method", "path", "body", "param"),
    [
        ("POST", "clock/advance", {"by": "-2h"}, "by"),
        ("POST", "clock/advance", {"by": True}, "by"),
        ("POST", "clock/advance", {"by": 1e18}, "by"),
        ("POST", "clock/advance", {"by": "8000000000000s"}, "by"),
        ("POST", "clock/advance", {"by": 253_000_000_000}, "by"),
        ("PUT", "clock", {"mode": "frozen", "at": "yesterday"}, "at"),
        ("PUT", "clock", {"mode": "frozen", "at": "12026-01-01"}, "at"),
        ("PUT", "clock", {"mode": "scaled", "rate": 0}, "rate"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    client: httpx.Client, box: tuple[str, Api], method: str, path: str, body: dict[str, Any], param: str
) -> None:
    before = client.get(f"{box[0]}/clock").json()
    assert_error(client.request(method, f"{box[0]}/{path}", json=body), 400, "INVALID_PARAMETER", param)
    assert client.get(f"{box[0]}/clock").json() == before
