"""How a proposal is numbered and what may become of it.

A draft is sent; the client views it (there is no endpoint for that, seeded ones were viewed), approves or rejects it;
an approved one is converted to a project. One that was sent and whose last day is over has expired.
"""

from typing import Any

from mock_server.domain.proposals import Proposal
from mock_server.domain.task_rules import Rows
from mock_server.errors import Conflict

STATUSES = ("draft", "sent", "viewed", "approved", "rejected", "converted")
PENDING = ("sent", "viewed")
CODE = "PROP-"
NEXT = "SELECT coalesce(max(number), 0) + 1 FROM proposal WHERE company_id = :company_id"
DAY = 86_400
STEPS = {"sent": ("draft",), "approved": PENDING, "rejected": PENDING, "converted": ("approved",)}
EDITABLE = ("draft", *PENDING)


def next_number(db: Rows, company_id: int) -> int:
    """The number of the workspace's next proposal: one more than the largest; no proposal is ever deleted."""
    return db.number(NEXT, {"company_id": company_id})


def has_expired(proposal: Any, now: int) -> bool:
    """Whether a proposal that waits for an answer waited beyond its last day."""
    late = proposal.expires_at is not None and proposal.expires_at < now - now % DAY
    return late and proposal.status in PENDING


def advance(db: Rows, proposal: Any, status: str, **values: Any) -> None:
    """Bring a proposal to a status of STEPS and remember when. Raises Conflict where it may not get there."""
    stands = "expired" if has_expired(proposal, db.now) else proposal.status
    if stands not in STEPS[status]:
        allowed = " or ".join(STEPS[status])
        raise Conflict(f"The proposal {CODE}{proposal.number:04} is {stands}; it has to be {allowed} for this.")
    db.update(Proposal, proposal.id, status=status, updated_at=db.now, **{f"{status}_at": db.now}, **values)


def change(db: Rows, proposal: Any, **values: Any) -> None:
    """Change columns of a proposal that is not decided. Raises Conflict for one that is."""
    if proposal.status not in EDITABLE:
        raise Conflict(f"The proposal {CODE}{proposal.number:04} is {proposal.status} and cannot be changed any more.")
    db.update(Proposal, proposal.id, updated_at=db.now, **values)
