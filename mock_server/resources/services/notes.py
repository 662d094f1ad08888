"""Notes: one's own in folders, with what they said before, and those that others share with the workspace."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy import func, or_, select

from mock_server.dialects.answers import Bare, Db, Listing, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeText, Text, Title, nothing
from mock_server.dialects.lists import Filters, Order, Page, Where, contains, refers_to
from mock_server.dialects.roles import permitted
from mock_server.dialects.tenancy import InWorkspace
from mock_server.dialects.views import ME, Sql, View, table_of
from mock_server.domain.notes import Note, NoteFolder, NoteRevision
from mock_server.errors import Forbidden, Invalid, NotFound, shown
from mock_server.resources.found import Row
from mock_server.resources.services.cards import NameCard, instant
from mock_server.store.rows import same

UNTITLED = "Untitled note"
OLDEST = Order("id", False)
BACKWARDS = Order("number", True)
Colour = Annotated[Text | None, Field(max_length=32), BeforeValidator(nothing)]
NOTE = """
SELECT n.*, s.role_id, s.role_id AS seat FROM note n
JOIN workspace_member s ON s.company_id = n.company_id AND s.user_id = :me
WHERE n.uuid = :uuid AND (n.user_id = :me OR n.is_shared)
"""
FOLDER = """
SELECT f.*, s.role_id, s.role_id AS seat FROM note_folder f
JOIN workspace_member s ON s.company_id = f.company_id AND s.user_id = :me WHERE f.uuid = :uuid AND f.user_id = :me
"""


class FolderView(View, of=NoteFolder):
    """A folder."""

    uuid: str
    name: str


def revisions(note: Any) -> Any:
    """How often a note was changed."""
    row = table_of(NoteRevision).alias()
    return select(func.count()).select_from(row).where(row.c.note_id == note.c.id).scalar_subquery()


class NoteView(View, of=Note):
    """A note; ``revisions_count`` is how often it was changed."""

    uuid: str
    title: str
    content: str | None
    color: str | None
    is_shared: bool
    folder: FolderView | None
    user: NameCard
    revisions_count: Annotated[int, Sql(revisions)]
    created_at: Annotated[str, Sql(lambda note: instant(note.c.created_at))]
    updated_at: Annotated[str, Sql(lambda note: instant(note.c.updated_at))]


class RevisionView(View, of=NoteRevision):
    """What a note said before a change; ``created_at`` is when it was changed, ``user`` by whom."""

    uuid: str
    number: int
    title: str
    content: str | None
    user: NameCard
    created_at: Annotated[str, Sql(lambda revision: instant(revision.c.created_at))]


class NoteFilters(Filters):
    """Which notes."""

    folder_uuid: Annotated[str, Where(lambda note, uuid: refers_to(NoteFolder, "uuid", note.c.folder_id, uuid))] = ""
    color: Annotated[str, Where(lambda note, color: note.c.color == color)] = ""
    search: Annotated[
        str, Where(lambda n, text: contains(n.c.title, text) | contains(func.coalesce(n.c.content, ""), text))
    ] = ""


class Seen(NoteFilters):
    """Those that the caller may read: their own, and what is shared."""

    seen: Annotated[bool, Where(lambda note, yes: or_(note.c.user_id == ME, note.c.is_shared == yes))] = True


class Own(Filters):
    """The caller's own folders."""

    own: Annotated[bool, Where(lambda folder, yes: (folder.c.user_id == ME) == yes)] = True


class NotePatch(Body):
    """What may be changed of a note; an empty folder takes it out of its own."""

    title: Title = UNTITLED
    content: Text | None = None
    folder_uuid: MaybeText = None
    color: Colour = None


class FolderPatch(Body):
    """What may be changed of a folder."""

    name: Title = ""


class FolderBody(FolderPatch):
    """A new folder."""

    name: Title


class MoveBody(Body):
    """Which note goes into which folder; into none where there is none."""

    note_uuid: Annotated[Text, Field(min_length=1)]
    folder_uuid: MaybeText = None


@bearer.get("/notes")
def list_notes(here: InWorkspace, db: Db, page: Page, filters: NoteFilters) -> Listing[NoteView]:
    """The caller's notes and those that are shared in the workspace, newest first."""
    wanted = Seen(seen=True, **filters.model_dump(exclude_unset=True))
    return db.page(NoteView, page, here.owns(Note), filters=wanted)


@bearer.get("/notes/{uuid}")
def get_note(uuid: str, db: Db) -> One[NoteView]:
    """One note that the caller may read."""
    return shown_note(db, note_at(db, uuid).id)


@bearer.post("/notes")
def create_note(body: NotePatch, here: InWorkspace, db: Db) -> One[NoteView]:
    """A new note, for its maker alone until it is shared."""
    row = {"title": UNTITLED} | columns(db, here.company_id, body)
    return shown_note(db, db.insert(Note, company_id=here.company_id, user_id=db.me, **row))


@bearer.put("/notes/{uuid}")
def update_note(uuid: str, body: NotePatch, db: Db) -> One[NoteView]:
    """Change what is sent of one's own note; what it said before is kept as a revision where its words change."""
    note = own_note(db, uuid)
    row = columns(db, note.company_id, body)
    if any(getattr(note, name) != row[name] for name in ("title", "content") if name in row):
        keep(db, note)
    if row:
        db.update(Note, note.id, updated_at=db.now, **row)
    return shown_note(db, note.id)


@bearer.put("/notes/{uuid}/share/toggle")
def toggle_sharing(uuid: str, db: Db) -> One[NoteView]:
    """Share one's own note with the workspace, or share it no more."""
    note = own_note(db, uuid)
    db.update(Note, note.id, is_shared=not note.is_shared, updated_at=db.now)
    return shown_note(db, note.id)


@bearer.get("/notes/{uuid}/revisions")
def list_revisions(uuid: str, db: Db) -> Whole[RevisionView]:
    """What a note said before, the latest first."""
    return db.all(RevisionView, same(NoteRevision.note_id, note_at(db, uuid).id), order=BACKWARDS)


@bearer.get("/note-folders")
def list_folders(here: InWorkspace, db: Db) -> Whole[FolderView]:
    """The caller's folders, in the order in which they were made."""
    return db.all(FolderView, here.owns(NoteFolder), filters=Own(own=True), order=OLDEST)


@bearer.post("/note-folders", status=200)
def create_folder(body: FolderBody, here: InWorkspace, db: Db) -> One[FolderView]:
    """A new folder of the caller."""
    id = db.insert(NoteFolder, company_id=here.company_id, user_id=db.me, name=body.name)
    return db.one(FolderView, same(NoteFolder.id, id))


@bearer.put("/note-folders/{uuid}")
def update_folder(uuid: str, body: FolderPatch, db: Db) -> One[FolderView]:
    """Call one's own folder otherwise."""
    folder = folder_at(db, uuid)
    db.update(NoteFolder, folder.id, **body.sent())
    return db.one(FolderView, same(NoteFolder.id, folder.id))


@bearer.post("/note-folders/move-note", status=200)
def move_note(body: MoveBody, db: Db) -> Bare:
    """Put one's own note into another folder, or into none."""
    note = own_note(db, body.note_uuid)
    db.update(Note, note.id, folder_id=folder_of(db, note.company_id, body.folder_uuid))
    return Bare({"success": True})


def columns(db: Db, company_id: int, body: NotePatch) -> dict[str, Any]:
    """The columns that a body sets. Raises Invalid."""
    row = body.sent("title", "content", "color")
    if "folder_uuid" in body.model_fields_set:
        row["folder_id"] = folder_of(db, company_id, body.folder_uuid)
    return row


def folder_of(db: Db, company_id: int, uuid: str | None) -> int | None:
    """The id of the caller's folder of this uuid in a workspace. Raises Invalid."""
    if uuid is None:
        return None
    owns = same(NoteFolder.user_id, db.me), same(NoteFolder.company_id, company_id)
    folder = db.seek(NoteFolder, same(NoteFolder.uuid, uuid), *owns)
    if folder is None:
        raise Invalid("folder_uuid", f"The parameter 'folder_uuid' names '{shown(uuid)}', which is no folder of yours.")
    return folder.id


def keep(db: Db, note: Any) -> None:
    """Keep what a note says as a revision."""
    count = "SELECT count(*) FROM note_revision WHERE note_id = :id"
    told = {"number": db.number(count, {"id": note.id}) + 1, "title": note.title, "content": note.content}
    db.insert(NoteRevision, note_id=note.id, user_id=db.me, **told)


def note_at(db: Db, uuid: str) -> Any:
    """A note that the caller may read. Raises NotFound and, where the endpoint writes, Forbidden for a client."""
    found = db.asked(NOTE, {"uuid": uuid, "me": db.me})
    if not found:
        raise NotFound("Note", uuid, " among yours and those that are shared with you")
    return Row(permitted(db, found[0]))


def own_note(db: Db, uuid: str) -> Any:
    """A note of the caller. Raises NotFound and Forbidden."""
    note = note_at(db, uuid)
    if note.user_id != db.me:
        raise Forbidden("The note is shared with you; only its owner may change it.", "OWNER_ONLY")
    return note


def folder_at(db: Db, uuid: str) -> Any:
    """A folder of the caller. Raises NotFound and Forbidden."""
    found = db.asked(FOLDER, {"uuid": uuid, "me": db.me})
    if not found:
        raise NotFound("Note folder", uuid, " among yours")
    return Row(permitted(db, found[0]))


def shown_note(db: Db, id: int) -> One[NoteView]:
    """A note as it is told."""
    return db.one(NoteView, same(Note.id, id))
