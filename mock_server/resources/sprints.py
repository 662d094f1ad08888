"""Sprints: the project's time boxes."""

from typing import Annotated, Any

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains
from mock_server.dialects.views import Moment, Sql, Via, View
from mock_server.domain.planning import DONE, OPEN, SPRINT_STATUSES, UNDER_WAY, Sprint
from mock_server.resources.cards import CompanyCard, ProjectCard, UserCard
from mock_server.resources.figures import assignees, in_state, percentage, points, total, worked_hours
from mock_server.resources.sprint_facts import (
    BURNED,
    SprintBody,
    SprintPatch,
    changes,
    created,
    day_of,
    days_of,
    duration,
    status_of,
    status_title,
    timebox,
)
from mock_server.store.callers import Caller
from mock_server.store.clock import DAY
from mock_server.store.rows import same


class SprintStatus(View):
    """Where a sprint stands."""

    slug: Annotated[str, Sql(status_of)]
    title: Annotated[str, Sql(status_title)]


class SprintStats(View):
    """Figures over the sprint's tasks."""

    percentage: Annotated[int, percentage("sprint_id")]
    story_points: Annotated[float, points("sprint_id")]
    worked_hours: Annotated[str, worked_hours("sprint_id")]
    total_tasks: Annotated[int, total("sprint_id")]
    open_tasks: Annotated[int, in_state("sprint_id", OPEN, *UNDER_WAY)]
    closed_tasks: Annotated[int, in_state("sprint_id", DONE)]
    completed: Annotated[int, in_state("sprint_id", DONE)]


class SprintView(View, of=Sprint):
    """A sprint, with every documented key."""

    id: int
    code: str
    slug: str
    title: str
    description: str
    color: str
    timebox: Annotated[str, Sql(timebox)]
    duration: Annotated[str, Sql(duration)]
    date_start: Annotated[str | None, day_of("date_start")]
    date_finish: Annotated[str | None, day_of("date_finish")]
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard
    stats: SprintStats
    status: SprintStatus
    user: UserCard
    users: Annotated[list[UserCard], assignees("sprint_id")]
    created_at: Moment


class SprintFilters(Filters):
    """Which sprints of the project."""

    search: Annotated[str, Where(lambda sprint, text: contains(sprint.c.title, text))] = ""


@keyed.get("/sprints")
def list_sprints(db: Db, caller: Caller, page: Page, filters: SprintFilters) -> Listing[SprintView]:
    """The project's sprints, newest first."""
    return db.page(SprintView, page, caller.owns(Sprint), filters=filters)


@keyed.get("/sprints/statuses")
def list_sprint_statuses() -> list[dict[str, str]]:
    """The statuses that a sprint can have."""
    return [{"slug": slug, "title": title} for slug, title in SPRINT_STATUSES.items()]


@keyed.get("/sprints/{slug}")
def get_sprint(slug: str, db: Db, caller: Caller) -> One[SprintView]:
    """One sprint, with its burn-down charts."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint))
    return db.one(SprintView, same(Sprint.slug, slug), caller.owns(Sprint)).with_key("charts", charts(db, sprint))


@keyed.post("/sprints", bare=True)
def create_sprint(body: SprintBody, db: Db, caller: Caller) -> One[SprintView]:
    """A new sprint."""
    id = created(db, caller, body)
    return db.one(SprintView, same(Sprint.id, id), caller.owns(Sprint))


@keyed.put("/sprints/{slug}")
def update_sprint(slug: str, body: SprintPatch, db: Db, caller: Caller) -> One[SprintView]:
    """Change what is sent of a sprint; its slug stays."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint))
    db.update(Sprint, sprint.id, **changes(body, sprint))
    return db.one(SprintView, same(Sprint.slug, slug), caller.owns(Sprint))


@keyed.delete("/sprints/{slug}")
def delete_sprint(slug: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete a sprint; its tasks stay, in none."""
    db.delete(Sprint, db.find(Sprint, same(Sprint.slug, slug), caller.owns(Sprint)).id)
    return Deleted


def charts(db: Db, sprint: Sprint) -> dict[str, list[dict[str, Any]]]:
    """How the sprint burns down, by tasks and by points of effort; empty while it has no dates."""
    burned, days = db.asked(BURNED, {"id": sprint.id}), days_of(sprint)
    return {f"burndown_{unit}": burndown(db, burned, unit, days) for unit in ("tasks", "efforts")}


def burndown(db: Db, burned: list[dict[str, Any]], unit: str, days: range) -> list[dict[str, Any]]:
    """The points of a chart, under the keys that clients draw.

    ``decrement`` is what would be left at an even pace, ``closedCountDown`` what was left at the end of the day (null
    for days to come), the plot lines the places of the first and the last day.
    """
    total, end = sum(row[unit] for row in burned), len(days) - 1
    return [
        {
            "date": db.date_of(day * DAY),
            "decrement": round(total * (end - at) / max(end, 1), 2),
            "closedCountDown": total - closed(burned, unit, day) if day <= db.now // DAY else None,
            "startPlotLines": 0,
            "endPlotLines": end,
        }
        for at, day in enumerate(days)
    ]


def closed(burned: list[dict[str, Any]], unit: str, day: int) -> Any:
    """How much was done by the end of a day."""
    return sum(row[unit] for row in burned if row["day"] is not None and row["day"] <= day)
