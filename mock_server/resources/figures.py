"""Figures over tasks, as expressions: how many, how large, how long was worked on them."""

from typing import Any

from sqlalchemy import Integer, cast, func, literal_column, select

from mock_server.dialects.views import Many, Sql, table_of
from mock_server.domain.planning import DONE, Effort, Workflow
from mock_server.domain.tasks import Task, TaskAssignee, TimeEntry

HOUR = 3600.0


def clock(seconds: Any) -> Any:
    """A length of time as hours, minutes and seconds: ``12:05:00``."""
    return func.printf("%02d:%02d:%02d", seconds // 3600, seconds // 60 % 60, seconds % 60)


def tasks_of(column: str, row: Any) -> tuple[Any, Any, Any]:
    """A task, its column on the board, and the condition that it belongs to ``row`` by this reference."""
    task, stage = table_of(Task).alias(), table_of(Workflow).alias()
    return task, stage, (task.c.workflow_id == stage.c.id) & (task.c[column] == row.c.id)


def total(column: str) -> Sql:
    """How many tasks belong to the row."""

    def told(row: Any) -> Any:
        task, stage, mine = tasks_of(column, row)
        return select(func.count()).select_from(task).join(stage, mine).scalar_subquery()

    return Sql(told)


def in_state(column: str, *states: int) -> Sql:
    """How many of them stand in a column of one of these states."""

    def told(row: Any) -> Any:
        task, stage, mine = tasks_of(column, row)
        found = select(func.count()).select_from(task).join(stage, mine)
        return found.where(stage.c.state.in_([literal(state) for state in states])).scalar_subquery()

    return Sql(told)


def literal(value: int) -> Any:
    """A number, written into the statement."""
    return literal_column(str(value))


def percentage(column: str) -> Sql:
    """Done tasks in a hundred of all, rounded down; 0 where there are none."""

    def told(row: Any) -> Any:
        task, stage, mine = tasks_of(column, row)
        done = func.sum(cast(stage.c.state == DONE, Integer)) * 100
        share = func.coalesce(done / func.count(), 0)
        return select(cast(share, Integer)).select_from(task).join(stage, mine).scalar_subquery()

    return Sql(told)


def points(column: str) -> Sql:
    """The sum of the tasks' efforts, in points."""

    def told(row: Any) -> Any:
        task, effort = table_of(Task).alias(), table_of(Effort).alias()
        size = func.coalesce(func.sum(effort.c.hundredths) / 100.0, 0)
        mine = (effort.c.id == task.c.effort_id) & (task.c[column] == row.c.id)
        return select(size).select_from(task).join(effort, mine).scalar_subquery()

    return Sql(told)


def worked_hours(column: str) -> Sql:
    """The hours of the tasks' finished time entries, as a decimal text."""

    def told(row: Any) -> Any:
        task, entry = table_of(Task).alias(), table_of(TimeEntry).alias()
        spent = func.coalesce(func.sum(entry.c.end - entry.c.start), 0) / HOUR
        mine = (entry.c.task_id == task.c.id) & (task.c[column] == row.c.id)
        return select(func.printf("%.2f", spent)).select_from(task).join(entry, mine).scalar_subquery()

    return Sql(told)


def assignees(column: str) -> Many:
    """The people whom the tasks are assigned to, by id."""

    def holds(row: Any, user: Any) -> Any:
        task, link = table_of(Task).alias(), table_of(TaskAssignee).alias()
        tied = select(link.c.user_id).join(task, task.c.id == link.c.task_id).where(task.c[column] == row.c.id)
        return user.c.id.in_(tied.correlate(row))

    return Many(holds, "id")
