"""What may be said of a task, and how it becomes a row: for both dialects."""

from types import SimpleNamespace
from typing import Annotated, Any

from pydantic import AliasChoices, Field

from mock_server.dialects.answers import Db
from mock_server.dialects.inputs import Body, Decimal, Id, MaybeId, Small, Text, Title, When, Words
from mock_server.domain.planning import Effort, Label, Sprint, TaskType, UserStory, Workflow
from mock_server.domain.slugs import kebab
from mock_server.domain.task_rules import CLOSE_GAP, completion, default_column, end_of, next_code, place, record
from mock_server.domain.tasks import Task, TaskAssignee, TaskLabel
from mock_server.errors import Conflict, Invalid, shown
from mock_server.resources.references import by_key, member, referred
from mock_server.store.callers import Owner
from mock_server.store.rows import same

SWITCHES = ("is_draft", "is_bug", "is_blocker", "is_archived")
REFERENCES: dict[str, Any] = {
    "effort_id": Effort,
    "type_id": TaskType,
    "sprint_id": Sprint,
    "user_story_id": UserStory,
}


class TaskPatch(Body):
    """What may be changed of a task. What is not sent stays; null or an empty text clears what may be empty."""

    title: Title = ""
    description: Text | None = None
    code: Annotated[str, Field(min_length=1, max_length=30)] = ""
    value_fixed: Decimal | None = None
    workflow_id: Annotated[Id, Field(validation_alias=AliasChoices("workflow_id", "config_workflow_id"))] = 0
    effort_id: Annotated[MaybeId, Field(validation_alias=AliasChoices("effort_id", "config_issue_effort_id"))] = None
    type_id: Annotated[MaybeId, Field(validation_alias=AliasChoices("type_id", "config_issue_type_id"))] = None
    sprint_id: MaybeId = None
    user_story_id: MaybeId = None
    sprint_slug: str | None = None
    user_story_slug: str | None = None
    parent_id: str | None = None
    start_date: When = None
    due_date: When = None
    is_draft: bool = False
    is_bug: bool = False
    is_blocker: bool = False
    is_archived: bool = False
    position: Small | None = None


class TaskBody(TaskPatch):
    """A new task."""

    title: Title
    username: str | None = None
    users: Words | None = None
    labels: Words | None = None


def created(db: Db, caller: Owner, body: TaskBody, **more: Any) -> int:
    """Make a task as its body tells, with ``more`` columns; gives its id. Raises Invalid and Conflict."""
    column = chosen_column(db, caller, body)
    row = changes(db, caller, body) | more | {"code": code_for(db, caller, body), "user_id": caller.user_id}
    row |= {"workflow_id": column.id, "position": end_of(db, column) + 1} | completion(
        db, column.state, None, caller.user_id
    )
    id = db.insert(Task, project_id=caller.project_id, **row)
    task = SimpleNamespace(**row, id=id, project_id=caller.project_id)
    record(db, task, caller.user_id, "created")
    tie(db, caller, task, body)
    if body.position and body.position <= task.position:
        place(db, task, column, column, body.position, caller.user_id)
    return id


def changed(db: Db, caller: Owner, body: TaskPatch, task: Any, **more: Any) -> None:
    """Change a task as its body tells, with ``more`` columns. Raises Invalid and Conflict."""
    row = changes(db, caller, body, task) | more
    if "code" in body.model_fields_set:
        row["code"] = code_for(db, caller, body, task)
    db.update(Task, task.id, **row, updated_at=db.now)
    for name in sorted(row.keys() - {"slug"}):
        if row[name] != getattr(task, name):
            record(db, task, caller.user_id, "updated", f"{name}: {getattr(task, name)}", f"{name}: {row[name]}")
    if {"workflow_id", "position"} & body.model_fields_set:
        was = db.find(Workflow, same(Workflow.id, task.workflow_id))
        place(db, task, chosen_column(db, caller, body, was), was, body.position, caller.user_id)


def removed(db: Db, task: Any) -> None:
    """Delete a task, and close the gap that it leaves in its column."""
    db.delete(Task, task.id)
    db.write(CLOSE_GAP, {"workflow_id": task.workflow_id, "position": task.position})


def chosen_column(db: Db, caller: Owner, body: TaskPatch, otherwise: Any = None) -> Any:
    """The column that the body names; else ``otherwise``, or the project's default column. Raises Invalid."""
    if "workflow_id" in body.model_fields_set:
        return referred(db, caller, "workflow_id", Workflow, body.workflow_id)
    if otherwise is not None:
        return otherwise
    return default_column(db, caller.project_id)


def changes(db: Db, caller: Owner, body: TaskPatch, task: Any = None) -> dict[str, Any]:
    """The columns that a body sets, its references checked. Raises Invalid, naming the parameter."""
    row = body.sent("title", "start_date", "due_date", *REFERENCES) | {
        name: getattr(body, name) for name in SWITCHES if name in body.model_fields_set
    }
    for name in REFERENCES.keys() & row.keys():
        if row[name] is not None:
            referred(db, caller, name, REFERENCES[name], row[name])
    if "title" in row:
        row["slug"] = kebab(row["title"])
    if "description" in body.model_fields_set:
        row["description"] = body.description or ""
    if "value_fixed" in body.model_fields_set:
        row["cents"] = round((body.value_fixed or 0) * 100)
    return ordered(db, caller, body, row, task)


def ordered(db: Db, caller: Owner, body: TaskPatch, row: dict[str, Any], task: Any) -> dict[str, Any]:
    """The same with what a body names by slug or uuid, and its dates in order. Raises Invalid."""
    for param, table in (("sprint_slug", Sprint), ("user_story_slug", UserStory)):
        if slug := getattr(body, param):
            row[param.replace("_slug", "_id")] = by_key(db, caller, param, table, "slug", slug).id
    if "parent_id" in body.model_fields_set:
        row["parent_id"] = parent_of(db, caller, body.parent_id, task)
    start, due = (row.get(name, getattr(task, name, None)) for name in ("start_date", "due_date"))
    if start is not None and due is not None and due < start and row.keys() & {"start_date", "due_date"}:
        raise Invalid("due_date", "The parameter 'due_date' comes before 'start_date'; it may not.")
    return row


def parent_of(db: Db, caller: Owner, told: str | None, task: Any) -> int | None:
    """The id of the parent, which comes as its uuid or id; a task cannot be below itself. Raises Invalid."""
    if not told:
        return None
    parent: Any = by_key(db, caller, "parent_id", Task, "id" if told.isdigit() else "uuid", told)
    above, seen = parent, set[int]()
    while task is not None and above is not None and above.id not in seen:
        if above.id == task.id:
            raise Invalid("parent_id", "The parameter 'parent_id' would put the task below itself.")
        seen.add(above.id)
        above = db.seek(Task, same(Task.id, above.parent_id)) if above.parent_id else None
    return int(parent.id)


def code_for(db: Db, caller: Owner, body: TaskPatch, task: Any = None) -> str:
    """The code that the body gives, or the project's next. Raises Conflict where another task has it."""
    if "code" not in body.model_fields_set:
        return next_code(db, caller.project_id)
    code = f"#{body.code.removeprefix('#')}"
    other = db.seek(Task, same(Task.code, code), caller.owns(Task))
    if other is not None and (task is None or other.id != task.id):
        raise Conflict(f"The code '{shown(code)}' is taken by another task of this project.", param="code")
    return code


def tie(db: Db, caller: Owner, task: Any, body: TaskBody) -> None:
    """Give a new task its people (by username) and labels (by title). Raises Invalid."""
    names = ([body.username] if body.username else []) + (body.users or [])
    for name in dict.fromkeys(names):
        db.insert(
            TaskAssignee, task_id=task.id, user_id=member(db, caller, "username" if body.username else "users", name).id
        )
        record(db, task, caller.user_id, "assigned", None, name)
    for title in dict.fromkeys(body.labels or []):
        label = by_key(db, caller, "labels", Label, "title", title)
        db.insert(TaskLabel, task_id=task.id, label_id=label.id)
