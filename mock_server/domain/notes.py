"""Notes: somebody's own, in folders, perhaps shared with the workspace."""

from sqlalchemy import Index

from mock_server.domain.columns import belongs, key, moment, refers
from mock_server.domain.workspaces import Table


class NoteFolder(Table, table=True):
    """A folder for one person's notes in a workspace."""

    __tablename__ = "note_folder"
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    user_id: int = belongs("user")
    name: str
    created_at: int = moment()


class Note(Table, table=True):
    """A note. What is shared may be read by everybody in the workspace."""

    __table_args__ = (Index("note_newest", "company_id", "created_at", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    user_id: int = belongs("user", index=False)
    folder_id: int | None = refers("note_folder")
    title: str
    content: str | None = None
    color: str | None = None
    is_shared: bool = False
    created_at: int = moment()
    updated_at: int = moment()


class NoteRevision(Table, table=True):
    """What a note said before it was changed; ``number`` counts from 1 within the note."""

    __tablename__ = "note_revision"
    id: int | None = key()
    uuid: str
    note_id: int = belongs("note")
    user_id: int = belongs("user", index=False)
    number: int
    title: str
    content: str | None = None
    created_at: int = moment()
