"""Epics, as a client sees them."""

import re
from typing import Any

from tests.conftest import Api, assert_error

EPICS = "/user-story-epics"


def test_an_epic_comes_back_bare_with_its_author_at_length(api: Api) -> None:
    answer = api.post(EPICS, data={"title": "Checkout flow V2"})
    told = answer.json()
    assert answer.status_code == 201
    assert told.keys() == {"uuid", "title", "stats", "user", "color", "created_at"}
    assert told["user"].keys() >= {"name", "headline", "username", "avatar", "location", "timezone_id", "timezone_name"}
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4}", told["user"]["since"])
    assert (told["color"], told["stats"]) == (None, {"user_stories": None})


def test_an_epic_counts_its_stories_and_leaves_them_when_it_goes(api: Api) -> None:
    epic = api.post(EPICS, data={"title": "Big"}).json()
    slugs = [
        api.post("/user-stories", data={"title": "x", "epic_uuid": epic["uuid"]}).json()["data"]["slug"]
        for _ in range(2)
    ]
    assert api.get(f"{EPICS}/{epic['uuid']}/").json()["data"]["stats"] == {"user_stories": 2}
    assert api.delete(f"{EPICS}/{epic['uuid']}").json() == {"data": {"deleted": True}}
    assert [api.get(f"/user-stories/{slug}").json()["data"]["epic"] for slug in slugs] == [None, None]


def test_a_new_epic_is_the_first_of_the_list(api: Api) -> None:
    epic = api.post(EPICS, data={"title": "Newest", "color": "#38FB07"}).json()
    told = api.get(EPICS, limit=1).json()
    assert ([row["uuid"] for row in told["data"]], told["count"]) == ([epic["uuid"]], 1)


def test_null_takes_an_epics_colour_away(api: Api) -> None:
    epic = api.post(EPICS, data={"title": "Big", "color": "38FB07"}).json()
    told = api.put(f"{EPICS}/{epic['uuid']}", json={"color": None}).json()["data"]
    assert (epic["color"], told["color"], told["title"]) == ("#38FB07", None, "Big")


def test_another_projects_epic_is_not_found(api: Api, other: Any) -> None:
    epic = api.post(EPICS, data={"title": "Ours"}).json()
    for name in ("second_project", "other_account"):
        assert_error(other(name).get(f"{EPICS}/{epic['uuid']}"), 404, "EPIC_NOT_FOUND")
