"""Pages, orders and envelopes of lists."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error


def test_a_list_carries_its_five_numbers_beside_data(api: Api) -> None:
    told = api.get("/tasks").json()
    assert told.keys() == {"data", "total", "count", "per_page", "current_page", "total_pages"}
    assert (told["total"], told["count"], told["per_page"], told["current_page"], told["total_pages"]) == (
        60,
        15,
        15,
        1,
        4,
    )


def test_count_is_what_the_page_holds_and_total_pages_the_ceiling(api: Api) -> None:
    told = api.get("/tasks", limit=50, page=2).json()
    assert (told["count"], len(told["data"]), told["total_pages"]) == (10, 10, 2)


def test_past_the_end_there_is_an_empty_page(api: Api) -> None:
    answer = api.get("/tasks", page=99)
    assert (answer.status_code, answer.json()["data"], answer.json()["total"]) == (200, [], 60)


@pytest.mark.settings(profile="edge")
@pytest.mark.parametrize("limit", [1, 7, 15, 100])
def test_pages_never_overlap_though_many_were_created_in_one_second(api: Api, limit: int) -> None:
    pages = range(1, -(-30 // limit) + 1)
    seen = [row["uuid"] for page in pages for row in api.get("/tasks", page=page, limit=limit).json()["data"]]
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize(
    ("sort", "key", "falling"),
    [
        ("id", "id", False),
        ("-id", "id", True),
        ("title:asc", "title", False),
        ("title:desc", "title", True),
        ("slug,desc", "slug", True),
    ],
)
def test_a_list_is_sorted_as_asked(api: Api, sort: str, key: str, falling: bool) -> None:
    values = [row[key] for row in api.get("/tasks", sort=sort, limit=100).json()["data"]]
    assert values == sorted(values, reverse=falling)


def test_a_direction_alone_turns_the_lists_own_order(api: Api) -> None:
    newest = [row["id"] for row in api.get("/tasks", limit=100).json()["data"]]
    oldest = [row["id"] for row in api.get("/tasks", limit=100, sort="ASC").json()["data"]]
    assert newest == oldest[::-1] == [row["id"] for row in api.get("/tasks", limit=100, sort="DESC").json()["data"]]


@pytest.mark.parametrize("value", ["0", "101", "-1", "1.5", "many", "", "1" * 30, "٣"])
def test_a_limit_out_of_range_is_named(api: Api, value: str) -> None:
    assert_error(api.get("/tasks", limit=value), 400, "INVALID_PARAMETER", "limit")


@pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 18])
def test_a_page_out_of_range_is_named(api: Api, value: str) -> None:
    assert_error(api.get("/tasks", page=value), 400, "INVALID_PARAMETER", "page")


@pytest.mark.parametrize("value", ["nothing", "title:up", "users", "-", "title;drop"])
def test_an_order_that_does_not_exist_is_named(api: Api, value: str) -> None:
    assert_error(api.get("/tasks", sort=value), 400, "INVALID_PARAMETER", "sort")


def test_an_impossible_filter_names_itself(api: Api) -> None:
    assert_error(api.get("/tasks", workflow="sideways"), 400, "INVALID_PARAMETER", "workflow")


@pytest.mark.settings(profile="empty")
def test_an_empty_list_has_one_page(api: Api) -> None:
    told: dict[str, Any] = api.get("/tasks").json()
    assert (told["data"], told["total"], told["total_pages"]) == ([], 0, 1)
