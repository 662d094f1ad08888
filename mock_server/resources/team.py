"""The project's team: who works on what."""

from collections import Counter
from typing import Any

from pydantic import BaseModel

from mock_server.dialects.answers import Db, Whole
from mock_server.dialects.keyed import keyed
from mock_server.domain.planning import DONE, Workflow
from mock_server.domain.workspaces import ROLES
from mock_server.resources.cards import UserCard
from mock_server.store.callers import Caller

PEOPLE = """
SELECT member.user_id, member.role_id, member.is_leader, member.color,
  user.name, user.headline, user.username, user.avatar
FROM member JOIN user ON user.id = member.user_id WHERE member.project_id = :project_id ORDER BY member.id
"""
SHARES = """
SELECT taskassignee.user_id, task.workflow_id, count(*) AS total
FROM task JOIN taskassignee ON taskassignee.task_id = task.id
WHERE task.project_id = :project_id GROUP BY taskassignee.user_id, task.workflow_id
"""
COMPLETED = """
SELECT count(*) AS total FROM task JOIN workflow ON workflow.id = task.workflow_id
WHERE task.project_id = :project_id AND workflow.state = :done
"""


class ColumnShare(BaseModel):
    """How many of a member's tasks stand in a column; ``id`` counts the columns from 1."""

    id: int
    title: str
    color: str
    total: int


class AllocationStats(BaseModel):
    """A member's tasks by column; ``id`` counts the members from 1."""

    workflow: list[ColumnShare]
    id: int


class Role(BaseModel):
    """What a member may do."""

    id: int
    name: str


class AllocationView(BaseModel):
    """A member with their tasks; ``contribution`` is their share of the completed ones in a hundred."""

    user: UserCard
    stats: AllocationStats
    is_leader: bool
    color: str
    contribution: int
    role: Role


@keyed.get("/project-team-allocations")
def list_allocations(db: Db, caller: Caller) -> Whole[AllocationView]:
    """Every member with the number of their tasks in each column. Four statements, however large the team."""
    project = {"project_id": caller.project_id}
    columns = sorted(db.every(Workflow, caller.owns(Workflow)), key=lambda column: (column.position, column.id))
    shares = Counter({(row["user_id"], row["workflow_id"]): row["total"] for row in db.asked(SHARES, project)})
    completed = db.number(COMPLETED, project | {"done": DONE})
    people = enumerate(db.asked(PEOPLE, project), 1)
    rows = [allocation(number, person, columns, shares, completed) for number, person in people]
    return Whole([row.model_dump_json().encode() for row in rows])


def allocation(
    number: int, person: dict[str, Any], columns: list[Any], shares: Counter[tuple[int, int]], completed: int
) -> AllocationView:
    """One member, the ``number``-th of the team."""
    id = person["user_id"]
    spread = [
        ColumnShare(id=at, title=column.title, color=column.color, total=shares[id, column.id])
        for at, column in enumerate(columns, 1)
    ]
    done = sum(shares[id, column.id] for column in columns if column.state == DONE)
    return AllocationView(
        user=UserCard(**{name: person[name] for name in UserCard.model_fields}),
        stats=AllocationStats(workflow=spread, id=number),
        is_leader=person["is_leader"],
        color=person["color"],
        contribution=done * 100 // completed if completed else 0,
        role=Role(id=person["role_id"], name=ROLES[person["role_id"]]),
    )
