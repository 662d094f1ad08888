"""Rows that a bearer call names by a uuid, a code or a ref_code alone: looked for wherever the caller works."""

import re
from functools import cache
from typing import Any

from mock_server.dialects.answers import Db
from mock_server.dialects.roles import is_at_least, permitted, role_of
from mock_server.dialects.tenancy import Place
from mock_server.errors import Forbidden, Invalid, NotFound, shown

REF_CODE = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
SEEN = """
SELECT r.*, m.role_id, s.role_id AS seat FROM "{table}" r
JOIN member m ON m.project_id = r.project_id AND m.user_id = :me JOIN project p ON p.id = r.project_id
LEFT JOIN workspace_member s ON s.company_id = p.company_id AND s.user_id = :me WHERE {where}
"""
IN_PROJECT = "AND (:project_id = 0 OR r.project_id = :project_id) ORDER BY r.id LIMIT 2"
BY_UUID = f"r.uuid = :key {IN_PROJECT}"
BY_CODE = f"r.code = '#' || :key COLLATE NOCASE {IN_PROJECT}"
BY_REF = f"r.uuid >= lower(:key) AND r.uuid < lower(:key) || '~' {IN_PROJECT}"


@cache
def seeing(table: str, where: str) -> str:
    """The statement for ``seen``."""
    return SEEN.format(table=table, where=where)


def seen(db: Db, table: str, where: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a table of projects' rows that the caller sees, with their role there (``role_id``, ``seat``).

    ``where`` is a condition, and perhaps an order, over the row ``r`` and the caller's membership ``m``.
    """
    return db.asked(seeing(table, where), {"me": db.me} | values)


def the_one(db: Db, found: list[dict[str, Any]], noun: str, key: str) -> Any:
    """The first row that was found. Raises NotFound, and Forbidden where the caller's role there is not enough."""
    if not found:
        raise NotFound(noun, key, " where you work")
    return Row(permitted(db, found[0]))


def own(db: Db, row: Any, what: str) -> Any:
    """A row that the caller made, or whose project they run. Raises Forbidden, naming ``what`` it is."""
    if row.user_id != db.me and not is_at_least(role_of(vars(row)), "manager"):
        raise Forbidden(f"Only whose {what} it is, or a manager, an admin or the owner may change it.", "MANAGER_ONLY")
    return row


def task_at(db: Db, key: str, project_id: int = 0) -> Any:
    """The task of this uuid, code (any letter case, with or without #) or ref_code, in a project where one is given.

    Raises NotFound, Invalid for a code that tasks of several of the caller's projects have, and Forbidden where the
    caller's role there is not enough.
    """
    code = key.removeprefix("#")
    for where in (BY_UUID, BY_CODE, *([BY_REF] if REF_CODE.fullmatch(key) else [])):
        found = seen(db, "task", where, key=code, project_id=project_id)
        if len(found) > 1:
            raise Invalid("project_slug", f"The code '{shown(key)}' is that of tasks in several projects; say which.")
        if found:
            return Row(permitted(db, found[0]))
    raise NotFound("Task", key, " among those that you may see")


def home_of(db: Db, row: Any) -> Place:
    """Where a row of a project is at home, for looking up what it refers to; its role and plan have been looked at."""
    return Place(db.me, 0, row.project_id, "", "")


class Row:
    """A row with its columns as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        """What the table does not have is an error of ours."""
        raise AttributeError(name)
