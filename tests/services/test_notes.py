"""Notes with folders, revisions and sharing, in the services API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

HERE = {"company_slug": "saltmarsh-labs"}
Acting = Callable[..., Service]
Sent = tuple[str, dict[str, Any]]


def note(service: Service) -> dict[str, Any]:
    """A note of the caller with an earlier wording."""
    rows = data(service.get("/notes", **HERE))
    return next(row for row in rows if row["revisions_count"])


def folder(service: Service) -> str:
    """The uuid of the caller's first folder."""
    return str(data(service.get("/note-folders", **HERE))[0]["uuid"])


@walk("GET /notes")
def _(service: Service) -> Sent:
    return "/notes", {"params": HERE | {"search": "e"}}


@walk("GET /notes/{uuid}")
def _(service: Service) -> Sent:
    return f"/notes/{note(service)['uuid']}", {"params": HERE}


@walk("POST /notes")
def _(service: Service) -> Sent:
    return "/notes", {"json": HERE | {"title": "Ropes", "color": "red"}}


@walk("PUT /notes/{uuid}")
def _(service: Service) -> Sent:
    uuid = data(service.post("/notes", {"title": "Ropes"}))["uuid"]
    return f"/notes/{uuid}", {"json": {"content": "Ten metres"}}


@walk("PUT /notes/{uuid}/share/toggle")
def _(service: Service) -> Sent:
    return f"/notes/{data(service.post('/notes', {'title': 'Ropes'}))['uuid']}/share/toggle", {"json": {}}


@walk("GET /notes/{uuid}/revisions")
def _(service: Service) -> Sent:
    return f"/notes/{note(service)['uuid']}/revisions", {"params": HERE}


@walk("GET /note-folders")
def _(service: Service) -> Sent:
    return "/note-folders", {"params": HERE}


@walk("POST /note-folders")
def _(service: Service) -> Sent:
    return "/note-folders", {"json": HERE | {"name": "Ropes"}}


@walk("PUT /note-folders/{uuid}")
def _(service: Service) -> Sent:
    return f"/note-folders/{folder(service)}", {"json": {"name": "Knots"}}


@walk("POST /note-folders/move-note")
def _(service: Service) -> Sent:
    uuid = data(service.post("/notes", {"title": "Ropes"}))["uuid"]
    return "/note-folders/move-note", {"json": {"note_uuid": uuid, "folder_uuid": folder(service)}}


def test_a_note_is_made_read_changed_and_what_it_said_is_kept(web: Service) -> None:
    made = data(web.post("/notes", {"title": "Ropes", "content": "Five metres", "folder_uuid": folder(web)}))
    assert (made["is_shared"], made["revisions_count"], made["folder"]["uuid"]) == (False, 0, folder(web))
    path = f"/notes/{made['uuid']}"
    changed = data(web.put(path, {"content": "Ten metres"}))
    assert (changed["title"], changed["content"], changed["revisions_count"]) == ("Ropes", "Ten metres", 1)
    assert data(web.put(path, {"content": "Ten metres", "color": "blue"}))["revisions_count"] == 1
    data(web.put(path, {"title": "Cords"}))
    told = data(web.get(f"{path}/revisions"))
    assert [(row["number"], row["title"], row["content"]) for row in told] == [
        (2, "Ropes", "Ten metres"),
        (1, "Ropes", "Five metres"),
    ]
    assert data(web.get(path))["title"] == "Cords"


def test_notes_are_found_by_folder_color_and_words(web: Service) -> None:
    made = data(web.post("/notes", {"title": "Ropes", "color": "teal", "content": "Hemp"}))
    for sent in ({"color": "teal"}, {"search": "HEMP"}, {"search": "ropes"}):
        assert [row["uuid"] for row in data(web.get("/notes", **sent))] == [made["uuid"]]
    moved = web.post("/note-folders/move-note", {"note_uuid": made["uuid"], "folder_uuid": folder(web)})
    assert moved.json() == {"success": True}
    assert made["uuid"] in [row["uuid"] for row in data(web.get("/notes", folder_uuid=folder(web)))]
    web.post("/note-folders/move-note", {"note_uuid": made["uuid"], "folder_uuid": None})
    assert data(web.get(f"/notes/{made['uuid']}"))["folder"] is None


def test_what_is_shared_is_read_by_others_and_changed_by_its_owner(web: Service, acting: Acting) -> None:
    path = f"/notes/{data(web.post('/notes', {'title': 'Ropes'}))['uuid']}"
    member = acting("member")
    assert_refused(member.get(path), 404, "NOTE_NOT_FOUND")
    assert data(web.put(f"{path}/share/toggle", {}))["is_shared"] is True
    assert data(member.get(path))["title"] == "Ropes"
    assert path.rpartition("/")[2] in [row["uuid"] for row in data(member.get("/notes"))]
    assert_refused(member.put(path, {"title": "x"}), 403, "OWNER_ONLY")
    assert_refused(member.put(f"{path}/share/toggle", {}), 403, "OWNER_ONLY")
    assert data(web.put(f"{path}/share/toggle", {}))["is_shared"] is False
    assert_refused(member.get(path), 404, "NOTE_NOT_FOUND")


def test_a_folder_is_its_makers(web: Service, acting: Acting) -> None:
    made = data(web.post("/note-folders", HERE | {"name": "Ropes"}))
    assert data(web.put(f"/note-folders/{made['uuid']}", {"name": "Cords"}))["name"] == "Cords"
    member = acting("member")
    assert made["uuid"] not in [row["uuid"] for row in data(member.get("/note-folders"))]
    assert_refused(member.put(f"/note-folders/{made['uuid']}", {"name": "x"}), 404, "NOTE_FOLDER_NOT_FOUND")
    sent = {"title": "x", "folder_uuid": made["uuid"]}
    assert_refused(member.post("/notes", sent), 422, "VALIDATION_FAILED", "folder_uuid")
    assert_refused(web.post("/note-folders", HERE), 422, "VALIDATION_FAILED", "name")
    assert_refused(web.post("/note-folders/move-note", {}), 422, "VALIDATION_FAILED", "note_uuid")


@pytest.mark.parametrize("path", ["/notes", "/note-folders"])
def test_a_client_writes_no_notes(acting: Acting, path: str) -> None:
    assert_refused(acting("client").post(path, {"title": "x", "name": "x"}), 403, "CLIENT_READ_ONLY")
