"""What the server says of itself."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from mock_server.app import Sandboxed
from mock_server.dialects.keyed import keyed
from mock_server.ledger import PLACEHOLDER, coverage_table, load


def test_the_server_is_ready_and_lists_what_stands_here(client: httpx.Client) -> None:
    assert client.get("/_mock/ready").json() == {"ready": True}
    for link in client.get("/_mock").json()["links"]:
        assert client.get(link).status_code == 200, link


def test_the_sandbox_tells_a_pair_for_each_refusal(sandbox: dict[str, Any]) -> None:
    pairs = {"read_only", "revoked", "expired", "suspended", "second_project", "other_account"}
    tokens = {"mfa_required", "owner", "admin", "manager", "member", "client", "free_plan"}
    others = sandbox["other_credentials"]
    assert others.keys() == pairs | tokens
    assert {name for name, row in others.items() if row["api_id"] and row["project_key"]} == pairs
    assert all(row["token"] for row in others.values())
    keys = {"api_id", "project_key", "token", "email", "company_slug", "project_slug"}
    assert sandbox["credentials"].keys() == keys
    assert all(row.keys() == keys for row in sandbox["other_credentials"].values())


@pytest.mark.parametrize("path", ["sandboxes/none", "openapi/none.json", "docs/none", "nothing"])
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    assert client.get(f"/_mock/{path}").status_code == 404


def test_the_openapi_document_is_valid_and_describes_every_endpoint(client: httpx.Client) -> None:
    document = client.get("/_mock/openapi/keyed.json").json()
    validate(document)
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(endpoint.method, endpoint.path) for endpoint in keyed.endpoints}


def test_the_docs_page_shows_every_endpoint_and_loads_nothing(client: httpx.Client) -> None:
    page = client.get("/_mock/docs/keyed").text
    assert all(endpoint.path in page for endpoint in keyed.endpoints)
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page


def test_the_ledger_and_the_routes_are_the_same(app: Sandboxed) -> None:
    routes: list[Any] = list(app.routes)
    listed = {(method, shape(route.path)) for route in routes if (method := method_of(route))}
    known = [endpoint for dialect in ("keyed", "bearer") for endpoint in load(dialect).served]
    assert listed == {(endpoint.method, endpoint.shape) for endpoint in known}


def shape(path: str) -> str:
    """A path whose placeholders are all alike."""
    return PLACEHOLDER.sub("{}", path)


def method_of(route: Any) -> str | None:
    """The method of an API route; none for what stands under /_mock."""
    return None if not hasattr(route, "path") or route.path.startswith("/_mock") else str(next(iter(route.methods)))


def test_every_documented_endpoint_is_served() -> None:
    assert all(endpoint.is_served for endpoint in load("keyed").documented)


def test_the_readme_shows_the_coverage_as_it_is() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert coverage_table(load("keyed")) in readme


def test_every_endpoint_says_what_it_does() -> None:
    assert all((endpoint.function.__doc__ or "").strip() for endpoint in keyed.endpoints)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "nothing", 404), ("DELETE", "ready", 405)])
def test_what_nobody_answers_is_refused_in_one_shape(client: httpx.Client, method: str, path: str, status: int) -> None:
    """As everywhere under /_mock: a message and an error code, the caller's text cut and cleaned."""
    answer = client.request(method, f"/_mock/{path}")
    assert answer.status_code == status
    assert answer.json().keys() == {"message", "error_code"}
