"""The bearer dialect beside a bare uvicorn, and how long its reports over a large project take."""

import json
import time
from collections.abc import Iterator

from benchmarks.api import Call, Facts, compared
from benchmarks.figures import Figure, Step
from benchmarks.serving import read, sandbox

LARGE = 10_000
SLOWEST = 50  # milliseconds
ASKED = 100  # times, so that the second slowest is the 99th percentile
OVER = {
    "/companies/standup": "summary completed-yesterday blockers team-status stuck-tasks weekly-digest contributors",
    "/companies/manager-dashboard": "pulse risks overview health blockers command-center time-entries",
    "/companies/reports": "cumulative-flow project-age weekly-activity",
    "/companies/analytics": "velocity workload blockers cycle-time throughput",
    "/time-trackings": "analytics team reports productivity timeline",
    "/projects/route-planner/budget": "overview consumption burn-down alerts events",
    "/budget": "projects-at-risk",
    "/client-flow/dashboard": "overview revenue-pipeline clients-at-risk pending-approvals projects-health insights "
    "leaderboard analytics",
    "/projects/route-planner": "stats",
    "/workspaces/saltmarsh-labs": "stats",
}
CREATE_JSON = (
    """wrk.method="POST"; wrk.body='{"title":"Measure it"}'; wrk.headers["Content-Type"]="application/json\""""
)
REPORTS = [f"{root}/{name}" for root, names in OVER.items() for name in names.split()]
SPRINT = ("kpis", "stats", "progress", "metrics", "reports", "burndown")


def script(facts: Facts) -> str:
    """The token, for wrk."""
    return f'wrk.headers["Authorization"]="Bearer {facts["credentials"]["token"]}"'


def writing(facts: Facts) -> str:
    """A task as JSON, for wrk."""
    body = (
        'wrk.method="POST"; wrk.body="{\\"title\\":\\"Measure it\\"}"; wrk.headers["Content-Type"]="application/json"'
    )
    return f"{script(facts)}; {body}"


def page(facts: Facts, size: int = 15) -> str:
    """So many tasks."""
    return f"{facts['base_url']}/tasks?project_slug=route-planner&per_page={size}"


def fifty(facts: Facts) -> str:
    """Fifty tasks."""
    return page(facts, 50)


def one(facts: Facts) -> str:
    """The newest task."""
    newest = json.loads(read(page(facts, 1), facts["credentials"]["token"]))["data"][0]
    return f"{facts['base_url']}/tasks/{newest['uuid']}"


CALLS = (
    Call("bearer page of 15 tasks", page, (0.20, 0.35), (0.05, 0.10), script),
    Call("bearer page of 50 tasks", fifty, (0.20, 0.35), (0.05, 0.10), script),
    Call("bearer one task", one, (0.30, 0.50), (0.18, 0.28), script),
    Call("bearer JSON create", page, None, (0.10, 0.20), writing, one),
)


def figures(seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """The ratios to the bare server, over so many turns, and the reports."""
    yield from compared(CALLS, seconds, tasks, times, step)
    step(f"reports over {LARGE} tasks")
    yield from reports()


def reports() -> Iterator[Figure]:
    """The 99th percentile of the slowest report, with nothing remembered; the three slowest are named beside it."""
    with sandbox("--tasks", str(LARGE), "--no-remember") as (facts, _):
        told = sorted(((slow(facts, path), path) for path in (*REPORTS, *of_sprint(facts))), reverse=True)
    beside = ", ".join(f"{path} {value:.0f}" for value, path in told[:3])
    yield Figure(f"slowest of {len(told)} reports over {LARGE} tasks, p99", told[0][0], "ms", SLOWEST, beside=beside)


def of_sprint(facts: Facts) -> list[str]:
    """The reports of the sprint that has most tasks."""
    sprints = json.loads(read(f"{facts['base_url']}/sprints", facts["credentials"]["token"]))["data"]
    largest = max(sprints, key=lambda sprint: sprint["stats"]["total_tasks"])
    return [f"/sprints/{largest['slug']}/{name}" for name in SPRINT]


def slow(facts: Facts, path: str) -> float:
    """The milliseconds that 99 of 100 answers of a report take at most, asked one after another."""
    url, token, told = f"{facts['base_url']}{path}", facts["credentials"]["token"], list[float]()
    read(url, token)
    for _ in range(ASKED):
        began = time.perf_counter()
        read(url, token)
        told.append(1000 * (time.perf_counter() - began))
    return sorted(told)[-2]
