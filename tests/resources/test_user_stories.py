"""User stories and their epics: what they count, and what is left when one goes."""

from typing import Any

from tests.conftest import Api, assert_error


def story(api: Api, **fields: Any) -> dict[str, Any]:
    """A new user story."""
    told: dict[str, Any] = api.post("/user-stories", data={"title": "As a tester", **fields}).json()["data"]
    return told


def shown(api: Api, made: dict[str, Any]) -> dict[str, Any]:
    """The story as it is now."""
    told: dict[str, Any] = api.get(f"/user-stories/{made['slug']}").json()["data"]
    return told


def test_a_story_counts_its_tasks_their_points_and_hours(api: Api) -> None:
    made = story(api)
    columns = api.get("/projects-workflows").json()["data"]
    effort = api.post("/project-templates/effort", data={"title": "Half", "effort": "2.5"}).json()["data"]
    for column in (columns[0], columns[0], columns[-1]):
        fields = {"title": "x", "user_story_id": made["id"], "workflow_id": column["id"], "effort_id": effort["id"]}
        task = api.post("/tasks", data=fields).json()
    worked = {"task_uuid": task["uuid"], "start": "2026-01-05 09:00:00", "end": "2026-01-05 10:30:00"}
    assert api.post("/time-trackings", data=worked).status_code == 201
    told = shown(api, made)["stats"]
    assert (told["total_tasks"], told["tasks"], told["closed_tasks"], told["percentage"]) == (3, 3, 1, 33)
    assert (told["story_points"], float(told["worked_hours"])) == (7.5, 1.5)


def test_a_story_without_tasks_counts_nothing(api: Api) -> None:
    told = story(api)
    assert told["stats"] | {"worked_hours": 0.0} == dict.fromkeys(told["stats"], 0)
    assert told["users"] == []


def test_null_takes_a_storys_priority_and_epic_away(api: Api) -> None:
    epic = api.post("/user-story-epics", data={"title": "Big"}).json()
    made = story(api, epic_uuid=epic["uuid"], user_story_priority_id="1", acceptance_criteria="- it works")
    assert (made["epic"]["uuid"], made["priority"]["id"]) == (epic["uuid"], 1)
    nothing = {"epic_uuid": None, "user_story_priority_id": None, "acceptance_criteria": None}
    told = api.put(f"/user-stories/{made['slug']}", json=nothing).json()["data"]
    assert (told["epic"], told["priority"], told["acceptance_criteria"], told["title"]) == (
        None,
        None,
        "",
        made["title"],
    )


def test_two_stories_of_one_title_have_their_own_slug_and_code(api: Api) -> None:
    first, second = story(api), story(api)
    assert first["slug"] != second["slug"]
    assert int(second["code"].split("-")[1]) == int(first["code"].split("-")[1]) + 1


def test_a_deleted_story_leaves_its_tasks(api: Api) -> None:
    made = story(api)
    task = api.post("/tasks", data={"title": "x", "user_story_slug": made["slug"]}).json()
    assert api.delete(f"/user-stories/{made['slug']}").json() == {"data": {"deleted": True}}
    assert api.get(f"/tasks/{task['uuid']}").json()["data"]["user_story"] is None
    assert_error(api.get(f"/user-stories/{made['slug']}"), 404, "USER_STORY_NOT_FOUND")


def test_another_projects_story_is_not_found_and_its_epic_is_not_taken(api: Api, other: Any) -> None:
    made, epic = story(api), api.post("/user-story-epics", data={"title": "Ours"}).json()
    second = other("second_project")
    assert_error(second.put(f"/user-stories/{made['slug']}", data={"title": "x"}), 404, "USER_STORY_NOT_FOUND")
    answer = second.post("/user-stories", data={"title": "x", "epic_uuid": epic["uuid"]})
    assert_error(answer, 400, "INVALID_PARAMETER", "epic_uuid")
