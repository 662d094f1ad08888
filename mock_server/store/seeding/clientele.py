"""The demo's business: clients, what they were offered, and what they were sent invoices for, in every state."""

import random
from typing import Any

from faker import Faker

from mock_server.domain.clients import ContactCompany
from mock_server.domain.invoice_rules import Line, net_of
from mock_server.domain.invoices import Invoice, InvoiceItem
from mock_server.domain.proposals import ChangeRequest, Proposal
from mock_server.domain.slugs import kebab
from mock_server.store.clock import DAY
from mock_server.store.seeding.phrases import Words, chance_of, spoken
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR, days
from mock_server.store.seeding.writer import Writer

HOURLY = 9_500  # cents
RATES = (9_500, 8_800, 11_000)  # cents for an hour, by the place of a line on its invoice
TAX = 20  # in a hundred
SPENT = 86  # of a hundred parts of the second project's budget
TERM, VALID = 30, 30  # days to pay, days to decide
NET = 'SELECT coalesce(sum("end" - start), 0) FROM timeentry WHERE project_id = ?'
TIED = "UPDATE project SET contact_company_id = ? WHERE id = ?"
COSTED = "UPDATE project SET hourly_cents = ? WHERE id = ?"
BUDGETED = "UPDATE project SET hourly_cents = ?, budget = ? WHERE id = ?"


class Clientele:
    """Writes the business of one workspace, whose projects are ``teams``; the owner of the first looks after it."""

    def __init__(self, rows: Writer, faker: Faker, locale: str, company_id: int, teams: list[Team]) -> None:
        self.rows, self.faker, self.words = rows, faker, spoken("clients", locale)
        self.chance: random.Random = chance_of(faker)
        self.home = {"company_id": company_id}
        self.projects = [team.project_id for team in teams]
        self.by = {"user_id": teams[0].owner.id, "currency": self.words["currency"]}
        self.clients: list[int] = []
        self.proposals: dict[int, int] = {}

    def write(self) -> None:
        """All of it; numbers follow the order in which things were made."""
        self.rows.flush()
        offers = [(self.offered(line), at, line) for at, line in enumerate(self.words["proposals"], 1)]
        for at, line in enumerate(self.words["clients"], 1):
            self.clients.append(self.client(line, min(made for made, _, offer in offers if offer["client"] == at)))
        for number, (created, at, line) in enumerate(sorted(offers, key=lambda offer: offer[:2]), 1):
            self.proposals[at] = self.proposal(number, line, created)
        for line in sorted(self.words["changes"], key=ago, reverse=True):
            self.change(line)
        for number, line in enumerate(sorted(self.words["invoices"], key=ago, reverse=True), 1):
            self.invoice(number, line)
        self.rows.raw.execute(COSTED, (HOURLY, self.projects[0]))
        self.budget(self.projects[1])

    def client(self, line: Words, offered: int) -> int:
        """A client, who was there some days before the first offer; gives its id."""
        site = f"{kebab(line['name'])}.example"
        at = min(ANCHOR - line["ago"] * DAY, offered - 5 * DAY)
        return self.rows.add(
            ContactCompany,
            name=line["name"],
            email=f"office@{site}",
            phone=str(self.faker.numerify(self.words["phone"])),
            website=f"https://{site}",
            address_line_1=str(self.faker.street_address()),
            city=str(self.faker.city()),
            country=self.words["country"],
            postcode=str(self.faker.postcode()),
            vat_number=str(self.faker.numerify("#########")),
            notes=line["notes"],
            created_at=at,
            updated_at=at,
            **self.home,
        )

    def offered(self, line: Words) -> int:
        """When a proposal was made: so many days ago, or in time for the project that it became."""
        if "project" not in line:
            return ANCHOR - int(line["ago"]) * DAY
        sql = "SELECT created_at FROM project WHERE id = ?"
        founded = self.rows.raw.execute(sql, (self.projects[line["project"] - 1],)).fetchone()[0]
        return int(founded) - 21 * DAY + 10 * HOUR

    def proposal(self, number: int, line: Words, created: int) -> int:
        """A proposal with the moments of its life; gives its id. One that became a project is tied to its client."""
        client, moments = self.clients[line["client"] - 1], life(line["status"], created)
        project = self.projects[line["project"] - 1] if "project" in line else None
        if project:
            self.rows.raw.execute(TIED, (client, project))
        told = {"title": line["title"], "description": line["about"], "status": line["status"], "number": number}
        worth = {"cents": line["hours"] * HOURLY, "hundredths": 100 * line["hours"], "hourly_cents": HOURLY}
        more = {"contact_company_id": client, "project_id": project, "expires_at": midnight_of(created, VALID)}
        reason = self.words["reason"] if line["status"] == "rejected" else None
        return self.rows.add(
            Proposal, reason=reason, created_at=created, **told, **worth, **more, **moments, **self.home, **self.by
        )

    def change(self, line: Words) -> None:
        """A change request on a project that came from a proposal."""
        created = ANCHOR - line["ago"] * DAY
        worth = {"hundredths": 100 * line["hours"], "hourly_cents": HOURLY, "fixed_cents": line["fixed"]}
        refers = {"proposal_id": self.proposals[line["proposal"]], "project_id": self.projects[line["proposal"] - 1]}
        told = {"name": line["name"], "status": line["status"], "expires_at": midnight_of(created, VALID)}
        sent = created + 3 * HOUR if line["status"] != "draft" else None
        decided = None if line["status"] in ("draft", "sent") else created + 2 * DAY
        self.rows.add(
            ChangeRequest, sent_at=sent, decided_at=decided, created_at=created, **worth, **refers, **told, **self.home
        )

    def invoice(self, number: int, line: Words) -> None:
        """An invoice over so many hours for each of its lines."""
        created = ANCHOR - line["ago"] * DAY
        items = [Line(text, 100 * self.chance.randint(8, 60), rate) for text, rate in zip(line["lines"], RATES)]  # noqa: B905 an invoice has fewer lines than there are rates
        net = net_of(items)
        refers = {"contact_company_id": self.clients[line["client"] - 1], "number": number}
        project = self.projects[line["project"] - 1] if "project" in line else None
        worth = {"net_cents": net, "tax_cents": net * TAX // 100, "payment_due_at": midnight_of(created, TERM)}
        moments = self.course(line["status"], created)
        told = {"title": line["title"], "status": line["status"], "project_id": project, "created_at": created}
        id = self.rows.add(Invoice, **refers, **worth, **moments, **told, **self.home, **self.by)
        for position, item in enumerate(items, 1):
            self.rows.add(InvoiceItem, invoice_id=id, position=position, **item._asdict())

    def course(self, status: str, created: int) -> dict[str, Any]:
        """When an invoice was issued, sent and paid: the latter two to six weeks after it was sent."""
        issued, sent = created + 2 * HOUR, created + 3 * HOUR
        if status == "draft":
            return {"updated_at": created}
        if status in ("issued", "cancelled"):
            return {"issued_at": issued, "updated_at": issued}
        if status == "sent":
            return {"issued_at": issued, "sent_at": sent, "updated_at": sent}
        paid = min(sent + self.chance.randint(14, 42) * DAY, ANCHOR - DAY)
        return {"issued_at": issued, "sent_at": sent, "paid_at": paid, "updated_at": paid}

    def budget(self, project_id: int) -> None:
        """A budget in whole hundreds for the second project, of which most is spent."""
        seconds = self.rows.raw.execute(NET, (project_id,)).fetchone()[0]
        spent = seconds * HOURLY / HOUR / 100
        self.rows.raw.execute(BUDGETED, (HOURLY, max(100.0, spent * 100 / SPENT // 100 * 100), project_id))


def life(status: str, created: int) -> dict[str, Any]:
    """The moments at which a proposal came to its status; an answer takes the client some days."""
    sent = created + 4 * HOUR
    moments = {"sent_at": sent, "viewed_at": sent + DAY, "approved_at": sent + 5 * DAY, "converted_at": sent + 12 * DAY}
    steps = ["sent_at", "viewed_at", "approved_at", "converted_at"]
    if status == "rejected":
        return {"sent_at": sent, "viewed_at": sent + DAY, "rejected_at": sent + 4 * DAY, "updated_at": sent + 4 * DAY}
    came = {name: moments[name] for name in steps[: ("draft", "sent", "viewed", "approved", "converted").index(status)]}
    return came | {"updated_at": max(came.values(), default=created)}


def midnight_of(moment: int, after: int) -> int:
    """The midnight so many days after the day of a moment."""
    return days((moment - days(0)) // DAY + after)


def ago(line: Words) -> int:
    """How many days ago a line of the phrases happened."""
    return int(line["ago"])
