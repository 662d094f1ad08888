"""Tasks before they are written down: what each is about, where it stands, and when it got there.

Tasks come in the order in which they were created: before each sprint those planned for it, and between them some that
nobody has planned yet. A sub-task follows its parent, belongs to the same sprint and is done before it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from mock_server.store.clock import DAY
from mock_server.store.seeding.ideas import Idea, Ideas
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.plans import CLOSED, COMING, ONGOING, Box, Plan
from mock_server.store.seeding.spec import ANCHOR, HOUR, days

TODO, DOING, REVIEW, TESTING, FINISHED = range(5)
STANDING = (4, 1, 2, 4, 0, 4, 3, 1, 4, 0, 3, 2, 0, 0)  # columns in the current sprint, over and over
UNPLANNED = 5  # of so many tasks the last is in no sprint
PARTS = (3, 4)  # of five planned tasks in a row these are sub-tasks
DIVIDED = ("feature", "chore")  # the kinds of task that have sub-tasks
EFFORTS = {"feature": (2, 4), "bug": (0, 4), "chore": (1, 3), "design": (2, 3), "docs": (0, 3), "research": (3, 2)}
CENTS = (0, 0, 0, 0, 0, 0, 45_000, 0, 0, 0, 0, 120_050, 0)


@dataclass(slots=True)
class Draft:
    """One task. ``column`` counts from 0; ``started`` and ``ended`` are its first and last move along the board.

    Moments are unix seconds, ``start_date`` and ``due_date`` midnights. ``people`` are user ids, ``labels`` label ids.
    """

    number: int
    idea: Idea
    sprint_id: int | None
    phase: str
    created: int
    user_id: int
    id: int = 0
    column: int = TODO
    parent: "Draft | None" = None
    story_id: int | None = None
    effort_id: int | None = None
    people: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    started: int = 0
    ended: int = 0
    reopened: int | None = None
    archived: int | None = None
    start_date: int | None = None
    due_date: int | None = None
    cents: int = 0
    is_draft: bool = False
    is_blocker: bool = False
    is_running: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it stands in the last column."""
        return self.column == FINISHED


@dataclass(slots=True)
class Lane:
    """The tasks of one sprint, or the unplanned ones beside it, as they come."""

    box: Box
    planned: bool
    came: int = 0
    parent: Draft | None = None
    standing: list[int] = field(default_factory=lambda: [0] * 5)


class Drafts:
    """Thinks up the tasks of one team."""

    def __init__(self, team: Team, plan: Plan, ideas: Ideas, chance: random.Random) -> None:
        self.team, self.plan, self.ideas = team, plan, ideas
        self.random = chance.random
        self.number = 0
        self.running = False
        everybody = [person.id for person in team.people if person.part.get("does", True)]
        self.askers = everybody[:3] * 2 + [person.id for person in team.people]
        self.doers = {kind: [person.id for person in team.doers(kind)] for kind in EFFORTS}

    def pick(self, among: list[int]) -> int:
        """One of them; faster than ``choice``, which is called too often here."""
        return among[int(self.random() * len(among))]

    def tasks(self, count: int) -> Iterator[Draft]:
        """So many tasks, each created after the one before."""
        shares = [box.weight for box in self.plan.boxes]
        for box, part in zip(self.plan.boxes, shared(count, shares), strict=True):
            planned, unplanned = Lane(box, planned=True), Lane(box, planned=False)
            step = (box.closes - box.opens) / max(part, 1)
            for index in range(part):
                lane = unplanned if index % UNPLANNED == UNPLANNED - 1 else planned
                yield self.draft(lane, box.opens + int((index + 0.8 * self.random()) * step))

    def attic(self, count: int) -> Iterator[Draft]:
        """So many archived tasks, older than all others: done in the first sprint and put away after it."""
        lane = Lane(self.plan.boxes[0], planned=True)
        for index in range(count):
            draft = self.draft(lane, lane.box.opens - (count - index) * HOUR)
            draft.archived = lane.box.finish + 2 * DAY + index * HOUR
            yield draft

    def draft(self, lane: Lane, created: int) -> Draft:
        """The next task of a lane."""
        self.number += 1
        parent = lane.parent if lane.planned and lane.came % 5 in PARTS else None
        idea = self.ideas.part(parent.idea) if parent else next(self.ideas)
        sprint_id = lane.box.sprint_id if lane.planned else None
        draft = Draft(self.number, idea, sprint_id, lane.box.phase, created, self.pick(self.askers), parent=parent)
        if not parent and idea.kind in DIVIDED:
            lane.parent = draft
        self.stand(draft, lane)
        self.tie(draft, lane)
        self.mark(draft, lane)
        lane.came += 1
        return draft

    def stand(self, draft: Draft, lane: Lane) -> None:
        """Where on the board it is, and since when."""
        draft.column = column_of(draft, lane)
        lane.standing[draft.column] += 1
        if draft.column == TODO:
            return
        box, parent = lane.box, draft.parent
        over = draft.phase == CLOSED
        low = parent.started if parent else box.start + DAY
        high = box.finish - DAY if over else ANCHOR - 3 * HOUR
        if parent and parent.is_done:
            high = parent.ended
        draft.started = low + int(self.random() * (high - low) * 0.5)
        draft.ended = draft.started + int((0.1 + 0.9 * self.random()) * (high - draft.started))
        if draft.column == DOING:
            draft.ended = draft.started

    def tie(self, draft: Draft, lane: Lane) -> None:
        """What it belongs to and whose it is."""
        parent, idea, came = draft.parent, draft.idea, lane.came
        draft.story_id = parent.story_id if parent else self.story(idea.theme, draft.created) if came % 4 != 3 else None
        least, width = (0, 3) if parent else EFFORTS[idea.kind]
        if lane.planned or came % 3 == 0:
            draft.effort_id = self.team.efforts[least + int(self.random() * width)]
        if lane.planned and (draft.column or came % 3 == 0):
            first = self.pick(self.doers[idea.kind])
            draft.people = (first,) if came % 7 != 5 else self.pair(first, came)
        if came % 2 == 0:
            theme = self.plan.theme_labels[idea.theme]
            draft.labels = (theme, self.pick(self.plan.labels)) if came % 6 == 0 else (theme,)

    def pair(self, first: int, came: int) -> tuple[int, ...]:
        """Two people for one task; in turn the project's owner and some developer help the first."""
        second = self.pick(self.doers["feature"]) if came % 2 == 0 else self.team.owner.id
        return (first,) if second == first else (first, second)

    def story(self, theme: int, created: int) -> int:
        """A story of the theme that was there when the task was created."""
        stories = self.plan.stories[theme]
        chosen = stories[int(self.random() * len(stories))]
        return (chosen if chosen.created_at <= created else stories[0]).id

    def mark(self, draft: Draft, lane: Lane) -> None:
        """Flags, dates and value; counted out, so that each is there whatever the seed."""
        turn = lane.standing[draft.column] - 1
        draft.cents = CENTS[draft.number % len(CENTS)]
        if not lane.planned:
            draft.is_draft = lane.came % 3 == 1
        elif draft.phase == ONGOING and not draft.is_done:
            draft.is_blocker = turn % 12 == 0 and draft.column in (TODO, REVIEW)
            if draft.column == DOING:
                self.mark_doing(draft, turn)
        if lane.planned and lane.came % 2 == (draft.phase == ONGOING):
            self.date(draft, lane.box)

    def mark_doing(self, draft: Draft, turn: int) -> None:
        """The sprint's first task in progress was done before and came back; on another one a timer runs."""
        if turn % 40 == 0:
            draft.ended = draft.started + int(0.6 * (ANCHOR - 3 * HOUR - draft.started))
            draft.reopened = ANCHOR - 2 * HOUR
        elif not self.running:
            draft.people = (self.doers["feature"][0],)
            self.running = draft.is_running = draft.people[0] != self.team.owner.id

    def date(self, draft: Draft, box: Box) -> None:
        """When it is due: within its sprint; what is in progress in the current one is late."""
        first = box.start if draft.phase != ONGOING or draft.is_done else days(2)
        draft.due_date = first + int(self.random() * ((box.finish - first) // DAY + 1)) * DAY
        if draft.phase == ONGOING and draft.column == DOING:
            draft.due_date = days(-2)
        if draft.phase != COMING and draft.number % 3:
            draft.start_date = box.start


def column_of(draft: Draft, lane: Lane) -> int:
    """The column of a new task: all of a closed sprint is done, nothing of what is to come has begun."""
    if not lane.planned or lane.box.phase == COMING:
        return TODO
    if lane.box.phase == CLOSED:
        return FINISHED
    parent = draft.parent
    if parent and parent.column in (TODO, FINISHED):
        return parent.column
    return STANDING[lane.came % len(STANDING)]


def shared(count: int, weights: list[float]) -> list[int]:
    """``count`` split by weights, without a remainder: 10 by 1, 1, 2 is 2, 3, 5."""
    total, done, sum_so_far = sum(weights), 0, 0.0
    parts = []
    for weight in weights:
        sum_so_far += weight
        upto = round(count * sum_so_far / total)
        parts.append(upto - done)
        done = upto
    return parts
