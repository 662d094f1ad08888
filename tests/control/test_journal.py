"""The journal over HTTP: what it holds, how it is filtered, and what it answers to what a test expects."""

import re
from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error, pair_of
from tests.control.conftest import Making

Box = tuple[str, Api]


def journal(client: httpx.Client, box: Box, **params: Any) -> list[dict[str, Any]]:
    """The exchanges that a filter leaves."""
    rows: list[dict[str, Any]] = client.get(f"{box[0]}/journal", params=params).json()["data"]
    return rows


def called(api: Api) -> None:
    """Four calls: a list, a create by form, one by JSON that is refused, an unknown path."""
    api.get("/tasks", limit=1)
    api.post("/tasks", data={"title": "A form"})
    api.post("/tasks", json={"titel": "JSON"})
    api.get("/taks")


def test_an_entry_has_all_that_happened(client: httpx.Client, box: Box) -> None:
    called(box[1])
    first, second, third, fourth = journal(client, box)
    assert [each["status"] for each in (first, second, third, fourth)] == [200, 201, 400, 404]
    assert (second["method"], second["path"], second["template"]) == ("POST", "/tasks", "/tasks")
    assert (second["dialect"], second["credential"], second["at"]) == ("keyed", "default", "2026-03-02T09:00:00+00:00")
    assert second["request"]["body"] == {"title": "A form"}
    assert second["answer"]["body"]["title"] == "A form"
    assert second["duration_ms"] > 0
    assert third["request"]["body"] == {"titel": "JSON"}
    assert (third["error_code"], fourth["error_code"]) == ("MISSING_PARAMETER", "ROUTE_NOT_FOUND")
    assert first["request"]["query"] == {**box[1].pair, "limit": "1"}
    assert fourth["template"] is None


def test_an_exchange_is_had_by_the_id_in_its_answer(client: httpx.Client, box: Box) -> None:
    id = box[1].get("/tasks").headers["x-request-id"]
    assert client.get(f"{box[0]}/journal/{id}").json()["id"] == id
    assert_error(client.get(f"{box[0]}/journal/none-1"), 404, "EXCHANGE_NOT_FOUND")


FILTERS = [
    ({"method": "POST"}, [2, 3]),
    ({"path": "/tasks"}, [1, 2, 3]),
    ({"path": "/tas*"}, [1, 2, 3]),
    ({"status": "4xx"}, [3, 4]),
    ({"status": "404"}, [4]),
    ({"dialect": "bearer"}, []),
    ({"credential": "read_only"}, []),
    ({"credential": "default", "method": "GET"}, [1, 4]),
    ({"since": "sandbox-1-2"}, [3, 4]),
    ({"limit": 3, "page": 2}, [4]),
    ({"fault": "fault-1"}, []),
]


@pytest.mark.parametrize(("params", "wanted"), FILTERS)
def test_the_journal_is_filtered_and_paged(
    client: httpx.Client, box: Box, params: dict[str, Any], wanted: list[int]
) -> None:
    called(box[1])
    assert [int(each["id"].rpartition("-")[2]) for each in journal(client, box, **params)] == wanted


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": "x"}, {"page": 0}, {"metod": "GET"}, {"format": "xml"}])
def test_a_filter_that_means_nothing_is_named(client: httpx.Client, box: Box, params: dict[str, Any]) -> None:
    answer = client.get(f"{box[0]}/journal", params=params)
    assert_error(answer, 400, "INVALID_PARAMETER", next(iter(params)))


def test_a_cleared_journal_is_empty_and_numbers_on(client: httpx.Client, box: Box) -> None:
    called(box[1])
    assert client.delete(f"{box[0]}/journal").json() == {"deleted": 4}
    box[1].get("/tasks")
    assert [each["id"] for each in journal(client, box)] == ["sandbox-1-5"]


def test_what_opens_no_sandbox_is_in_a_journal_of_its_own(client: httpx.Client, box: Box) -> None:
    client.get("/tasks", params={"api_id": "x", "project_key": "y"})
    (stray,) = client.get("/_mock/sandboxes/stray/journal").json()["data"]
    assert (stray["error_code"], stray["credential"]) == ("TOKEN_INVALID", None)
    assert journal(client, box) == []


def test_control_calls_are_never_journaled(client: httpx.Client, box: Box) -> None:
    client.get(box[0])
    assert journal(client, box) == []


def test_one_sandboxs_journal_shows_nothing_of_another(client: httpx.Client, make: Making) -> None:
    one, two = make(), make()
    called(one[1])
    assert journal(client, two) == []


def test_long_bodies_are_cut_and_say_so(client: httpx.Client, box: Box) -> None:
    box[1].post("/tasks", data={"title": "x", "description": "y" * 100_000})
    (entry,) = journal(client, box)
    assert entry["request"]["is_cut"] is entry["answer"]["is_cut"] is True
    assert entry["request"]["bytes"] > 100_000
    assert len(entry["request"]["body"]) == entry["request"]["kept"] == 8 * 1024
    assert entry["answer"]["bytes"] > entry["answer"]["kept"] == 4 * 1024


def test_an_uploaded_file_is_told_by_its_name(client: httpx.Client, box: Box) -> None:
    uuid = box[1].post("/tasks", data={"title": "x"}).json()["uuid"]
    params = {"attachmentable_type": "issues", "attachmentable_id": uuid}
    box[1].post("/attachments", params=params, files={"file": ("a.txt", b"abc", "text/plain")})
    entry = journal(client, box)[-1]
    assert entry["request"]["body"]["file"] == {"filename": "a.txt", "mimetype": "text/plain", "bytes": 3}


def test_bytes_that_are_no_text_are_shown_as_far_as_they_are(client: httpx.Client, box: Box) -> None:
    box[1].post("/tasks", content=b"title=%ff\xff")
    (entry,) = journal(client, box)
    assert entry["request"]["body"] == "title=%ff\N{REPLACEMENT CHARACTER}"


@pytest.mark.settings(journal_entries=5)
def test_the_ring_keeps_the_newest(client: httpx.Client, make: Making) -> None:
    one, two = make(profile="empty"), make(profile="empty")
    for _ in range(4):
        one[1].get("/tasks")
    two[1].get("/tasks")
    two[1].get("/tasks")
    assert [each["id"] for each in journal(client, one)] == ["sandbox-1-2", "sandbox-1-3", "sandbox-1-4"]
    assert len(journal(client, two)) == 2


@pytest.mark.settings(journal_entries=40)
def test_every_exchange_keeps_its_own_answer_however_many_there_are(client: httpx.Client, make: Making) -> None:
    boxes = [make(profile="empty"), make(profile="empty")]
    for number in range(60):
        boxes[number % 2][1].post("/tasks", data={"title": f"Number {number}", "description": "y" * (number * 150)})
    told = [journal(client, box) for box in boxes]
    for parity, rows in enumerate(told):
        titles = [f"Number {number}" for number in range(20 + parity, 60, 2)]
        assert [title_in(row["request"]["body"]) for row in rows] == titles
        assert [title_in(row["answer"]["body"]) for row in rows] == titles


def title_in(body: Any) -> str:
    """The title in a body, be it whole or the start of one."""
    found = re.search(r"Number.\d+", body["title"] if isinstance(body, dict) else body)
    assert found
    return found[0].replace("+", " ")


@pytest.mark.settings(journal_size="4MiB")
def test_a_ring_that_packs_many_together_is_filled_and_bounded_in_bytes(client: httpx.Client, box: Box) -> None:
    for number in range(600):
        box[1].post("/tasks", data={"name": f"{number} " + "y" * 8000})
    rows = journal(client, box, limit=1000)
    assert [int(row["request"]["body"]["name"].split()[0]) for row in rows] == [*range(600 - len(rows), 600)]
    assert 3.5 < sum(row["request"]["bytes"] + row["answer"]["bytes"] for row in rows) / 2**20 < 4.2


@pytest.mark.settings(journal_size="20KiB")
def test_the_ring_is_bounded_in_bytes(client: httpx.Client, box: Box) -> None:
    for _ in range(10):
        box[1].post("/tasks", data={"title": "x", "description": "y" * 4000})
    assert 1 <= len(journal(client, box)) < 4


def test_the_journal_is_had_as_har(client: httpx.Client, box: Box) -> None:
    called(box[1])
    log = client.get(f"{box[0]}/journal", params={"format": "har"}).json()["log"]
    assert (log["version"], len(log["entries"])) == ("1.2", 4)
    entry = log["entries"][1]
    assert entry["request"]["url"].startswith("http://localhost/tasks?api_id=")
    assert entry["request"]["postData"]["text"] == "title=A+form"
    assert entry["response"]["status"] == 201
    assert {"name": "content-type", "value": "application/json"} in entry["response"]["headers"]
    needed = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert all(needed <= each.keys() for each in log["entries"])


def verified(client: httpx.Client, box: Box, **body: Any) -> dict[str, Any]:
    """What verify says."""
    answer = client.post(f"{box[0]}/journal/verify", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


POSTS = {"method": "POST", "path": "/tasks"}
COUNTS = [
    ({}, True),
    ({"exactly": 2}, True),
    ({"exactly": 1}, False),
    ({"at_least": 2}, True),
    ({"at_least": 3}, False),
    ({"at_most": 2}, True),
    ({"at_most": 1}, False),
    ({"at_least": 1, "at_most": 2}, True),
    ({"at_least": 0, "at_most": 0}, False),
]


@pytest.mark.parametrize(("counts", "ok"), COUNTS)
def test_what_was_called_so_often_is_verified(client: httpx.Client, box: Box, counts: dict[str, int], ok: bool) -> None:
    called(box[1])
    told = verified(client, box, match=POSTS, **counts)
    assert (told["ok"], told["found"], told["ids"]) == (ok, 2, ["sandbox-1-2", "sandbox-1-3"])


def test_a_call_that_never_came_is_told_with_the_nearest_ones(client: httpx.Client, box: Box) -> None:
    called(box[1])
    told = verified(client, box, match=POSTS | {"body": {"title": "JSON"}})
    assert (told["ok"], told["found"]) == (False, 0)
    assert told["nearest"][0]["id"] == "sandbox-1-3"
    assert told["nearest"][0]["differences"] == [{"field": "body.title", "wanted": "JSON", "got": None}]
    assert told["nearest"][1]["differences"] == [{"field": "body.title", "wanted": "JSON", "got": "A form"}]


def test_an_order_is_verified_whatever_came_between(client: httpx.Client, box: Box) -> None:
    called(box[1])
    lists, posts, lost = {"method": "GET", "path": "/tasks"}, POSTS, {"status": 404}
    assert verified(client, box, order=[lists, lost])["ids"] == ["sandbox-1-1", "sandbox-1-4"]
    told = verified(client, box, order=[posts, lists])
    assert (told["ok"], told["found"], told["ids"]) == (False, 1, ["sandbox-1-2"])
    assert told["nearest"]


def test_only_what_came_since_is_verified(client: httpx.Client, box: Box) -> None:
    called(box[1])
    assert verified(client, box, match=POSTS, since="sandbox-1-2")["found"] == 1


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "body"),
        ({"match": {}, "order": [{}]}, "body"),
        ({"order": []}, "order"),
        ({"order": [{}], "exactly": 1}, "body"),
        ({"match": {}, "exactly": 1, "at_most": 2}, "body"),
        ({"match": {"verb": "GET"}}, "match.verb"),
        ({"match": {}, "exactly": -1}, "exactly"),
    ],
)
def test_an_expectation_that_means_nothing_is_refused(
    client: httpx.Client, box: Box, body: dict[str, Any], param: str
) -> None:
    assert_error(client.post(f"{box[0]}/journal/verify", json=body), 400, "INVALID_PARAMETER", param)


def test_waiting_for_what_is_there_is_over_at_once(client: httpx.Client, box: Box) -> None:
    called(box[1])
    told = client.post(f"{box[0]}/journal/wait", json={"match": POSTS, "count": 2, "timeout": "5m"}).json()
    assert (told["ok"], told["found"]) == (True, 2)


def test_waiting_ends_when_its_time_is_over(client: httpx.Client, box: Box) -> None:
    called(box[1])
    told = client.post(f"{box[0]}/journal/wait", json={"match": POSTS, "count": 3, "timeout": "50ms"}).json()
    assert (told["ok"], told["found"]) == (False, 2)
    answer = client.post(f"{box[0]}/journal/wait", json={"timeout": "1h"})
    assert_error(answer, 400, "INVALID_PARAMETER", "timeout")


def test_a_fault_is_noted_with_what_it_did(client: httpx.Client, box: Box) -> None:
    client.post(f"{box[0]}/faults", json={"do": {"status": 503}})
    box[1].get("/tasks")
    (entry,) = journal(client, box, fault="fault-1")
    assert (entry["status"], entry["fault"]) == (503, {"id": "fault-1", "phase": "before", "do": {"status": 503}})


def explained(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Why it was answered so."""
    told = client.get(f"/_mock/explain/{answer.headers['x-request-id']}")
    assert told.status_code == 200, told.text
    why: dict[str, Any] = told.json()
    return why


def test_a_missing_parameter_is_explained_by_the_nearest_name(client: httpx.Client, box: Box) -> None:
    why = explained(client, box[1].post("/tasks", data={"titel": "x", "colour": "red"}))
    assert (why["check"], why["param"]) == ("parameters", "title")
    assert why["parameters"]["missing"] == [{"name": "title", "nearest": "titel"}]
    assert {"name": "titel", "nearest": "title"} in why["parameters"]["unknown"]
    assert "title" in why["parameters"]["taken"]
    assert why["exchange"]["request"]["body"] == {"titel": "x", "colour": "red"}
    assert why["ledger"]["confidence"] == "documented"


def test_an_unknown_path_is_explained_by_the_nearest_route(client: httpx.Client, box: Box) -> None:
    why = explained(client, box[1].get("/task"))
    assert why["check"] == "route"
    assert why["nearest_routes"][0] == {"method": "GET", "path": "/tasks"}
    uuid = box[1].post("/tasks", data={"title": "x"}).json()["uuid"]
    why = explained(client, box[1].post(f"/tasks/{uuid}/dupliate"))
    assert why["nearest_routes"][0] == {"method": "POST", "path": "/tasks/{uuid}/duplicate"}


def test_a_wrong_method_is_explained_by_those_that_are_right(client: httpx.Client, box: Box) -> None:
    why = explained(client, box[1].call("PATCH", "/tasks"))
    assert why["check"] == "route"
    assert {each["path"] for each in why["nearest_routes"][:2]} == {"/tasks"}


def test_what_is_not_built_is_explained_by_the_ledger(client: httpx.Client, box: Box) -> None:
    why = explained(client, box[1].get("/tasks/filters"))
    assert why["status"] in (404, 501)
    assert why["ledger"]["resource"] == "tasks"


CHECKS = [
    ("read_only", "POST", "credentials"),
    ("revoked", "GET", "credentials"),
    ("suspended", "GET", "credentials"),
]


@pytest.mark.parametrize(("name", "method", "check"), CHECKS)
def test_a_refused_credential_is_explained(client: httpx.Client, box: Box, name: str, method: str, check: str) -> None:
    told = client.get(box[0]).json()["other_credentials"][name]
    why = explained(client, Api(client, pair_of(told)).call(method, "/tasks", data={"title": "x"}))
    assert (why["check"], why["exchange"]["credential"]) == (check, name)


def test_a_stray_a_fault_a_limit_a_body_and_a_success_are_explained(client: httpx.Client, box: Box) -> None:
    path, api = box
    assert explained(client, client.get("/tasks"))["check"] == "credentials"
    assert explained(client, api.get("/tasks"))["check"] is None
    assert explained(client, api.get("/tasks/none"))["check"] == "data"
    assert (
        explained(client, api.post("/tasks", content=b"{", headers={"content-type": "application/json"}))["check"]
        == "body"
    )
    client.put(f"{path}/rate-limit", json={"limits": "1/minute", "remaining": 0})
    assert explained(client, api.get("/tasks"))["check"] == "rate limit"
    client.put(f"{path}/rate-limit", json={"limits": None})
    client.post(f"{path}/faults", json={"do": {"status": 503}})
    why = explained(client, api.get("/tasks"))
    assert (why["check"], why["fault"]["id"]) == ("fault", "fault-1")
    for id in ("none-1", "sandbox-1-999", "x"):
        assert_error(client.get(f"/_mock/explain/{id}"), 404, "EXCHANGE_NOT_FOUND")


def test_metrics_count_requests_sandboxes_and_faults(client: httpx.Client, box: Box) -> None:
    called(box[1])
    client.get("/tasks")
    client.post(f"{box[0]}/faults", json={"do": {"wire": {"drip": 1_000_000}}})
    box[1].get("/tasks")
    text = client.get("/_mock/metrics").text
    labels = 'dialect="keyed",method="POST",route="/tasks",sandbox="made",status="201"'
    assert f"gitscrum_mock_request_seconds_count{{{labels}}} 1.0" in text
    assert 'route="",sandbox="stray",status="401"' in text
    assert 'gitscrum_mock_sandboxes{kind="made"} 1.0' in text
    assert 'gitscrum_mock_faults_total{fault="drip"} 1.0' in text
