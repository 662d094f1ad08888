"""The channels of a project, what is said there, and how far everybody has read."""

from sqlalchemy import Index, UniqueConstraint

from mock_server.domain.columns import belongs, key, moment, refers
from mock_server.domain.workspaces import Table


class Channel(Table, table=True):
    """A channel. A private one is there for its maker and for those who run the project."""

    __table_args__ = (UniqueConstraint("project_id", "slug"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str
    project_id: int = belongs("project", index=False)
    user_id: int = belongs("user", index=False)
    slug: str
    title: str
    description: str | None = None
    is_private: bool = False
    is_archived: bool = False
    created_at: int = moment()


class Message(Table, table=True):
    """Something that was said in a channel; ``parent_id`` is what it answers."""

    __table_args__ = (Index("message_order", "channel_id", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str
    channel_id: int = belongs("channel", index=False)
    user_id: int = belongs("user", index=False)
    parent_id: int | None = refers("message")
    content: str
    created_at: int = moment()


class ChannelRead(Table, table=True):
    """How far a person has read in a channel: up to the message of number ``read_to``."""

    __tablename__ = "channel_read"
    __table_args__ = (UniqueConstraint("channel_id", "user_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    channel_id: int = belongs("channel", index=False)
    user_id: int = belongs("user", index=False)
    read_to: int = 0
