"""Change requests: more work on what a proposal agreed."""

from typing import Annotated, Any

from mock_server.dialects.answers import Db, Listing
from mock_server.dialects.bearer import bearer
from mock_server.dialects.lists import Page
from mock_server.dialects.views import Sql, Via, View, called
from mock_server.domain.proposals import ChangeRequest, Proposal
from mock_server.resources.services.cards import CompanyCard, ProjectCard, day_of, instant
from mock_server.resources.services.clientflow_everywhere import Parts, everywhere
from mock_server.resources.services.clientflow_rows import ClientCard, units, whole

COUNTS = ("total", "draft", "sent", "approved", "rejected", "adjustment_requested", "pending")
PARTS = Parts(
    "change_request", (*COUNTS, "approved_value", "pending_value"), ("total", "pending", "approved", "approved_value")
)


def additional(change: Any) -> Any:
    """The cents of the additional hours."""
    return whole(change.c.hundredths * change.c.hourly_cents + 50)


class ProposalCard(View, of=Proposal):
    """What is changed."""

    uuid: str
    name: Annotated[str, called("title")]


class ChangeRequestView(View, of=ChangeRequest):
    """A change request; amounts are in whole units of currency."""

    uuid: str
    name: str
    status: str
    additional_hours: Annotated[float, Sql(lambda change: change.c.hundredths / 100.0)]
    hourly_rate: Annotated[float, Sql(lambda change: units(change.c.hourly_cents))]
    additional_value: Annotated[float, Sql(lambda change: units(additional(change)))]
    fixed_value: Annotated[float, Sql(lambda change: units(change.c.fixed_cents))]
    total_value: Annotated[float, Sql(lambda change: units(additional(change) + change.c.fixed_cents))]
    expires_at: Annotated[str | None, Sql(lambda change: day_of(change.c.expires_at))]
    created_at: Annotated[str, Sql(lambda change: instant(change.c.created_at))]
    project: ProjectCard | None
    proposal: ProposalCard
    client: Annotated[ClientCard | None, Via("proposal.contact_company")]
    company: CompanyCard


@bearer.get("/client-flow/all-workspaces/change-requests")
def list_change_requests_everywhere(db: Db, page: Page) -> Listing[ChangeRequestView]:
    """The change requests of all PRO workspaces that the caller runs, newest first."""
    return everywhere(db, ChangeRequestView, page, PARTS)
