"""Notifications: what others did to the tasks that a person made or works on.

A notice is a change; its uuid names the change. Timers and new tasks make none, and who was put on a task or taken off
is told to nobody else.
"""

import re
from functools import cache
from typing import Annotated, Any

from sqlalchemy import func, literal_column, or_, select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.lists import Filters, Page, Where
from mock_server.dialects.questions import Question, compiled, matching
from mock_server.dialects.views import ME, Dated, Sql, View, called, table_of
from mock_server.domain.notices import NoticeBoard, NoticeRead
from mock_server.domain.tasks import Change, Task, TaskAssignee
from mock_server.domain.workspaces import User
from mock_server.errors import NotFound
from mock_server.resources.services.cards import PersonCard
from mock_server.resources.services.news import sentence
from mock_server.store.rows import same

UUID = re.compile(r"([0-9a-f]{8})-0000-4000-a000-000000000000", re.IGNORECASE)
LAST = "SELECT coalesce(max(id), 0) FROM change"
QUIET = ("created", "timer_started", "timer_ended")  # who is put on a new task is told of that
PERSONAL = ("assigned", "unassigned")


def mark(column: str) -> Any:
    """How far the caller has come, by a column of their board; 0 for somebody without one."""
    board = table_of(NoticeBoard).alias()
    return func.coalesce(select(board.c[column]).where(board.c.user_id == ME).scalar_subquery(), literal_column("0"))


def is_read(change: Any) -> Any:
    """Whether the caller has read of a change."""
    one = table_of(NoticeRead).alias()
    alone = select(one.c.id).where(one.c.user_id == ME, one.c.change_id == change.c.id).exists()
    return or_(change.c.id <= mark("read_to"), change.c.created_at < mark("read_at"), alone)


def uuid(change: Any) -> Any:
    """The uuid of a notice: the number of its change in hexadecimal digits, and what makes it a uuid."""
    return func.printf(literal_column("'%08x-0000-4000-a000-000000000000'"), change.c.id)


def concerns(change: Any, me: Any) -> Any:
    """Whether a change is told to a person."""
    task, link, user = table_of(Task).alias(), table_of(TaskAssignee).alias(), table_of(User).alias()
    mine = select(link.c.task_id).where(link.c.user_id == me).union(select(task.c.id).where(task.c.user_id == me))
    name = select(user.c.username).where(user.c.id == me).scalar_subquery()
    loud = change.c.action.not_in([literal_column(f"'{word}'") for word in QUIET])
    personal = change.c.action.in_([literal_column(f"'{word}'") for word in PERSONAL])
    to_me = personal & (func.coalesce(change.c.new, change.c.old) == name)
    others = (change.c.user_id != me) & (change.c.id > mark("cleared_to"))
    return others & loud & or_(to_me, ~personal & change.c.task_id.in_(mine))


class NoticeView(View, of=Change):
    """A notice: who did what; ``read`` whether the caller has seen it."""

    uuid: Annotated[str, Sql(uuid)]
    user: PersonCard
    resource: str = "task"
    action: Annotated[str, called("action")]
    message: Annotated[str, Sql(sentence)]
    read: Annotated[bool, Sql(is_read)]
    created_at: Dated


class NoticeFilters(Filters):
    """Which notices: with ``unread`` only those that the caller has not read."""

    unread: Annotated[bool, Where(lambda change, yes: is_read(change) != yes)] = False


class Mine(Filters):
    """The caller's notices."""

    person: Annotated[int, Where(concerns)] = 0
    unread: Annotated[bool, Where(lambda change, yes: or_(yes == literal_column("0"), ~is_read(change)))] = False


@bearer.get("/feeds/notifications")
def list_notifications(db: Db, page: Page, filters: NoticeFilters) -> Listing[NoticeView]:
    """The caller's notices, newest first."""
    return db.page(NoticeView, page, filters=Mine(person=db.me, unread=filters.unread))


@bearer.get("/feeds/notifications/count")
def count_notifications(db: Db) -> int:
    """How many notices the caller has not read."""
    return db.number(counting().sql, {"f_person": db.me, "f_unread": True, "me": db.me})


@cache
def counting() -> Question:
    """The statement that counts a person's unread notices."""
    row, fields = table_of(Change).alias(), Mine.model_fields
    where = matching(row, (), (("person", fields["person"]), ("unread", fields["unread"])))
    return compiled(select(func.count()).select_from(row).where(*where))


@bearer.post("/feeds/notifications/{id}/read", status=200, least="client")
def read_notification(id: str, db: Db) -> One[NoticeView]:
    """Note that the caller has read a notice, by its uuid."""
    change = notice_at(db, id)
    if not db.seek(NoticeRead, same(NoticeRead.user_id, db.me), same(NoticeRead.change_id, change)):
        db.insert(NoticeRead, user_id=db.me, change_id=change)
    return db.one(NoticeView, same(Change.id, change))


@bearer.post("/feeds/notifications/read-all", status=200, least="client")
def read_all_notifications(db: Db) -> dict[str, int]:
    """Note that the caller has read every notice; ``read`` is how many they had not."""
    unread = count_notifications(db)
    set_mark(db, read_to=db.number(LAST, {}))
    return {"read": unread}


@bearer.delete("/feeds/notifications", status=200, least="client")
def clear_notifications(db: Db) -> type[Deleted]:
    """Show the caller none of their notices any more."""
    set_mark(db, cleared_to=db.number(LAST, {}))
    return Deleted


def set_mark(db: Db, **marks: int) -> None:
    """Note how far the caller has come."""
    board: Any = db.seek(NoticeBoard, same(NoticeBoard.user_id, db.me))
    if board is None:
        db.insert(NoticeBoard, user_id=db.me, **marks)
    else:
        db.update(NoticeBoard, board.id, **marks)


def notice_at(db: Db, key: str) -> int:
    """The number of the change of one of the caller's notices. Raises NotFound."""
    found = UUID.fullmatch(key)
    number = int(found[1], 16) if found else 0
    if not db.page(NoticeView, Page(limit=1), same(Change.id, number), filters=Mine(person=db.me)).rows:
        raise NotFound("Notification", key)
    return number
