"""What is reckoned over the tasks of one sprint, from one statement. Points are those of the tasks' efforts."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from mock_server.domain.planning import DONE, OPEN, UNDER_WAY

DAY = 86_400
TASKS = """
SELECT t.id, w.state, coalesce(e.hundredths, 0) AS hundredths, t.created_at, t.completed_at, t.due_date, t.is_blocker,
  coalesce(y.title, '') AS type, coalesce(e.title, '') AS effort
FROM task t JOIN workflow w ON w.id = t.workflow_id LEFT JOIN effort e ON e.id = t.effort_id
LEFT JOIN tasktype y ON y.id = t.type_id WHERE t.sprint_id = :id ORDER BY t.id
"""
PEOPLE = """
SELECT u.username, u.name, count(*) AS tasks, sum(w.state = 1) AS completed,
  coalesce(sum(e.hundredths), 0) AS hundredths
FROM taskassignee a JOIN task t ON t.id = a.task_id JOIN user u ON u.id = a.user_id
JOIN workflow w ON w.id = t.workflow_id LEFT JOIN effort e ON e.id = t.effort_id
WHERE t.sprint_id = :id GROUP BY u.id ORDER BY tasks DESC, u.id
"""


class Work(NamedTuple):
    """The tasks of a sprint, the first and last day of it (days since 1970; none without dates), and today."""

    slug: str
    tasks: list[dict[str, Any]]
    first: int | None
    last: int | None
    today: int

    @property
    def days(self) -> range:
        """The days of the sprint."""
        return range(0) if self.first is None or self.last is None else range(self.first, self.last + 1)

    def count(self, *states: int) -> int:
        """How many tasks stand in columns of these states."""
        return sum(task["state"] in states for task in self.tasks)

    def points(self, *states: int) -> float:
        """Their points; of all tasks where no state is named."""
        counted = [task["hundredths"] for task in self.tasks if not states or task["state"] in states]
        return float(sum(counted)) / 100

    def done_by(self, day: int) -> list[dict[str, Any]]:
        """The tasks that were completed by the end of a day."""
        return [task for task in self.tasks if task["completed_at"] is not None and task["completed_at"] // DAY <= day]


def work_of(sprint: Any, tasks: list[dict[str, Any]], now: int) -> Work:
    """The work of a sprint (its slug, date_start and date_finish) at a moment in unix seconds."""
    first, last = (None if at is None else at // DAY for at in (sprint.date_start, sprint.date_finish))
    return Work(sprint.slug, tasks, first, last, now // DAY)


def share(part: float, whole: float) -> float:
    """``part`` in a hundred of ``whole``, with one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def named(day: int) -> str:
    """A day as YYYY-MM-DD."""
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()


def progress(work: Work) -> dict[str, Any]:
    """How many tasks are done, in progress and to do; ``percent`` is done / total."""
    done, total = work.count(DONE), len(work.tasks)
    in_progress, todo = total - done - work.count(OPEN), work.count(OPEN)
    counts = {"total": total, "completed": done, "in_progress": in_progress, "todo": todo}
    return {"slug": work.slug, **counts, "percent": share(done, total)}


def stats(work: Work) -> dict[str, Any]:
    """Tasks and points, all and done; ``completion_rate`` is done / total tasks in a hundred."""
    told: dict[str, Any] = {"slug": work.slug, "total_tasks": len(work.tasks), "completed_tasks": work.count(DONE)}
    told["completion_rate"] = share(work.count(DONE), len(work.tasks))
    points = {"total_story_points": round(work.points()), "completed_story_points": round(work.points(DONE))}
    return told | points | {"in_progress_tasks": work.count(*UNDER_WAY), "open_tasks": work.count(OPEN)}


def cycle_days(work: Work) -> float:
    """The mean number of days from a done task's making to its completion, with one decimal."""
    spans = [task["completed_at"] - task["created_at"] for task in work.tasks if task["completed_at"] is not None]
    return round(sum(spans) / len(spans) / DAY, 1) if spans else 0.0


def kpis(work: Work) -> dict[str, Any]:
    """The figures that a team looks at: completion, points, blockers, what is late, and days from making to done."""
    late = [
        task
        for task in work.tasks
        if task["state"] != DONE and task["due_date"] is not None and task["due_date"] // DAY < work.today
    ]
    return {
        "completion_rate": share(work.count(DONE), len(work.tasks)),
        "points_rate": share(work.points(DONE), work.points()),
        "velocity": work.points(DONE),
        "blockers": sum(bool(task["is_blocker"]) for task in work.tasks if task["state"] != DONE),
        "overdue_tasks": len(late),
        "avg_cycle_time": cycle_days(work),
    }


def ideal(work: Work, total: float, at: int) -> float:
    """What would be left at the end of the sprint's day number ``at`` (from 0) at an even pace, down to nothing."""
    return total * (len(work.days) - 1 - at) / max(len(work.days) - 1, 1)


def burned(work: Work, day: int) -> float:
    """The points that were completed by the end of a day; of a day to come, those of today."""
    return float(sum(task["hundredths"] for task in work.done_by(min(day, work.today)))) / 100


def burndown(work: Work) -> dict[str, Any]:
    """For each day the points that an even pace would leave (``ideal``) and that were left (``actual``).

    Of a day to come ``actual`` is what is left now: the command-line client reads an integer there.
    """
    total = work.points()
    days = [
        {"date": named(day), "ideal": round(ideal(work, total, at)), "actual": round(total - burned(work, day))}
        for at, day in enumerate(work.days)
    ]
    return {"days": days, "total_points": round(total)}


def metrics(work: Work) -> dict[str, Any]:
    """``velocity`` is the points that are done, ``scope_change`` the tasks that were made after the first day.

    ``burndown_health`` compares what is left with an even pace: ahead below it, on_track up to a tenth of the total
    above, at_risk up to a quarter, else off_track. ``days_remaining`` counts from tomorrow to the last day.
    """
    added = sum(work.first is not None and task["created_at"] // DAY > work.first for task in work.tasks)
    remaining = max(0, work.last - work.today) if work.last is not None else 0
    told = {"velocity": work.points(DONE), "scope_change": added, "burndown_health": health(work)}
    return told | {"days_remaining": remaining}


def health(work: Work) -> str:
    """How what is left compares with an even pace today."""
    total = work.points()
    if work.first is None or not total or work.today < work.first:
        return "on_track"
    at = min(work.today - work.first, len(work.days) - 1)
    gap = (total - burned(work, work.today) - ideal(work, total, at)) / total
    return "ahead" if gap < 0 else "on_track" if gap <= 0.1 else "at_risk" if gap <= 0.25 else "off_track"


def per_day(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Tasks left and tasks done at the end of each day up to today."""
    days = [day for day in work.days if day <= work.today]
    done = {day: len(work.done_by(day)) for day in days}
    left = [{"day": named(day), "remaining": len(work.tasks) - done[day]} for day in days]
    return {"burndown": left, "burnup": [{"day": named(day), "completed": done[day]} for day in days]}


def distribution(work: Work, key: str) -> list[dict[str, Any]]:
    """How many tasks, how many of them done, and how many points fall to each type or effort."""
    names = dict.fromkeys(task[key] for task in work.tasks)
    groups = {name: work._replace(tasks=[task for task in work.tasks if task[key] == name]) for name in names}
    return [
        {"title": name or "none", "tasks": len(part.tasks), "completed": part.count(DONE), "points": part.points()}
        for name, part in groups.items()
    ]


def reports(work: Work, people: list[dict[str, Any]]) -> dict[str, Any]:
    """Every report of a sprint. ``capacity`` is all its points, ``velocity`` those that are done.

    A task of two people counts for both.
    """
    named_keys = ("username", "name", "tasks", "completed")
    spread = [{**{key: row[key] for key in named_keys}, "points": row["hundredths"] / 100} for row in people]
    return per_day(work) | {
        "performance": {"velocity": work.points(DONE), "capacity": work.points()},
        "types": distribution(work, "type"),
        "efforts": distribution(work, "effort"),
        "member_distribution": spread,
        "task_type_distribution": distribution(work, "type"),
    }
