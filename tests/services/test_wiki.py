"""The wiki, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


@walk("GET /wiki/pages")
def _(service: Service) -> Sent:
    return "/wiki/pages", {"params": SLUGS}


@walk("GET /wiki/pages/{uuid}")
def _(service: Service) -> Sent:
    return "/wiki/pages/start-here", {"params": SLUGS}


@walk("POST /wiki/pages")
def _(service: Service) -> Sent:
    return "/wiki/pages", {"json": {"title": "Piers", "page": "One to nine", "parent_slug": "start-here"}}


@walk("PUT /wiki/pages/{uuid}")
def _(service: Service) -> Sent:
    uuid = data(service.get("/wiki/pages", **SLUGS))[0]["uuid"]
    return f"/wiki/pages/{uuid}", {"json": SLUGS | {"content": "Other words"}}


@walk("PATCH /wiki/pages/{slug}")
def _(service: Service) -> Sent:
    return "/wiki/pages/start-here", {"json": {"page": "Other words"}}


@walk("GET /wiki/pages/search")
def _(service: Service) -> Sent:
    return "/wiki/pages/search", {"params": SLUGS | {"q": "tide"}}


def test_pages_are_a_tree(web: Service) -> None:
    top = data(web.get("/wiki/pages", **SLUGS))
    assert [page["title"] for page in top] == ["Start here", "Releases"]
    assert [page["title"] for page in top[0]["children"]] == ["How we work", "Tide data"]
    assert top[0]["children"][1]["children"][0]["slug"] == "when-the-feed-is-late"


def test_a_page_is_made_read_changed_and_found(mcp: Service, cli: Service) -> None:
    parent = data(mcp.get("/wiki/pages", **SLUGS))[0]["uuid"]
    made = data(mcp.post("/wiki/pages", SLUGS | {"title": "Piers", "content": "One to nine", "parent_uuid": parent}))
    assert (made["slug"], made["content"], made["page"], made["parent_uuid"]) == (
        "piers",
        "One to nine",
        "One to nine",
        parent,
    )
    assert data(cli.get("/wiki/pages/piers", **SLUGS)) == made
    assert data(cli.patch("/wiki/pages/piers", {"page": "One to ten"}))["content"] == "One to ten"
    renamed = data(mcp.put(f"/wiki/pages/{made['uuid']}", SLUGS | {"title": "All piers"}))
    assert (renamed["slug"], renamed["title"], renamed["page"]) == ("piers", "All piers", "One to ten")
    assert [page["slug"] for page in data(cli.get("/wiki/pages/search", **SLUGS, q="to TEN"))] == ["piers"]
    assert data(cli.get("/wiki/pages/search", **SLUGS, q="the", limit=1)) != []


def test_two_pages_of_one_title_have_two_slugs(web: Service) -> None:
    first, second = (data(web.post("/wiki/pages", SLUGS | {"title": "Piers"}))["slug"] for _ in range(2))
    assert first == "piers" != second
    assert data(web.post("/wiki/pages", SLUGS | {"title": "Search"}))["slug"] != "search"


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({}, "title"),
        ({"title": "x", "parent_uuid": "x"}, "parent_uuid"),
        ({"title": "x", "parent_slug": "x"}, "parent_slug"),
    ],
)
def test_a_page_that_cannot_be_is_refused(web: Service, sent: dict[str, str], param: str) -> None:
    assert_refused(web.post("/wiki/pages", SLUGS | sent), 422, "VALIDATION_FAILED", param)
    short = assert_refused(web.get("/wiki/pages/search", **SLUGS, q="x"), 422, "VALIDATION_FAILED", "q")
    assert short["message"] == "The parameter 'q' is not valid: it should have at least 2 characters; got 'x'."
    assert_refused(web.get("/wiki/pages/nothing"), 404, "WIKI_PAGE_NOT_FOUND")


def test_a_client_reads_the_wiki_and_does_not_write_it(acting: Acting) -> None:
    client = acting("client")
    assert data(client.get("/wiki/pages/start-here", **SLUGS))["title"] == "Start here"
    for answer in (
        client.post("/wiki/pages", SLUGS | {"title": "x"}),
        client.patch("/wiki/pages/start-here", {"page": "x"}),
        client.put("/wiki/pages/start-here", SLUGS | {"title": "x"}),
    ):
        assert_refused(answer, 403, "CLIENT_READ_ONLY")


def test_a_slug_of_two_projects_has_to_say_which(somebody: Service) -> None:
    """Where the caller is at home in neither; a project that is named decides."""
    for slug in ("route-planner", "customer-portal"):
        somebody.post("/wiki/pages", {"project_slug": slug, "title": "Piers"})
    assert_refused(somebody.get("/wiki/pages/piers"), 422, "VALIDATION_FAILED", "project_slug")
    assert data(somebody.get("/wiki/pages/piers", project_slug="customer-portal"))["slug"] == "piers"
