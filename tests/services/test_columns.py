"""The columns of the board, in the services API."""

from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
KEYS = {
    "id", "slug", "title", "color", "state", "position", "default", "description", "autoarchive", "clear_old_labels",
    "clear_old_users", "emails", "labels", "users", "status", "tasks", "value_fixed", "wip",
}  # fmt: skip


def columns(service: Service) -> list[dict[str, Any]]:
    """The board's columns."""
    return data(service.get("/projects-workflows", **SLUGS))  # type: ignore[no-any-return]


def test_a_column_has_every_documented_key(web: Service) -> None:
    for column in columns(web):
        assert column.keys() >= KEYS
    totals = sum(column["tasks"]["total"] for column in columns(web))
    assert totals == web.get("/tasks", **SLUGS, per_page=1).json()["total"]


def test_addresses_come_as_an_array(web: Service) -> None:
    made = data(web.post("/projects-workflows", SLUGS | {"title": "Pier", "emails": 'a@b.example, c"d@e.example'}))
    assert made["emails"] == ["a@b.example", 'c"d@e.example']


@pytest.mark.parametrize("name", ["state", "status"])
def test_a_column_of_review_is_under_way(web: Service, name: str) -> None:
    before = data(web.get("/workspaces/saltmarsh-labs/stats"))
    made = data(web.post("/projects-workflows", SLUGS | {"title": "Pier", name: 3}))
    assert (made["state"], made["status"]) == (3, {"code": 3, "title": "Review"})
    task = data(web.get("/tasks", **SLUGS, status="todo"))[0]
    put = web.put(f"/tasks/{task['uuid']}", {"workflow_id": made["id"]})
    assert put.is_success, put.text
    assert task["uuid"] in [row["uuid"] for row in data(web.get("/tasks", **SLUGS, status="in-progress", per_page=100))]
    assert before.keys() == data(web.get("/workspaces/saltmarsh-labs/stats")).keys()
    assert_refused(web.post("/projects-workflows", SLUGS | {"title": "x", name: 4}), 422, "VALIDATION_FAILED", name)
