"""Which days a report is about, and which projects: what every report over time and work asks alike."""

from typing import Any, Literal, NamedTuple

import orjson

from mock_server.dialects.answers import Db
from mock_server.dialects.inputs import Query, Text, Until, When
from mock_server.dialects.tenancy import InProject, InWorkspace
from mock_server.errors import Invalid
from mock_server.store.clock import DAY, midnight

Period = Literal[
    "today", "yesterday", "last-7-days", "last-14-days", "last-15-days", "this-month", "last-month", "last-30-days"
]
MOST_DAYS = 3_660
WEEKDAYS = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")  # 1970 began on the first
SEEN = """(
  SELECT p.id FROM project p JOIN member m ON m.project_id = p.id AND m.user_id = :me
  WHERE p.company_id = :company AND (:project = 0 OR p.id = :project)
)"""  # the projects that a report is about: those of the workspace that the caller works on, or one of them


class Days(NamedTuple):
    """Whole days in UTC: the first second of the first, and that after the last."""

    since: int
    until: int

    @property
    def length(self) -> int:
        """How many days there are."""
        return (self.until - self.since) // DAY


class PeriodQuery(Query):
    """The days of a report: a period that ends with today, or ``start`` and ``end``; the last 30 where none is named.

    With ``project_slug`` it is about one project, else about all of the workspace that the caller works on.
    """

    project_slug: Text | None = None
    period: Period | Literal[""] | None = None
    start: When = None
    end: Until | None = None

    def days(self, now: int) -> Days:
        """The days that are meant. Raises Invalid where they end before they begin."""
        named = days_of(self.period or "last-30-days", midnight(now))
        since = named.since if self.start is None else midnight(self.start)
        until = named.until if self.end is None else midnight(self.end) + DAY
        first, last = bounded(since, until - DAY, "end")
        return Days(first * DAY, (last + 1) * DAY)


def bounded(since: int, last: int, name: str) -> tuple[int, int]:
    """The first and last day (days since 1970) of two midnights. Raises Invalid, naming the parameter of the last."""
    if last < since:
        raise Invalid(name, f"The parameter '{name}' comes before the first day of the report; it may not.")
    if (last - since) // DAY >= MOST_DAYS:
        raise Invalid(name, f"The parameter '{name}' lies too far from the first day: a report has {MOST_DAYS} days.")
    return since // DAY, last // DAY


def days_of(period: str, today: int) -> Days:
    """The days of a named period, of which ``today`` is the midnight; ``last-N-days`` are N, today among them."""
    if period in ("this-month", "last-month"):
        first = month_of(today)
        return Days(first, today + DAY) if period == "this-month" else Days(month_of(first - DAY), first)
    if period == "yesterday":
        return Days(today - DAY, today)
    count = 1 if period == "today" else int(period.split("-")[1])
    return Days(today - (count - 1) * DAY, today + DAY)


def month_of(day: int) -> int:
    """The midnight with which a day's month begins."""
    return day - (int(Db.date_of(day)[8:]) - 1) * DAY


def about(here: InWorkspace, db: Db, query: PeriodQuery) -> dict[str, Any]:
    """The values of a report's statement: who asks, what SEEN is of, its days and the present moment."""
    slug, days = query.project_slug, query.days(db.now)
    project = InProject.named(db, slug, str(here.company_id)).project_id if slug else 0
    place = {"me": db.me, "company": here.company_id, "project": project}
    return place | {"since": days.since, "until": days.until, "days": days.length, "now": db.now}


def hours(seconds: float) -> float:
    """Seconds as hours, with two decimals."""
    return round(seconds / 3600, 2)


def listed(words: list[str] | None) -> str | None:
    """Words as the JSON array that a statement takes; None where nothing is said."""
    return orjson.dumps(words).decode() if words else None
