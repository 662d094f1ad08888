"""What is reckoned over a sprint."""

from typing import Any, Literal

from mock_server.dialects.answers import Beside, Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Query
from mock_server.dialects.tenancy import InProject
from mock_server.domain import sprint_reports as reckoned
from mock_server.domain.planning import Sprint
from mock_server.domain.sprint_reports import PEOPLE, TASKS, Work, work_of
from mock_server.errors import NotFound
from mock_server.resources.sprint_facts import RUNS
from mock_server.store.rows import same

CURRENT = f"""
SELECT id FROM sprint WHERE project_id = :project_id AND {RUNS.format("sprint")}
ORDER BY created_at DESC, id DESC LIMIT 1
"""  # noqa: S608 constants of ours


class ReportQuery(Query):
    """Which report; all of them where none is named."""

    resource: (
        Literal[
            "burndown",
            "burnup",
            "performance",
            "types",
            "efforts",
            "member_distribution",
            "task_type_distribution",
        ]
        | None
    ) = None
    report_task: bool = False


def work(db: Db, here: InProject, slug: str) -> tuple[Work, int]:
    """The tasks of a sprint, and its id. Raises NotFound."""
    sprint = db.find(Sprint, same(Sprint.slug, slug), here.owns(Sprint))
    return work_of(sprint, db.asked(TASKS, {"id": sprint.id}), db.now), sprint.id or 0


@bearer.get("/sprints/{slug}/kpis")
def sprint_kpis(slug: str, here: InProject, db: Db) -> dict[str, Any]:
    """The sprint's key figures."""
    return {"kpis": reckoned.kpis(work(db, here, slug)[0])}


@bearer.get("/sprints/{slug}/stats")
def sprint_stats(slug: str, here: InProject, db: Db) -> dict[str, Any]:
    """Tasks and points; also under ``stats``, where another source has them."""
    told = reckoned.stats(work(db, here, slug)[0])
    return told | {"stats": told}


@bearer.get("/sprints/{slug}/progress")
def sprint_progress(slug: str, here: InProject, db: Db) -> dict[str, Any]:
    """How far the sprint is."""
    return reckoned.progress(work(db, here, slug)[0])


@bearer.get("/sprints/{slug}/metrics")
def sprint_metrics(slug: str, here: InProject, db: Db) -> dict[str, Any]:
    """Velocity, change of scope, health and days that remain."""
    return reckoned.metrics(work(db, here, slug)[0])


@bearer.get("/sprints/{slug}/reports")
def sprint_reports(slug: str, query: ReportQuery, here: InProject, db: Db) -> dict[str, Any]:
    """Every report, or the one that is named."""
    told, id = work(db, here, slug)
    every = reckoned.reports(told, db.asked(PEOPLE, {"id": id}))
    return {query.resource: every[query.resource]} if query.resource else every


@bearer.get("/sprints/current/burndown")
def current_burndown(here: InProject, db: Db) -> Beside[dict[str, Any]]:
    """The burn-down of the sprint that is under way. Raises NotFound where none is."""
    today = db.now // 86_400 * 86_400
    found = db.number(CURRENT, {"project_id": here.project_id, "today": today})
    if not found:
        raise NotFound("Sprint", None, ": none is under way in this project")
    sprint = db.find(Sprint, same(Sprint.id, found))
    return Beside(reckoned.burndown(work(db, here, sprint.slug)[0]), {"sprint": {"slug": sprint.slug}})


@bearer.get("/sprints/{slug}/burndown")
def sprint_burndown(slug: str, here: InProject, db: Db) -> dict[str, Any]:
    """Points by day: what an even pace would leave, and what was left."""
    return reckoned.burndown(work(db, here, slug)[0])
