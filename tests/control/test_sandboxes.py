"""Sandboxes over HTTP: made, reset, kept, copied and removed, each without a trace in the others."""

from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error, pair_of
from tests.control.conftest import FROZEN, Making


def titles(api: Api) -> list[str]:
    """The titles of the newest tasks."""
    return [task["title"] for task in api.get("/tasks").json()["data"]]


def grown(api: Api, title: str = "Written by a test") -> None:
    """Create a task."""
    assert api.post("/tasks", data={"title": title}).status_code == 201


def test_a_new_sandbox_says_all_that_the_default_one_says(client: httpx.Client, sandbox: dict[str, Any]) -> None:
    told = client.post("/_mock/sandboxes", json={"name": "Check out"})
    assert told.status_code == 201
    assert told.json().keys() == sandbox.keys()
    assert told.json()["other_credentials"].keys() == sandbox["other_credentials"].keys()
    assert told.json()["id"] == "check-out-1"
    assert client.get("/_mock/sandboxes/check-out-1").json()["credentials"] == told.json()["credentials"]


def test_what_is_said_of_a_sandbox_before_its_first_call_holds_after_it(client: httpx.Client, make: Making) -> None:
    path, api = make()
    before, unread = client.get(path).json(), client.post("/_mock/sandboxes", json={"from": path.split("/")[-1]}).json()
    assert api.get("/tasks").status_code == 200
    after, fork = client.get(path).json(), client.get(f"/_mock/sandboxes/{unread['id']}").json()
    assert [told | {"now": 0} for told in (after, fork)] == [told | {"now": 0} for told in (before, unread)]
    for told in (after, fork):
        pairs = [told["credentials"], *told["other_credentials"].values()]
        statuses = [client.get("/tasks", params=pair_of(pair)).status_code for pair in pairs if pair["api_id"]]
        assert sorted(statuses) == [200, 200, 200, 200, 401, 401, 402]


def test_a_snapshot_of_what_nobody_has_called_is_what_it_would_have_been(client: httpx.Client, make: Making) -> None:
    path, api = make(clock=FROZEN)
    client.post(f"{path}/snapshots", json={"name": "first"})
    _, other = make(clock=FROZEN)
    wanted = titles(other)
    grown(api)
    client.post(f"{path}/snapshots/first/restore")
    assert titles(api) == wanted
    grown(api)
    assert titles(make(**{"from": f"{path.split('/')[-1]}/first"})[1]) == wanted


def test_a_sandbox_can_be_made_without_a_body(client: httpx.Client) -> None:
    assert client.post("/_mock/sandboxes").json()["profile"] == "demo"


def test_the_credential_chooses_the_sandbox(make: Making, api: Api) -> None:
    (_, one), (_, two) = make(), make()
    grown(one)
    assert titles(one)[0] == "Written by a test"
    assert "Written by a test" not in titles(two) + titles(api)


def test_a_sandbox_has_the_profile_seed_and_size_that_were_asked_for(client: httpx.Client, make: Making) -> None:
    path, api = make(profile="demo", seed=7, locale="pt_BR", tasks=25)
    assert {"profile": "demo", "seed": 7, "locale": "pt_BR"}.items() <= client.get(path).json().items()
    assert api.get("/tasks").json()["total"] == 25


def test_what_is_not_asked_for_is_as_the_server_was_started(make: Making) -> None:
    _, api = make(profile="empty")
    assert api.get("/tasks").json()["total"] == 0


def test_the_list_has_every_sandbox_in_the_order_of_making(client: httpx.Client, make: Making) -> None:
    make(name="one"), make(name="two")
    told = client.get("/_mock/sandboxes").json()
    assert [each["id"] for each in told["data"]] == ["default", "one-1", "two-2"]
    assert told["total"] == 3


def test_a_removed_sandbox_is_gone_with_its_credentials(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    assert client.delete(path).json() == {"deleted": "sandbox-1"}
    assert_error(client.get(path), 404, "SANDBOX_NOT_FOUND")
    assert_error(api.get("/tasks"), 401, "TOKEN_INVALID", "api_id")


def test_the_default_sandbox_cannot_be_removed(client: httpx.Client, api: Api) -> None:
    assert_error(client.delete("/_mock/sandboxes/default"), 409, "CONFLICT")
    assert api.get("/tasks").status_code == 200


def test_a_sandbox_goes_by_itself_when_its_time_is_over(client: httpx.Client, make: Making) -> None:
    path, api = make(ttl="1h")
    assert 3590 < client.get(path).json()["ttl"] <= 3600
    path, api = make(ttl=0)
    assert_error(api.get("/tasks"), 401, "TOKEN_INVALID", "api_id")
    assert client.get(path).status_code == 404


def test_a_reset_takes_back_data_ids_clock_limits_and_journal(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    before = api.post("/tasks", data={"title": "first"})
    client.put(f"{path}/clock", json={"mode": "real"})
    assert client.post(f"{path}/reset").status_code == 200
    again = api.post("/tasks", data={"title": "first"})
    assert (again.content, again.headers["x-request-id"]) == (before.content, before.headers["x-request-id"])


def test_a_reset_leaves_every_other_sandbox_alone(client: httpx.Client, make: Making) -> None:
    (path, _), (_, two) = make(), make()
    grown(two)
    client.post(f"{path}/reset")
    assert titles(two)[0] == "Written by a test"


def test_a_snapshot_is_gone_back_to_as_often_as_one_likes(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, api = box
    grown(api, "kept")
    assert client.post(f"{path}/snapshots", json={"name": "one"}).status_code == 201
    for _ in range(2):
        grown(api, "lost")
        client.post(f"{path}/clock/advance", json={"by": "3d"})
        assert client.post(f"{path}/snapshots/one/restore").json()["now"] == client.get(path).json()["now"]
        assert titles(api)[0] == "kept"
        assert client.get(f"{path}/clock").json()["at"] == "2026-03-02T09:00:00+00:00"


def test_snapshots_are_listed_and_forgotten(client: httpx.Client, box: tuple[str, Api]) -> None:
    path, _ = box
    client.post(f"{path}/snapshots", json={"name": "one"})
    listed = client.get(f"{path}/snapshots").json()
    assert [(each["name"], each["taken"]) for each in listed["data"]] == [("one", 1_772_442_000)]
    assert_error(client.post(f"{path}/snapshots", json={"name": "one"}), 409, "CONFLICT", "name")
    assert client.delete(f"{path}/snapshots/one").json() == {"deleted": "one"}
    assert_error(client.post(f"{path}/snapshots/one/restore"), 404, "SNAPSHOT_NOT_FOUND")
    assert_error(client.delete(f"{path}/snapshots/one"), 404, "SNAPSHOT_NOT_FOUND")


def test_a_sandbox_keeps_a_bounded_number_of_snapshots(client: httpx.Client, make: Making) -> None:
    path, _ = make(profile="empty")
    answers = [client.post(f"{path}/snapshots", json={"name": f"s{n}"}) for n in range(65)]
    assert {answer.status_code for answer in answers[:64]} == {201}
    assert_error(answers[64], 409, "CONFLICT")


def test_a_fork_starts_as_the_other_is_and_goes_its_own_way(make: Making, box: tuple[str, Api]) -> None:
    _, api = box
    grown(api, "before the fork")
    _, fork = make(**{"from": "sandbox-1"})
    grown(api, "after the fork")
    assert titles(fork)[0] == "before the fork"
    grown(fork, "only in the fork")
    assert titles(api)[0] == "after the fork"


def test_a_fork_of_a_snapshot_starts_there_and_is_reset_to_there(
    client: httpx.Client, make: Making, box: tuple[str, Api]
) -> None:
    path, api = box
    grown(api, "kept")
    client.post(f"{path}/snapshots", json={"name": "one"})
    grown(api, "later")
    other, fork = make(**{"from": "sandbox-1/one"})
    grown(fork, "in the fork")
    client.post(f"{other}/reset")
    assert titles(fork)[0] == "kept"


def test_equal_sandboxes_give_equal_answers_whatever_others_do(make: Making, api: Api) -> None:
    (_, one), (_, two) = make(clock=FROZEN), make(clock=FROZEN)
    calls = [("POST", "/tasks"), ("GET", "/tasks"), ("POST", "/sprints"), ("GET", "/user-stories"), ("GET", "/sprints")]
    told = []
    for each in (one, two):
        answers = [each.call(method, path, data={"title": f"{method} {path}"}) for method, path in calls]
        told.append([answer.content for answer in answers])
        grown(api)
    assert told[0] == told[1]


def test_an_attached_file_is_had_from_its_own_sandbox(client: httpx.Client, make: Making) -> None:
    links = []
    for _, api in (make(clock=FROZEN), make(clock=FROZEN)):
        task = api.post("/tasks", data={"title": "x"}).json()["uuid"]
        files = {"file": ("note.txt", f"of {api.pair['api_id']}".encode(), "text/plain")}
        params = {"attachmentable_type": "issues", "attachmentable_id": task}
        link = api.post("/attachments", params=params, files=files).json()
        links.append((api, (link.get("data") or link)["download"]["url"]))
    for api, url in links:
        assert client.get(url).text == f"of {api.pair['api_id']}"


BAD = [
    ({"from": "default", "seed": 3}, 400, "INVALID_PARAMETER", "seed"),
    ({"from": "nobody"}, 404, "SANDBOX_NOT_FOUND", None),
    ({"from": "default/none"}, 404, "SNAPSHOT_NOT_FOUND", None),
    ({"profile": "none"}, 400, "INVALID_PARAMETER", "profile"),
    ({"locale": "xx_YY"}, 400, "INVALID_PARAMETER", "locale"),
    ({"seed": -1}, 400, "INVALID_PARAMETER", "seed"),
    ({"tasks": "many"}, 400, "INVALID_PARAMETER", "tasks"),
    ({"ttl": "soon"}, 400, "INVALID_PARAMETER", "ttl"),
    ({"name": "line\nbreak"}, 400, "INVALID_PARAMETER", "name"),
    ({"clock": {"mode": "real", "at": 1}}, 400, "INVALID_PARAMETER", "clock"),
    ({"clock": {"mode": "frozen", "rate": 2}}, 400, "INVALID_PARAMETER", "clock"),
    ({"clock": {"mode": "stopped"}}, 400, "INVALID_PARAMETER", "clock.mode"),
    ({"clock": {}}, 400, "MISSING_PARAMETER", "clock.mode"),
    ({"profil": "demo"}, 400, "INVALID_PARAMETER", "profil"),
]


@pytest.mark.parametrize(("body", "status", "code", "param"), BAD)
def test_a_wrong_wish_is_refused_and_makes_nothing(
    client: httpx.Client, body: dict[str, Any], status: int, code: str, param: str | None
) -> None:
    assert_error(client.post("/_mock/sandboxes", json=body), status, code, param)
    assert client.get("/_mock/sandboxes").json()["total"] == 1
