"""The time that the demo's teams spent, on tasks and otherwise; nobody does two things at once."""

from dataclasses import dataclass
from typing import Any

from faker import Faker

from mock_server.domain.tasks import TimeEntry
from mock_server.store.clock import DAY
from mock_server.store.seeding.drafts import Draft
from mock_server.store.seeding.history import Event
from mock_server.store.seeding.phrases import Words, chance_of
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR
from mock_server.store.seeding.writer import Writer

BLOCK = 2 * HOUR  # whoever works takes one block of time, and leaves a break at its end
TRIES = 4


@dataclass
class Spell:
    """A time entry that waits until all of its batch are there."""

    task_id: int | None
    who: int
    comment: str
    start: int
    end: int | None
    billed: bool
    is_manual: bool = False


class Hours:
    """Keeps everybody's calendar. Every fourth spell is billed, every third was measured with a timer."""

    def __init__(self, rows: Writer, team: Team, words: Words, faker: Faker) -> None:
        self.rows, self.team, self.words, self.faker = rows, team, words, faker
        self.random = chance_of(faker).random
        self.taken: set[tuple[int, int]] = set()
        self.waiting: list[Spell] = []
        self.count = 0

    def spent(self, draft: Draft, until: int) -> list[Event]:
        """One to three spells on a task, and the timer that still runs; gives what they add to its history."""
        events = list[Event]()
        for turn in range(1 + draft.number % 3):
            who = draft.people[turn % len(draft.people)]
            start = self.free(who, draft.started, until)
            if start is not None:
                events += self.measured(draft, self.spell(draft.id, who, str(self.faker.tally()), start))
        if draft.is_running:
            self.waiting.append(Spell(draft.id, draft.people[0], "", ANCHOR - 47 * 60, None, False))
            events.append((draft.id, draft.people[0], "timer_started", None, None, ANCHOR - 47 * 60))
        return events

    def measured(self, draft: Draft, spell: Spell) -> list[Event]:
        """The start and end of the timer, where the spell was measured with one."""
        spell.is_manual = self.count % 3 != 0
        if spell.is_manual or spell.end is None:
            return []
        started = (draft.id, spell.who, "timer_started", None, None, spell.start)
        return [started, (draft.id, spell.who, "timer_ended", None, None, spell.end)]

    def meetings(self) -> None:
        """Time without a task: meetings of the last fortnight, which the first people of the team were in."""
        for at, about in enumerate(self.words["meetings"]):
            host, *guests = self.team.people[: 1 + at % 3]
            low = ANCHOR - (12 - 2 * at) * DAY
            start = self.free(host.id, low, low + DAY)
            if start is not None:
                free = [guest for guest in guests if (guest.id, start // BLOCK) not in self.taken]
                self.taken |= {(guest.id, start // BLOCK) for guest in free}
                for person in (host, *free):
                    self.spell(None, person.id, about, start).is_manual = True

    def spell(self, task_id: int | None, who: int, comment: str, start: int) -> Spell:
        """Forty to a hundred minutes of work."""
        self.count += 1
        length = 60 * (40 + int(60 * self.random()))
        made = Spell(task_id, who, comment, start, start + length, self.count % 4 == 0)
        self.waiting.append(made)
        return made

    def free(self, who: int, low: int, high: int) -> int | None:
        """The start of a block between two moments in which somebody has nothing else to do; None if none was found."""
        first, last = low // BLOCK + 1, min(high, ANCHOR - 2 * HOUR) // BLOCK - 1
        for _ in range(TRIES if first <= last else 0):
            block = first + int(self.random() * (last - first + 1))
            if (who, block) not in self.taken:
                self.taken.add((who, block))
                return block * BLOCK + 60 * int(10 * self.random())
        return None

    def write(self) -> None:
        """Number what waits by its start, and write it; a task knows the entry that runs on it."""
        for spell in sorted(self.waiting, key=lambda spell: spell.start):
            made = spell.end if spell.is_manual else spell.start
            span = {"start": spell.start, "end": spell.end, "created_at": made}
            told: dict[str, Any] = {"task_id": spell.task_id, "user_id": spell.who, "comment": spell.comment}
            told |= {"is_billed": spell.billed, "is_manual": spell.is_manual}
            id = self.rows.add(TimeEntry, project_id=self.team.project_id, **span, **told)
            if spell.end is None:
                self.rows.raw.execute("UPDATE task SET timer_id = ? WHERE id = ?", (id, spell.task_id))
        self.waiting.clear()
