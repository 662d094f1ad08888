"""What is offered to clients: proposals, and changes of what was agreed. Money is in whole cents."""

from sqlalchemy import Index, UniqueConstraint

from mock_server.domain.columns import belongs, day, key, moment, refers
from mock_server.domain.workspaces import Table


class Proposal(Table, table=True):
    """An offer. ``hundredths`` are hundredths of the hours that it covers, at ``hourly_cents``; ``cents`` is its value.

    ``number`` counts within the workspace. ``status`` is one of `proposal_rules.STATUSES`; that a proposal has expired
    is not stored, its date says so. ``project_id`` is the project that it was converted to.
    """

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index("proposal_newest", "company_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    contact_company_id: int | None = refers("contact_company")
    project_id: int | None = refers("project")
    user_id: int = belongs("user", index=False)
    number: int
    title: str
    description: str = ""
    status: str = "draft"
    currency: str = "USD"
    cents: int = 0
    hundredths: int = 0
    hourly_cents: int = 0
    reason: str | None = None
    expires_at: int | None = day(None)
    sent_at: int | None = moment(None)
    viewed_at: int | None = moment(None)
    approved_at: int | None = moment(None)
    rejected_at: int | None = moment(None)
    converted_at: int | None = moment(None)
    created_at: int = moment()
    updated_at: int = moment()


class ChangeRequest(Table, table=True):
    """More work on what a proposal agreed: additional hours (``hundredths``) at ``hourly_cents``, and a fixed part.

    ``status`` is draft, sent, approved, rejected or adjustment_requested.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        Index("change_request_newest", "company_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    proposal_id: int = belongs("proposal")
    project_id: int | None = refers("project", index=False)
    name: str
    status: str = "draft"
    hundredths: int = 0
    hourly_cents: int = 0
    fixed_cents: int = 0
    expires_at: int | None = day(None)
    sent_at: int | None = moment(None)
    decided_at: int | None = moment(None)
    created_at: int = moment()
