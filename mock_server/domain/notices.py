"""What people were told of: a notice is a change that concerns somebody, and here is how far they have read."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from mock_server.domain.columns import belongs, key, moment
from mock_server.domain.workspaces import Table


class NoticeBoard(Table, table=True):
    """How far a person has read: all changes up to number ``read_to``, and those made before ``read_at``.

    Those up to number ``cleared_to`` are shown to them no more.
    """

    __tablename__ = "notice_board"
    id: int | None = key()
    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", unique=True)
    read_to: int = 0
    read_at: int = moment(0)
    cleared_to: int = 0


class NoticeRead(Table, table=True):
    """A change that a person has read by itself."""

    __tablename__ = "notice_read"
    __table_args__ = (UniqueConstraint("user_id", "change_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    user_id: int = belongs("user", index=False)
    change_id: int = belongs("change")
