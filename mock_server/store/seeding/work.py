"""Writes a team's tasks down, a batch at a time: the tasks, whose they are, and all that happened to them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from mock_server.domain.tasks import Change, Task, TaskAssignee, TaskLabel
from mock_server.store.seeding import history
from mock_server.store.seeding.details import Details
from mock_server.store.seeding.drafts import Draft
from mock_server.store.seeding.history import Event, History
from mock_server.store.seeding.places import EFFORTS, Team
from mock_server.store.seeding.spec import Progress
from mock_server.store.seeding.writer import Writer

BATCH = 1_000
POINT = 90  # minutes that the team expects a point to take
THOROUGH = 300  # about so many tasks are told in full; a larger project has the others in brief
COLUMNS = (
    *("id", "uuid", "project_id", "code", "slug", "title", "description", "workflow_id", "position", "effort_id"),
    *("type_id", "sprint_id", "user_story_id", "parent_id", "user_id", "completed_user_id", "completed_at"),
    *("start_date", "due_date", "cents", "estimated_minutes", "is_draft", "is_bug", "is_blocker", "is_archived"),
    *("timer_id", "created_at", "updated_at"),
)


class Work:
    """The tasks of one team on their way to the database. ``count`` is how many there will be."""

    def __init__(self, rows: Writer, team: Team, labels: dict[int, str], details: Details, count: int) -> None:
        self.rows, self.team, self.details = rows, team, details
        self.history = History(team, labels)
        self.ends = [0] * len(team.columns)
        self.minutes: dict[int | None, int] = {
            id: size * POINT // 100 for id, (_, size) in zip(team.efforts, EFFORTS, strict=True)
        }
        self.stride = max(1, count // THOROUGH)
        self.count, self.written = count, 0

    def write(self, drafts: Iterator[Draft], progress: Progress | None = None) -> None:
        """Write every draft; ``progress`` is told after each batch."""
        while batch := list(islice(drafts, BATCH)):
            self.number(batch)
            self.batch(batch)
            self.written += len(batch)
            if progress:
                progress(min(self.written, self.count), self.count)

    def number(self, batch: list[Draft]) -> None:
        """Give every draft the id of its row."""
        first = self.rows.reserve(Task, len(batch))
        for id, draft in enumerate(batch, first):
            draft.id = id

    def batch(self, batch: list[Draft]) -> None:
        """The tasks with their history, in the order of what happened."""
        tasks, events = [], list[Event]()
        for draft in batch:
            thorough = draft.number % self.stride == 0 or draft.is_running
            told = self.history.told(draft, thorough)
            tasks.append(self.row(draft, told[-1][5]))
            events += told
            if thorough:
                events += self.details.told(draft)
        self.rows.pour(Task, COLUMNS, tasks)
        self.ties(TaskAssignee, "user_id", ((draft.id, who) for draft in batch for who in draft.people))
        self.ties(TaskLabel, "label_id", ((draft.id, label) for draft in batch for label in draft.labels))
        self.details.write()
        first = self.rows.reserve(Change, len(events))
        self.rows.pour(Change, history.COLUMNS, history.rows_of(events, self.team, first))

    def ties(self, table: type[TaskAssignee] | type[TaskLabel], column: str, pairs: Iterable[tuple[int, int]]) -> None:
        """The rows that tie tasks to people or labels."""
        known = list(pairs)
        first = self.rows.reserve(table, len(known))
        self.rows.pour(table, ("id", "task_id", column), ((first + at, *pair) for at, pair in enumerate(known)))

    def row(self, draft: Draft, updated: int) -> tuple[Any, ...]:
        """A task's row, at the end of its column; ``updated`` is when something last happened to it."""
        team, idea, done = self.team, draft.idea, draft.is_done
        self.ends[draft.column] += 1
        return (
            draft.id,
            self.rows.uuid(Task, draft.id),
            team.project_id,
            f"#{team.code}-{draft.number}",
            idea.slug,
            idea.title,
            idea.description,
            team.columns[draft.column][0],
            self.ends[draft.column],
            draft.effort_id,
            team.types[idea.kind],
            draft.sprint_id,
            draft.story_id,
            draft.parent.id if draft.parent else None,
            draft.user_id,
            draft.people[0] if done else None,
            draft.ended if done else None,
            draft.start_date,
            draft.due_date,
            draft.cents,
            self.minutes.get(draft.effort_id, 0),
            draft.is_draft,
            idea.kind == "bug",
            draft.is_blocker,
            draft.archived is not None,
            None,
            draft.created,
            updated,
        )
