"""The OpenAPI document of the services API and the server, held against each other with generated requests."""

import re
import tempfile
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import given
from schemathesis import GenerationMode

from mock_server.app import create_app
from mock_server.settings import load
from tests.property.generated import modes, relaxed, validated

app = create_app(load(cache_dir=tempfile.mkdtemp(), allow_host=["testserver"]))
document = schemathesis.openapi.from_asgi("/_mock/openapi/bearer.json", app)
found: list[Any] = [each.ok() for each in document.get_all_operations()]  # type: ignore[union-attr]
operations = {each.label: each for each in found}
client = TestClient(app)
TOKEN = client.get("/_mock/sandboxes/default").json()["credentials"]["token"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
LISTS = {
    "/tasks": "/tasks",
    "/sprints": "/sprints",
    "/user-stories": "/user-stories",
    "/wiki": "/wiki/pages",
    "/notes": "/notes",
    "/note-folders": "/note-folders",
    "/discussions": "/discussions/channels",
    "/contact-companies": "/contact-companies/clients",
    "/company-invoices": "/company-invoices",
    "/proposals": "/proposals",
    "/comments": "/comments",
    "/projects-labels": "/projects-labels",
    "/task-labels": "/task-labels",
    "/projects-workflows": "/projects-workflows",
    "/time-trackings": "/time-trackings",
    "/feeds": "/feeds/notifications",
    "/project-members": "/projects",
    "/projects": "/projects",
    "/workspaces": "/companies",
    "/companies": "/companies",
    "/workspace-members": "/companies",
    "/integrations": "/tasks",
    "/activities": "/tasks",
}


def first(path: str) -> dict[str, Any]:
    """The first row of the list that a path belongs to; none where it belongs to none."""
    root = re.match(r"/[\w-]+", path)
    if root is None or root[0] not in LISTS:
        return {}
    rows = client.get(LISTS[root[0]], headers=HEADERS).json()["data"]
    return rows[0] if rows else {}


def real(case: Any, path: str, row: dict[str, Any]) -> None:
    """Let a request name a row that is there, where its path has a place for one."""
    for name in re.findall(r"{(\w+)}", path):
        known = row.get("slug" if name == "project_slug" else name) or row.get("uuid" if name == "id" else "slug")
        if known is not None:
            case.path_parameters[name] = str(known)


@pytest.fixture(autouse=True)
def fresh() -> None:
    """What a request before has deleted or logged out is there again."""
    assert client.post("/_mock/sandboxes/default/reset").is_success


@pytest.mark.parametrize(("label", "mode"), [*modes(operations)], ids=str)
def test_no_input_gives_a_5xx_and_every_answer_is_as_described(label: str, mode: GenerationMode) -> None:
    path, count = label.partition(" ")[2], [0]
    known = first(path)

    @relaxed
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        count[0] += 1
        if count[0] % 2:
            real(case, path, known)
        case.headers = {**(case.headers or {}), **HEADERS}
        validated(case)

    holds()
