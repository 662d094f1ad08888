"""What both dialects know of a sprint: where it stands, which days it has, and how it is made and changed."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field
from sqlalchemy import case, func, literal_column

from mock_server.dialects.answers import Db
from mock_server.dialects.inputs import Body, Colour, Text, Title, When, nothing
from mock_server.dialects.views import TODAY, Sql
from mock_server.domain.planning import SPRINT_STATUSES, Sprint
from mock_server.domain.slugs import slug_of
from mock_server.errors import Invalid
from mock_server.store.callers import Owner
from mock_server.store.clock import DAY

RUNS = """coalesce({0}.status, CASE
  WHEN {0}.date_finish < :today THEN 'closed' WHEN {0}.date_start <= :today THEN 'in-progress' ELSE 'open'
END) = 'in-progress'"""  # whether a sprint, by the name it has in a statement, is under way: ``status`` as SQL
Status = Literal["open", "in-progress", "closed"]
NUMBERED = "UPDATE project SET sprints_numbered = sprints_numbered + 1 WHERE id = :id RETURNING sprints_numbered"
MOST_DAYS = 366
BURNED = """
SELECT t.completed_at / 86400 AS day, count(*) AS tasks, coalesce(sum(e.hundredths), 0) / 100.0 AS efforts
FROM task t LEFT JOIN effort e ON e.id = t.effort_id WHERE t.sprint_id = :id GROUP BY 1
"""


def status_of(sprint: Any) -> Any:
    """The status that was set; without one, as the dates say: before, during or after the sprint."""
    by_date = case(
        (sprint.c.date_finish < TODAY, literal_column("'closed'")),
        (sprint.c.date_start <= TODAY, literal_column("'in-progress'")),
        else_=literal_column("'open'"),
    )
    return func.coalesce(sprint.c.status, by_date)


def status_title(sprint: Any) -> Any:
    """The status as a person reads it."""
    known: list[Any] = [
        (status_of(sprint) == slug, literal_column(f"'{title}'")) for slug, title in SPRINT_STATUSES.items()
    ]
    return case(*known)


def day_of(column: str) -> Sql:
    """A day as YYYY-MM-DD."""
    return Sql(lambda sprint: func.date(sprint.c[column], "unixepoch"))


def timebox(sprint: Any) -> Any:
    """The text that was given, or the two days."""
    days = func.date(sprint.c.date_start, "unixepoch").op("||")(literal_column("' - '"))
    return func.coalesce(sprint.c.timebox, days.op("||")(func.date(sprint.c.date_finish, "unixepoch")), "")


def duration(sprint: Any) -> Any:
    """The number of days, the first and the last among them."""
    days = (sprint.c.date_finish - sprint.c.date_start) / literal_column(str(DAY)) + 1
    return case((days.is_(None), literal_column("''")), else_=func.printf("%d days", days))


class SprintPatch(Body):
    """What may be changed of a sprint."""

    title: Annotated[Title, Field(max_length=60)] = ""
    description: Text | None = None
    timebox: Annotated[Annotated[Text, Field(max_length=100)] | None, BeforeValidator(nothing)] = None
    color: Colour = ""
    date_start: When = None
    date_finish: When = None
    status: Annotated[
        Status | None,
        BeforeValidator(nothing),
        Field(validation_alias=AliasChoices("sprint_status_slug", "sprint_status_id", "status")),
    ] = None


class SprintBody(SprintPatch):
    """A new sprint."""

    title: Annotated[Title, Field(max_length=60)]


def created(db: Db, caller: Owner, body: SprintBody, **more: Any) -> int:
    """Make a sprint as its body tells, with ``more`` columns; gives its id. Raises Invalid."""
    number = db.write(NUMBERED, {"id": caller.project_id}).fetchone()[0]
    slug = slug_of(body.title, db.uniqid(Sprint))
    row = changes(body) | {"code": f"S-{number}", "slug": slug, "user_id": caller.user_id}
    return db.insert(Sprint, project_id=caller.project_id, **row | more)


def changes(body: SprintPatch, sprint: Sprint | None = None) -> dict[str, Any]:
    """The columns that a body sets; its days at midnight, in order. Raises Invalid."""
    row = body.sent(*SprintPatch.model_fields)
    if "description" in row:
        row["description"] = row["description"] or ""
    for name in ("date_start", "date_finish"):
        if row.get(name) is not None:
            row[name] = row[name] // DAY * DAY
    start, finish = (row.get(name, getattr(sprint, name, None)) for name in ("date_start", "date_finish"))
    if start is not None and finish is not None and finish < start:
        raise Invalid("date_finish", "The parameter 'date_finish' comes before 'date_start'; it may not.")
    return row


def days_of(sprint: Sprint) -> range:
    """The sprint's days, counted since 1970; of a very long sprint every second, third, ... one."""
    if sprint.date_start is None or sprint.date_finish is None:
        return range(0)
    first, last = sprint.date_start // DAY, sprint.date_finish // DAY
    return range(first, last + 1, 1 + (last - first) // MOST_DAYS)
