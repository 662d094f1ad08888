"""Whatever the encoding, the same values are the same request; whatever the bytes, an answer in shape."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Api

relaxed = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
titles = letters.filter(lambda text: text.strip())
switches = st.sampled_from([("1", True), ("0", False), ("true", True), ("false", False), ("on", True)])


def encodings(values: dict[str, Any], labels: list[str]) -> Iterator[dict[str, Any]]:
    """The same values as a form in three spellings, as JSON and as multipart."""
    form = [*values.items()]
    yield {"content": urlencode([*form, *[("labels[]", label) for label in labels]]), "headers": FORM}
    numbered = [(f"labels[{number}]", label) for number, label in enumerate(labels)]
    yield {"content": urlencode([*form, *numbered]), "headers": FORM}
    yield {"json": values | {"labels": labels}}
    yield {"files": [(name, (None, value.encode())) for name, value in [*form, *numbered]]}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@relaxed
@given(title=titles, description=letters, switch=switches, count=st.integers(0, 3))
def test_every_encoding_of_the_same_values_makes_the_same_task(
    api: Api, title: str, description: str, switch: tuple[str, bool], count: int
) -> None:
    labels = [label["title"] for label in api.get("/task-labels/project").json()["data"]][:count]
    values = {"title": title, "description": description, "is_bug": switch[0]}
    made = [api.post("/tasks", **each).json() for each in encodings(values, labels)]
    assert all("title" in task for task in made), made
    for task in made:
        assert task["title"] == title.strip()
        assert task["settings"]["is_bug"] is switch[1]
        assert sorted(label["title"] for label in task["labels"]) == sorted(labels)
    seen = [api.get(f"/tasks/{task['uuid']}").json()["data"]["description"] for task in made]
    assert len(set(seen)) == 1


KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        "*/*; =",
    ]
)
odd_bytes = st.binary(max_size=200) | st.text(alphabet='[]=&%{}":,x-\r\n1', max_size=80).map(str.encode)


def in_shape(answer: httpx.Response) -> None:
    """Below 500, and an error in the keyed shape where it is one."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert {"message", "error_code"} <= json.loads(answer.content).keys()


@relaxed
@given(body=odd_bytes, kind=KINDS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_no_body_whatever_is_a_bug(api: Api, method: str, body: bytes, kind: str) -> None:
    path = "/tasks" if method == "POST" else "/project-templates/type/1"
    in_shape(api.call(method, path, content=body, headers={"Content-Type": kind}))


@relaxed
@given(query=odd_bytes)
def test_no_query_whatever_is_a_bug(api: Api, query: bytes) -> None:
    pair = urlencode(api.pair)
    in_shape(api.client.get(f"/tasks?{pair}&{quote_from_bytes(query, safe='[]=&%')}"))


@relaxed
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_path_whatever_is_a_bug(api: Api, path: str) -> None:
    in_shape(api.get("/" + quote_from_bytes(path.encode(), safe="/{}")))
