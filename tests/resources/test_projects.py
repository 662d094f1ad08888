"""The project of a key pair, as a client sees it."""

from typing import Any

from tests.conftest import Api

KEYS = set(
    "id slug name budget code logo description category_id background background_thumb slack_webhook discord_webhook"
    " percent company status visibility integration dates stats labels users owner settings parent".split()
)


def project_of(api: Api) -> dict[str, Any]:
    """The project."""
    told: dict[str, Any] = api.get("/projects/").json()["data"]
    return told


def column_of(api: Api, state: int) -> int:
    """The id of a column of a state."""
    return next(
        int(row["id"]) for row in api.get("/project-templates/workflow").json()["data"] if row["state"] == state
    )


def test_a_key_pair_gets_its_one_project_with_every_documented_key(api: Api) -> None:
    project = project_of(api)
    assert project.keys() >= KEYS
    assert project["status"] == {"code": 0, "title": "In Progress"}
    assert project["visibility"] == {"is_private": False, "title": "Public"}
    assert project["integration"]["github"] == {"connected": False, "full_name": None, "html_url": None}
    assert project["dates"]["start"]["timestamp"] < project["dates"]["due"]["timestamp"]
    assert project["owner"]["username"] == project["users"][0]["username"]


def test_a_budget_is_a_number_and_its_text(api: Api, other: Any) -> None:
    assert project_of(api)["budget"] == {"raw": 48000.0, "formatted": "48,000.00"}
    assert project_of(other("second_project"))["budget"] == {"raw": 2800.0, "formatted": "2,800.00"}
    assert project_of(other("other_account"))["budget"] == {"raw": 0.0, "formatted": 0}


def test_another_pair_gets_another_project(api: Api, other: Any) -> None:
    assert len({project_of(client)["slug"] for client in (api, other("second_project"), other("other_account"))}) == 3


def test_the_figures_follow_the_tasks(api: Api) -> None:
    before = project_of(api)["stats"]
    assert (
        before["open"] + before["progress"] + before["closed"] == before["total"] == api.get("/tasks").json()["total"]
    )
    task = api.post("/tasks", data={"title": "One more"}).json()["uuid"]
    api.put(f"/tasks/{task}", data={"workflow_id": column_of(api, 1)})
    project = project_of(api)
    assert (project["stats"]["closed"], project["stats"]["total"]) == (before["closed"] + 1, before["total"] + 1)
    assert project["percent"] == (before["closed"] + 1) * 100 // (before["total"] + 1)
