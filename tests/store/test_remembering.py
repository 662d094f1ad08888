"""What is remembered between two writes is never what a write has made untrue."""

import pytest

from tests.conftest import Api

NOUNS = ("tasks", "sprints", "user-stories")


@pytest.mark.parametrize("noun", NOUNS)
def test_a_change_answers_with_the_change_though_the_row_was_read_before(api: Api, noun: str) -> None:
    first = api.get(f"/{noun}").json()["data"][0]
    path = f"/{noun}/{first.get('uuid') or first['slug']}"
    api.get(path)
    told = api.put(path, data={"title": "Read before it was changed"}).json()
    assert told.get("data", told)["title"] == "Read before it was changed"
    assert api.get(f"/{noun}").json()["data"][0]["title"] == "Read before it was changed"


def test_a_refused_change_leaves_what_was_read_before(api: Api) -> None:
    first = api.get("/tasks").json()["data"][0]
    before = api.get(f"/tasks/{first['uuid']}").json()
    assert api.put(f"/tasks/{first['uuid']}", data={"title": "Lost", "workflow_id": "999999"}).status_code == 400
    assert api.get(f"/tasks/{first['uuid']}").json()["data"]["title"] == before["data"]["title"]
