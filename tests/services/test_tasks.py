"""Tasks in the services API."""

from typing import Any

from tests.services.conftest import Service, data
from tests.services.walks import walk


def task_of(service: Service) -> Any:
    """The newest task of the first project."""
    return data(service.get("/tasks", per_page=1))[0]


@walk("GET /tasks")
def list_tasks(service: Service) -> tuple[str, dict[str, Any]]:
    """As the CLI does."""
    return "/tasks/", {"params": {"company_slug": "saltmarsh-labs", "project_slug": "route-planner", "page": 1}}


@walk("GET /tasks/{uuid}")
def get_task(service: Service) -> tuple[str, dict[str, Any]]:
    """By its uuid."""
    return f"/tasks/{task_of(service)['uuid']}", {}


def test_a_task_is_found_by_its_uuid_its_code_in_any_case_and_its_ref_code(web: Service) -> None:
    task = task_of(web)
    for key in (task["uuid"], task["code"], task["code"].lower(), task["ref_code"]):
        assert data(web.get(f"/tasks/{key}")) == task
