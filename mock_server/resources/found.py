"""Rows that a bearer call names by a uuid, a code or a ref_code alone: looked for wherever the caller works."""

import re
from typing import Any

from mock_server.dialects.answers import Db
from mock_server.dialects.roles import permitted
from mock_server.dialects.tenancy import Place
from mock_server.errors import Invalid, NotFound, shown

REF_CODE = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
TASKS = """
SELECT t.*, m.role_id, s.role_id AS seat FROM task t JOIN member m ON m.project_id = t.project_id AND m.user_id = :me
JOIN project p ON p.id = t.project_id LEFT JOIN workspace_member s ON s.company_id = p.company_id AND s.user_id = :me
WHERE {} AND (:project_id = 0 OR t.project_id = :project_id) ORDER BY t.id LIMIT 2
"""
BY_UUID = TASKS.format("t.uuid = :key")
BY_CODE = TASKS.format("t.code = '#' || :key COLLATE NOCASE")
BY_REF = TASKS.format("t.uuid >= lower(:key) AND t.uuid < lower(:key) || '~'")


def task_at(db: Db, key: str, project_id: int = 0) -> Any:
    """The task of this uuid, code (any letter case, with or without #) or ref_code, in a project where one is given.

    Raises NotFound, Invalid for a code that tasks of several of the caller's projects have, and Forbidden where the
    caller's role there is not enough.
    """
    code = key.removeprefix("#")
    for sql in (BY_UUID, BY_CODE, *([BY_REF] if REF_CODE.fullmatch(key) else [])):
        found = db.asked(sql, {"key": code, "me": db.me, "project_id": project_id})
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
