"""What projects may cost and have cost so far: for their budgets and for the dashboard of their health.

Spending is the time that was worked, at the project's hourly rate, and the fixed value of tasks that are done. Time on
a task with a fixed value costs nothing besides. An entry is spent on the day on which it begins (a running one up to
now), a fixed value when the task is completed, by who completed it. Amounts are in whole units of currency.
"""

from typing import Any, NamedTuple

from mock_server.domain.sprint_reports import share

SPENDING = """
  SELECT e.project_id, e.user_id, e.task_id, e.start AS at, max(0, coalesce(e."end", :now) - e.start) AS seconds,
    CASE WHEN coalesce(t.cents, 0) = 0 THEN max(0, coalesce(e."end", :now) - e.start) * p.hourly_cents / 3600.0
      ELSE 0 END AS cents
  FROM timeentry e JOIN project p ON p.id = e.project_id LEFT JOIN task t ON t.id = e.task_id WHERE {mine}
  UNION ALL
  SELECT e.project_id, coalesce(e.completed_user_id, e.user_id), e.id, e.completed_at, 0, e.cents
  FROM task e WHERE e.cents > 0 AND e.completed_at IS NOT NULL AND {mine}
"""
MONEY = """
WITH spending AS ({spending}), spent AS (
  SELECT project_id, sum(seconds) AS seconds, sum(cents) AS cents, max(at) AS latest FROM spending GROUP BY project_id
)
SELECT p.id, p.uuid, p.slug, p.name, p.status, p.budget, p.hourly_cents, coalesce(c.name, '') AS client_name,
  coalesce(s.seconds, 0) AS seconds, coalesce(s.cents, 0) AS cents, y.tasks, (
    SELECT count(*) FROM task t WHERE t.project_id = p.id AND t.completed_at IS NOT NULL
  ) AS done
FROM project p JOIN tally y ON y.project_id = p.id LEFT JOIN spent s ON s.project_id = p.id
LEFT JOIN contact_company c ON c.id = p.contact_company_id WHERE {which} ORDER BY p.id
"""
OF_COMPANY = "e.project_id IN (SELECT id FROM project WHERE company_id = :company)"
OF_COMPANIES = MONEY.format(spending=SPENDING.format(mine=OF_COMPANY), which="p.company_id = :company")
OF_PROJECT = "e.project_id = :project"
OF_ONE = MONEY.format(spending=SPENDING.format(mine=OF_PROJECT), which="p.id = :project")
AT_RISK, OVER = 80, 100  # percent of a budget


class Money(NamedTuple):
    """A project's money: ``budget`` and ``consumed`` in whole units of currency, time, and tasks (all, done)."""

    budget: float
    consumed: float
    seconds: int
    hourly_cents: int
    tasks: int
    done: int

    @property
    def percent(self) -> float:
        """What is consumed in a hundred of the budget; 0 without a budget."""
        return share(self.consumed, self.budget)

    @property
    def estimate(self) -> float:
        """What it will have cost when all tasks are done, at the cost of those done so far: consumed x tasks / done."""
        return round(self.consumed * self.tasks / self.done if self.done else self.consumed, 2)

    @property
    def budget_hours(self) -> float:
        """How many hours the budget pays for; 0 where an hour costs nothing."""
        return round(self.budget * 100 / self.hourly_cents, 2) if self.hourly_cents else 0.0

    @property
    def status(self) -> str:
        """``over_budget`` from 100 percent on, ``at_risk`` from 80 or with an estimate above it, else ``on_track``."""
        if not self.budget:
            return "on_track"
        if self.percent >= OVER:
            return "over_budget"
        return "at_risk" if self.percent >= AT_RISK or self.estimate > self.budget else "on_track"


def money_of(row: dict[str, Any]) -> Money:
    """A row of OF_COMPANIES or OF_ONE as money."""
    consumed = round(row["cents"] / 100, 2)
    return Money(row["budget"], consumed, row["seconds"], row["hourly_cents"], row["tasks"], row["done"])
