"""What a project plans with, in the services API: labels, task types, efforts, columns; and comments."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def first(service: Service, path: str) -> Any:
    """The first of a list."""
    return data(service.get(path))[0]


@walk("GET /projects-labels")
def _(service: Service) -> Sent:
    return "/projects-labels", {"params": SLUGS}


@walk("GET /task-labels")
def _(service: Service) -> Sent:
    return "/task-labels", {"params": SLUGS}


@walk("POST /projects-labels")
def _(service: Service) -> Sent:
    return "/projects-labels", {"params": SLUGS, "json": {"title": "Seasick", "color": "FF5733"}}


@walk("PUT /projects-labels/{slug}")
def _(service: Service) -> Sent:
    return f"/projects-labels/{first(service, '/projects-labels')['slug']}", {"json": {"color": "123ABC"}}


@walk("POST /projects-labels/{slug}/attach")
def _(service: Service) -> Sent:
    there = {"project_slug": "customer-portal"}
    made = data(service.post("/projects-labels", {"title": "Elsewhere", "color": "00FF00"}, params=there))
    return f"/projects-labels/{made['slug']}/attach", {"params": SLUGS, "json": {"slug": made["slug"]}}


@walk("DELETE /projects-labels/{slug}/detach")
def _(service: Service) -> Sent:
    return f"/projects-labels/{first(service, '/projects-labels')['slug']}/detach", {"params": SLUGS}


@walk("POST /task-labels/{slug}/toggle")
def _(service: Service) -> Sent:
    params = SLUGS | {"task_uuid": first(service, "/tasks")["uuid"]}
    return f"/task-labels/{first(service, '/task-labels')['slug']}/toggle", {"params": params, "json": {}}


@walk("GET /project-templates/type")
def _(service: Service) -> Sent:
    return "/project-templates/type", {"params": SLUGS}


@walk("POST /project-templates/type")
def _(service: Service) -> Sent:
    return "/project-templates/type", {"params": SLUGS, "json": {"title": "Spike", "color": "AABBCC", "type": "issues"}}


@walk("PUT /project-templates/type/{slug}")
def _(service: Service) -> Sent:
    return f"/project-templates/type/{first(service, '/project-templates/type')['id']}", {"json": {"title": "Story"}}


@walk("GET /project-templates/effort")
def _(service: Service) -> Sent:
    return "/project-templates/effort", {"params": SLUGS}


@walk("GET /project-templates/workflow")
def _(service: Service) -> Sent:
    return "/project-templates/workflow", {"params": SLUGS}


@walk("GET /projects-workflows")
def _(service: Service) -> Sent:
    return "/projects-workflows/", {"params": SLUGS}


@walk("POST /projects-workflows")
def _(service: Service) -> Sent:
    return "/projects-workflows/", {"params": SLUGS, "json": {"title": "Blocked", "color": "FF0000", "status": 2}}


@walk("PUT /projects-workflows/{id}")
def _(service: Service) -> Sent:
    return f"/projects-workflows/{first(service, '/projects-workflows')['id']}", {"json": {"position": 2}}


@walk("GET /comments")
def _(service: Service) -> Sent:
    task = first(service, "/tasks")
    service.post("/comments", {"task_uuid": task["uuid"], "comment": "Ready"})
    kind = {"commentable_id": task["ref_code"], "commentable_type": "issues"}
    return "/comments", {"params": SLUGS | kind}


@walk("POST /comments")
def _(service: Service) -> Sent:
    body = {"commentable_id": first(service, "/tasks")["ref_code"], "commentable_type": "issues", "comment_text": "Hi"}
    return "/comments", {"params": SLUGS, "json": body}


@walk("PUT /comments/{id}")
def _(service: Service) -> Sent:
    return f"/comments/{first(service, '/comments')['id']}", {"json": {"comment_text": "Better so"}}


def test_colours_of_labels_and_types_have_no_mark_and_those_of_columns_have(web: Service, api: Api) -> None:
    made = data(web.post("/projects-labels", {"title": "Seasick", "color": "FF5733"}))
    assert made["color"] == "FF5733"
    theirs = {label["id"]: label for label in api.get("/task-labels/project", limit=100).json()["data"]}
    assert theirs[made["id"]]["color"] == "#FF5733"
    assert not first(web, "/project-templates/type")["color"].startswith("#")
    assert first(web, "/projects-workflows")["color"].startswith("#")


def test_a_label_is_put_on_a_task_and_taken_off_again(mcp: Service) -> None:
    label, task = data(mcp.post("/projects-labels", {"title": "Seasick", "color": "FF5733"})), first(mcp, "/tasks")
    path, params = f"/task-labels/{label['slug']}/toggle", {"task_uuid": task["uuid"]}
    worn = []
    for _step in range(2):
        assert mcp.post(path, {}, params=params).status_code == 200
        worn.append("Seasick" in [each["title"] for each in data(mcp.get(f"/tasks/{task['uuid']}"))["labels"]])
    assert worn == [True, False]
    assert_refused(mcp.post(path, {}, params={"task_uuid": "none"}), 409, "VALIDATION_FAILED", "task_uuid")
    assert_refused(mcp.post("/task-labels/none/toggle", {}, params=params), 404, "LABEL_NOT_FOUND")


def test_a_label_made_twice_is_a_conflict(web: Service) -> None:
    body = {"title": "Seasick", "color": "FF5733"}
    assert web.post("/projects-labels", body).status_code == 201
    assert_refused(web.post("/projects-labels", body), 409, "CONFLICT", "title")
    assert_refused(web.post("/projects-labels", body | {"color": "red"}), 422, "VALIDATION_FAILED", "color")


def test_labels_of_the_project_that_is_named(web: Service) -> None:
    web.post("/projects-labels", {"title": "There", "color": "FF5733"}, params={"project_slug": "customer-portal"})
    titles = [[label["title"] for label in data(web.get("/projects-labels", project_slug=slug))] for slug in
              ("route-planner", "customer-portal")]  # fmt: skip
    assert ["There" in each for each in titles] == [False, True]


def test_a_column_takes_its_state_under_both_names(web: Service, mcp: Service) -> None:
    made = data(mcp.post("/projects-workflows/", {"title": "Blocked", "status": 2}))
    assert made["status"]["code"] == 2
    assert data(web.put(f"/projects-workflows/{made['id']}", {"state": 1}))["status"]["code"] == 1
    assert_refused(web.post("/projects-workflows", {}), 422, "VALIDATION_FAILED", "title")


def test_a_comment_is_changed_by_who_made_it_or_runs_the_project(acting: Any) -> None:
    uuid = data(acting("owner").get("/tasks"))[0]["uuid"]
    at = {"task_uuid": uuid, "project_slug": "route-planner"}
    path = f"/comments/{data(acting('member').post('/comments', at | {'comment_text': 'Mine'}))['id']}"
    owners = f"/comments/{data(acting('owner').post('/comments', at | {'comment_text': 'Not mine'}))['id']}"
    assert data(acting("member").put(path, {"comment_text": "Ours"}))["comment"] == "Ours"
    assert data(acting("manager").put(path, {"comment_text": "Yours"}))["comment"] == "Yours"
    assert_refused(acting("member").put(owners, {"comment_text": "x"}), 403, "MANAGER_ONLY")
    assert_refused(acting("client").put(path, {"comment_text": "x"}), 403, "CLIENT_READ_ONLY")


def test_a_comment_is_said_read_and_changed_without_naming_the_project(mcp: Service, cli: Service) -> None:
    task = first(mcp, "/tasks")
    body = {"commentable_id": task["ref_code"], "commentable_type": "issues", "comment_text": "First #word"}
    made = data(cli.post("/comments", body))
    assert (made["resource"]["uuid"], made["keywords"], made["is_mine"]) == (task["uuid"], ["word"], True)
    assert data(mcp.put(f"/comments/{made['id']}", {"comment_text": "Changed"}))["comment"] == "Changed"
    assert data(mcp.get("/comments", task_uuid=task["uuid"]))[0]["comment"] == "Changed"
    assert_refused(mcp.put("/comments/999999", {"comment_text": "x"}), 404, "COMMENT_NOT_FOUND")
    assert_refused(mcp.put(f"/comments/{made['id']}", {}), 409, "VALIDATION_FAILED", "comment_text")


def test_a_client_may_not_write(acting: Acting) -> None:
    client = acting("client")
    assert_refused(client.post("/projects-labels", {"title": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(client.post("/project-templates/type", {"title": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(client.post("/projects-workflows", {"title": "x"}), 403, "CLIENT_READ_ONLY")
    assert data(client.get("/projects-labels"))


def test_labels_need_no_project(somebody: Service) -> None:
    company = {"company_slug": "saltmarsh-labs"}
    made = data(somebody.post("/projects-labels", {"title": "Rope", "color": "FF5733"}, params=company))
    assert made in data(somebody.get("/projects-labels", **company))
    changed = data(somebody.put(f"/projects-labels/{made['slug']}", {"title": "Cord"}, params=company))
    assert (changed["slug"], changed["title"]) == (made["slug"], "Cord")
    assert_refused(somebody.get("/projects-labels", company_slug="elsewhere"), 404, "WORKSPACE_NOT_FOUND")


def test_a_label_that_was_detached_can_be_attached_again(web: Service) -> None:
    made = data(web.post("/projects-labels", SLUGS | {"title": "Rope", "color": "FF5733"}))
    path = f"/projects-labels/{made['slug']}"
    for _ in range(2):
        assert web.delete(f"{path}/detach", **SLUGS).is_success
        assert made["slug"] not in [row["slug"] for row in data(web.get("/projects-labels", **SLUGS))]
        again = data(web.post(f"{path}/attach", SLUGS))
        assert (again["slug"], again["title"], again["color"]) == (made["slug"], "Rope", "FF5733")


def test_a_comment_is_where_its_task_is(somebody: Service) -> None:
    uuid = data(somebody.get("/tasks", project_slug="customer-portal"))[0]["uuid"]
    said = data(somebody.post("/comments", {"task_uuid": uuid, "comment": "Aye"}))
    assert said["project"]["slug"] == "customer-portal"
    assert said in data(somebody.get("/comments", task_uuid=uuid))
    assert_refused(somebody.get("/comments"), 422, "VALIDATION_FAILED", "project_slug")
    assert_refused(somebody.get("/comments", task_uuid="nothing"), 404, "TASK_NOT_FOUND")


def test_a_comment_tells_who_may_delete_it_and_who_made_it(acting: Any) -> None:
    uuid = data(acting("owner").get("/tasks"))[0]["uuid"]
    data(acting("owner").post("/comments", {"task_uuid": uuid, "comment": "Aye"}))
    newest = {name: data(acting(name).get("/comments", task_uuid=uuid))[0] for name in ("owner", "member", "manager")}
    assert [newest[name]["can_delete"] for name in newest] == [True, False, True]
    keys = {
        "id",
        "uuid",
        "name",
        "username",
        "avatar",
        "headline",
        "location",
        "timezone_name",
        "language",
        "created_at",
    }
    assert newest["member"]["user"].keys() == keys
