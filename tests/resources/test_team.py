"""The team's allocations, as a client sees them."""

from collections import Counter
from typing import Any

import pytest

from tests.conftest import Api


def team_of(api: Api) -> list[dict[str, Any]]:
    """The members with their tasks."""
    told: list[dict[str, Any]] = api.get("/project-team-allocations/").json()["data"]
    return told


def test_every_member_has_the_documented_keys_and_every_column(api: Api) -> None:
    columns = [(row["title"], row["color"]) for row in api.get("/project-templates/workflow").json()["data"]]
    for number, member in enumerate(team_of(api), 1):
        assert member.keys() == {"user", "stats", "is_leader", "color", "contribution", "role"}
        assert member["user"].keys() == {"name", "headline", "username", "avatar"}
        assert member["stats"]["id"] == number
        assert [(row["title"], row["color"]) for row in member["stats"]["workflow"]] == columns
        assert [row["id"] for row in member["stats"]["workflow"]] == list(range(1, len(columns) + 1))


def test_the_totals_are_those_of_the_assigned_tasks(api: Api) -> None:
    tasks = api.get("/tasks", limit=100).json()["data"]
    counted = Counter((user["username"], task["workflow"]["title"]) for task in tasks for user in task["users"])
    for member in team_of(api):
        for column in member["stats"]["workflow"]:
            assert column["total"] == counted[member["user"]["username"], column["title"]]


def test_a_contribution_is_a_share_of_the_completed_tasks(api: Api) -> None:
    tasks = [task for task in api.get("/tasks", limit=100).json()["data"] if task["state"] == 1]
    for member in team_of(api):
        theirs = [task for task in tasks if member["user"] in task["users"]]
        assert member["contribution"] == len(theirs) * 100 // len(tasks)


@pytest.mark.settings(profile="empty")
def test_a_team_without_tasks_contributes_nothing(api: Api) -> None:
    assert {member["contribution"] for member in team_of(api)} == {0}
    assert team_of(api)[0]["role"] == {"id": 1, "name": "owner"}
    assert [member["is_leader"] for member in team_of(api)].count(True) == 1
