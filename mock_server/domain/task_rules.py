"""What may happen to a task, and what else happens with it. Each change is written down in its history."""

from types import SimpleNamespace
from typing import Any, Protocol

from sqlmodel import SQLModel

from mock_server.domain.planning import DONE
from mock_server.domain.tasks import Change, Task

LAST_NUMBER = """
SELECT code, tasks_numbered, EXISTS (
  SELECT 1 FROM task WHERE project_id = p.id AND code = '#' || p.code || '-' || (p.tasks_numbered + 1)
) FROM project p WHERE id = :id
"""
DEFAULT_COLUMN = """
SELECT id, state, title, (SELECT coalesce(max(position), 0) FROM task WHERE workflow_id = w.id) FROM workflow w
WHERE project_id = :project_id ORDER BY is_default DESC, position LIMIT 1
"""
NUMBERED = "UPDATE project SET tasks_numbered = :number WHERE id = :id"
TAKEN = "SELECT count(*) FROM task WHERE project_id = :project_id AND code = :code"
CLOSE_GAP = "UPDATE task SET position = position - 1 WHERE workflow_id = :workflow_id AND position > :position"
MAKE_ROOM = "UPDATE task SET position = position + 1 WHERE workflow_id = :workflow_id AND position >= :position"
LAST_POSITION = "SELECT coalesce(max(position), 0) FROM task WHERE workflow_id = :workflow_id"


class Rows(Protocol):
    """What the rules need of a database."""

    @property
    def now(self) -> int:
        """Unix seconds."""

    def insert(self, table: type[SQLModel], **values: Any) -> int:
        """Insert a row; gives its id."""

    def update(self, table: type[SQLModel], id: int | None, **values: Any) -> None:
        """Set columns of a row."""

    def write(self, sql: str, values: dict[str, Any]) -> Any:
        """Run a statement that changes something."""

    def number(self, sql: str, values: dict[str, Any]) -> int:
        """The one number that a statement gives."""


def record(db: Rows, task: Any, user_id: int, action: str, old: Any = None, new: Any = None) -> None:
    """Write down that ``user_id`` did ``action`` to a task (its ``id``, ``project_id``), from ``old`` to ``new``."""
    said = {name: None if value is None else str(value)[:255] for name, value in (("old", old), ("new", new))}
    db.insert(Change, project_id=task.project_id, task_id=task.id, user_id=user_id, action=action, **said)


def next_code(db: Rows, project_id: int) -> str:
    """The code of the project's next task: its own code and a running number that is never given twice."""
    prefix, number, taken = db.write(LAST_NUMBER, {"id": project_id}).fetchone()
    code = f"#{prefix}-{number + 1}"
    while taken:
        number += 1
        code = f"#{prefix}-{number + 1}"
        taken = db.number(TAKEN, {"project_id": project_id, "code": code})
    db.write(NUMBERED, {"id": project_id, "number": number + 1})
    return code


def default_column(db: Rows, project_id: int) -> Any:
    """The column of new tasks: its ``id``, ``state`` and ``title``, and the position of its ``last`` task.

    It is the default one, else the first.
    """
    id, state, title, last = db.write(DEFAULT_COLUMN, {"project_id": project_id}).fetchone()
    return SimpleNamespace(id=id, state=state, title=title, last=last)


def end_of(db: Rows, column: Any) -> int:
    """The position of a column's last task, which the default column comes with; 0 where it is empty."""
    last: int | None = getattr(column, "last", None)
    return last_position(db, column.id) if last is None else last


def last_position(db: Rows, workflow_id: int) -> int:
    """The position of a column's last task; 0 where it is empty."""
    return int(db.write(LAST_POSITION, {"workflow_id": workflow_id}).fetchone()[0])


def completion(db: Rows, state: int, was: int | None, user_id: int) -> dict[str, Any]:
    """The columns that change when a task comes from a column of state ``was`` into one of ``state``."""
    if (state == DONE) == (was == DONE):
        return {}
    done = state == DONE
    return {"completed_at": db.now if done else None, "completed_user_id": user_id if done else None}


def place(db: Rows, task: Any, column: Any, was: Any, position: int | None, user_id: int) -> None:
    """Move a task to a position (from 1; None: the last) of a column, and close the gap that it leaves.

    ``was`` is the column that it stands in. In a done column it is completed, out of it reopened.
    """
    db.write(CLOSE_GAP, {"workflow_id": task.workflow_id, "position": task.position})
    db.update(Task, task.id, position=0, workflow_id=column.id)
    end = last_position(db, column.id) + 1
    at = min(position or end, end)
    db.write(MAKE_ROOM, {"workflow_id": column.id, "position": at})
    finished = completion(db, column.state, was.state, user_id)
    db.update(Task, task.id, position=at, updated_at=db.now, **finished)
    if column.id != was.id:
        record(db, task, user_id, "moved", was.title, column.title)
    if finished:
        record(db, task, user_id, "completed" if column.state == DONE else "reopened")
