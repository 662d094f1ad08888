"""Every report takes the same number of statements, whatever there is to count."""

from typing import Any, cast

import pytest

from benchmarks.bearer import REPORTS
from tests.services.conftest import Service, data
from tests.services.test_time import SPAN

MORE = 12  # tasks, more than the reports have people, columns or sprints to add


def statements(web: Service, path: str) -> int:
    """How many statements an answer takes."""
    raw = cast(Any, web.client).app.state.world.default.store.raw
    asked: list[str] = []
    raw.set_trace_callback(asked.append)
    data(web.get(path))
    raw.set_trace_callback(None)
    return len(asked)


@pytest.mark.settings(remember=False)
def test_a_report_takes_the_same_statements_over_more_tasks(web: Service) -> None:
    for path in REPORTS:  # where somebody works is looked up once
        data(web.get(path))
    before = {path: statements(web, path) for path in REPORTS}
    for number in range(MORE):
        task = data(web.post("/tasks", {"title": f"Count {number}", "project_slug": "route-planner"}))
        data(web.post("/time-trackings", {"task_uuid": task["uuid"], **SPAN}))
    assert {path: statements(web, path) for path in REPORTS} == before
    assert max(before.values()) <= 12, before
