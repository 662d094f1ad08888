"""What is said in a channel."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from pydantic import BeforeValidator, Field

from mock_server.dialects.answers import Beside, Db, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeId, Query, Text
from mock_server.dialects.lists import Filters, Order, Page, Where, contains
from mock_server.dialects.views import Dated, View, called
from mock_server.domain.discussions import ChannelRead, Message
from mock_server.domain.workspaces import User
from mock_server.errors import Invalid
from mock_server.resources.services.channel_rows import channel_at
from mock_server.store.rows import same

NEWEST, OLDEST = Order("id", True), Order("id", False)
LAST = "SELECT coalesce(max(id), 0) FROM message WHERE channel_id = :id"


class Speaker(View, of=User):
    """Who said it."""

    name: str
    username: str
    avatar: str


class MessageView(View, of=Message):
    """A message; ``content`` and ``message`` are both its text."""

    id: int
    uuid: str
    content: str
    message: Annotated[str, called("content")]
    parent_id: int | None
    user: Speaker
    created_at: Dated


class Window(Filters):
    """Which messages of a channel: before or after one, or with some words."""

    before: Annotated[int, Where(lambda message, id: message.c.id < id)] = 0
    after: Annotated[int, Where(lambda message, id: message.c.id > id)] = 0
    text: Annotated[str, Where(lambda message, text: contains(message.c.content, text))] = ""


class Cursor(Query):
    """Which part of the talk: the newest, what came before a message, or what came next after one."""

    before_id: MaybeId = None
    after_id: MaybeId = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SearchQuery(Query):
    """What is looked for."""

    q: Annotated[Text, Field(min_length=1)]
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class MessageBody(Body):
    """Something to say, perhaps as an answer."""

    content: Annotated[Text, Field(min_length=1), BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v)]
    parent_id: MaybeId = None


@bearer.get("/discussions/channels/{uuid}/messages")
def list_messages(uuid: str, cursor: Cursor, db: Db) -> Beside[Whole[MessageView]]:
    """A window on the talk, the newest message first. ``has_more`` tells whether it goes on in the same direction."""
    channel, asked = channel_at(db, uuid), {"before": cursor.before_id, "after": cursor.after_id}
    given: dict[str, Any] = {name: id for name, id in asked.items() if id is not None}
    window = Window(**given)
    forwards = cursor.after_id is not None and cursor.before_id is None
    order = OLDEST if forwards else NEWEST
    found = db.page(MessageView, Page(cursor.limit), same(Message.channel_id, channel.id), filters=window, order=order)
    rows = found.rows[::-1] if forwards else found.rows
    return Beside(Whole(rows), {"meta": {"has_more": found.total > len(rows), **ends(rows)}})


@bearer.post("/discussions/channels/{uuid}/messages", status=200)
def say(uuid: str, body: MessageBody, db: Db) -> One[MessageView]:
    """Say something in a channel. Raises Invalid for an answer to what was not said there."""
    channel = channel_at(db, uuid)
    here = same(Message.channel_id, channel.id)
    if body.parent_id is not None and db.seek(Message, same(Message.id, body.parent_id), here) is None:
        raise Invalid("parent_id", f"The parameter 'parent_id' names no message of this channel; got {body.parent_id}.")
    told = {"content": body.content, "parent_id": body.parent_id, "user_id": db.me}
    return db.one(MessageView, same(Message.id, db.insert(Message, channel_id=channel.id, **told)))


@bearer.get("/discussions/channels/{uuid}/search")
def search_messages(uuid: str, query: SearchQuery, db: Db) -> Whole[MessageView]:
    """The channel's messages that hold some words, letter case aside, the newest first; at most ``limit``."""
    here, page = same(Message.channel_id, channel_at(db, uuid).id), Page(query.limit)
    return Whole(db.page(MessageView, page, here, filters=Window(text=query.q), order=NEWEST).rows)


@bearer.post("/discussions/channels/{uuid}/read", status=200, least="client")
def read_channel(uuid: str, db: Db) -> dict[str, int]:
    """Note that the caller has read all of a channel."""
    channel = channel_at(db, uuid)
    owns = same(ChannelRead.channel_id, channel.id), same(ChannelRead.user_id, db.me)
    read_to, mark = db.number(LAST, {"id": channel.id}), db.seek(ChannelRead, *owns)
    if mark is None:
        db.insert(ChannelRead, channel_id=channel.id, user_id=db.me, read_to=read_to)
    else:
        db.update(ChannelRead, mark.id, read_to=read_to)
    return {"unread_count": 0}


def ends(rows: Sequence[bytes]) -> dict[str, Any]:
    """The ids of the oldest and the newest of some messages, the newest first; null for none."""
    ids = [orjson.loads(row)["id"] for row in (*rows[:1], *rows[-1:])]
    return {"oldest_id": ids[-1] if ids else None, "newest_id": ids[0] if ids else None}
