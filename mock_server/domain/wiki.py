"""The pages of a project's wiki."""

from sqlalchemy import UniqueConstraint

from mock_server.domain.columns import belongs, key, moment, refers
from mock_server.domain.workspaces import Table


class WikiPage(Table, table=True):
    """A page, perhaps below another (``parent_id``); ``content`` is markdown."""

    __tablename__ = "wiki_page"
    __table_args__ = (UniqueConstraint("project_id", "slug"), {"sqlite_autoincrement": True})
    id: int | None = key()
    uuid: str
    project_id: int = belongs("project", index=False)
    parent_id: int | None = refers("wiki_page", index=False)
    user_id: int = belongs("user", index=False)
    slug: str
    title: str
    content: str = ""
    created_at: int = moment()
    updated_at: int = moment()
