"""How a task is copied, and how it goes to another column or project: for both dialects."""

from types import SimpleNamespace
from typing import Any

from mock_server.dialects.answers import Db
from mock_server.domain.planning import Effort, TaskType, Workflow
from mock_server.domain.task_rules import completion, last_position, next_code, place, record
from mock_server.domain.tasks import Checklist, Task, TaskAssignee, TaskLabel, TaskLink
from mock_server.errors import Invalid
from mock_server.store.callers import Owner
from mock_server.store.rows import same

COPIED = (
    "slug title description workflow_id effort_id type_id sprint_id user_story_id parent_id start_date due_date cents"
    " estimated_minutes is_draft is_bug is_blocker is_archived"
).split()
LABELS_THERE = """
SELECT min(there.id) AS id FROM tasklabel JOIN label AS here ON here.id = tasklabel.label_id
JOIN label AS there ON there.project_id = :project_id AND there.title = here.title
WHERE tasklabel.task_id = :id GROUP BY here.id ORDER BY min(tasklabel.id)
"""
LEFT_BEHIND = (
    "DELETE FROM tasklabel WHERE task_id = :id",
    "DELETE FROM tasklink WHERE task_id = :id OR related_id = :id",
    """DELETE FROM taskassignee WHERE task_id = :id
    AND user_id NOT IN (SELECT user_id FROM member WHERE project_id = :project_id)""",
    "UPDATE task SET parent_id = NULL WHERE parent_id = :id",
)
TAKEN_ALONG = tuple(
    f"UPDATE {table} SET project_id = :project_id WHERE task_id = :id"  # noqa: S608 names of our tables
    for table in ("comment", "attachment", "timeentry", "change")
)


def duplicated(db: Db, caller: Owner, task: Any, column: Any = None, **more: Any) -> int:
    """Copy a task with its people, labels and checklists (nothing ticked yet), to the end of a column; gives the id."""
    column = column or db.find(Workflow, same(Workflow.id, task.workflow_id))
    row = {name: getattr(task, name) for name in COPIED} | completion(db, column.state, None, caller.user_id) | more
    row |= {"workflow_id": column.id, "position": last_position(db, column.id) + 1}
    row["code"] = next_code(db, task.project_id)
    id = db.insert(Task, project_id=task.project_id, user_id=caller.user_id, **row)
    record(db, SimpleNamespace(id=id, project_id=task.project_id), caller.user_id, "created")
    db.insert(TaskLink, task_id=task.id, related_id=id)
    copy_ties(db, task, id)
    copy_checklists(db, caller, task, id)
    return id


def moved(db: Db, caller: Owner, task: Any, target: Any, workflow_id: int | None = None) -> None:
    """Move a task to a column of a project (the default one where none is named). Raises Invalid."""
    column = column_there(db, target, workflow_id)
    was = db.find(Workflow, same(Workflow.id, task.workflow_id))
    if target.id != task.project_id:
        transfer(db, caller, task, target)
    there = SimpleNamespace(**vars(task) | {"project_id": target.id})
    place(db, there, column, was, None, caller.user_id)


def copy_ties(db: Db, task: Any, id: int) -> None:
    """Give the task ``id`` the people and labels of ``task``."""
    for person in db.every(TaskAssignee, same(TaskAssignee.task_id, task.id)):
        db.insert(TaskAssignee, task_id=id, user_id=person.user_id)
    for label in db.every(TaskLabel, same(TaskLabel.task_id, task.id)):
        db.insert(TaskLabel, task_id=id, label_id=label.label_id)


def copy_checklists(db: Db, caller: Owner, task: Any, id: int) -> None:
    """Give the task ``id`` the checklists of ``task``, nothing ticked."""
    made: dict[Any, int | None] = {None: None}
    rows = db.every(Checklist, same(Checklist.task_id, task.id))
    for row in sorted(rows, key=lambda row: (row.parent_id is not None, row.id)):
        about = {"title": row.title, "position": row.position, "parent_id": made[row.parent_id]}
        made[row.id] = db.insert(Checklist, task_id=id, user_id=caller.user_id, **about)


def column_there(db: Db, project: Any, id: int | None) -> Any:
    """The column of a project that a task goes to; without an id the default one. Raises Invalid."""
    columns = db.every(Workflow, same(Workflow.project_id, project.id))
    if id is None:
        return min(columns, key=lambda column: (not column.is_default, column.position))
    found = next((column for column in columns if column.id == id), None)
    if found is None:
        why = f"The parameter 'new_workflow_id' refers to {id}, which the project '{project.slug}' does not have."
        raise Invalid("new_workflow_id", why)
    return found


def transfer(db: Db, caller: Owner, task: Any, target: Any) -> None:
    """Make a task one of another project: a new code, and what that project has under the same titles.

    Its talk, files, time and history come along. It leaves its sprint, user story, parent, sub-tasks and relatives,
    and the people who are not members there.
    """
    ids = {"id": task.id, "project_id": target.id}
    labels = [row["id"] for row in db.asked(LABELS_THERE, ids)]
    code = next_code(db, target.id)
    alike = {f"{name}_id": like(db, table, getattr(task, f"{name}_id"), target) for name, table in KINDS}
    gone = dict.fromkeys(("sprint_id", "user_story_id", "parent_id"))
    db.update(Task, task.id, project_id=target.id, code=code, **alike, **gone)
    for sql in LEFT_BEHIND + TAKEN_ALONG:
        db.write(sql, ids)
    for label in dict.fromkeys(labels):
        db.insert(TaskLabel, task_id=task.id, label_id=label)
    record(db, SimpleNamespace(id=task.id, project_id=target.id), caller.user_id, "transferred", task.code, code)


KINDS: tuple[tuple[str, Any], ...] = (("effort", Effort), ("type", TaskType))


def like(db: Db, table: Any, id: int | None, target: Any) -> int | None:
    """The id of the target's row with the same title as the row ``id``; None where it has none."""
    row = db.seek(table, same(table.id, id)) if id else None
    twin = row and db.seek(table, same(table.title, row.title), same(table.project_id, target.id))
    return twin.id if twin else None
