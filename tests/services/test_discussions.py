"""Channels, messages and search, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def path(service: Service, at: int = 0) -> str:
    """The path of a channel of the first project."""
    return f"/discussions/channels/{data(service.get('/discussions/channels', **SLUGS))[at]['uuid']}"


@walk("GET /discussions/all")
def _(service: Service) -> Sent:
    return "/discussions/all", {}


@walk("GET /discussions/global-unread-count")
def _(service: Service) -> Sent:
    return "/discussions/global-unread-count", {}


@walk("GET /discussions/unread-count")
def _(service: Service) -> Sent:
    return "/discussions/unread-count", {"params": SLUGS}


@walk("GET /discussions/channels")
def _(service: Service) -> Sent:
    return "/discussions/channels", {"params": SLUGS | {"include_archived": "true"}}


@walk("GET /discussions/channels/{uuid}")
def _(service: Service) -> Sent:
    return path(service), {}


@walk("POST /discussions/channels")
def _(service: Service) -> Sent:
    return "/discussions/channels", {"json": SLUGS | {"name": "crew", "is_private": True}}


@walk("PUT /discussions/channels/{uuid}")
def _(service: Service) -> Sent:
    return path(service), {"json": {"description": "All of it"}}


@walk("GET /discussions/channels/{uuid}/messages")
def _(service: Service) -> Sent:
    return f"{path(service)}/messages", {"params": {"limit": 3}}


@walk("POST /discussions/channels/{uuid}/messages")
def _(service: Service) -> Sent:
    return f"{path(service)}/messages", {"json": {"content": "Aye"}}


@walk("GET /discussions/channels/{uuid}/search")
def _(service: Service) -> Sent:
    return f"{path(service)}/search", {"params": {"q": "the"}}


@walk("POST /discussions/channels/{uuid}/read")
def _(service: Service) -> Sent:
    return f"{path(service)}/read", {"json": {}}


@walk("GET /search")
def _(service: Service) -> Sent:
    return "/search", {"params": {"q": "the", "limit": 10}}


def test_a_channel_is_made_found_changed_and_talked_in(web: Service) -> None:
    made = data(web.post("/discussions/channels", SLUGS | {"title": "Crew talk", "description": "Who sails"}))
    assert (made["slug"], made["name"], made["messages_count"], made["last_message"]) == (
        "crew-talk",
        "Crew talk",
        0,
        None,
    )
    here = f"/discussions/channels/{made['uuid']}"
    said = data(web.post(f"{here}/messages", {"content": " Who has the key? "}))
    answer = data(web.post(f"{here}/messages", {"content": "Karen", "parent_id": said["id"]}))
    assert (said["content"], answer["parent_id"]) == ("Who has the key?", said["id"])
    told = data(web.put(here, {"name": "Crew"}))
    assert (told["slug"], told["title"], told["messages_count"]) == ("crew-talk", "Crew", 2)
    assert (told["last_message"]["content"], told["last_message"]["message"]) == ("Karen", "Karen")
    assert data(web.get("/discussions/channels/crew-talk")) == told
    assert [row["id"] for row in data(web.get(f"{here}/search", q="KAREN"))] == [answer["id"]]


def test_a_cursor_goes_through_the_talk_in_both_directions(web: Service) -> None:
    here = path(web)
    whole = data(web.get(f"{here}/messages"))
    ids = [row["id"] for row in whole]
    assert ids == sorted(ids, reverse=True)
    newest = web.get(f"{here}/messages", limit=2).json()
    assert [row["id"] for row in newest["data"]] == ids[:2]
    assert newest["meta"] == {"has_more": True, "oldest_id": ids[1], "newest_id": ids[0]}
    older = web.get(f"{here}/messages", limit=50, before_id=ids[1]).json()
    assert ([row["id"] for row in older["data"]], older["meta"]["has_more"]) == (ids[2:], False)
    after = web.get(f"{here}/messages", limit=2, after_id=ids[-1]).json()
    assert ([row["id"] for row in after["data"]], after["meta"]["has_more"]) == (ids[-3:-1], True)
    none = web.get(f"{here}/messages", after_id=ids[0]).json()
    assert (none["data"], none["meta"]) == ([], {"has_more": False, "oldest_id": None, "newest_id": None})


def test_what_others_say_is_unread_until_it_is_read(web: Service, acting: Acting) -> None:
    here, member = path(web), acting("member")
    before = data(web.get("/discussions/unread-count", **SLUGS))
    everywhere = data(web.get("/discussions/global-unread-count"))["total_unread"]
    assert before["total_unread"] == sum(row["unread"] for row in before["channels"]) > 0
    member.post(f"{here}/messages", {"content": "Fog"})
    web.post(f"{here}/messages", {"content": "Thanks"})
    after = data(web.get("/discussions/unread-count", **SLUGS))
    assert after["total_unread"] == before["total_unread"] + 1
    assert data(web.get("/discussions/global-unread-count"))["total_unread"] == everywhere + 1
    listed = [row for project in data(web.get("/discussions/all")) for row in project["channels"]]
    assert sum(row["unread"] for row in listed) == everywhere + 1
    rows = data(web.get("/discussions/channels", **SLUGS, unread="true"))
    assert rows[0]["messages"][0]["content"] == "Fog"
    assert data(web.post(f"{here}/read", {})) == {"unread_count": 0}
    assert data(web.get(here))["unread_count"] == 0
    assert here.rpartition("/")[2] not in [
        row["channel"]["uuid"] for row in data(web.get("/discussions/channels", **SLUGS, unread="true"))
    ]
    assert data(member.get(here))["unread_count"] > 0


def test_archived_channels_are_listed_on_demand(web: Service) -> None:
    shown = {row["slug"] for row in data(web.get("/discussions/channels", **SLUGS))}
    every = {row["slug"] for row in data(web.get("/discussions/channels", **SLUGS, include_archived="true"))}
    assert every - shown == {"autumn-launch"}


def test_a_private_channel_is_seen_by_its_maker_and_who_runs_the_project(acting: Acting) -> None:
    made = data(acting("member").post("/discussions/channels", SLUGS | {"name": "Secret", "is_private": True}))
    here = f"/discussions/channels/{made['uuid']}"
    assert data(acting("manager").get(here))["is_private"] is True
    assert data(acting("owner").get(here))["members_count"] == made["members_count"]
    for name in ("client",):
        assert_refused(acting(name).get(here), 404, "CHANNEL_NOT_FOUND")
        assert "secret" not in [row["slug"] for row in data(acting(name).get("/discussions/channels", **SLUGS))]


@pytest.mark.parametrize(
    ("sent", "param"),
    [({}, "content"), ({"content": " "}, "content"), ({"content": "x", "parent_id": 99999}, "parent_id")],
)
def test_what_cannot_be_said_is_refused(web: Service, mcp: Service, sent: dict[str, Any], param: str) -> None:
    assert_refused(web.post(f"{path(web)}/messages", sent), 422, "VALIDATION_FAILED", param)
    assert_refused(mcp.post(f"{path(web)}/messages", sent), 409, "VALIDATION_FAILED", param)
    assert_refused(web.post("/discussions/channels", SLUGS), 422, "VALIDATION_FAILED", "name")
    assert_refused(web.post("/discussions/channels", SLUGS | {"name": "General"}), 409, "CONFLICT", "name")


def test_a_client_reads_and_says_nothing(acting: Acting) -> None:
    client = acting("client")
    here = path(client)
    assert_refused(client.post(f"{here}/messages", {"content": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(client.put(here, {"name": "x"}), 403, "CLIENT_READ_ONLY")
    assert_refused(acting("member").put(here, {"name": "x"}), 403, "MANAGER_ONLY")
    assert data(client.post(f"{here}/read", {})) == {"unread_count": 0}


def test_each_client_reads_what_a_search_finds(web: Service, mcp: Service, cli: Service) -> None:
    web.post("/tasks", SLUGS | {"title": "Zeppelin mooring"})
    web.post("/wiki/pages", SLUGS | {"title": "About the zeppelin"})
    told = {kind: data(service.get("/search", q="ZEPPELIN")) for kind, service in (("mcp", mcp), ("cli", cli))}
    assert [row["title"] for row in told["cli"]["tasks"]] == ["Zeppelin mooring"]
    assert told["cli"]["wiki"][0]["slug"] == "about-the-zeppelin"
    assert told["mcp"]["tasks"]["items"][0]["route"].startswith("/saltmarsh-labs/projects/route-planner/tasks/")
    assert [(row["type"], row["title"]) for row in data(web.get("/search", q="zeppelin"))] == [
        ("task", "Zeppelin mooring"),
        ("wiki", "About the zeppelin"),
    ]
    assert list(data(cli.get("/search", q="zeppelin", scope="wiki"))) == ["wiki"]
    assert list(data(mcp.get("/search", q="zeppelin", categories="tasks,notes"))) == ["tasks", "notes"]


def test_a_search_finds_nothing_that_the_caller_may_not_see(web: Service, acting: Acting) -> None:
    web.post("/notes", {"title": "Zeppelin, for me alone"})
    web.post("/tasks", {"title": "Zeppelin", "project_slug": "customer-portal"})
    assert data(acting("member").get("/search", q="zeppelin")) == []
    assert_refused(web.get("/search", q="x"), 422, "VALIDATION_FAILED", "q")
    assert_refused(web.get("/search", q="xx", categories="moons"), 422, "VALIDATION_FAILED", "categories")
    assert_refused(web.get("/search", q="xx", company_slug="elsewhere"), 404, "WORKSPACE_NOT_FOUND")
