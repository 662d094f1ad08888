"""What people say and attach."""

import json
import re

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from mock_server.domain.columns import belongs, key, moment, refers, words
from mock_server.domain.workspaces import Table

KEYWORD = re.compile(r"#(\w+)")


def keywords_of(text: str) -> str:
    """The words that a text marks with ``#``, each once and without the mark, as a JSON array."""
    return json.dumps(list(dict.fromkeys(KEYWORD.findall(text))), ensure_ascii=False)


class Comment(Table, table=True):
    """A comment on a task, or, without one, in the project's discussion. ``keywords`` is a JSON array of words."""

    __table_args__ = (Index("comment_newest", "project_id", "created_at", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    task_id: int | None = Field(default=None, foreign_key="task.id", ondelete="CASCADE", index=True)
    parent_id: int | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE", index=True)
    user_id: int = belongs("user", index=False)
    comment: str
    keywords: str = words("[]")
    votes: int = 0
    created_at: int = moment()
    updated_at: int = moment()


class CommentMention(Table, table=True):
    """A person whom a comment names with @username."""

    __table_args__ = (UniqueConstraint("comment_id", "user_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    comment_id: int = belongs("comment", index=False)
    user_id: int = belongs("user")


class Attachment(Table, table=True):
    """A file, or a link to one (``link``), on a task or, without one, on the project. ``size`` is in bytes."""

    __table_args__ = (Index("attachment_newest", "project_id", "created_at", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str = Field(unique=True)
    project_id: int = belongs("project", index=False)
    task_id: int | None = Field(default=None, foreign_key="task.id", ondelete="CASCADE", index=True)
    user_id: int | None = refers("user", index=False)
    filename: str
    mimetype: str
    size: int
    link: str | None = None
    created_at: int = moment()


class AttachmentContent(Table, table=True):
    """The bytes of an attachment, apart so that listing never reads them."""

    id: int | None = key()
    attachment_id: int = Field(foreign_key="attachment.id", ondelete="CASCADE", unique=True)
    content: bytes
