"""What hangs on a task: checklists, files and related tasks; comments and time are written in files of their own."""

from faker import Faker

from mock_server.domain.tasks import Checklist, TaskLink
from mock_server.store.seeding.drafts import TODO, Draft
from mock_server.store.seeding.files import Files
from mock_server.store.seeding.history import Event
from mock_server.store.seeding.hours import Hours
from mock_server.store.seeding.phrases import Words, chance_of
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR
from mock_server.store.seeding.talk import Talk
from mock_server.store.seeding.writer import Writer


class Details:
    """Adds to the tasks that it is shown, each in turn, whatever is due."""

    def __init__(self, rows: Writer, faker: Faker, team: Team, words: Words) -> None:
        self.rows, self.team, self.words = rows, team, words
        self.talk = Talk(rows, team, words, chance_of(faker))
        self.hours = Hours(rows, team, words, faker)
        self.files = Files(rows, team, words)
        self.turn = 0
        self.before: dict[int, int] = {}

    def told(self, draft: Draft) -> list[Event]:
        """Give a task what is due to it; gives what it adds to its history."""
        turn, events = self.turn, list[Event]()
        self.turn += 1
        if turn % 2 == 0:
            events += self.talk.about(draft)
        if turn % 6 == 1:
            self.checklist(draft, turn // 6)
        if turn % 7 == 3:
            self.files.attach(draft, until(draft))
        if draft.column != TODO:
            events += self.hours.spent(draft, until(draft))
        self.relate(draft, turn)
        return events

    def write(self) -> None:
        """Write what was put off until its order was known, and all that waits."""
        self.talk.write()
        self.hours.write()
        self.rows.flush()

    def relate(self, draft: Draft, turn: int) -> None:
        """Tie a task now and then to the one before it that is about the same theme."""
        earlier = self.before.get(draft.idea.theme)
        if turn % 9 == 8 and earlier:
            self.rows.add(TaskLink, task_id=earlier, related_id=draft.id)
        self.before[draft.idea.theme] = draft.id

    def checklist(self, draft: Draft, turn: int) -> None:
        """A checklist with its items; of a finished task all are done, of one in progress some."""
        about = self.words["checklists"][turn % len(self.words["checklists"])]
        who = draft.people[0] if draft.people else draft.user_id
        told = {"task_id": draft.id, "user_id": who, "created_at": draft.created + HOUR // 2}
        top = self.rows.add(Checklist, title=about["title"], position=1, **told)
        ticked = len(about["items"]) if draft.is_done else min(draft.column, len(about["items"]) - 1)
        for at, item in enumerate(about["items"], 1):
            done = at <= ticked
            state = {"is_done": done, "done_by_id": who if done else None}
            self.rows.add(Checklist, title=item, parent_id=top, position=at, **state, **told)


def until(draft: Draft) -> int:
    """The moment after which nobody worked on a task: when it was done, or shortly before the anchor."""
    return draft.ended if draft.is_done else ANCHOR - HOUR
