"""Labels of tasks and of the project, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error

DELETED = {"data": {"deleted": True}}


@pytest.fixture
def task(api: Api) -> str:
    """The uuid of a new task."""
    return str(api.post("/tasks", data={"title": "Paint it"}).json()["uuid"])


def added(api: Api, task: str, title: str, **more: str) -> dict[str, Any]:
    """A label put on a task."""
    answer = api.post("/task-labels/", params={"task_uuid": task}, data={"title": title, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def worn(api: Api, task: str) -> list[dict[str, Any]]:
    """The labels of a task."""
    told: list[dict[str, Any]] = api.get(f"/tasks/{task}").json()["data"]["labels"]
    return told


def titles(api: Api, path: str, **query: Any) -> list[str]:
    """The titles of a list of labels."""
    return [row["title"] for row in api.get(path, limit=100, **query).json()["data"]]


def test_a_new_label_is_made_for_the_project_and_put_on_the_task(api: Api, task: str) -> None:
    label = added(api, task, "Fragile goods", color="#9900ff")
    assert label.keys() == {"id", "slug", "title", "color"}
    assert (label["color"], label["slug"][:14]) == ("#9900ff", "fragile-goods-")
    assert worn(api, task) == [label]
    assert "Fragile goods" in titles(api, "/task-labels/project/")


def test_a_label_that_the_project_has_is_not_made_again(api: Api, task: str) -> None:
    known = api.get("/task-labels/project").json()["data"][0]
    before = api.get("/task-labels/project").json()["total"]
    assert added(api, task, known["title"], color=known["color"].lower()) == known
    assert api.get("/task-labels/project").json()["total"] == before
    again = api.post("/task-labels", data={"task_uuid": task, "title": known["title"]})
    assert_error(again, 409, "CONFLICT", "title")
    assert added(api, task, known["title"], color="#000001")["id"] != known["id"]


def test_a_label_that_a_task_wears_is_not_offered_again(api: Api, task: str) -> None:
    label = added(api, task, "Fragile")
    everything = titles(api, "/task-labels/not-added")
    assert "Fragile" in everything
    assert titles(api, "/task-labels/not-added", task_uuid=task) == [name for name in everything if name != "Fragile"]
    assert api.delete(f"/task-labels/{label['id']}/detach/", task_uuid=task).json() == DELETED
    assert worn(api, task) == []
    assert "Fragile" in titles(api, "/task-labels/not-added", task_uuid=task)
    assert_error(api.delete(f"/task-labels/{label['id']}/detach", task_uuid=task), 404, "TASK_LABEL_NOT_FOUND")


def test_a_changed_label_changes_on_its_tasks(api: Api, task: str) -> None:
    label = added(api, task, "Fragile", color="#111111")
    changed = api.put(f"/task-labels/{label['id']}/", data={"title": "Robust"}).json()["data"]
    assert changed == {**label, "title": "Robust"}
    assert api.put(f"/projects-labels/{label['slug']}", json={"color": "#222222"}).json()["data"]["color"] == "#222222"
    assert worn(api, task) == [{**label, "title": "Robust", "color": "#222222"}]


@pytest.mark.parametrize(("path", "key"), [("task-labels", "id"), ("projects-labels", "slug")])
def test_a_deleted_label_is_worn_by_nobody(api: Api, task: str, path: str, key: str) -> None:
    label = added(api, task, "Fragile")
    assert api.delete(f"/{path}/{label[key]}").json() == DELETED
    assert worn(api, task) == []
    assert_error(api.delete(f"/{path}/{label[key]}"), 404, "LABEL_NOT_FOUND")
    assert_error(api.put(f"/{path}/{label[key]}", data={"title": "x"}), 404, "LABEL_NOT_FOUND")


def test_a_project_has_a_label_of_a_title_and_color_once(api: Api) -> None:
    made = api.post("/projects-labels/", data={"title": "Fragile", "color": "#ABCDEF"})
    assert made.status_code == 201
    assert made.json()["data"]["color"] == "#ABCDEF"
    assert_error(api.post("/projects-labels", data={"title": "Fragile", "color": "#abcdef"}), 409, "CONFLICT", "title")


def test_a_label_of_another_project_of_the_workspace_is_offered_and_taken_over(api: Api, other: Any) -> None:
    there = other("second_project").post("/projects-labels", data={"title": "Night shift", "color": "#123456"})
    label = there.json()["data"]
    other("other_account").post("/projects-labels", data={"title": "Not ours"})
    assert titles(api, "/projects-labels/not-added/", search="NIGHT") == ["Night shift"]
    assert "Not ours" not in titles(api, "/projects-labels/not-added")
    taken = api.post(f"/projects-labels/{label['slug']}/attach")
    assert taken.status_code == 201
    assert taken.json()["data"] == {**label, "id": taken.json()["data"]["id"]}
    assert titles(api, "/projects-labels/not-added", search="night") == []
    assert_error(api.post(f"/projects-labels/{label['slug']}/attach"), 409, "CONFLICT")
    assert api.delete(f"/projects-labels/{label['slug']}/detach").json() == DELETED
    assert titles(api, "/projects-labels/not-added", search="night") == ["Night shift"]
    assert "Night shift" in titles(other("second_project"), "/task-labels/project")


def test_a_label_that_the_workspace_does_not_have_is_not_found(api: Api, other: Any) -> None:
    foreign = other("other_account").post("/projects-labels", data={"title": "Not ours"}).json()["data"]
    assert_error(api.post(f"/projects-labels/{foreign['slug']}/attach"), 404, "LABEL_NOT_FOUND")
    assert_error(api.delete(f"/task-labels/{foreign['id']}"), 404, "LABEL_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"title": "x"}, "MISSING_PARAMETER", "task_uuid"),
        ({"title": "x", "task_uuid": "no-such"}, "INVALID_PARAMETER", "task_uuid"),
        ({"task_uuid": "*"}, "MISSING_PARAMETER", "title"),
        ({"task_uuid": "*", "title": " "}, "INVALID_PARAMETER", "title"),
        ({"task_uuid": "*", "title": "x", "color": "red"}, "INVALID_PARAMETER", "color"),
    ],
)
def test_a_wrong_label_is_refused_by_name(api: Api, task: str, fields: dict[str, str], code: str, param: str) -> None:
    data = {name: task if value == "*" else value for name, value in fields.items()}
    assert_error(api.post("/task-labels", data=data), 400, code, param)
