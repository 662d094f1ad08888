"""Assignees and checklists of a task, as a client sees them."""

from typing import Any

from tests.conftest import Api, assert_error


def task(api: Api) -> str:
    """A new task's uuid."""
    uuid: str = api.post("/tasks", data={"title": "Holds people"}).json()["uuid"]
    return uuid


def test_a_member_is_put_on_a_task_and_taken_off(api: Api) -> None:
    uuid = task(api)
    free = api.get("/task-assignees/not-added/", task_uuid=uuid, limit=100).json()["data"]
    name = free[0]["username"]
    told = api.post("/task-assignees/", params={"task_uuid": uuid}, data={"username": name})
    assert (told.status_code, [user["username"] for user in told.json()["data"]["users"]]) == (201, [name])
    left = api.get("/task-assignees/not-added/", task_uuid=uuid, limit=100).json()["data"]
    assert [row["username"] for row in left] == [row["username"] for row in free[1:]]
    assert api.delete("/task-assignees/", task_uuid=uuid, username=name).status_code == 200
    assert api.get(f"/tasks/{uuid}").json()["data"]["users"] == []
    assert_error(api.delete("/task-assignees/", task_uuid=uuid, username=name), 404, "TASK_ASSIGNEE_NOT_FOUND")


def test_nobody_is_put_on_a_task_twice_and_no_stranger_at_all(api: Api) -> None:
    uuid = task(api)
    name = api.get("/task-assignees/not-added", task_uuid=uuid).json()["data"][0]["username"]
    where = {"task_uuid": uuid}
    api.post("/task-assignees", params=where, data={"username": name})
    assert_error(api.post("/task-assignees", params=where, data={"username": name}), 409, "CONFLICT", "username")
    assert_error(
        api.post("/task-assignees", params=where, data={"username": "x"}), 400, "INVALID_PARAMETER", "username"
    )
    assert_error(api.post("/task-assignees", data={"username": name}), 400, "MISSING_PARAMETER", "task_uuid")


def made(api: Api, uuid: str, title: str, parent: Any = None) -> int:
    """The id of a new checklist or item."""
    body = {"task_uuid": uuid, "title": title} | ({"parent_id": parent} if parent else {})
    id: int = api.post("/task-checklists/", data=body).json()["data"]["id"]
    return id


def test_a_checklist_counts_what_is_done(api: Api) -> None:
    uuid = task(api)
    top = made(api, uuid, "Before launch")
    items = [made(api, uuid, title, top) for title in ("one", "two")]
    told = api.put(f"/task-checklists/{items[0]}/toggle/", data={"status": "true"}).json()["data"]
    assert told["done"]["status"] is True
    assert told["done"]["user"]["username"]
    body = api.get("/task-checklists/", task_uuid=uuid).json()
    assert body["stats"] == {"completed_percent": 50}
    assert [item["title"] for item in body["data"][0]["children"]] == ["one", "two"]
    stats = api.get(f"/tasks/{uuid}").json()["data"]["stats"]
    assert (stats["checklists"], stats["checklist_percentage"]) == (1, 50)
    api.put(f"/task-checklists/{top}/toggle", data={"status": "false"})
    assert api.get("/task-checklists", task_uuid=uuid).json()["stats"] == {"completed_percent": 0}


def test_items_move_and_leave_no_gap(api: Api) -> None:
    uuid = task(api)
    top = made(api, uuid, "List")
    items = [made(api, uuid, title, top) for title in ("one", "two", "three")]
    assert api.put(f"/task-checklists/{items[2]}", data={"position": 1, "title": "3"}).json()["data"]["title"] == "3"
    assert api.delete(f"/task-checklists/{items[0]}").status_code == 200
    rows = api.get("/task-checklists", task_uuid=uuid).json()["data"][0]["children"]
    assert [(row["title"], row["position"]) for row in rows] == [("3", 1), ("two", 2)]


def test_a_template_is_copied_into_a_task(api: Api) -> None:
    uuid = task(api)
    told = api.post("/task-checklists/1/apply/", data={"task_uuid": uuid})
    assert (told.status_code, told.json()["data"]["title"]) == (201, "Definition of done")
    assert len(told.json()["data"]["children"]) == 4
    assert_error(api.post("/task-checklists/99/apply", data={"task_uuid": uuid}), 404, "CHECKLIST_TEMPLATE_NOT_FOUND")


def test_a_checklist_of_elsewhere_is_not_found(api: Api, other: Any) -> None:
    uuid = task(api)
    top = made(api, uuid, "Mine")
    assert_error(other("second_project").delete(f"/task-checklists/{top}"), 404, "CHECKLIST_NOT_FOUND")
    body = {"task_uuid": uuid, "title": "x", "parent_id": 99999}
    assert_error(api.post("/task-checklists", data=body), 400, "INVALID_PARAMETER", "parent_id")
