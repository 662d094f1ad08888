"""Attachments, as a client sees them."""

import httpx

from tests.conftest import Api, assert_error

FILE = {"file": ("ünder score.txt", b"\x00\x01 any bytes \xff", "text/plain")}


def task(api: Api) -> str:
    """A new task's uuid."""
    uuid: str = api.post("/tasks", data={"title": "Holds files"}).json()["uuid"]
    return uuid


def test_a_file_comes_back_byte_for_byte_from_its_link(api: Api, client: httpx.Client) -> None:
    where = {"attachmentable_type": "issues", "attachmentable_id": task(api)}
    told = api.post("/attachments/", params=where, files=FILE)
    made = told.json()["data"]
    assert told.status_code == 201
    assert (made["filename"], made["mimetype"], made["size"]) == ("ünder score.txt", "text/plain", 14)
    assert made["task"]["uuid"] == where["attachmentable_id"]
    got = client.get(made["download"]["url"])
    assert (got.status_code, got.content) == (200, FILE["file"][1])
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"


def test_a_task_counts_its_files_and_shows_its_first_image(api: Api) -> None:
    uuid = task(api)
    picture = {"file": ("a.png", b"\x89PNG", "image/png")}
    made = api.post("/attachments", params={"task_uuid": uuid}, files=picture).json()["data"]
    told = api.get(f"/tasks/{uuid}").json()["data"]
    assert (told["stats"]["attachments"], told["image"]) == (1, made["download"]["url"])


def test_files_are_listed_by_what_they_hang_on(api: Api) -> None:
    uuid = task(api)
    api.post("/attachments", params={"attachmentable_type": "issues", "attachmentable_id": uuid}, files=FILE)
    api.post("/attachments", params={"attachmentable_type": "projects", "attachmentable_id": "null"}, files=FILE)
    mine = api.get("/attachments", attachmentable_type="issues", attachmentable_id=uuid).json()
    assert [row["task"]["uuid"] for row in mine["data"]] == [uuid]
    assert [row["task"] for row in api.get("/attachments", attachmentable_type="projects").json()["data"]] == [None]
    assert api.get("/attachments").json()["total"] > 2


def test_a_link_is_kept_as_it_is(api: Api) -> None:
    told = api.post("/attachments", json={"name": "plan.pdf", "size": 10, "link": "https://drive.example/x"}).json()
    assert (told["data"]["download"]["url"], told["data"]["size"]) == ("https://drive.example/x", 10)


def test_nothing_to_attach_is_named(api: Api) -> None:
    assert_error(api.post("/attachments"), 400, "MISSING_PARAMETER", "file")
    assert_error(api.post("/attachments", json={"link": "javascript:alert(1)"}), 400, "INVALID_PARAMETER", "link")
    assert_error(
        api.post("/attachments", params={"task_uuid": "none"}, files=FILE), 400, "INVALID_PARAMETER", "task_uuid"
    )


def test_a_deleted_file_is_gone(api: Api, client: httpx.Client) -> None:
    made = api.post("/attachments", files=FILE).json()["data"]
    assert api.delete(f"/attachments/{made['id']}").status_code == 200
    assert_error(api.delete(f"/attachments/{made['id']}"), 404, "ATTACHMENT_NOT_FOUND")
    assert client.get(made["download"]["url"]).status_code == 404
