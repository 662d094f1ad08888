"""Feeds, notifications and git integrations, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def task(service: Service) -> dict[str, Any]:
    """The newest task of the first project."""
    return data(service.get("/tasks", **SLUGS))[0]  # type: ignore[no-any-return]


def branched(service: Service) -> dict[str, Any]:
    """A task of the first project that has a branch and a pull request."""
    for row in data(service.get("/tasks", **SLUGS, per_page=100)):
        if data(service.get(f"/integrations/github/pull-requests/by-code/{row['code']}")):
            return row  # type: ignore[no-any-return]
    raise AssertionError("no task has a pull request")


@walk("GET /feeds")
def _(service: Service) -> Sent:
    return "/feeds", {"params": {"page": 2}}


@walk("GET /feeds/user/{username}")
def _(service: Service) -> Sent:
    return f"/feeds/user/{data(service.get('/projects/route-planner/members'))[1]['username']}", {}


@walk("GET /feeds/notifications")
def _(service: Service) -> Sent:
    return "/feeds/notifications", {"params": {"unread": "true"}}


@walk("GET /feeds/notifications/count")
def _(service: Service) -> Sent:
    return "/feeds/notifications/count", {}


@walk("POST /feeds/notifications/{id}/read")
def _(service: Service) -> Sent:
    return f"/feeds/notifications/{data(service.get('/feeds/notifications'))[0]['uuid']}/read", {"json": {}}


@walk("POST /feeds/notifications/read-all")
def _(service: Service) -> Sent:
    return "/feeds/notifications/read-all", {"json": {}}


@walk("DELETE /feeds/notifications")
def _(service: Service) -> Sent:
    return "/feeds/notifications", {}


@walk("GET /activities")
def _(service: Service) -> Sent:
    return "/activities", {"params": SLUGS | {"from_context": "sprints"}}


@walk("GET /activities/task/{uuid}/workflow")
def _(service: Service) -> Sent:
    return f"/activities/task/{task(service)['uuid']}/workflow", {}


@walk("POST /integrations/{provider}/branches/by-code/{code}")
def _(service: Service) -> Sent:
    return f"/integrations/github/branches/by-code/{task(service)['code']}", {"json": {"branch_name": "fix/pier"}}


@walk("GET /integrations/{provider}/branches/by-code/{code}")
def _(service: Service) -> Sent:
    return f"/integrations/github/branches/by-code/{branched(service)['code']}", {}


@walk("GET /integrations/{provider}/pull-requests/by-code/{code}")
def _(service: Service) -> Sent:
    return f"/integrations/github/pull-requests/by-code/{branched(service)['ref_code']}", {}


@walk("DELETE /integrations/{provider}/branches/{uuid}")
def _(service: Service) -> Sent:
    rows = data(service.get(f"/integrations/github/branches/by-code/{branched(service)['code']}"))
    return f"/integrations/github/branches/{rows[0]['uuid']}", {}


def test_what_happens_in_either_dialect_is_in_the_feed(web: Service, api: Api) -> None:
    chosen = task(web)
    api.put(f"/tasks/{chosen['uuid']}", json={"title": "Another title"})
    told = data(web.get("/feeds"))[0]
    assert told["type"] == "updated"
    assert chosen["code"] in told["description"]
    mine = data(web.get(f"/feeds/user/{told_by(web)}"))
    assert mine[0] == told
    assert data(web.get("/activities", uuid=chosen["uuid"]))[0]["task_uuid"] == chosen["uuid"]
    assert_refused(web.get("/feeds/user/nobody"), 404, "USER_NOT_FOUND")


def told_by(service: Service) -> str:
    """The caller's username."""
    return str(data(service.post("/auth/me"))["username"])


def test_a_context_narrows_what_happened(web: Service) -> None:
    contexts = ({"from_context": name} for name in ("project", "sprints", "user_stories"))
    whole, sprints, stories = (web.get("/activities", **SLUGS, **each).json()["total"] for each in contexts)
    assert whole > sprints > 0
    assert whole > stories > 0
    company = web.get("/activities", from_context="company", company_slug="saltmarsh-labs").json()["total"]
    assert company > whole
    slug = data(web.get("/sprints", **SLUGS))[0]["slug"]
    one = web.get("/activities", **SLUGS, sprint_slug=slug).json()["total"]
    assert 0 <= one < sprints
    assert_refused(web.get("/activities", from_context="sprint"), 422, "VALIDATION_FAILED", "sprint_slug")
    assert_refused(web.get("/activities", from_context="moon"), 422, "VALIDATION_FAILED", "from_context")


def test_the_way_of_a_task_is_told_step_by_step(web: Service) -> None:
    columns = data(web.get("/projects-workflows", **SLUGS))
    made = data(web.post("/tasks", {"title": "Walk", **SLUGS}))
    web.put(f"/tasks/{made['uuid']}/complete")
    steps = data(web.get(f"/activities/task/{made['uuid']}/workflow"))
    assert [step["from"] for step in steps] == [columns[0]["title"]]
    assert steps[0]["to"] in [column["title"] for column in columns]


def test_a_notice_comes_is_read_and_goes(web: Service, acting: Acting) -> None:
    chosen, before = task(web), data(web.get("/feeds/notifications/count"))
    made = data(web.post("/tasks", {"title": "Look", **SLUGS}))
    assert data(web.get("/feeds/notifications/count")) == before
    acting("member").post("/comments", {"task_uuid": made["uuid"], "comment_text": "Seen", **SLUGS})
    assert data(web.get("/feeds/notifications/count")) == before + 1
    newest = data(web.get("/feeds/notifications", unread="true"))[0]
    assert (newest["action"], newest["read"]) == ("commented", False)
    assert newest["message"].endswith(f"commented on {made['code']}")
    read = data(web.post(f"/feeds/notifications/{newest['uuid']}/read", {}))
    assert (read["uuid"], read["read"]) == (newest["uuid"], True)
    assert data(web.get("/feeds/notifications/count")) == before
    assert chosen["code"] != made["code"]


def test_somebody_is_told_that_a_task_is_theirs_and_nobody_else(web: Service, acting: Acting) -> None:
    made = data(web.post("/tasks", {"title": "Yours", **SLUGS}))
    member, manager = acting("member"), acting("manager")
    counts = [data(who.get("/feeds/notifications/count")) for who in (member, manager)]
    web.post(f"/tasks/by-code/{made['code']}/assign", {"username": told_by(member)})
    after = [data(who.get("/feeds/notifications/count")) for who in (member, manager)]
    assert [now - was for now, was in zip(after, counts, strict=True)] == [1, 0]


def test_all_notices_are_read_and_cleared_for_one_person_alone(web: Service, acting: Acting) -> None:
    others = data(acting("member").get("/feeds/notifications/count"))
    assert data(web.get("/feeds/notifications/count")) > 0
    web.post("/feeds/notifications/read-all")
    assert data(web.get("/feeds/notifications/count")) == 0
    assert data(web.get("/feeds/notifications", unread="true")) == []
    assert all(row["read"] for row in data(web.get("/feeds/notifications")))
    assert web.delete("/feeds/notifications").json() == {"success": True}
    assert data(web.get("/feeds/notifications")) == []
    assert data(acting("member").get("/feeds/notifications/count")) == others
    assert_refused(web.post("/feeds/notifications/x/read"), 404, "NOTIFICATION_NOT_FOUND")


def test_a_branch_is_made_listed_and_deleted(cli: Service) -> None:
    code = task(cli)["code"]
    path = f"/integrations/gitlab/branches/by-code/{code.lower()}"
    made = data(cli.post(path))
    assert made["name"].startswith(code.lower())
    assert made["url"].endswith(f"/tree/{made['name']}")
    assert [row["uuid"] for row in data(cli.get(path))] == [made["uuid"]]
    assert data(cli.get(path.replace("gitlab", "bitbucket"))) == []
    assert_refused(cli.post(path, {"branch_name": made["name"]}), 409, "CONFLICT", "branch_name")
    assert cli.delete(f"/integrations/gitlab/branches/{made['uuid']}").json() == {"success": True}
    assert_refused(cli.delete(f"/integrations/gitlab/branches/{made['uuid']}"), 404, "BRANCH_NOT_FOUND")


@pytest.mark.parametrize("name", ["a b", "a..b", "/a", "a/", "a.lock", "a~1", "@{", "x" * 201])
def test_a_branch_has_a_name_that_git_takes(cli: Service, name: str) -> None:
    path = f"/integrations/github/branches/by-code/{task(cli)['code']}"
    assert_refused(cli.post(path, {"branch_name": name}), 422, "VALIDATION_FAILED", "branch_name")
    assert_refused(cli.get(path.replace("github", "sourcehut")), 422, "VALIDATION_FAILED", "provider")


def test_a_client_neither_makes_nor_deletes_branches(cli: Service, acting: Acting) -> None:
    code = task(cli)["code"]
    assert_refused(acting("client").post(f"/integrations/github/branches/by-code/{code}"), 403, "CLIENT_READ_ONLY")
    uuid = data(cli.post(f"/integrations/github/branches/by-code/{code}"))["uuid"]
    assert_refused(acting("client").delete(f"/integrations/github/branches/{uuid}"), 403, "CLIENT_READ_ONLY")
