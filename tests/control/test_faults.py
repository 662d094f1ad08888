"""Fault rules over HTTP: which requests they hit, and what those are answered."""

import time
from typing import Any

import httpx
import pytest

from tests.conftest import Api, assert_error
from tests.control.conftest import FROZEN, Making

Box = tuple[str, Api]


def add(client: httpx.Client, box: Box, do: dict[str, Any], **rule: Any) -> str:
    """Add a rule; its id."""
    answer = client.post(f"{box[0]}/faults", json={"do": do, **rule})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def statuses(api: Api, count: int, path: str = "/tasks") -> list[int]:
    """What so many calls are answered."""
    return [api.get(path).status_code for _ in range(count)]


WHENS = [
    ("always", [503] * 6),
    ({"first": 2}, [503, 503, 200, 200, 200, 200]),
    ({"nth": 3}, [200, 200, 503, 200, 200, 200]),
    ({"every": 2}, [200, 503, 200, 503, 200, 503]),
    ({"window": [2, 4]}, [200, 503, 503, 503, 200, 200]),
    ({"probability": 0}, [200] * 6),
    ({"probability": 1}, [503] * 6),
]


@pytest.mark.parametrize(("when", "wanted"), WHENS)
def test_a_rule_hits_the_requests_that_it_counts_to(
    client: httpx.Client, box: Box, when: Any, wanted: list[int]
) -> None:
    add(client, box, {"status": 503}, when=when)
    assert statuses(box[1], 6) == wanted


def test_chance_repeats_with_the_seed(client: httpx.Client, make: Making) -> None:
    runs = []
    for seed in (1, 1, 2):
        box = make(profile="empty", seed=seed)
        add(client, box, {"status": 500}, when={"probability": 0.5})
        runs.append(statuses(box[1], 40))
    assert runs[0] == runs[1] != runs[2]
    assert {200, 500} == {*runs[0]}


def test_a_fault_speaks_the_callers_dialect(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 503, "retry_after": 7})
    answer = box[1].get("/tasks")
    assert_error(answer, 503, "SERVICE_UNAVAILABLE")
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 429, 451, 500, 501, 502, 504, 599]
)
def test_a_fault_can_have_any_status_of_failure(client: httpx.Client, box: Box, status: int) -> None:
    add(client, box, {"status": status, "message": "On purpose."})
    told = box[1].get("/tasks")
    assert (told.status_code, told.json()["message"]) == (status, "On purpose.")
    assert told.json()["error_code"]


def test_a_fault_says_what_it_is_told_to(client: httpx.Client, box: Box) -> None:
    do = {"status": 500, "error_code": "ODD_THING", "headers": {"X-Odd": "yes"}}
    add(client, box, do, when={"nth": 1})
    add(client, box, {"status": 502, "body": "<h1>Bad gateway</h1>", "headers": {"Content-Type": "text/html"}})
    first, second = box[1].get("/tasks"), box[1].get("/tasks")
    assert (first.json()["error_code"], first.headers["x-odd"]) == ("ODD_THING", "yes")
    assert (second.text, second.headers["content-type"]) == ("<h1>Bad gateway</h1>", "text/html")
    add(client, box, {"status": 500, "body": {"odd": True}}, match={"path": "/sprints"})
    client.delete(f"{box[0]}/faults/fault-2")
    assert box[1].get("/sprints").json() == {"odd": True}


def test_a_faulted_write_writes_nothing_before_and_all_after(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 503}, when={"nth": 1}, phase="before")
    add(client, box, {"status": 503}, when={"nth": 1}, phase="after")
    answers = [box[1].post("/tasks", data={"title": title}) for title in ("lost", "kept", "third")]
    assert [answer.status_code for answer in answers] == [503, 503, 201]
    assert [task["title"] for task in box[1].get("/tasks", sort="-id").json()["data"][:2]] == ["third", "kept"]


def test_a_refused_request_meets_its_fault_all_the_same(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 502}, phase="after")
    assert statuses(box[1], 1, "/tasks/none") == [502]
    assert statuses(box[1], 1, "/nowhere") == [502]


MATCHES = [
    ({"method": "post"}, True),
    ({"method": "GET"}, False),
    ({"path": "/tasks/{id}/duplicate"}, True),
    ({"path": "/tasks/{uuid}"}, False),
    ({"path": "/tasks/*"}, True),
    ({"path": "/sprints*"}, False),
    ({"dialect": "keyed"}, True),
    ({"dialect": "bearer"}, False),
    ({"credential": "default"}, True),
    ({"credential": "read_only"}, False),
    ({"query": {"page": 2}}, True),
    ({"query": {"page": "3"}}, False),
    ({"query": {"limit": None}}, True),
    ({"query": {"page": None}}, False),
    ({"body": {"title": "Ship*"}}, True),
    ({"body": {"title": "ship*"}}, False),
    ({"body": {"tags": ["a", "b"], "deep": {"x": 1}}}, True),
    ({"body": {"deep": {"x": True}}}, True),
    ({"body": {"tags": ["a"]}}, False),
    ({"header": {"X-Test": "o*"}}, True),
    ({"header": {"X-Test": None}}, False),
]


@pytest.mark.parametrize(("match", "is_met"), MATCHES)
@pytest.mark.parametrize("kind", ["data", "json"])
def test_a_rule_hits_what_it_matches(
    client: httpx.Client, box: Box, match: dict[str, Any], is_met: bool, kind: str
) -> None:
    add(client, box, {"status": 418}, match=match)
    form = {"title": "Ship it", "tags[]": ["a", "b"], "deep[x]": "1"}
    body = form if kind == "data" else {"title": "Ship it", "tags": ["a", "b"], "deep": {"x": 1}}
    more: Any = {kind: body, "headers": {"x-test": "on"}, "params": {"page": "2"}}
    assert (box[1].post("/tasks/none/duplicate/", **more).status_code == 418) is is_met


def test_the_first_rule_that_hits_keeps_the_request(client: httpx.Client, box: Box) -> None:
    one = add(client, box, {"status": 500}, when={"first": 1})
    two = add(client, box, {"status": 502}, when={"first": 1})
    assert statuses(box[1], 3) == [500, 502, 200]
    told = client.get(f"{box[0]}/faults").json()
    assert [(each["id"], each["seen"], each["hits"]) for each in told["data"]] == [(one, 3, 1), (two, 2, 1)]


def test_a_rule_ends_after_its_hits_or_its_time(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 500}, max_hits=2)
    add(client, box, {"status": 502}, expires=0)
    assert statuses(box[1], 3) == [500, 500, 200]
    assert [each["max_hits"] for each in client.get(f"{box[0]}/faults").json()["data"]] == [2]


def test_rules_are_removed_one_by_one_or_all(client: httpx.Client, box: Box) -> None:
    ids = [add(client, box, {"status": 500}) for _ in range(3)]
    assert client.delete(f"{box[0]}/faults/{ids[1]}").json() == {"deleted": ids[1]}
    assert_error(client.delete(f"{box[0]}/faults/{ids[1]}"), 404, "FAULT_NOT_FOUND")
    assert client.delete(f"{box[0]}/faults").json() == {"deleted": [ids[0], ids[2]]}
    assert statuses(box[1], 1) == [200]


def test_a_reset_takes_the_faults_away(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 500})
    client.post(f"{box[0]}/reset")
    assert statuses(box[1], 1) == [200]
    assert client.get(f"{box[0]}/faults").json() == {"data": [], "total": 0}


def test_faults_of_one_sandbox_are_not_met_in_another(client: httpx.Client, make: Making) -> None:
    one, two = make(), make()
    add(client, one, {"status": 500})
    assert statuses(two[1], 1) == [200]


def test_control_answers_while_everything_else_fails(client: httpx.Client, box: Box) -> None:
    add(client, box, {"status": 500})
    assert client.get(box[0]).status_code == 200


def test_a_faulted_request_counts_and_one_over_the_limit_meets_no_fault(client: httpx.Client, box: Box) -> None:
    client.put(f"{box[0]}/rate-limit", json={"limits": "2/minute"})
    add(client, box, {"status": 500})
    answers = [box[1].get("/tasks") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 500, 429]
    assert answers[0].headers["x-ratelimit-remaining"] == "1"
    assert client.get(f"{box[0]}/faults").json()["data"][0]["hits"] == 2


@pytest.mark.parametrize(
    "delay",
    ["150ms", {"fixed": 0.15}, {"uniform": ["150ms", "160ms"]}, {"log_normal": {"median": "170ms", "sigma": 0.01}}],
)
def test_a_delay_holds_the_answer_back_and_leaves_it_as_it_is(client: httpx.Client, box: Box, delay: Any) -> None:
    wanted = box[1].get("/tasks").content
    add(client, box, {"delay": delay})
    began = time.monotonic()
    assert box[1].get("/tasks").content == wanted
    assert time.monotonic() - began >= 0.15


def test_a_preview_tells_what_a_request_would_meet_and_counts_nothing(client: httpx.Client, box: Box) -> None:
    one = add(client, box, {"status": 500}, match={"method": "POST", "body": {"title": "x"}}, when={"nth": 1})
    asked = {"method": "post", "path": "/tasks", "body": {"title": "x"}}
    for _ in range(2):
        told = client.post(f"{box[0]}/faults/preview", json=asked).json()
        assert (told["fault"], told["template"]) == (one, "/tasks")
    told = client.post(f"{box[0]}/faults/preview", json={"path": "/tasks"}).json()
    assert told["fault"] is None
    assert told["rules"][0]["differences"] == [
        {"field": "method", "wanted": "POST", "got": "GET"},
        {"field": "body.title", "wanted": "x", "got": None},
    ]
    told = client.post(f"{box[0]}/faults/preview", json=asked | {"body": "title=x"}).json()
    assert told["fault"] == one
    assert client.post(f"{box[0]}/faults/preview", json={"path": "/nowhere"}).json()["template"] is None


def test_request_headers_act_on_their_own_request(box: Box) -> None:
    _, api = box
    assert_error(api.call("GET", "/tasks", headers={"X-Mock-Status": "503"}), 503, "SERVICE_UNAVAILABLE")
    began = time.monotonic()
    assert api.call("GET", "/tasks", headers={"X-Mock-Delay": "120ms"}).status_code == 200
    assert time.monotonic() - began >= 0.12
    assert api.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Mock-Status", "200"), ("X-Mock-Status", "x"), ("X-Mock-Delay", "soon"), ("X-Mock-Wire", "cut")],
)
def test_a_fault_header_that_means_nothing_is_named(box: Box, name: str, value: str) -> None:
    assert_error(box[1].call("GET", "/tasks", headers={name: value}), 400, "INVALID_PARAMETER", name)


@pytest.mark.settings(header_faults=False)
def test_header_faults_can_be_switched_off(box: Box) -> None:
    assert box[1].call("GET", "/tasks", headers={"X-Mock-Status": "503"}).status_code == 200


def test_a_connection_cannot_break_where_there_is_none(client: httpx.Client, box: Box) -> None:
    add(client, box, {"wire": "reset"})
    assert box[1].get("/tasks").status_code == 500
    client.delete(f"{box[0]}/faults")
    add(client, box, {"wire": {"drip": 100_000}})
    assert box[1].get("/tasks").json()["total"] == 60


BAD = [
    ({}, "do"),
    ({"do": {}}, "do"),
    ({"do": {"status": 200}}, "do.status"),
    ({"do": {"status": 600}}, "do.status"),
    ({"do": {"message": "x", "delay": 1}}, "do"),
    ({"do": {"status": 500, "headers": {"Content-Length": "3"}}}, "do.headers"),
    ({"do": {"status": 500, "headers": {"X": "a\r\nY: b"}}}, "do.headers"),
    ({"do": {"status": 500, "headers": {"X Y": "a"}}}, "do.headers"),
    ({"do": {"status": 500, "error_code": "no code"}}, "do.error_code"),
    ({"do": {"wire": "cut"}}, "do.wire.kind"),
    ({"do": {"wire": {"drip": 0}}}, "do.wire.rate"),
    ({"do": {"delay": "soon"}}, "do.delay.fixed"),
    ({"do": {"delay": {}}}, "do.delay"),
    ({"do": {"delay": {"uniform": [1]}}}, "do.delay.uniform.1"),
    ({"do": {"status": 500}, "when": "often"}, "when"),
    ({"do": {"status": 500}, "when": {"first": 0}}, "when.first"),
    ({"do": {"status": 500}, "when": {"first": 1, "nth": 2}}, "when"),
    ({"do": {"status": 500}, "when": {"window": [3, 2]}}, "when"),
    ({"do": {"status": 500}, "when": {"probability": 2}}, "when.probability"),
    ({"do": {"status": 500}, "match": {"verb": "GET"}}, "match.verb"),
    ({"do": {"status": 500}, "expires": "never"}, "expires"),
    ({"do": {"status": 500}, "max_hits": 0}, "max_hits"),
    ({"do": {"wire": "truncate"}, "phase": "before"}, "body"),
]


@pytest.mark.parametrize(("body", "param"), BAD)
def test_a_rule_that_cannot_be_is_refused(client: httpx.Client, box: Box, body: dict[str, Any], param: str) -> None:
    answer = client.post(f"{box[0]}/faults", json=body)
    code = "MISSING_PARAMETER" if "required" in answer.json()["message"] else "INVALID_PARAMETER"
    assert_error(answer, 400, code, param)
    assert client.get(f"{box[0]}/faults").json()["total"] == 0


def test_a_sandbox_keeps_a_bounded_number_of_rules(client: httpx.Client, make: Making) -> None:
    box = make(profile="empty", clock=FROZEN)
    answers = [client.post(f"{box[0]}/faults", json={"do": {"status": 500}}).status_code for _ in range(1001)]
    assert answers == [201] * 1000 + [409]
