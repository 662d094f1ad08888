"""A question is one statement, compiled once: which view, which rows, in which order."""

from typing import Any, NamedTuple

from pydantic.fields import FieldInfo
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.dialects import sqlite

from mock_server.dialects.lists import Order, condition
from mock_server.dialects.views import Row, View, Writing

Columns = tuple[str, ...]
Active = tuple[tuple[str, FieldInfo], ...]


class Question(NamedTuple):
    """A statement and the names of the values that it wants."""

    sql: str
    names: tuple[str, ...]


def compiled(statement: Select[Any]) -> Question:
    """The statement's text for SQLite, with named values and everything constant written in."""
    dialect = sqlite.dialect(paramstyle="named")
    made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    fixed = {name: value for name, value in made.params.items() if value is not None}
    sql = str(made)
    for name in sorted(fixed, key=len, reverse=True):
        sql = sql.replace(f":{name}", written(fixed[name]))
    return Question(sql, tuple(name for name in made.params if name not in fixed))


def written(value: Any) -> str:
    """A constant of ours as SQL."""
    return (
        "'" + value.replace("'", "''") + "'"
        if isinstance(value, str)
        else repr(int(value) if isinstance(value, bool) else value)
    )


def matching(row: Row, columns: Columns, active: Active) -> list[Any]:
    """The conditions on a row: columns that must have a value, filters that are set."""
    same = [row.c[column] == bindparam(f"m_{column}") for column in columns]
    return same + [condition(name, info, row) for name, info in active]


def ordering(row: Row, order: Order) -> list[Any]:
    """The order, with ties broken by id."""
    columns = [row.c[order.column]] + ([row.c.id] if order.column != "id" else [])
    return [column.desc() if order.falling else column.asc() for column in columns]


def one(view: type[View], dialect: str, columns: Columns, active: Active = ()) -> Question:
    """The row that matches."""
    row, writing = view.table.alias(), Writing(dialect)
    written = writing.object(view, row)
    return compiled(select(written).select_from(writing.source(row)).where(*matching(row, columns, active)))


def page(view: type[View], dialect: str, columns: Columns, active: Active, order: Order) -> Question:
    """A page of the rows that match. The ids are chosen first, so that rows before the page cost no joins."""
    row, writing = view.table.alias(), Writing(dialect)
    written = writing.object(view, row)
    inner = view.table.alias()
    ids = select(inner.c.id).where(*matching(inner, columns, active)).order_by(*ordering(inner, order))
    ids = ids.limit(bindparam("limit")).offset(bindparam("offset"))
    chosen = select(written).select_from(writing.source(row)).where(row.c.id.in_(ids))
    return compiled(chosen.order_by(*ordering(row, order)))


def count(view: type[View], columns: Columns, active: Active) -> Question:
    """How many rows match. The tasks of a project are counted already."""
    if view.table.name == "task" and columns == ("project_id",) and not active:
        return Question("SELECT tasks FROM tally WHERE project_id = :m_project_id", ("m_project_id",))
    row = view.table.alias()
    return compiled(select(func.count()).select_from(row).where(*matching(row, columns, active)))
