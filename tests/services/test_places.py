"""Workspaces, projects and the people in them, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
COMPANY = {"company_slug": "saltmarsh-labs"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


@walk("GET /projects")
def _(service: Service) -> Sent:
    return "/projects", {"params": COMPANY | {"page": 1, "per_page": 10}}


@walk("POST /projects")
def _(service: Service) -> Sent:
    return "/projects", {"json": {"name": "Night Ferry", "description": "Boats after dark"}}


@walk("GET /projects/{slug}")
def _(service: Service) -> Sent:
    return "/projects/route-planner", {"params": COMPANY}


@walk("GET /projects/{slug}/stats")
def _(service: Service) -> Sent:
    return "/projects/route-planner/stats", {"params": COMPANY}


@walk("GET /project-boards")
def _(service: Service) -> Sent:
    return "/project-boards", {"params": SLUGS}


@walk("PUT /projects/{id}")
def _(service: Service) -> Sent:
    return "/projects/route-planner", {"json": {"description": "Other words"}}


@walk("DELETE /projects/{id}")
def _(service: Service) -> Sent:
    return f"/projects/{made(service)['slug']}", {}


@walk("GET /projects/{id}/tasks")
def _(service: Service) -> Sent:
    return "/projects/route-planner/tasks", {}


@walk("POST /projects/{id}/tasks")
def _(service: Service) -> Sent:
    return "/projects/route-planner/tasks", {"json": {"title": "Paint"}}


@walk("GET /project-members/{project_slug}/assignees")
def _(service: Service) -> Sent:
    return "/project-members/route-planner/assignees", {"params": COMPANY}


@walk("GET /project-members/{project_slug}/members")
def _(service: Service) -> Sent:
    return "/project-members/route-planner/members", {"params": COMPANY}


@walk("GET /projects/{slug}/members")
def _(service: Service) -> Sent:
    return "/projects/route-planner/members", {}


@walk("GET /project-members/{project_slug}/available-users")
def _(service: Service) -> Sent:
    return "/project-members/customer-portal/available-users", {"params": COMPANY}


@walk("POST /project-members/{project_slug}/members")
def _(service: Service) -> Sent:
    free = data(service.get("/project-members/customer-portal/available-users"))[0]
    return "/project-members/customer-portal/members", {"json": COMPANY | {"username": free["username"]}}


@walk("GET /workspaces")
def _(service: Service) -> Sent:
    return "/workspaces", {"params": {"search": "salt"}}


@walk("GET /companies")
def _(service: Service) -> Sent:
    return "/companies", {"params": {"page": 1}}


@walk("GET /workspaces/{slug}")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs", {}


@walk("GET /companies/{slug}")
def _(service: Service) -> Sent:
    return "/companies/saltmarsh-labs", {}


@walk("POST /companies")
def _(service: Service) -> Sent:
    return "/companies", {"json": {"name": "Tidewater"}}


@walk("PUT /workspaces/{id}")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs", {"json": {"description": "Other words"}}


@walk("GET /workspaces/{slug}/stats")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs/stats", {}


@walk("GET /companies/stats")
def _(service: Service) -> Sent:
    return "/companies/stats", {"params": COMPANY}


@walk("GET /companies/workspace-stats")
def _(service: Service) -> Sent:
    return "/companies/workspace-stats", {}


@walk("GET /companies/{slug}/my-role")
def _(service: Service) -> Sent:
    return "/companies/saltmarsh-labs/my-role", {}


@walk("GET /workspace-members/{slug}")
def _(service: Service) -> Sent:
    return "/workspace-members/saltmarsh-labs", {}


@walk("GET /workspaces/{slug}/members")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs/members", {}


@walk("POST /workspaces/{id}/members")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs/members", {"json": {"email": "new@boats.example", "role": "member"}}


@walk("DELETE /members/{id}")
def _(service: Service) -> Sent:
    made = data(service.post("/workspaces/saltmarsh-labs/members", {"email": "gone@boats.example"}))
    return f"/members/{made['id']}", {}


@walk("GET /workspaces/{slug}/projects")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs/projects", {}


@walk("POST /workspaces/{id}/projects")
def _(service: Service) -> Sent:
    return "/workspaces/saltmarsh-labs/projects", {"json": {"name": "Day Ferry"}}


def made(service: Service, **body: Any) -> Any:
    """A new project."""
    return data(service.post("/projects", {"name": "Night Ferry"} | body))


def test_a_new_project_can_be_worked_in_at_once(web: Service) -> None:
    project = made(web, budget=1200, visibility="private", start_date="2026-03-02", due_date="2026-04-02")
    assert (project["slug"], project["code"], project["budget"], project["visibility"]) == (
        "night-ferry",
        "NIGHT",
        1200.0,
        "private",
    )
    task = data(web.post("/tasks", {"title": "First", "project_slug": project["slug"]}))
    assert (task["code"], task["workflow"]["title"]) == ("NIGHT-1", "Todo")
    for path, count in (("workflow", 3), ("type", 3), ("effort", 8)):
        assert len(data(web.get(f"/project-templates/{path}", project_slug=project["slug"]))) == count
    assert len(data(web.get("/project-boards", project_slug=project["slug"]))) == 1
    again = made(web)
    assert again["slug"] != project["slug"]
    assert again["slug"].startswith("night-ferry-")


def test_the_cli_reads_a_word_where_others_read_an_object(cli: Service, web: Service) -> None:
    assert data(cli.get("/projects/route-planner"))["status"] == "in_progress"
    assert data(web.get("/projects/route-planner"))["status"] == {
        "code": 0,
        "slug": "in_progress",
        "title": "In Progress",
    }


def test_a_project_is_changed_filtered_by_what_it_is_and_deleted(web: Service) -> None:
    slug = made(web)["slug"]
    changed = data(web.put(f"/projects/{slug}", {"status": "completed", "name": "Late Ferry"}))
    assert (changed["status"]["slug"], changed["name"], changed["is_active"]) == ("completed", "Late Ferry", False)
    assert [row["slug"] for row in data(web.get("/projects", status="completed"))] == [slug]
    assert [row["slug"] for row in data(web.get("/projects", name="late"))] == [slug]
    assert web.delete(f"/projects/{slug}").status_code == 204
    assert_refused(web.get(f"/projects/{slug}"), 404, "PROJECT_NOT_FOUND")
    assert_refused(web.get("/projects", status="odd"), 422, "VALIDATION_FAILED", "status")


def test_the_figures_of_a_project_move_with_its_tasks(web: Service) -> None:
    before = data(web.get("/projects/route-planner/stats"))
    task = data(web.post("/projects/route-planner/tasks", {"title": "Paint", "due_date": "2020-01-01"}))
    after = data(web.get("/projects/route-planner/stats"))
    assert [after[name] - before[name] for name in ("total_tasks", "open_tasks", "overdue_tasks")] == [1, 1, 1]
    web.put(f"/tasks/{task['uuid']}/complete", {})
    done = data(web.get("/projects/route-planner/stats"))
    assert [done[name] - after[name] for name in ("completed_tasks", "overdue_tasks")] == [1, -1]
    assert done["completion_rate"] == round(100 * done["completed_tasks"] / done["total_tasks"], 1)
    assert done["tasks"]["completed"] == done["completed_tasks"]


@pytest.mark.parametrize(
    ("role", "method", "path", "code"),
    [
        ("member", "PUT", "/projects/route-planner", "MANAGER_ONLY"),
        ("admin", "DELETE", "/projects/route-planner", "OWNER_ONLY"),
        ("manager", "PUT", "/workspaces/saltmarsh-labs", "ADMIN_ONLY"),
        ("manager", "POST", "/workspaces/saltmarsh-labs/members", "ADMIN_ONLY"),
        ("member", "POST", "/project-members/route-planner/members", "MANAGER_ONLY"),
        ("client", "POST", "/projects", "CLIENT_READ_ONLY"),
        ("client", "POST", "/workspaces/saltmarsh-labs/projects", "CLIENT_READ_ONLY"),
        ("client", "POST", "/projects/route-planner/tasks", "CLIENT_READ_ONLY"),
    ],
)
def test_what_a_role_may_not_do_is_refused(acting: Acting, role: str, method: str, path: str, code: str) -> None:
    body = {"name": "x", "title": "x", "email": "x@x.example"}
    assert_refused(acting(role).call(method, path, json=None if method == "DELETE" else body), 403, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/project-members/route-planner/members"),
        ("POST", "/workspaces/saltmarsh-labs/projects"),
        ("PUT", "/projects/customer-portal"),
        ("PUT", "/tasks/ROUTE-1"),
    ],
)
def test_a_client_of_a_place_is_one_with_whichever_token(acting: Acting, method: str, path: str) -> None:
    """This token is at home where the same person is the owner."""
    at_home = acting("other_account")
    code = data(acting("owner").get("/tasks"))[0]["code"].lstrip("#")
    sent = {"username": "louis.padilla", "name": "x", "title": "x"}
    answer = at_home.call(method, path.replace("ROUTE-1", code), json=sent)
    assert_refused(answer, 403, "CLIENT_READ_ONLY")


def test_nobody_lets_somebody_do_more_than_they_may(acting: Acting) -> None:
    body = {"username": "nobody", "role": "admin"}
    assert_refused(acting("manager").post("/project-members/route-planner/members", body), 403, "ADMIN_ONLY")


def test_mcp_reads_the_array_of_assignees_alone(mcp: Service, web: Service) -> None:
    path = "/project-members/route-planner/assignees"
    assert mcp.get(path).json() == data(web.get(path))
    assert data(web.get("/project-members/route-planner/members", role="client"))[0]["role"] == "client"


def test_somebody_of_the_workspace_joins_a_project_once(web: Service) -> None:
    path = "/project-members/customer-portal"
    free = data(web.get(f"{path}/available-users"))[0]
    told = data(web.post(f"{path}/members", {"username": free["username"], "role": "manager"}))
    assert (told["username"], told["role"]) == (free["username"], "manager")
    assert free["username"] not in [row["username"] for row in data(web.get(f"{path}/available-users"))]
    assert_refused(web.post(f"{path}/members", {"username": free["username"]}), 409, "CONFLICT", "username")
    assert_refused(web.post(f"{path}/members", {"username": "nobody"}), 422, "VALIDATION_FAILED", "username")
    assert_refused(web.post(f"{path}/members", {}), 422, "VALIDATION_FAILED", "email")


def test_a_person_is_invited_logs_in_and_is_taken_out_again(web: Service) -> None:
    told = data(web.post("/workspaces/saltmarsh-labs/members", {"email": "nia@boats.example", "role": "client"}))
    assert (told["username"], told["role"]) == ("nia", "client")
    password = web.client.get("/_mock/sandboxes/default").json()["password"]
    answer = web.client.post("/auth/login", json={"email": "nia@boats.example", "password": password})
    nia = Service(web.client, data(answer)["access_token"])
    assert [row["slug"] for row in data(nia.get("/companies"))] == ["saltmarsh-labs"]
    assert web.delete(f"/members/{told['id']}").status_code == 200
    assert_refused(nia.get("/companies/saltmarsh-labs"), 404, "WORKSPACE_NOT_FOUND")
    assert_refused(web.delete(f"/members/{told['id']}"), 404, "MEMBER_NOT_FOUND")
    assert_refused(web.post("/workspaces/saltmarsh-labs/members", {"email": "no"}), 422, "VALIDATION_FAILED", "email")


def test_a_place_is_gone_with_the_first_call_after_somebody_was_taken_out_of_it(web: Service) -> None:
    """Where people belong is known between calls, until it changes; a new task changes nothing of it."""
    told = data(web.post("/workspaces/saltmarsh-labs/members", {"email": "ada@boats.example", "role": "member"}))
    password = web.client.get("/_mock/sandboxes/default").json()["password"]
    answer = web.client.post("/auth/login", json={"email": "ada@boats.example", "password": password})
    ada = Service(web.client, data(answer)["access_token"])
    path = "/tasks?project_slug=route-planner"
    assert_refused(ada.post(path, {"title": "Too early"}), 404, "PROJECT_NOT_FOUND")
    assert web.post("/project-members/route-planner/members", {"username": told["username"]}).is_success
    assert [ada.post(path, {"title": "In time"}).status_code for _ in range(2)] == [201, 201]
    assert web.delete(f"/members/{told['id']}").is_success
    assert_refused(ada.post(path, {"title": "Too late"}), 404, "PROJECT_NOT_FOUND")


def test_the_owner_of_a_workspace_stays(web: Service) -> None:
    owner = next(row for row in data(web.get("/workspaces/saltmarsh-labs/members")) if row["role"] == "agency_owner")
    assert_refused(web.delete(f"/members/{owner['id']}"), 409, "CONFLICT")


def test_a_workspace_tells_whose_it_is_and_what_the_caller_is_there(web: Service, acting: Acting) -> None:
    told = data(web.get("/workspaces/saltmarsh-labs"))
    assert (told["is_owner"], told["plan"], told["logged_user_role"]) == (True, "pro", {"label": "agency_owner"})
    assert data(acting("client").get("/companies/saltmarsh-labs"))["logged_user_role"] == {"label": "client"}
    assert {row["slug"] for row in data(acting("client").get("/companies"))} == {"saltmarsh-labs", "harbour-studio"}
    assert data(acting("admin").get("/companies/saltmarsh-labs/my-role")) == {
        "can_create_project": 1,
        "is_admin": 1,
        "is_owner": False,
        "is_workspace_owner": False,
        "role": "admin",
    }


def test_a_new_workspace_is_its_makers(web: Service) -> None:
    told = data(web.post("/companies", {"name": "Tidewater"}))
    assert (told["slug"], told["is_owner"], told["projects_count"], told["members_count"]) == ("tidewater", True, 0, 1)
    project = data(web.post("/projects", {"name": "Pier", "company_slug": "tidewater"}))
    assert project["company"]["slug"] == "tidewater"
    assert data(web.get("/workspaces/tidewater"))["projects_count"] == 1
    assert_refused(web.post("/companies", {}), 422, "VALIDATION_FAILED", "name")


def test_the_figures_of_a_workspace_move(web: Service, api: Api) -> None:
    paths = ("/workspaces/saltmarsh-labs/stats", "/companies/workspace-stats", "/companies/stats")
    mcp, cli, cloud = (data(web.get(path)) for path in paths)
    assert mcp == cli == cloud["stats"]
    made(web)
    api.post("/tasks", data={"title": "Paint"})
    after = data(web.get(paths[0]))
    assert [after[name] - mcp[name] for name in ("total_projects", "total_tasks")] == [1, 1]


def test_two_projects_of_one_slug_have_to_be_told_apart(acting: Acting) -> None:
    client = acting("client")
    data(client.post("/projects", {"name": "Route Planner", "company_slug": "harbour-studio"}))
    assert_refused(client.get("/tasks", project_slug="route-planner"), 422, "VALIDATION_FAILED", "company_slug")
    assert data(client.get("/tasks", project_slug="route-planner", company_slug="harbour-studio")) == []
