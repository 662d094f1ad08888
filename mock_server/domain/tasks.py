"""Tasks and what hangs on them: people, labels, checklists, time and history."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from mock_server.domain.columns import belongs, day, key, moment, refers, words
from mock_server.domain.workspaces import Table


class Task(Table, table=True):
    """A piece of work. ``cents`` is its fixed value; ``timer_id`` is the time entry that is running on it, if any."""

    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        UniqueConstraint("uuid"),
        Index("task_newest", "project_id", "created_at", "id"),
        Index("task_board", "workflow_id", "position"),
        Index("task_completed", "project_id", "completed_at", sqlite_where=text("completed_at IS NOT NULL")),
        Index("task_priced", "project_id", "completed_at", sqlite_where=text("cents > 0")),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    uuid: str
    project_id: int = belongs("project", index=False)
    code: str
    slug: str
    title: str
    description: str = ""
    workflow_id: int = belongs("workflow", index=False)
    position: int
    effort_id: int | None = refers("effort", index=False)
    type_id: int | None = refers("tasktype", index=False)
    board_id: int | None = refers("board", index=False)
    sprint_id: int | None = refers("sprint")
    user_story_id: int | None = refers("user_story")
    parent_id: int | None = refers("task")
    user_id: int = belongs("user", index=False)
    completed_user_id: int | None = refers("user", index=False)
    completed_at: int | None = moment(None)
    start_date: int | None = day(None)
    due_date: int | None = day(None)
    cents: int = 0
    estimated_minutes: int = 0
    is_draft: bool = False
    is_bug: bool = False
    is_blocker: bool = False
    is_archived: bool = False
    timer_id: int | None = refers("timeentry")
    created_at: int = moment()
    updated_at: int = moment()


class TaskAssignee(Table, table=True):
    """A person whose task it is."""

    __table_args__ = (UniqueConstraint("task_id", "user_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    task_id: int = belongs("task", index=False)
    user_id: int = belongs("user")


class TaskLabel(Table, table=True):
    """A label on a task."""

    __table_args__ = (UniqueConstraint("task_id", "label_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    task_id: int = belongs("task", index=False)
    label_id: int = belongs("label")


class TaskLink(Table, table=True):
    """Two tasks that have to do with each other; read in both directions."""

    __table_args__ = (UniqueConstraint("task_id", "related_id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    task_id: int = belongs("task", index=False)
    related_id: int = belongs("task")


class Checklist(Table, table=True):
    """A checklist (no ``parent_id``), or an item of one."""

    id: int | None = key()
    task_id: int = belongs("task")
    parent_id: int | None = Field(default=None, foreign_key="checklist.id", ondelete="CASCADE", index=True)
    user_id: int = belongs("user", index=False)
    title: str
    position: int
    is_done: bool = False
    done_by_id: int | None = refers("user", index=False)
    created_at: int = moment()


class ChecklistTemplate(Table, table=True):
    """A checklist to copy into tasks; ``items`` is a JSON array of titles."""

    id: int | None = key()
    project_id: int = belongs("project")
    title: str
    items: str = words()


class TimeEntry(Table, table=True):
    """Time that somebody worked, with or without a task; no ``end`` while it runs.

    ``is_manual`` tells what was written down by hand from what a timer measured.
    """

    __table_args__ = (Index("time_entry_newest", "project_id", "start", "id"), {"sqlite_autoincrement": True})
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    task_id: int | None = refers("task")
    user_id: int = belongs("user")
    comment: str = ""
    start: int = moment()
    end: int | None = moment(None)
    is_billed: bool = False
    is_manual: bool = False
    created_at: int = moment()


class Change(Table, table=True):
    """What happened to a task: ``action`` (created, moved, completed, ...), from ``old`` to ``new``."""

    __table_args__ = (
        Index("change_newest", "project_id", "created_at", "id"),
        Index("change_moved", "task_id", "created_at", sqlite_where=text("action = 'moved'")),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    project_id: int = belongs("project", index=False)
    task_id: int = belongs("task")
    user_id: int = belongs("user", index=False)
    action: str
    old: str | None = None
    new: str | None = None
    created_at: int = moment()
