"""Tasks, as a client sees them."""

from typing import Any

import pytest

from tests.conftest import Api, assert_error

KEYS = {
    *("uuid", "code", "effort", "type", "timer", "has_sprints", "has_user_stories", "workflow", "parent_id", "image"),
    *("labels", "slug", "state", "title", "description", "analyse", "user", "users", "features", "completed_user"),
    *("completed_date", "start_date", "due_date", "created_at", "settings", "time_tracker", "time_tracker_user"),
    *("stats", "company", "project", "sprint", "user_story"),
}


def created(api: Api, **fields: Any) -> dict[str, Any]:
    """A new task."""
    answer = api.post("/tasks", data={"title": "Ship it", **fields})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_task_has_every_documented_key(api: Api) -> None:
    assert api.get("/tasks").json()["data"][0].keys() >= KEYS


def test_a_created_task_comes_back_bare_with_its_dates_as_documented(api: Api) -> None:
    task = created(api, due_date="2022-11-20 00:00:00")
    assert task["due_date"]["timezone"] == "2022-11-20 0:00:00"
    assert task["due_date"]["timestamp"] == 1668902400
    assert task["start_date"] == []
    assert task["created_at"]["date_for_humans"] == "1 second ago"
    assert task["slug"] == "ship-it"


def test_the_year_of_a_date_has_four_digits(api: Api) -> None:
    assert created(api, due_date="0999-01-02")["due_date"]["timezone"] == "0999-01-02 0:00:00"


def test_a_task_is_numbered_after_the_last_one(api: Api) -> None:
    first, second = created(api), created(api)
    assert first["code"].startswith("#RPLAN-")
    assert int(second["code"].split("-")[1]) == int(first["code"].split("-")[1]) + 1


def test_the_number_of_a_deleted_task_is_not_given_again(api: Api) -> None:
    first = created(api)
    assert api.delete(f"/tasks/{first['uuid']}").json() == {"data": {"deleted": True}}
    assert created(api)["code"] != first["code"]


def test_a_created_task_is_the_first_of_the_list_and_counted(api: Api) -> None:
    before = api.get("/tasks").json()["total"]
    task = created(api)
    after = api.get("/tasks/").json()
    assert after["data"][0]["uuid"] == task["uuid"]
    assert after["total"] == before + 1


def test_a_json_body_a_form_and_multipart_make_the_same_task(api: Api) -> None:
    bodies: list[dict[str, Any]] = [
        {"data": {"title": "Same", "is_bug": "on"}},
        {"json": {"title": "Same", "is_bug": True}},
        {"files": {"title": (None, "Same"), "is_bug": (None, "1")}},
    ]
    told = [api.post("/tasks", **body).json() for body in bodies]
    assert [(task["title"], task["settings"]["is_bug"]) for task in told] == [("Same", True)] * 3


def test_what_is_not_sent_stays_and_an_explicit_null_clears(api: Api) -> None:
    task = created(api, description="keep me", due_date="2026-01-02", start_date="2026-1-1")
    told = api.put(f"/tasks/{task['uuid']}", json={"due_date": None}).json()["data"]
    assert (told["description"], told["due_date"], told["start_date"]["timestamp"]) == ("keep me", [], 1767225600)
    assert api.put(f"/tasks/{task['uuid']}", data={"start_date": ""}).json()["data"]["start_date"] == []


def test_a_done_column_completes_a_task_and_an_open_one_reopens_it(api: Api) -> None:
    task = created(api)
    done = next(row["workflow"]["id"] for row in api.get("/tasks", workflow="done").json()["data"])
    told = api.put(f"/tasks/{task['uuid']}", data={"workflow_id": done}).json()["data"]
    assert told["completed_date"]["timestamp"] >= told["created_at"]["timestamp"]
    assert told["completed_user"] == told["user"]
    told = api.put(f"/tasks/{task['uuid']}", data={"workflow_id": task["workflow"]["id"]}).json()["data"]
    assert (told["completed_date"], told["completed_user"]) == ([], None)


def test_people_and_labels_come_along_with_php_brackets(api: Api) -> None:
    names = [user["username"] for row in api.get("/tasks", limit=50).json()["data"] for user in row["users"]][:2]
    body = f"title=Together&users[]={names[0]}&users[1]={names[1]}&labels=backend,mobile"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    told = api.post("/tasks", content=body, headers=form).json()
    assert [user["username"] for user in told["users"]] == list(dict.fromkeys(names))
    assert [label["title"] for label in told["labels"]] == ["backend", "mobile"]


def test_filters_keep_what_they_name(api: Api) -> None:
    mine = api.post("/tasks", data={"title": "Zebra crossing", "username": me(api)}).json()
    assert api.get("/tasks", assignee="me", title="zebra").json()["data"][0]["uuid"] == mine["uuid"]
    assert api.get("/tasks", title="no such words").json()["total"] == 0
    assert {row["workflow"]["state"] for row in api.get("/tasks", workflow="open", limit=100).json()["data"]} <= {0, 2}
    story = next(row["user_story"]["slug"] for row in api.get("/tasks").json()["data"] if row["user_story"])
    kept = api.get("/tasks", user_story_slug=story).json()["data"]
    assert {row["user_story"]["slug"] for row in kept} == {story}
    assert api.get("/tasks", sprint_slug="none-such").json()["data"] == []


def me(api: Api) -> str:
    """The caller's username."""
    name: str = created(api)["user"]["username"]
    return name


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "x", "workflow_id": "999999"}, "workflow_id"),
        ({"title": "x", "workflow_id": "soon"}, "workflow_id"),
        ({"title": "x", "type_id": "0"}, "type_id"),
        ({"title": "x", "due_date": "tomorrow"}, "due_date"),
        ({"title": "x", "value_fixed": "-1"}, "value_fixed"),
        ({"title": "x", "is_bug": "perhaps"}, "is_bug"),
        ({"title": "x", "parent_id": "nobody"}, "parent_id"),
        ({"title": "x", "sprint_slug": "nowhere"}, "sprint_slug"),
        ({"title": "x", "username": "nobody"}, "username"),
        ({"title": "x", "start_date": "2026-02-02", "due_date": "2026-02-01"}, "due_date"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(api: Api, fields: dict[str, str], param: str) -> None:
    before = api.get("/tasks").json()["total"]
    assert_error(api.post("/tasks", data=fields), 400, "INVALID_PARAMETER", param)
    assert api.get("/tasks").json()["total"] == before


def test_a_missing_title_is_named(api: Api) -> None:
    assert_error(api.post("/tasks"), 400, "MISSING_PARAMETER", "title")


def test_a_taken_code_is_a_conflict_and_a_free_one_is_kept(api: Api) -> None:
    first, second = created(api), created(api)
    assert_error(api.put(f"/tasks/{second['uuid']}", data={"code": first["code"]}), 409, "CONFLICT", "code")
    assert api.put(f"/tasks/{second['uuid']}", data={"code": "MINE-1"}).json()["data"]["code"] == "#MINE-1"


def test_a_task_cannot_be_put_below_itself(api: Api) -> None:
    top = created(api)
    below = created(api, parent_id=top["uuid"])
    assert below["parent_id"] == top["id"]
    assert_error(
        api.put(f"/tasks/{top['uuid']}", data={"parent_id": below["uuid"]}), 400, "INVALID_PARAMETER", "parent_id"
    )


def test_another_projects_task_is_not_found(api: Api, other: Any) -> None:
    task = created(api)
    for name in ("second_project", "other_account"):
        assert_error(other(name).get(f"/tasks/{task['uuid']}"), 404, "TASK_NOT_FOUND")
        assert_error(other(name).delete(f"/tasks/{task['uuid']}"), 404, "TASK_NOT_FOUND")


def test_a_task_placed_first_pushes_the_others_down(api: Api) -> None:
    task = created(api, position="1")
    again = created(api, position="1")
    assert api.put(f"/tasks/{task['uuid']}", data={"position": "1"}).status_code == 200
    assert api.get(f"/tasks/{again['uuid']}").status_code == 200


def test_a_users_text_comes_back_as_it_was(api: Api) -> None:
    text = "<script>'\"\\ 🚚 שלום'); DROP TABLE task;--"
    assert created(api, title=text)["title"] == text


def test_a_number_whose_code_is_taken_already_is_passed_over(api: Api) -> None:
    number = int(created(api)["code"].split("-")[1])
    assert created(api, code=f"RPLAN-{number + 1}")["code"] == f"#RPLAN-{number + 1}"
    assert created(api)["code"] == f"#RPLAN-{number + 2}"
