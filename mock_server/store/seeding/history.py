"""What happened to a task until it looked as it does; the words are those that are written down at run time."""

from typing import Any

from mock_server.store.seeding.drafts import DOING, FINISHED, TODO, Draft
from mock_server.store.seeding.places import Team

COLUMNS = ("id", "project_id", "task_id", "user_id", "action", "old", "new", "created_at")
Event = tuple[int, int, str, str | None, str | None, int]  # task, user, action, old, new, moment


class History:
    """Tells the story of drafts; ``thorough`` names every column on the way, else only where work began and ended."""

    def __init__(self, team: Team, labels: dict[int, str]) -> None:
        self.titles = [title for _, title in team.columns]
        self.names = {person.id: person.username for person in team.people}
        self.labels = labels

    def told(self, draft: Draft, thorough: bool) -> list[Event]:
        """All events of a task in the order in which they happened."""
        id, asker, created = draft.id, draft.user_id, draft.created
        events: list[Event] = [(id, asker, "created", None, None, created)]
        if thorough:
            events += [(id, asker, "labeled", None, self.labels[label], created + 60) for label in draft.labels]
        events += [(id, asker, "assigned", None, self.names[who], created + 300) for who in draft.people]
        if thorough and draft.is_blocker:
            events.append((id, asker, "updated", "is_blocker: False", "is_blocker: True", created + 900))
        if draft.column != TODO:
            events += self.moved(draft, thorough)
        if draft.archived:
            events.append((id, asker, "archived", None, None, draft.archived))
        return events

    def moved(self, draft: Draft, thorough: bool) -> list[Event]:
        """The way along the board, and back where a finished task was opened again."""
        id, who = draft.id, draft.people[0]
        last = FINISHED if draft.reopened else draft.column
        stops = range(DOING, last + 1) if thorough or last == DOING else (DOING, last)
        span, was, events = draft.ended - draft.started, TODO, list[Event]()
        for stop in stops:
            at = draft.started + (span * (stop - 1) // (last - 1) if last > 1 else 0)
            events.append((id, who, "moved", self.titles[was], self.titles[stop], at))
            was = stop
        if last == FINISHED:
            events.append((id, who, "completed", None, None, draft.ended))
        if draft.reopened:
            events.append((id, draft.user_id, "moved", self.titles[FINISHED], self.titles[DOING], draft.reopened))
            events.append((id, draft.user_id, "reopened", None, None, draft.reopened))
        return events


def rows_of(events: list[Event], team: Team, first: int) -> list[tuple[Any, ...]]:
    """The events as rows in the order of their moments, numbered from ``first``."""
    ordered = sorted(events, key=lambda event: event[5])
    return [(first + at, team.project_id, *event) for at, event in enumerate(ordered)]
