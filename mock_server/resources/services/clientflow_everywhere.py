"""ClientFlow over all PRO workspaces that the caller runs: a page of rows, with numbers in all and by workspace."""

import json
from typing import Annotated, Any, NamedTuple

from mock_server.dialects.answers import Db, Listing
from mock_server.dialects.lists import Filters, Page, Where, one_of
from mock_server.domain.workspaces import PRO
from mock_server.errors import Forbidden, NeedsPlan
from mock_server.resources.services.clientflow_rows import FEATURE
from mock_server.resources.services.clientflow_totals import by_workspace

RUN = """
SELECT c.id, c.slug, c.name, c.plan FROM company c JOIN workspace_member m ON m.company_id = c.id
WHERE m.user_id = :me AND m.role_id IN (1, 4) ORDER BY c.id
"""


class Parts(NamedTuple):
    """Which numbers are told in all, and which of each workspace."""

    table: str
    of_all: tuple[str, ...]
    of_each: tuple[str, ...]


class Among(Filters):
    """The rows of some workspaces."""

    companies: Annotated[list[int], Where(lambda row, ids: row.c.company_id.in_(one_of(ids)), json.dumps)] = []


def run_by_caller(db: Db) -> list[dict[str, Any]]:
    """The PRO workspaces that the caller owns or is an admin of. Raises NeedsPlan or Forbidden where there is none."""
    run = db.asked(RUN, {"me": db.me})
    if not run:
        raise Forbidden("You run no workspace; this takes an admin or the owner.", "ADMIN_ONLY")
    if not (pro := [row for row in run if row["plan"] == PRO]):
        raise NeedsPlan(FEATURE, run[0]["plan"])
    return pro


def everywhere(db: Db, view: Any, page: Page, parts: Parts) -> Listing[Any]:
    """A page of the rows of all these workspaces, newest first, beside their numbers. Four statements."""
    companies = run_by_caller(db)
    ids = [row["id"] for row in companies]
    counted = by_workspace(db, parts.table, json.dumps(ids))
    stats = {name: told(name, sum(row[name] for row in counted.values())) for name in parts.of_all}
    spaces = [workspace(row, counted.get(row["id"], {}), parts) for row in companies]
    return db.page(view, page, filters=Among(companies=ids), beside={"stats": stats, "workspaces": spaces})


def workspace(row: dict[str, Any], counted: dict[str, Any], parts: Parts) -> dict[str, Any]:
    """The numbers of one workspace."""
    company = {name: row[name] for name in ("id", "slug", "name")}
    return {"company": company} | {name: told(name, counted.get(name, 0)) for name in parts.of_each}


def told(name: str, number: int) -> float:
    """A count as it is; a sum of cents in whole units of currency."""
    return round(number / 100, 2) if name.endswith(("_amount", "_value")) else number
