"""What the demo's teams say on their tasks."""

import random
from dataclasses import dataclass
from itertools import cycle

from mock_server.domain.talk import Comment, CommentMention, keywords_of
from mock_server.store.seeding.drafts import Draft
from mock_server.store.seeding.history import Event
from mock_server.store.seeding.people import Person
from mock_server.store.seeding.phrases import Words
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR
from mock_server.store.seeding.writer import Writer


@dataclass
class Remark:
    """A comment that waits until all of its batch are there. ``answers`` is the remark it replies to."""

    task_id: int
    answers: "Remark | None"
    who: Person
    text: str
    mentioned: Person | None
    votes: int
    at: int
    id: int = 0


class Talk:
    """Lets people talk; every thread of the phrases has its turn before one comes again."""

    def __init__(self, rows: Writer, team: Team, words: Words, chance: random.Random) -> None:
        self.rows, self.team, self.random = rows, team, chance
        threads = [thread["lines"] for thread in words["threads"]]
        self.threads = cycle(chance.sample(threads, len(threads)))
        self.known = {person.id: person for person in team.people}
        self.waiting: list[Remark] = []

    def about(self, draft: Draft) -> list[Event]:
        """A thread on a task, between its creation and its end; gives what it adds to the task's history."""
        low = draft.created + HOUR
        high = max(low, draft.ended if draft.is_done else ANCHOR - HOUR)
        speaker = self.known[draft.people[0] if draft.people else draft.user_id]
        lines = next(self.threads) if len(self.known) > 1 else next(self.threads)[:1]
        remarks = self.thread(draft.id, lines, speaker, low, high)
        return [(draft.id, remark.who.id, "commented", None, None, remark.at) for remark in remarks]

    def thread(self, task_id: int, lines: list[str], speaker: Person, low: int, high: int) -> list[Remark]:
        """The lines of a thread, two people taking turns; all but the first answer the first."""
        other = self.other(speaker)
        remarks = list[Remark]()
        for line in lines:
            low += int(self.random.random() * (high - low) * 0.6)
            first = remarks[0] if remarks else None
            who, whom = (other, speaker) if len(remarks) % 2 else (speaker, other)
            text = line.format(a=speaker.username, b=whom.username)
            named = {"{a}": speaker, "{b}": whom}
            mentioned = next((person for mark, person in named.items() if mark in line), None)
            remarks.append(Remark(task_id, first, who, text, mentioned, int(self.random.random() * 4), low))
        self.waiting += remarks
        return remarks

    def other(self, speaker: Person) -> Person:
        """Somebody else of the team, if there is anybody."""
        return self.random.choice([person for person in self.team.people if person.id != speaker.id] or [speaker])

    def write(self) -> None:
        """Number what waits by its moment, and write it."""
        for remark in sorted(self.waiting, key=lambda remark: remark.at):
            remark.id = self.rows.add(
                Comment,
                project_id=self.team.project_id,
                task_id=remark.task_id,
                parent_id=remark.answers.id if remark.answers else None,
                user_id=remark.who.id,
                comment=remark.text,
                keywords=keywords_of(remark.text),
                votes=remark.votes,
                created_at=remark.at,
                updated_at=remark.at,
            )
            if remark.mentioned:
                self.rows.add(CommentMention, comment_id=remark.id, user_id=remark.mentioned.id)
        self.waiting.clear()
