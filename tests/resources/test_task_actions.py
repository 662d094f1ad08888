"""Sub-tasks, relatives, copies, moves and the changelog, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error


def created(api: Api, **fields: Any) -> dict[str, Any]:
    """A new task."""
    told: dict[str, Any] = api.post("/tasks", data={"title": "Ship it", **fields}).json()
    return told


def shown(api: Api, uuid: str) -> dict[str, Any]:
    """A task."""
    told: dict[str, Any] = api.get(f"/tasks/{uuid}").json()["data"]
    return told


def uuids(answer: Any) -> list[str]:
    """The uuids of a list."""
    return [row["uuid"] for row in answer.json()["data"]]


def columns(api: Api) -> list[dict[str, Any]]:
    """The project's columns."""
    told: list[dict[str, Any]] = api.get("/project-templates/workflow").json()["data"]
    return told


def test_sub_tasks_are_those_right_below(api: Api) -> None:
    top = created(api)
    below = created(api, parent_id=top["uuid"])
    created(api, parent_id=below["uuid"])
    answer = api.get(f"/tasks/{top['uuid']}/sub-tasks/")
    assert uuids(answer) == [below["uuid"]]
    assert answer.json()["total"] == 1


def test_a_copy_has_the_same_people_labels_and_checklists(api: Api) -> None:
    rich = max(api.get("/tasks", limit=100).json()["data"], key=lambda t: (len(t["labels"]), t["stats"]["checklists"]))
    name = rich["user"]["username"]
    label = rich["labels"][0]["title"]
    task = created(api, users=name, labels=label, due_date="2030-01-02", is_bug=1, value_fixed="10.15", description="x")
    list_id = api.post("/task-checklists", data={"task_uuid": task["uuid"], "title": "Steps"}).json()["data"]["id"]
    item = api.post("/task-checklists", data={"task_uuid": task["uuid"], "title": "One", "parent_id": list_id})
    api.put(f"/task-checklists/{item.json()['data']['id']}/toggle", data={"status": "true"})
    answer = api.post(f"/tasks/{task['uuid']}/duplicate/")
    assert answer.status_code == 201
    copy = answer.json()["data"]
    for key in (
        "title",
        "slug",
        "description",
        "users",
        "labels",
        "settings",
        "due_date",
        "workflow",
        "effort",
        "type",
    ):
        assert copy[key] == task[key], key
    assert (copy["stats"]["checklists"], copy["stats"]["checklist_percentage"]) == (1, 0)
    assert shown(api, task["uuid"])["stats"]["checklist_percentage"] == 100
    assert copy["uuid"] != task["uuid"]
    assert int(copy["code"].split("-")[1]) == int(task["code"].split("-")[1]) + 1


def test_a_task_and_its_copy_are_related_in_both_directions(api: Api) -> None:
    task = created(api)
    copies = [api.post(f"/tasks/{task['uuid']}/duplicate").json()["data"] for _ in range(2)]
    assert uuids(api.get(f"/tasks/{task['uuid']}/related-tasks")) == [copy["uuid"] for copy in reversed(copies)]
    assert uuids(api.get(f"/tasks/{copies[0]['uuid']}/related-tasks/")) == [task["uuid"]]
    assert uuids(api.get(f"/tasks/{created(api)['uuid']}/related-tasks")) == []


def test_a_copy_of_a_completed_task_is_completed_now(api: Api) -> None:
    done = next(column["id"] for column in columns(api) if column["state"] == 1)
    task = created(api, workflow_id=done)
    copy = api.post(f"/tasks/{task['uuid']}/duplicate").json()["data"]
    assert copy["completed_date"]["date_for_humans"] == "1 second ago"
    assert copy["completed_user"] == copy["user"]


def test_a_task_moves_to_a_column_of_its_project(api: Api) -> None:
    task, column = created(api), columns(api)[2]
    moved = api.post(f"/tasks/{task['uuid']}/move", data={"new_workflow_id": column["id"]})
    assert moved.status_code == 200
    assert moved.json()["data"]["workflow"]["id"] == column["id"]
    assert moved.json()["data"]["code"] == task["code"]


def test_a_task_moves_to_another_project_and_gets_a_code_there(api: Api, other: Any) -> None:
    second = other("second_project")
    there = second.get("/projects").json()["data"]
    before = {client: client.get("/tasks").json()["total"] for client in (api, second)}
    sprint = api.get("/sprints").json()["data"][0]
    story = api.get("/user-stories").json()["data"][0]
    kind = api.get("/project-templates/type").json()["data"][1]
    label = there["labels"][0]["title"]
    task = created(api, type_id=kind["id"], labels=label, sprint_slug=sprint["slug"], user_story_slug=story["slug"])
    below = created(api, parent_id=task["uuid"])
    api.post("/comments", data={"task_uuid": task["uuid"], "comment_text": "Comes along"})
    api.post("/time-trackings", data={"task_uuid": task["uuid"]})
    target = {"new_project_slug": there["slug"], "new_company_slug": there["company"]["slug"]}
    moved = api.post(f"/tasks/{task['uuid']}/move", data=target).json()["data"]
    assert moved == {**shown(second, task["uuid"]), "created_at": moved["created_at"]}
    assert moved["code"].startswith(f"#{there['code']}-")
    assert (moved["sprint"], moved["user_story"], moved["type"]["title"]) == (None, None, kind["title"])
    assert [each["title"] for each in moved["labels"]] == [label]
    assert moved["type"]["id"] != kind["id"]
    assert (moved["stats"]["comments"], moved["stats"]["time_trackers"]) == (1, 1)
    assert second.get("/comments", task_uuid=task["uuid"]).json()["total"] == 1
    assert shown(api, below["uuid"])["parent_id"] is None
    assert_error(api.get(f"/tasks/{task['uuid']}"), 404, "TASK_NOT_FOUND")
    assert api.get("/tasks").json()["total"] == before[api] + 1
    assert second.get("/tasks").json()["total"] == before[second] + 1


def test_people_who_are_not_members_there_stay_behind(api: Api, other: Any) -> None:
    second = other("second_project")
    there = second.get("/projects").json()["data"]
    members = {user["username"] for user in there["users"]}
    ours = [user["username"] for user in api.get("/projects").json()["data"]["users"]]
    stranger = next(name for name in ours if name not in members)
    task = created(api, users=f"{ours[0]},{stranger}")
    moved = api.post(f"/tasks/{task['uuid']}/move", data={"new_project_slug": there["slug"]}).json()["data"]
    assert [user["username"] for user in moved["users"]] == [ours[0]]


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({}, "MISSING_PARAMETER", "new_project_slug"),
        ({"new_project_slug": "nowhere"}, "INVALID_PARAMETER", "new_project_slug"),
        ({"new_project_slug": "harbour-site"}, "INVALID_PARAMETER", "new_project_slug"),
        ({"new_company_slug": "nobody", "new_workflow_id": "1"}, "INVALID_PARAMETER", "new_company_slug"),
        ({"new_workflow_id": "99999"}, "INVALID_PARAMETER", "new_workflow_id"),
        ({"new_project_slug": "customer-portal", "new_workflow_id": "1"}, "INVALID_PARAMETER", "new_workflow_id"),
    ],
)
def test_a_wrong_move_is_refused_by_name(api: Api, fields: dict[str, str], code: str, param: str) -> None:
    task = created(api)
    assert_error(api.post(f"/tasks/{task['uuid']}/move", data=fields), 400, code, param)
    assert shown(api, task["uuid"])["code"] == task["code"]


def test_the_changelog_tells_what_happened_newest_first(api: Api) -> None:
    task, column = created(api), columns(api)[1]
    api.put(f"/tasks/{task['uuid']}", data={"workflow_id": column["id"]})
    body = api.get("/tasks/changelog/").json()
    moved, made = body["data"][:2]
    assert (moved["action"], moved["old"], moved["new"]) == ("moved", task["workflow"]["title"], column["title"])
    assert (made["action"], made["task"]["uuid"], made["user"]) == ("created", task["uuid"], task["user"])
    assert body["meta"] == {"start": None, "end": None}
    assert sum(body["resume"].values()) == body["total"]


def test_the_changelog_is_bounded_by_two_days(api: Api) -> None:
    created(api)
    today = api.get("/tasks/changelog", limit=1).json()["data"][0]["created_at"]["timezone"].split(" ")[0]
    body = api.get("/tasks/changelog", start=today, end=today).json()
    assert body["meta"] == {"start": today, "end": today}
    assert 0 < body["total"] < api.get("/tasks/changelog").json()["total"]
    assert api.get("/tasks/changelog", end="2001-1-1").json()["resume"] == {}
    assert_error(api.get("/tasks/changelog", start="soon"), 400, "INVALID_PARAMETER", "start")


@pytest.mark.parametrize("path", ["sub-tasks", "related-tasks"])
def test_the_relatives_of_an_unknown_task_are_not_found(api: Api, path: str) -> None:
    assert_error(api.get(f"/tasks/no-such/{path}"), 404, "TASK_NOT_FOUND")
    for action in ("duplicate", "move"):
        assert_error(api.post(f"/tasks/no-such/{action}"), 404, "TASK_NOT_FOUND")
