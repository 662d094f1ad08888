"""Columns, types, efforts and priorities are ordered lists, each with one default; what may happen to their rows.

Positions count from 1 without gaps. A list is never empty, and exactly one of its rows is the default.
"""

from typing import Any, Protocol

from sqlmodel import SQLModel

from mock_server.domain.task_rules import Rows
from mock_server.errors import Conflict

CLOSE_GAP = 'UPDATE "{}" SET position = position - 1 WHERE project_id = :project_id AND position > :position'
MAKE_ROOM = 'UPDATE "{}" SET position = position + 1 WHERE project_id = :project_id AND position >= :position'
LAST = 'SELECT coalesce(max(position), 0) FROM "{}" WHERE project_id = :project_id'
CHOOSE = 'UPDATE "{}" SET is_default = (id = :id) WHERE project_id = :project_id'
CHOOSE_FIRST = 'UPDATE "{}" SET is_default = (position = 1) WHERE project_id = :project_id'


class Lists(Rows, Protocol):
    """What the rules need of a database."""

    def delete(self, table: type[SQLModel], id: int | None) -> None:
        """Delete a row."""


def told(db: Lists, sql: str, table: type[SQLModel], **values: Any) -> Any:
    """Run one of the statements above on a table."""
    return db.write(sql.format(table.__tablename__), values)


def last_of(db: Lists, table: type[SQLModel], project_id: int) -> int:
    """The position of a project's last row; 0 where there is none."""
    return int(told(db, LAST, table, project_id=project_id).fetchone()[0])


def add(
    db: Lists, table: type[SQLModel], project_id: int, position: int | None, default: bool | None, **values: Any
) -> int:
    """A new row, at ``position`` (None: the last); gives its id. The first of a list is its default."""
    last = last_of(db, table, project_id)
    at = min(position or last + 1, last + 1)
    told(db, MAKE_ROOM, table, project_id=project_id, position=at)
    id = db.insert(table, project_id=project_id, position=at, is_default=not last, **values)
    if default:
        told(db, CHOOSE, table, project_id=project_id, id=id)
    return id


def settle(db: Lists, table: type[SQLModel], row: Any, position: int | None, default: bool | None) -> None:
    """Move a row to ``position`` and make it the default; None leaves things as they are. Raises Conflict."""
    if position is not None:
        at = min(position, last_of(db, table, row.project_id))
        told(db, CLOSE_GAP, table, project_id=row.project_id, position=row.position)
        told(db, MAKE_ROOM, table, project_id=row.project_id, position=at)
        db.update(table, row.id, position=at)
    if default:
        told(db, CHOOSE, table, project_id=row.project_id, id=row.id)
    elif default is False and row.is_default:
        raise Conflict("One has to be the default; make another the default instead.", param="default")


def remove(db: Lists, table: type[SQLModel], row: Any) -> None:
    """Delete a row; where it was the default, the first becomes it. Raises Conflict where it is the last one."""
    if last_of(db, table, row.project_id) == 1:
        raise Conflict("The last one cannot be deleted; a project needs at least one.")
    db.delete(table, row.id)
    told(db, CLOSE_GAP, table, project_id=row.project_id, position=row.position)
    if row.is_default:
        told(db, CHOOSE_FIRST, table, project_id=row.project_id)
