"""Discussions: the channels of a project. The docs say ``title`` where MCP and the CLI say ``name``."""

from typing import Annotated, Any

import orjson
from sqlalchemy import ColumnElement, func, literal_column, or_, select

from mock_server.dialects.answers import Db, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeText, Query, Text, Title
from mock_server.dialects.lists import Filters, Order, Page, Where
from mock_server.dialects.roles import is_at_least
from mock_server.dialects.tenancy import InProject, InWorkspace
from mock_server.dialects.views import ME, Dated, Sql, View, called, table_of
from mock_server.domain.discussions import Channel, ChannelRead, Message
from mock_server.domain.slugs import kebab, slug_of
from mock_server.domain.workspaces import RUNS, Member, User
from mock_server.errors import Conflict, Missing, shown
from mock_server.resources.found import own
from mock_server.resources.services.cards import instant
from mock_server.resources.services.channel_rows import channel_at, unread
from mock_server.store.rows import same

IN_ORDER = Order("id", False)
NOT_READ = """
SELECT c.uuid, json_object('uuid', x.uuid, 'id', x.id, 'content', x.content, 'message', x.content,
  'parent_id', x.parent_id, 'user', json_object('name', u.name, 'avatar', u.avatar),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', x.created_at, 'unixepoch')) AS told
FROM message x JOIN channel c ON c.id = x.channel_id JOIN user u ON u.id = x.user_id
LEFT JOIN channel_read r ON r.channel_id = c.id AND r.user_id = :me
WHERE c.project_id = :project AND x.user_id <> :me AND x.id > coalesce(r.read_to, 0) ORDER BY x.id DESC
"""


def of_channel(channel: Any) -> Any:
    """The messages of a channel."""
    row = table_of(Message).alias()
    return row, row.c.channel_id == channel.c.id


def messages(channel: Any) -> ColumnElement[int]:
    """How many messages a channel has."""
    row, holds = of_channel(channel)
    return select(func.count()).select_from(row).where(holds).scalar_subquery()


def new(channel: Any) -> ColumnElement[int]:
    """How many messages of others came after the last one that the caller has read."""
    (row, holds), read = of_channel(channel), table_of(ChannelRead).alias()
    mark = select(read.c.read_to).where(read.c.channel_id == channel.c.id, read.c.user_id == ME).scalar_subquery()
    since = func.coalesce(mark, literal_column("0"))
    return select(func.count()).select_from(row).where(holds, row.c.user_id != ME, row.c.id > since).scalar_subquery()


def members(channel: Any) -> ColumnElement[int]:
    """Who sees a channel: everybody in the project; of a private one its maker and who runs the project."""
    row = table_of(Member).alias()
    runs = row.c.role_id.in_([literal_column(str(role)) for role in RUNS])
    seen = or_(~channel.c.is_private, row.c.user_id == channel.c.user_id, runs)
    counted = select(func.count()).select_from(row)
    return counted.where(row.c.project_id == channel.c.project_id, seen).scalar_subquery()


def last(channel: Any) -> Any:
    """The newest message, in short."""
    (row, holds), user = of_channel(channel), table_of(User).alias()
    told = func.json_object(
        "id",
        row.c.id,
        "content",
        row.c.content,
        "message",
        row.c.content,
        "user",
        func.json_object("name", user.c.name),
        "created_at",
        instant(row.c.created_at),
    )
    newest = select(told).select_from(row).join(user, user.c.id == row.c.user_id).where(holds)
    return func.json(newest.order_by(row.c.id.desc()).limit(1).scalar_subquery())


class ChannelView(View, of=Channel):
    """A channel; ``unread_count`` is the caller's."""

    uuid: str
    slug: str
    name: Annotated[str, called("title")]
    title: str
    description: Annotated[str, Sql(lambda channel: func.coalesce(channel.c.description, ""))]
    is_private: bool
    is_archived: bool
    members_count: Annotated[int, Sql(members)]
    messages_count: Annotated[int, Sql(messages)]
    unread_count: Annotated[int, Sql(new)]
    last_message: Annotated[dict[str, Any] | None, Sql(last)]
    created_at: Dated


def is_seen(channel: Any, runs: Any) -> Any:
    """Whether the caller sees a channel; ``runs`` tells whether they run the project."""
    return or_(~channel.c.is_private, channel.c.user_id == ME, runs == literal_column("1"))


class Seen(Filters):
    """The channels that the caller sees, those that are closed among them or not."""

    runs: Annotated[bool, Where(is_seen)] = False
    closed: Annotated[bool, Where(lambda channel, yes: channel.c.is_archived <= yes)] = False


class ChannelQuery(Query):
    """Which channels; with ``unread`` those in which something is, each with its unread messages."""

    include_archived: bool = False
    unread: bool = False


class Slugs(Query):
    """Whose channels, if not all."""

    company_slug: MaybeText = None
    project_slug: MaybeText = None


class ChannelPatch(Body):
    """What may be changed of a channel; ``title`` is another word for its name."""

    name: Title | None = None
    title: Title | None = None
    description: Text | None = None

    def row(self) -> dict[str, Any]:
        """The columns that came."""
        name = self.name or self.title
        return self.sent("description") | ({"title": name} if name else {})


class ChannelBody(ChannelPatch):
    """A new channel."""

    is_private: bool = False


@bearer.get("/discussions/all")
def list_all_channels(query: Slugs, db: Db) -> list[dict[str, Any]]:
    """The channels of every project that the caller works on, by project. One statement."""
    company = InWorkspace.named(db, query.company_slug).company_id if query.company_slug else 0
    slug = query.project_slug
    project = InProject.named(db, slug, query.company_slug).project_id if slug else 0
    told = dict[tuple[str, str], list[dict[str, Any]]]()
    for row in unread(db, company, project):
        told.setdefault((row["workspace"], row["project"]), []).append(brief(row))
    return [{"workspace": at[0], "project": at[1], "channels": channels} for at, channels in told.items()]


@bearer.get("/discussions/global-unread-count")
def count_all_unread(db: Db) -> dict[str, int]:
    """How many messages the caller has not read, wherever they work."""
    return {"total_unread": sum(row["unread"] for row in unread(db))}


@bearer.get("/discussions/unread-count")
def count_unread(here: InProject, db: Db) -> dict[str, Any]:
    """How many messages of the project the caller has not read, in all and by channel."""
    rows = unread(db, here.company_id, here.project_id)
    channels = [{"uuid": row["uuid"], "unread": row["unread"]} for row in rows]
    return {"total_unread": sum(row["unread"] for row in rows), "channels": channels}


@bearer.get("/discussions/channels")
def list_channels(query: ChannelQuery, here: InProject, db: Db, page: Page) -> Any:
    """The project's channels, the oldest first; with ``unread`` each beside its unread messages, the newest first."""
    filters = Seen(runs=is_at_least(here.role, "manager"), closed=query.include_archived)
    if not query.unread:
        return db.page(ChannelView, page, here.owns(Channel), filters=filters, order=IN_ORDER)
    channels = db.objects(ChannelView, here.owns(Channel), filters=filters, order=IN_ORDER)
    return [row for row in with_messages(db, here, channels) if row["messages"]]


@bearer.get("/discussions/channels/{uuid}")
def get_channel(uuid: str, db: Db) -> One[ChannelView]:
    """One channel, by its uuid or slug."""
    return db.one(ChannelView, same(Channel.id, channel_at(db, uuid).id))


@bearer.post("/discussions/channels")
def create_channel(body: ChannelBody, here: InProject, db: Db) -> One[ChannelView]:
    """A new channel. Raises Missing for one without a name, Conflict for a name that is taken."""
    row = body.row()
    if "title" not in row:
        raise Missing("name")
    slug = kebab(row["title"]) or slug_of(row["title"], db.uniqid(Channel))
    if db.seek(Channel, same(Channel.slug, slug), here.owns(Channel)):
        raise Conflict(f"The project has a channel '{shown(row['title'])}' already.", param="name")
    home = {"project_id": here.project_id, "user_id": db.me, "slug": slug, "is_private": body.is_private}
    return db.one(ChannelView, same(Channel.id, db.insert(Channel, **row, **home)))


@bearer.put("/discussions/channels/{uuid}")
def update_channel(uuid: str, body: ChannelPatch, db: Db) -> One[ChannelView]:
    """Change what is sent of a channel; its slug stays. It takes its maker, or who runs the project."""
    channel = own(db, channel_at(db, uuid), "channel")
    db.update(Channel, channel.id, **body.row())
    return db.one(ChannelView, same(Channel.id, channel.id))


def brief(row: dict[str, Any]) -> dict[str, Any]:
    """A channel, in short."""
    return {name: row[name] for name in ("uuid", "name", "unread")}


def with_messages(db: Db, here: InProject, channels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Channels, each beside its unread messages. One statement."""
    by_channel = dict[str, list[Any]]()
    for row in db.asked(NOT_READ, {"me": db.me, "project": here.project_id}):
        by_channel.setdefault(row["uuid"], []).append(orjson.loads(row["told"]))
    return [{"channel": channel, "messages": by_channel.get(channel["uuid"], [])} for channel in channels]
