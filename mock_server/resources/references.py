"""What a parameter refers to, looked up in the caller's project; what it lacks is blamed on the parameter."""

from typing import Any

from mock_server.dialects.answers import Db
from mock_server.domain.tasks import Task
from mock_server.domain.workspaces import Member, User
from mock_server.errors import Conflict, Invalid, NotFound, shown
from mock_server.resources.found import task_at
from mock_server.store.callers import Owner
from mock_server.store.rows import same


def referred(db: Db, caller: Owner, param: str, table: Any, id: int) -> Any:
    """The project's row that a parameter refers to. Raises Invalid, naming the parameter."""
    row = db.seek(table, same(table.id, id), caller.owns(table))
    if row is None:
        raise Invalid(param, f"The parameter '{param}' refers to {id}, which this project does not have.")
    return row


def by_key(db: Db, caller: Owner, param: str, table: Any, key: str, value: str) -> Any:
    """The project's row whose ``key`` a parameter gives. Raises Invalid, naming the parameter."""
    row = db.seek(table, same(getattr(table, key), value), caller.owns(table))
    if row is None:
        raise Invalid(param, f"The parameter '{param}' names '{shown(value)}', which this project does not have.")
    return row


def task_named(db: Db, caller: Owner, param: str, key: str) -> Any:
    """The project's task whose uuid a parameter gives; a bearer caller may give its code too. Raises Invalid."""
    if db.dialect == "bearer":
        try:
            return task_at(db, key, caller.project_id)
        except NotFound:
            pass
    return by_key(db, caller, param, Task, "uuid", key)


def member(db: Db, caller: Owner, param: str, username: str) -> Any:
    """The project's member of that name. Raises Invalid, naming the parameter."""
    user = db.seek(User, same(User.username, username))
    if user is None or db.seek(Member, same(Member.user_id, user.id), caller.owns(Member)) is None:
        raise Invalid(param, f"The parameter '{param}' names '{shown(username)}', who is not a member of this project.")
    return user


def free_code(db: Db, caller: Owner, table: Any, code: str | None, own: int | None = None) -> None:
    """Raises Conflict where another row of the project has this code."""
    taken = db.seek(table, same(table.code, code), caller.owns(table)) if code else None
    if taken is not None and taken.id != own:
        raise Conflict(f"The code '{shown(code)}' is taken.", param="code")
