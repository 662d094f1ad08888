"""Pages of any size and order never overlap, together hold everything once, and agree about their numbers."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Api, assert_error

relaxed = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LISTS = ["/tasks", "/sprints", "/user-stories", "/comments", "/time-trackings"]
SORTS = ["", "id", "-id", "id:asc", "id:desc", "id,desc", "ASC", "DESC", "asc"]


def walked(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """Every page of a list, its numbers checked on the way."""
    rows: list[dict[str, Any]] = []
    number, pages = 1, 1
    while number <= pages:
        told = api.get(path, page=number, **params).json()
        inside = told["data"]["data"] if isinstance(told["data"], dict) else told["data"]
        limit = int(params.get("limit", 15))
        assert (told["count"], told["per_page"], told["current_page"]) == (len(inside), limit, number)
        assert told["total_pages"] == max(1, -(-told["total"] // limit))
        assert len(inside) == min(limit, told["total"] - len(rows))
        rows += inside
        number, pages = number + 1, told["total_pages"]
    assert len(rows) == told["total"]
    return rows


def key_of(row: dict[str, Any]) -> int:
    """The id of a row; a time tracking has it in its time."""
    return int(row["time"]["id"] if "time" in row else row["id"])


@relaxed
@given(path=st.sampled_from(LISTS), limit=st.integers(1, 100), sort=st.sampled_from(SORTS))
def test_the_pages_of_a_list_hold_each_row_once(api: Api, path: str, limit: int, sort: str) -> None:
    rows = walked(api, path, limit=limit, **({"sort": sort} if sort else {}))
    keys = [key_of(row) for row in rows]
    assert len(set(keys)) == len(keys)
    assert set(keys) == {key_of(row) for row in walked(api, path, limit=100)}


@relaxed
@given(limit=st.integers(1, 30), falling=st.booleans(), field=st.sampled_from(["id", "title", "code", "created_at"]))
def test_a_list_is_sorted_as_asked(api: Api, limit: int, falling: bool, field: str) -> None:
    rows = walked(api, "/tasks", limit=limit, sort=f"{field}:{'desc' if falling else 'asc'}")
    values = [(row[field]["timestamp"] if field == "created_at" else row[field]) for row in rows]
    pairs = [(value, row["id"]) for value, row in zip(values, rows, strict=True)]
    assert pairs == sorted(pairs, reverse=falling)


@relaxed
@given(word=st.sampled_from(["a", "E", "zz", "%", "_", "'"]), state=st.sampled_from(["open", "done"]))
def test_a_filter_leaves_what_fits_and_drops_what_does_not(api: Api, word: str, state: str) -> None:
    every = walked(api, "/tasks", limit=100)
    found = walked(api, "/tasks", limit=7, title=word, workflow=state)
    fits = [task for task in every if word.lower() in task["title"].lower() and is_done(task) == (state == "done")]
    assert sorted(task["id"] for task in found) == sorted(task["id"] for task in fits)


def is_done(task: dict[str, Any]) -> bool:
    """Whether a task stands in a done column."""
    return bool(task["workflow"]["state"] == 1)


OUT = st.sampled_from(["0", "-1", "101", "1.5", "x", "1e3", "0x10", "²", "99999999999999999999"])


@relaxed
@given(name=st.sampled_from(["limit", "page"]), value=OUT)
@pytest.mark.parametrize("path", LISTS)
def test_what_is_out_of_range_is_named(api: Api, path: str, name: str, value: str) -> None:
    if (name, value) != ("page", "101"):
        assert_error(api.get(path, **{name: value}), 400, "INVALID_PARAMETER", name)


@relaxed
@given(page=st.integers(5, 2**40))
def test_past_the_end_there_is_an_empty_page(api: Api, page: int) -> None:
    told = api.get("/tasks", page=page)
    assert (told.status_code, told.json()["data"], told.json()["count"]) == (200, [], 0)
