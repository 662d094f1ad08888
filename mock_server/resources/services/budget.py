"""Budgets: what projects may cost, what they have cost, and when they came near the limit."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Query, Until, When, Words, nothing
from mock_server.dialects.tenancy import AtProject, InWorkspace
from mock_server.domain.planning import DONE, IN_PROGRESS, OPEN
from mock_server.domain.sprint_reports import named, share
from mock_server.resources.services.periods import bounded, hours, listed
from mock_server.resources.services.project_money import (
    AT_RISK,
    OF_COMPANIES,
    OF_ONE,
    OF_PROJECT,
    OVER,
    SPENDING,
    Money,
    money_of,
)
from mock_server.store.clock import DAY, midnight

FEATURE = "budget"
KINDS = {50: "budget_half", AT_RISK: "budget_warning", OVER: "budget_exceeded"}  # by percent
STATES = {"todo": OPEN, "in-progress": IN_PROGRESS, "done": DONE}
SPENT = f"WITH spending AS ({SPENDING.format(mine=OF_PROJECT)})"
CHOSEN = f"""{SPENT}
SELECT coalesce(sum(s.cents), 0) AS cents FROM spending s LEFT JOIN task t ON t.id = s.task_id
LEFT JOIN workflow w ON w.id = t.workflow_id JOIN user u ON u.id = s.user_id
WHERE (:since IS NULL OR s.at >= :since) AND (:until IS NULL OR s.at <= :until) AND (:state IS NULL OR w.state = :state)
AND (:users IS NULL OR EXISTS (
  SELECT 1 FROM json_each(:users) WHERE value IN (CAST(u.id AS TEXT), u.uuid, u.username)
))
"""  # noqa: S608 constants of ours
MEMBERS = f"""{SPENT}
SELECT u.name, sum(seconds) AS seconds, sum(cents) AS cents FROM spending s JOIN user u ON u.id = s.user_id
GROUP BY u.id ORDER BY cents DESC, seconds DESC, u.id
"""  # noqa: S608 constants of ours
BY_DAY = f"""{SPENT} SELECT at / {DAY} AS day, sum(cents) AS cents FROM spending GROUP BY day ORDER BY day"""  # noqa: S608 constants of ours
BEGAN = "SELECT coalesce(start_date, created_at) FROM project WHERE id = :project"


class Spans(Query):
    """Between which days; each may be left open."""

    start_date: When = None
    end_date: Annotated[Until | None, BeforeValidator(nothing)] = None


class Chosen(Spans):
    """Which spending: between days, of people (ids, uuids or usernames), on tasks in columns of a state."""

    user_ids: Words | None = None
    status: Annotated[Literal["todo", "in-progress", "done"] | None, BeforeValidator(nothing)] = None


class Newest(Query):
    """How many, the newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


@bearer.get("/budget/projects-at-risk", feature=FEATURE)
def projects_at_risk(here: InWorkspace, db: Db) -> list[dict[str, Any]]:
    """The workspace's projects whose budget is nearly consumed or will not do, the nearest first. One statement."""
    rows = [(row["name"], money_of(row)) for row in db.asked(OF_COMPANIES, {"company": here.company_id, "now": db.now})]
    risky = [(name, money) for name, money in rows if money.status != "on_track"]
    return [
        {
            "project": name,
            "budget": money.budget,
            "consumed": money.consumed,
            "percent": money.percent,
            "status": money.status,
        }
        for name, money in sorted(risky, key=lambda each: -each[1].percent)
    ]


@bearer.get("/projects/{uuid}/budget/overview", feature=FEATURE)
def budget_overview(here: AtProject, query: Chosen, db: Db) -> dict[str, float]:
    """Budget and spending; the filters choose which spending counts as consumed. Two statements.

    ``estimated_completion_cost`` is all spending by the share of the tasks that are done.
    """
    money = of(here, db)
    state = STATES[query.status] if query.status else None
    wanted = {"since": query.start_date, "until": query.end_date, "users": listed(query.user_ids), "state": state}
    consumed = round(db.asked(CHOSEN, asked(here, db) | wanted)[0]["cents"] / 100, 2)
    return {
        "total_budget": money.budget,
        "consumed": consumed,
        "remaining": round(money.budget - consumed, 2),
        "percent_consumed": share(consumed, money.budget),
        "estimated_completion_cost": money.estimate,
    }


@bearer.get("/projects/{uuid}/budget/consumption", feature=FEATURE)
def budget_consumption(here: AtProject, db: Db) -> dict[str, Any]:
    """Hours and cost, in all and by person, who cost most first. One statement."""
    rows = db.asked(MEMBERS, asked(here, db))
    people = [
        {"user": row["name"], "hours": hours(row["seconds"]), "cost": round(row["cents"] / 100, 2)} for row in rows
    ]
    seconds, cents = sum(row["seconds"] for row in rows), sum(row["cents"] for row in rows)
    return {"total_hours": hours(seconds), "total_cost": round(cents / 100, 2), "by_member": people}


@bearer.get("/projects/{uuid}/budget/burn-down", feature=FEATURE)
def budget_burn_down(here: AtProject, query: Spans, db: Db) -> list[dict[str, Any]]:
    """What remained of the budget at the end of each day, from the project's first day until today. Three statements.

    Raises Invalid for days that end before they begin, or are too many.
    """
    began = midnight(db.number(BEGAN, {"project": here.project_id}) if query.start_date is None else query.start_date)
    end = midnight(db.now if query.end_date is None else query.end_date)
    first, last = bounded(began, max(end, began) if query.end_date is None else end, "end_date")
    budget, spent = of(here, db).budget, dict(left(db.asked(BY_DAY, asked(here, db))))
    known, told = sorted(spent), list[dict[str, Any]]()
    gone, at = 0.0, 0
    for day in range(first, last + 1):
        while at < len(known) and known[at] <= day:
            gone, at = spent[known[at]], at + 1
        told.append({"date": named(day), "remaining": round(budget - gone / 100, 2)})
    return told


@bearer.get("/projects/{uuid}/budget/alerts", feature=FEATURE)
def budget_alerts(here: AtProject, db: Db) -> list[dict[str, Any]]:
    """What is to be seen to, the worst first: a limit of 80 or 100 percent that is passed, an estimate above budget."""
    money = of(here, db)
    passed = [at for at in (OVER, AT_RISK) if money.budget and money.percent >= at]
    told = [{"type": KINDS[at], "message": worded(money, at), "threshold": at} for at in passed]
    if money.budget and money.estimate > money.budget:
        why = f"At this rate the project will cost {money.estimate:.2f}, with a budget of {money.budget:.2f}."
        told.append({"type": "projected_overrun", "message": why, "threshold": OVER})
    return told


@bearer.get("/projects/{uuid}/budget/events", feature=FEATURE)
def budget_events(here: AtProject, query: Newest, db: Db) -> list[dict[str, Any]]:
    """The days on which 50, 80 and 100 percent of the budget were passed, the newest first; ``amount`` was consumed."""
    budget, days = of(here, db).budget, list(left(db.asked(BY_DAY, asked(here, db))))
    told = [crossed(budget, at, days) for at in KINDS if budget]
    return [each for each in reversed(told) if each][: query.limit]


def crossed(budget: float, at: int, days: list[tuple[int, float]]) -> dict[str, Any] | None:
    """The day at whose end so many percent of a budget were spent for the first time; None if there is none."""
    for day, cents in days:
        if cents >= budget * at:
            return {"type": KINDS[at], "amount": round(cents / 100, 2), "threshold": at, "date": named(day)}
    return None


def left(rows: list[dict[str, Any]]) -> Iterator[tuple[int, float]]:
    """Each day on which something was spent (days since 1970), with the cents that were spent by its end."""
    total = 0.0
    for row in rows:
        total += row["cents"]
        yield row["day"], total


def worded(money: Money, at: int) -> str:
    """An alert as people read it."""
    return f"{money.percent:g} % of the budget is consumed ({money.consumed:.2f} of {money.budget:.2f}); limit {at} %."


def of(here: AtProject, db: Db) -> Money:
    """A project's money. One statement."""
    return money_of(db.asked(OF_ONE, asked(here, db))[0])


def asked(here: AtProject, db: Db) -> dict[str, int]:
    """The values that the statements about one project want."""
    return {"project": here.project_id, "now": db.now}
