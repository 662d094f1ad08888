"""Who may do what: the roles of a place, and the refusals of those whose role is not enough."""

from collections.abc import Mapping
from typing import Any

from mock_server.dialects.answers import Db
from mock_server.domain.workspaces import LADDER, ROLES
from mock_server.errors import Forbidden

REFUSALS = {
    "member": ("CLIENT_READ_ONLY", "a client may only read"),
    "manager": ("MANAGER_ONLY", "this takes a manager, an admin or the owner"),
    "admin": ("ADMIN_ONLY", "this takes an admin or the owner"),
    "owner": ("OWNER_ONLY", "this takes the owner"),
}


def role_of(row: Mapping[str, Any]) -> str:
    """The role that a row tells by ``role_id`` (in the project) and ``seat`` (in its workspace, None for none).

    The owner and the admins of a workspace are so in each of its projects.
    """
    return "owner" if row["seat"] == 1 else "admin" if row["seat"] == 4 else ROLES[row["role_id"]]


def is_at_least(role: str, least: str) -> bool:
    """Whether a role may do what ``least`` may."""
    return LADDER.index(role) >= LADDER.index(least)


def permit(db: Db, role: str) -> None:
    """Raises Forbidden where the role is not enough for the endpoint that was called."""
    if not is_at_least(role, db.least):
        writes_as_client = role == "client" and db.writes
        code, why = REFUSALS["member" if writes_as_client else db.least]
        raise Forbidden(f"Your role here is '{role}'; {why}.", code)


def permitted(db: Db, row: dict[str, Any]) -> dict[str, Any]:
    """A row that was found by its own name, in whichever place; the caller's role there has to be enough."""
    permit(db, role_of(row))
    return row
