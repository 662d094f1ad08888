"""Comments, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error

KEYS = set(
    "id resource comment keywords votes created_at updated_at is_mine replies user users company project".split()
)


def uuid_of_a_task(api: Api) -> str:
    """A new task's uuid."""
    return str(api.post("/tasks", data={"title": "Talk about it"}).json()["uuid"])


def said(api: Api, text: str, **more: Any) -> dict[str, Any]:
    """A new comment."""
    answer = api.post("/comments", data={"comment_text": text, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def test_a_comment_has_every_documented_key(api: Api) -> None:
    assert api.get("/comments").json()["data"][0].keys() >= KEYS


def test_a_comment_names_its_task_and_whose_it_is(api: Api) -> None:
    uuid = uuid_of_a_task(api)
    comment = said(api, "Looks good", task_uuid=uuid)
    assert comment["resource"] == {"type": "task", "uuid": uuid}
    assert comment["comment"] == "Looks good"
    assert comment["is_mine"] is True
    assert comment["created_at"]["date_for_humans"] == "1 second ago"
    assert api.get(f"/tasks/{uuid}").json()["data"]["stats"]["comments"] == 1


def test_the_names_that_the_web_client_uses_find_the_same_task(api: Api) -> None:
    uuid = uuid_of_a_task(api)
    said(api, "First", task_uuid=uuid)
    target = {"commentable_type": "issues", "commentable_id": uuid}
    api.call("POST", "/comments/", params=target, json={"comment_text": "Second"})
    assert [row["comment"] for row in api.get("/comments/", **target).json()["data"]] == ["Second", "First"]
    assert [row["comment"] for row in api.get("/comments", task_uuid=uuid, sort="ASC").json()["data"]] == [
        "First",
        "Second",
    ]


def test_the_discussion_of_the_project_is_apart_from_its_tasks(api: Api) -> None:
    said(api, "On the task", task_uuid=uuid_of_a_task(api))
    discussed = said(api, "On the project", commentable_type="projects", commentable_id="null")
    assert discussed["resource"]["type"] == "project"
    listed = api.get("/comments", commentable_type="projects", commentable_id="null").json()
    assert [row["id"] for row in listed["data"]] == [discussed["id"]]


def test_replies_stand_below_the_first_comment(api: Api) -> None:
    uuid = uuid_of_a_task(api)
    first = said(api, "Why?", task_uuid=uuid)
    reply = said(api, "Because", parent_id=first["id"])
    said(api, "I see", parent_id=reply["id"], task_uuid=uuid)
    listed = api.get("/comments", task_uuid=uuid).json()
    assert listed["total"] == 1
    assert [row["comment"] for row in listed["data"][0]["replies"]] == ["Because", "I see"]


def test_hashtags_become_keywords_each_once(api: Api) -> None:
    comment = said(api, "#urgent and #Größe, again #urgent", task_uuid=uuid_of_a_task(api))
    assert comment["keywords"] == ["urgent", "Größe"]


def test_a_mention_finds_members_and_nobody_else(api: Api) -> None:
    author = said(api, "x", commentable_type="projects")["user"]["username"]
    comment = said(api, f"@{author}. and @no.one, @{author}!", commentable_type="projects")
    assert [user["username"] for user in comment["users"]] == [author]
    assert comment["comment_mention"] == [author]


def test_a_changed_comment_has_other_keywords_and_mentions(api: Api) -> None:
    comment = said(api, "#old", commentable_type="projects")
    name = comment["user"]["username"]
    changed = api.put(f"/comments/{comment['id']}", data={"comment_text": f"#new @{name}"}).json()["data"]
    assert (changed["keywords"], changed["comment_mention"]) == (["new"], [name])
    assert api.put(f"/comments/{comment['id']}").json()["data"]["comment"] == f"#new @{name}"


def test_search_looks_into_the_text(api: Api) -> None:
    uuid = uuid_of_a_task(api)
    said(api, "Deploy on Monday", task_uuid=uuid)
    said(api, "Wait", task_uuid=uuid)
    found = api.get("/comments", task_uuid=uuid, search="monday").json()
    assert (found["total"], found["data"][0]["comment"]) == (1, "Deploy on Monday")


def test_a_deleted_comment_takes_its_replies_along(api: Api) -> None:
    first = said(api, "Why?", commentable_type="projects")
    reply = said(api, "Because", parent_id=first["id"])
    assert api.delete(f"/comments/{first['id']}").json() == {"data": {"deleted": True}}
    for id in (first["id"], reply["id"]):
        assert_error(api.get(f"/comments/{id}"), 404, "COMMENT_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"commentable_type": "projects"}, "MISSING_PARAMETER", "comment_text"),
        ({"commentable_type": "projects", "comment_text": ""}, "INVALID_PARAMETER", "comment_text"),
        ({"comment_text": "Hello"}, "MISSING_PARAMETER", "task_uuid"),
        ({"comment_text": "Hello", "task_uuid": "no-such"}, "INVALID_PARAMETER", "task_uuid"),
        ({"comment_text": "Hello", "commentable_id": "no-such"}, "INVALID_PARAMETER", "commentable_id"),
        ({"comment_text": "Hello", "commentable_type": "issues"}, "MISSING_PARAMETER", "commentable_id"),
        ({"comment_text": "Hello", "commentable_type": "poems"}, "INVALID_PARAMETER", "commentable_type"),
        ({"comment_text": "Hello", "parent_id": "99999"}, "INVALID_PARAMETER", "parent_id"),
    ],
)
def test_a_wrong_comment_is_refused_by_name(api: Api, fields: dict[str, str], code: str, param: str) -> None:
    assert_error(api.post("/comments", data=fields), 400, code, param)


def test_a_comment_of_another_project_is_not_found(api: Api, other: Any) -> None:
    comment = said(api, "Ours", commentable_type="projects")
    assert_error(other("second_project").get(f"/comments/{comment['id']}"), 404, "COMMENT_NOT_FOUND")
    assert_error(other("other_account").delete(f"/comments/{comment['id']}"), 404, "COMMENT_NOT_FOUND")
