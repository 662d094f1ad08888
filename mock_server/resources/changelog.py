"""The changelog: what happened to the project's tasks."""

from functools import cache
from typing import Annotated

from sqlalchemy import func, select

from mock_server.dialects.answers import Db, Listing
from mock_server.dialects.inputs import Since, Until
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, values_of
from mock_server.dialects.questions import Question, compiled, matching
from mock_server.dialects.views import Moment, View, table_of
from mock_server.domain.tasks import Change
from mock_server.resources.cards import TaskCard, UserCard
from mock_server.store.callers import Caller


class ChangeView(View, of=Change):
    """One thing that somebody did to a task, and where it applies from what to what."""

    id: int
    action: str
    old: str | None
    new: str | None
    task: TaskCard
    user: UserCard
    created_at: Moment


class ChangeFilters(Filters):
    """Which changes: between two days."""

    start: Annotated[Since, Where(lambda change, at: change.c.created_at >= at)] = 0
    end: Annotated[Until, Where(lambda change, at: change.c.created_at <= at)] = 0


@keyed.get("/tasks/changelog")
def list_changes(db: Db, caller: Caller, page: Page, filters: ChangeFilters) -> Listing[ChangeView]:
    """What happened, newest first. ``meta`` repeats the days asked for, ``resume`` counts what happened by action."""
    bounds = {name: getattr(filters, name) for name in ("start", "end")}
    meta = {name: db.date_of(at) if name in filters.model_fields_set else None for name, at in bounds.items()}
    values = values_of(filters) | {"m_project_id": caller.project_id}
    counted = db.asked(counting(tuple(filters.active())).sql, values)
    beside = {"meta": meta, "resume": {row["action"]: row["total"] for row in counted}}
    return db.page(ChangeView, page, caller.owns(Change), filters=filters, beside=beside)


@cache
def counting(names: tuple[str, ...]) -> Question:
    """The statement that counts a project's changes by action under these filters."""
    row = table_of(Change).alias()
    active = tuple((name, ChangeFilters.model_fields[name]) for name in names)
    total = select(row.c.action, func.count().label("total")).where(*matching(row, ("project_id",), active))
    return compiled(total.group_by(row.c.action).order_by(row.c.action))
