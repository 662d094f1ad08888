"""What the demo's teams have planned: labels, sprints, epics and user stories."""

import json
from dataclasses import dataclass
from typing import NamedTuple

from faker import Faker

from mock_server.domain.planning import Epic, Label, Sprint, UserStory
from mock_server.domain.slugs import kebab
from mock_server.domain.tasks import ChecklistTemplate
from mock_server.store.clock import DAY
from mock_server.store.seeding.phrases import Words, chance_of
from mock_server.store.seeding.places import COLOURS, Team
from mock_server.store.seeding.spec import ANCHOR, HOUR, days
from mock_server.store.seeding.writer import Writer

LENGTH = 14  # days; a sprint begins on a Thursday and ends on a Wednesday
CURRENT = -6  # the day on which the current one began, so that it goes on for another week
CLOSED, ONGOING, COMING = "closed", "current", "coming"
WEIGHTS = {CLOSED: 10.0, ONGOING: 17.5, COMING: 12.5}


class Box(NamedTuple):
    """A sprint: midnights of its first and last day, and the moments between which its tasks were created."""

    sprint_id: int
    phase: str
    start: int
    finish: int
    opens: int
    closes: int

    @property
    def weight(self) -> float:
        """The share of all tasks that were created in the time before this sprint."""
        return WEIGHTS[self.phase]


@dataclass
class Story:
    """A user story as its tasks know it."""

    id: int
    theme: int
    created_at: int


@dataclass
class Plan:
    """Everything that tasks can be planned with; stories and labels are by the number of a theme."""

    boxes: list[Box]
    stories: list[list[Story]]
    theme_labels: list[int]
    labels: list[int]
    titles: dict[int, str]  # of all labels, by their ids


class Planner:
    """Writes down what one team has planned. ``project`` is the number of the project whose phrases it uses."""

    def __init__(self, rows: Writer, faker: Faker, team: Team, words: Words, project: int) -> None:
        self.rows, self.faker, self.team, self.words = rows, faker, team, words
        self.themes = [theme for theme in words["themes"] if theme["project"] == project]
        self.goals = [goal for goals in words["goals"] if goals["project"] == project for goal in goals["sprints"]]
        self.chance = chance_of(faker)
        self.titles: dict[int, str] = {}
        self.lead = team.people[min(1, len(team.people) - 1)]

    def plan(self, closed: int, stories: int) -> Plan:
        """All of it. ``closed`` sprints are over; there are at least ``stories`` stories, or as many as can be made."""
        boxes = [self.sprint(number, number - 1 - closed) for number in range(1, closed + 3)]
        self.templates()
        labels = [self.label(word, COLOURS[at % len(COLOURS)]) for at, word in enumerate(self.words["labels"])]
        theme_labels = [self.label(theme["label"], theme["color"]) for theme in self.themes]
        return Plan(boxes, self.stories(boxes[0].opens, stories), theme_labels, labels, self.titles)

    def sprint(self, number: int, after: int) -> Box:
        """A sprint, ``after`` sprints after the current one; a closed one says so, for others the dates decide."""
        start = CURRENT + after * LENGTH
        title = f"Sprint {number}"
        id = self.rows.add(
            Sprint,
            project_id=self.team.project_id,
            user_id=self.lead.id,
            code=f"S-{number}",
            slug=self.rows.slug(Sprint, title),
            title=title,
            description=self.goals[(number - 1) % len(self.goals)],
            status=CLOSED if after < 0 else None,
            color=COLOURS[number % len(COLOURS)],
            date_start=days(start),
            date_finish=days(start + LENGTH - 1),
            created_at=days(start - LENGTH - 1) + 10 * HOUR,
        )
        phase = CLOSED if after < 0 else COMING if after else ONGOING
        closes = ANCHOR - 2 * HOUR if phase == COMING else days(start - 1)
        return Box(id, phase, days(start), days(start + LENGTH - 1), days(start - LENGTH), closes)

    def templates(self) -> None:
        """Checklists to copy."""
        for line in self.words["checklists"]:
            items = json.dumps(line["items"], ensure_ascii=False)
            self.rows.add(ChecklistTemplate, project_id=self.team.project_id, title=line["title"], items=items)

    def label(self, title: str, color: str) -> int:
        """A label; gives its id."""
        id = self.rows.add(Label, project_id=self.team.project_id, slug=kebab(title), title=title, color=color)
        self.titles[id] = title
        return id

    def stories(self, opens: int, least: int) -> list[list[Story]]:
        """Epics with their stories, by theme. The first of each theme is older than any task, the others came later."""
        epics = [self.epic(theme, opens - (20 - at) * DAY) for at, theme in enumerate(self.themes)]
        early = [(theme, lines[0]) for theme, lines in enumerate(self.told())]
        late = [(theme, line) for theme, lines in enumerate(self.told()) for line in lines[1:]]
        late += self.wishes(least - len(early) - len(late))
        made: list[list[Story]] = [[] for _ in self.themes]
        step = (ANCHOR - DAY - opens) // (len(late) + 1)
        for at, (theme, line) in enumerate(early + late):
            after = at - len(early)
            created_at = opens + (after + 1) * step if after >= 0 else opens + after * 5 * HOUR
            made[theme].append(self.story(at + 1, theme, line, epics[theme], created_at))
        return made

    def told(self) -> list[list[Words]]:
        """The stories that the phrases tell, by theme."""
        return [theme["stories"] for theme in self.themes]

    def wishes(self, count: int) -> list[tuple[int, Words]]:
        """So many further stories, about the themes' things."""
        every = [
            (number, {"title": wish.format(X=thing[:1].upper() + thing[1:]), "about": self.chance.choice(theme["why"])})
            for wish in self.words["wishes"]
            for number, theme in enumerate(self.themes)
            for thing in (*theme["screens"], *theme["services"])
        ]
        return every[: max(count, 0)]

    def epic(self, theme: Words, created_at: int) -> int:
        """A theme's epic; gives its id."""
        who = self.team.owner.id
        told = {"title": theme["epic"], "color": theme["color"], "created_at": created_at}
        return self.rows.add(Epic, project_id=self.team.project_id, user_id=who, **told)

    def story(self, number: int, theme: int, line: Words, epic_id: int, created_at: int) -> Story:
        """A user story with its acceptance criteria."""
        criteria = line.get("criteria") or self.chance.sample(self.words["steps"]["feature"], 3)
        id = self.rows.add(
            UserStory,
            project_id=self.team.project_id,
            user_id=self.chance.choice(self.team.people).id,
            epic_id=epic_id,
            priority_id=self.chance.choice(self.team.priorities),
            code=f"US-{number}",
            slug=self.rows.slug(UserStory, line["title"]),
            title=line["title"],
            votes=int(self.chance.random() * 7),
            additional_information=line["about"],
            acceptance_criteria=str(self.faker.acceptance(criteria)),
            created_at=created_at,
        )
        return Story(id, theme, created_at)
