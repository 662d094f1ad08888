"""Tasks in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def task_of(service: Service, **filters: Any) -> Any:
    """The newest task of the first project."""
    return data(service.get("/tasks", per_page=1, **filters))[0]


def made(service: Service, **body: Any) -> Any:
    """A new task, as it is read back."""
    new = data(service.post("/tasks", {"title": "Repaint the pier"} | SLUGS | body))
    return data(service.get(f"/tasks/{new['uuid']}"))


def columns(service: Service) -> dict[int, Any]:
    """A column of each state, as the tasks tell them."""
    return {task["workflow"]["state"]: task["workflow"] for task in data(service.get("/tasks", per_page=100))}


@walk("GET /tasks")
def _(service: Service) -> Sent:
    return "/tasks/", {"params": SLUGS | {"page": 1}}


@walk("POST /tasks")
def _(service: Service) -> Sent:
    return "/tasks", {"json": {"title": "Repaint the pier", "description": "In green"}}


@walk("GET /tasks/all-workspaces")
def _(service: Service) -> Sent:
    return "/tasks/all-workspaces", {"params": {"per_page": 10}}


@walk("GET /tasks/my-today")
def _(service: Service) -> Sent:
    return "/tasks/my-today", {"params": {"limit": 10}}


@walk("GET /tasks/{uuid}")
def _(service: Service) -> Sent:
    return f"/tasks/{task_of(service)['uuid']}", {}


@walk("PUT /tasks/{uuid}")
def _(service: Service) -> Sent:
    return f"/tasks/{task_of(service)['uuid']}", {"json": SLUGS | {"title": "Another title"}}


@walk("DELETE /tasks/{id}")
def _(service: Service) -> Sent:
    return f"/tasks/{made(service)['uuid']}", {}


@walk("PUT /tasks/{uuid}/complete")
def _(service: Service) -> Sent:
    return f"/tasks/{made(service)['uuid']}/complete", {"json": {}}


@walk("GET /tasks/{uuid}/sub-tasks")
def _(service: Service) -> Sent:
    parent = made(service)
    made(service, parent_id=parent["uuid"], usernames=[parent["user"]["username"]])
    return f"/tasks/{parent['uuid']}/sub-tasks", {}


@walk("GET /tasks/{id}/time-entries")
def _(service: Service) -> Sent:
    return f"/tasks/{task_of(service)['uuid']}/time-entries", {}


@walk("GET /tasks/by-code/{code}")
def _(service: Service) -> Sent:
    return f"/tasks/by-code/{task_of(service)['code']}", {}


@walk("GET /tasks/ref/{ref_code}")
def _(service: Service) -> Sent:
    return f"/tasks/ref/{task_of(service)['ref_code']}", {}


@walk("PATCH /tasks/by-code/{code}")
def _(service: Service) -> Sent:
    return f"/tasks/by-code/{task_of(service)['code']}", {"json": {"is_closed": True}}


@walk("POST /tasks/by-code/{code}/assign")
def _(service: Service) -> Sent:
    task = made(service)
    return f"/tasks/by-code/{task['code']}/assign", {"json": {"username": task["user"]["username"]}}


@walk("POST /tasks/{uuid}/duplicate")
def _(service: Service) -> Sent:
    return f"/tasks/{task_of(service)['uuid']}/duplicate", {"json": {"include_subtasks": True}}


@walk("POST /tasks/{uuid}/move")
def _(service: Service) -> Sent:
    return f"/tasks/{made(service)['uuid']}/move", {"json": {"new_project_slug": "customer-portal"}}


@walk("PATCH /tasks/{id}/move")
def _(service: Service) -> Sent:
    return f"/tasks/{made(service)['uuid']}/move", {"json": {"workflow_id": columns(service)[1]["id"]}}


def test_a_task_is_found_by_its_uuid_its_code_in_any_case_and_its_ref_code(web: Service) -> None:
    task = task_of(web)
    for key in (task["uuid"], task["code"], task["code"].lower(), task["ref_code"]):
        assert data(web.get(f"/tasks/{key}")) == task


def test_a_task_made_here_is_there_for_the_holder_of_a_key_pair(web: Service, api: Api) -> None:
    task = made(web, estimated_minutes=75)
    known = api.get(f"/tasks/{task['uuid']}").json()["data"]
    assert (known["title"], known["code"]) == (task["title"], f"#{task['code']}")
    assert (task["estimated_minutes"], task["number"]) == (75, int(task["code"].partition("-")[2]))
    theirs = api.post("/tasks", data={"title": "From the other side"}).json()
    assert data(web.get(f"/tasks/{theirs['uuid']}"))["title"] == "From the other side"


def test_a_new_task_has_what_its_body_says(web: Service) -> None:
    like = task_of(web, labels="booking") if data(web.get("/tasks", labels="booking")) else task_of(web)
    people, labels = [user["username"] for user in like["users"]], [label["id"] for label in like["labels"]]
    task = made(web, usernames=people, label_ids=labels, effort_id=2, due_date="2030-01-02", is_bug=True)
    assert [user["username"] for user in task["users"]] == people
    assert [label["id"] for label in task["labels"]] == labels
    assert (task["effort"]["value"], task["settings"]["is_bug"]) == (1, True)
    assert task["due_date"]["iso8601"] == "2030-01-02T00:00:00+00:00"


def test_everything_about_a_task_can_be_changed(mcp: Service) -> None:
    task, done = made(mcp), columns(mcp)[1]
    body = {"title": "New", "estimated_minutes": 5, "workflow_id": done["id"], "config_issue_type_id": 2}
    told = data(mcp.put(f"/tasks/{task['uuid']}", SLUGS | body | {"members": [task["user"]["username"]]}))
    assert (told["title"], told["estimated_minutes"], told["type"]["id"]) == ("New", 5, 2)
    assert told["workflow"] == done
    assert told["completed_date"] is not None
    assert [user["username"] for user in told["users"]] == [task["user"]["username"]]
    assert data(mcp.put(f"/tasks/{task['uuid']}", {"members": []}))["users"] == []


def test_a_complete_task_stands_in_a_column_that_is_done_and_stays_there(mcp: Service) -> None:
    path = f"/tasks/{made(mcp)['uuid']}/complete"
    told = mcp.put(path, {}).json()
    assert (told["done"], told["data"]["state"], told["data"]["workflow"]["slug"]) == (
        True,
        1,
        told["workflow"]["slug"],
    )
    assert mcp.put(path, {}).json()["data"] == told["data"]


def test_the_cli_closes_opens_moves_and_edits_by_code(cli: Service) -> None:
    path = f"/tasks/by-code/{made(cli)['code']}"
    assert data(cli.patch(path, {"is_closed": True}))["state"] == 1
    assert data(cli.patch(path, {"is_closed": False}))["state"] == 0
    doing = columns(cli)[2]["title"]
    assert data(cli.patch(path, {"config_workflow_title": doing, "title": "Edited"}))["config_workflow_title"] == doing
    assert data(cli.get(path))["title"] == "Edited"
    assert_refused(
        cli.patch(path, {"config_workflow_title": "nowhere"}), 422, "VALIDATION_FAILED", "config_workflow_title"
    )


def test_a_person_is_assigned_once(cli: Service) -> None:
    task = made(cli)
    path, body = f"/tasks/by-code/{task['code']}/assign", {"username": task["user"]["username"]}
    assert [user["username"] for user in data(cli.post(path, body))["users"]] == [body["username"]]
    assert_refused(cli.post(path, body), 409, "CONFLICT", "username")
    assert_refused(cli.post(path, {"username": "nobody"}), 422, "VALIDATION_FAILED", "username")
    assert_refused(cli.post(path, {}), 422, "VALIDATION_FAILED", "username")


def test_the_tasks_below_come_along_with_a_copy_where_asked(web: Service) -> None:
    parent = made(web)
    made(web, parent_id=parent["uuid"])
    alone = data(web.post(f"/tasks/{parent['uuid']}/duplicate", {}))
    whole = data(web.post(f"/tasks/{parent['uuid']}/duplicate", {"include_subtasks": True}))
    below = [data(web.get(f"/tasks/{copy['uuid']}/sub-tasks")) for copy in (alone, whole)]
    assert [len(rows) for rows in below] == [0, 1]
    assert whole["title"] == parent["title"]


def test_a_task_moves_to_a_project_that_the_caller_works_on(web: Service) -> None:
    task = made(web)
    told = web.post(f"/tasks/{task['uuid']}/move", {"new_project_slug": "customer-portal"}).json()
    assert told["status"] == "processing"
    assert data(web.get(f"/tasks/{task['uuid']}"))["project"]["slug"] == "customer-portal"
    answer = web.post(f"/tasks/{task['uuid']}/move", {"new_project_slug": "harbour-site"})
    assert_refused(answer, 404, "PROJECT_NOT_FOUND")


def test_a_deleted_task_is_gone(web: Service, mcp: Service) -> None:
    for service, status in ((web, 204), (mcp, 200)):
        path = f"/tasks/{made(web)['uuid']}"
        assert service.delete(path).status_code == status
        assert_refused(web.get(path), 404, "TASK_NOT_FOUND")


@pytest.mark.parametrize(
    "given",
    [
        {"workflow": "todo"},
        {"status": "done"},
        {"status": "in-progress"},
        {"is_bug": 1},
        {"unassigned": 1},
        {"assignee": "me"},
        {"types": "1,2"},
        {"type": "bug"},
        {"efforts": "2"},
        {"effort": "1"},
        {"title": "the"},
        {"number": 7},
        {"created_at": "2000-01-01=2100-01-01"},
        {"due_date": "2000-01-01=2100-01-01"},
    ],
    ids=str,
)
def test_a_filter_leaves_some_tasks_and_only_what_fits(web: Service, given: dict[str, Any]) -> None:
    every = web.get("/tasks", per_page=100).json()
    some = web.get("/tasks", per_page=100, **given).json()
    assert 0 < some["total"] <= every["total"]
    name, value = next(iter(given.items()))
    fits: dict[str, Callable[[Any], bool]] = {
        "workflow": lambda task: task["workflow"]["title"] == "Todo",
        "status": lambda task: task["workflow"]["state"] == {"done": 1, "in-progress": 2}[str(value)],
        "is_bug": lambda task: task["settings"]["is_bug"],
        "unassigned": lambda task: not task["users"],
        "types": lambda task: task["type"]["id"] in (1, 2),
        "type": lambda task: task["type"]["title"] == "Bug",
        "efforts": lambda task: bool(task["effort"]) and task["effort"]["id"] == 2,
        "effort": lambda task: bool(task["effort"]) and task["effort"]["title"] == "1",
        "title": lambda task: "the" in task["title"].lower(),
        "number": lambda task: task["number"] == 7,
        "due_date": lambda task: task["due_date"] is not None,
    }
    fit = fits.get(name, bool)
    assert all(map(fit, some["data"]))
    assert name in ("assignee", "created_at") or some["total"] == sum(map(fit, every["data"]))


@pytest.mark.parametrize(
    "given",
    [{"status": "odd"}, {"due_date": "soon"}, {"number": "x"}, {"is_bug": "maybe"}, {"per_page": 101}, {"page": 0}],
)
def test_a_filter_that_cannot_be_read_is_named(web: Service, mcp: Service, given: dict[str, Any]) -> None:
    assert_refused(web.get("/tasks", **given), 422, "VALIDATION_FAILED", *given)
    assert_refused(mcp.get("/tasks", **given), 409, "VALIDATION_FAILED", *given)


def test_every_wrong_parameter_is_told_at_once(web: Service) -> None:
    answer = web.post("/tasks", {"workflow_id": "x", "due_date": "soon"})
    assert_refused(answer, 422, "VALIDATION_FAILED", "due_date", "title", "workflow_id")


def test_what_is_mine_comes_from_every_workspace(acting: Acting) -> None:
    member = acting("member")
    mine = data(member.get("/tasks/all-workspaces", per_page=100))
    name = next(iter({user["username"] for user in mine[0]["users"]}))
    assert mine
    assert all(any(user["username"] == name for user in task["users"]) or len(task["users"]) > 1 for task in mine)
    today = data(member.get("/tasks/my-today"))
    assert {task["uuid"] for task in today} < {task["uuid"] for task in mine}
    assert all(task["state"] != 1 for task in today)


def test_a_client_may_read_tasks_and_change_nothing(acting: Acting, web: Service) -> None:
    client, uuid = acting("client"), task_of(web)["uuid"]
    assert data(client.get("/tasks"))
    assert_refused(client.post("/tasks", {"title": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(client.put(f"/tasks/{uuid}", {"title": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(client.delete(f"/tasks/{uuid}"), 403, "CLIENT_READ_ONLY")


def test_somebody_elses_tasks_are_not_there(acting: Acting, web: Service) -> None:
    theirs = task_of(acting("other_account"))
    assert_refused(web.get(f"/tasks/{theirs['uuid']}"), 404, "TASK_NOT_FOUND")
    assert_refused(web.put(f"/tasks/{theirs['uuid']}", {"title": "x"}), 404, "TASK_NOT_FOUND")
    assert_refused(web.get("/tasks", project_slug="harbour-site"), 404, "PROJECT_NOT_FOUND")
    assert_refused(web.get("/tasks", company_slug="harbour-studio"), 404, "WORKSPACE_NOT_FOUND")
