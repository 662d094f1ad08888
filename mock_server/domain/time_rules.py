"""What a timer does: one runs on a task at a time, and one for a person. Both are written into the task's history."""

from types import SimpleNamespace
from typing import Any, Protocol

from mock_server.domain.task_rules import Rows, record
from mock_server.domain.tasks import Task, TimeEntry
from mock_server.errors import Conflict

RUNNING = 'SELECT id, project_id FROM timeentry WHERE user_id = :id AND "end" IS NULL ORDER BY id'
UNTIED = "UPDATE task SET timer_id = NULL WHERE timer_id = :id"


class Asking(Rows, Protocol):
    """What the rules need of a database."""

    def asked(self, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows that a statement gives."""


def running_of(db: Asking, user_id: int) -> list[dict[str, Any]]:
    """The entry of a person that is running (its ``id`` and ``project_id``), in whichever project."""
    return db.asked(RUNNING, {"id": user_id})


def begin(db: Asking, project_id: int, task: Any, user_id: int, comment: str, start: int | None = None) -> int:
    """Start a timer of a person, on a task or without one (None), now or since ``start``; gives the entry's id.

    Raises Conflict where one runs on the task, or for the person.
    """
    if task is not None and task.timer_id:
        raise Conflict(f"A timer runs on {task.code} already.", param="task_uuid")
    if running_of(db, user_id):
        raise Conflict("You have a timer running already; end or cancel it first.")
    row = {"task_id": task.id if task else None, "user_id": user_id, "comment": comment}
    id = db.insert(TimeEntry, project_id=project_id, start=db.now if start is None else start, **row)
    if task is not None:
        db.update(Task, task.id, timer_id=id)
        record(db, task, user_id, "timer_started")
    return id


def finish(db: Asking, id: int, user_id: int, end: int | None = None, comment: str | None = None) -> None:
    """Stop a running entry, now or at ``end``; a comment replaces that of its start."""
    said = {"comment": comment} if comment else {}
    db.update(TimeEntry, id, end=db.now if end is None else end, **said)
    for task in db.asked("SELECT id, project_id FROM task WHERE timer_id = :id", {"id": id}):
        record(db, SimpleNamespace(**task), user_id, "timer_ended")
    db.write(UNTIED, {"id": id})
