"""What tasks are about: every title that a team's phrases make, and descriptions for those that are used."""

import random
from collections.abc import Iterator
from itertools import cycle, zip_longest
from typing import NamedTuple

from faker import Faker

from mock_server.domain.slugs import kebab
from mock_server.store.seeding.phrases import Words, chance_of, spoken

PLACES = ("screens", "services")


class Title(NamedTuple):
    """A title before anything is written under it. ``place`` says which list its ``thing`` is from."""

    theme: int
    kind: str
    place: str
    thing: str
    text: str


class Idea(NamedTuple):
    """What one task is about. ``theme`` is the number of its theme among those of the project."""

    theme: int
    kind: str
    place: str
    thing: str
    title: str
    slug: str
    description: str


class Ideas:
    """The ideas of one project, without end: none comes twice before all have come once."""

    def __init__(self, faker: Faker, locale: str, project: int) -> None:
        self.faker, self.words = faker, spoken("demo", locale)
        self.themes: list[Words] = [theme for theme in self.words["themes"] if theme["project"] == project]
        self.parts: dict[str, Iterator[Idea]] = {}
        self.ideas = cycle(map(self.idea, self.titles(chance_of(faker))))

    def titles(self, chance: random.Random) -> list[Title]:
        """Every title in a random order; those that were written whole and those made from patterns take turns."""
        whole, made = list(self.written(chance)), list(self.patterned())
        chance.shuffle(whole)
        chance.shuffle(made)
        return [title for pair in zip_longest(whole, made) for title in pair if title]

    def written(self, chance: random.Random) -> Iterator[Title]:
        """The titles that the phrases hold as they are; each gets a thing of its theme for its sub-tasks."""
        for number, theme in enumerate(self.themes):
            for task in theme["tasks"]:
                place = chance.choice(PLACES)
                yield Title(number, task["kind"], place, chance.choice(theme[place]), task["title"])

    def patterned(self) -> Iterator[Title]:
        """Each pattern with each thing that it fits."""
        for number, theme in enumerate(self.themes):
            for place in PLACES:
                for kind, patterns in self.words["patterns"][place].items():
                    for pattern in patterns:
                        for thing in theme[place]:
                            yield Title(number, kind, place, thing, pattern.format(x=thing))

    def idea(self, title: Title) -> Idea:
        """The title with its slug and a description."""
        why = chance_of(self.faker).choice(self.themes[title.theme]["why"])
        return Idea(*title, kebab(title.text), str(self.faker.description(title.kind, why)))

    def __next__(self) -> Idea:
        """The next idea."""
        return next(self.ideas)

    def part(self, whole: Idea) -> Idea:
        """A step of a larger task, about the same thing."""
        if whole.thing not in self.parts:
            self.parts[whole.thing] = cycle([self.step(whole, text) for text in self.steps(whole.place)])
        return next(self.parts[whole.thing])._replace(kind=whole.kind)

    def steps(self, place: str) -> list[str]:
        """The patterns of sub-tasks in a random order."""
        patterns: list[str] = self.words["subtasks"][place]
        return chance_of(self.faker).sample(patterns, len(patterns))

    def step(self, whole: Idea, pattern: str) -> Idea:
        """A sub-task of this pattern; it needs no description."""
        title = pattern.format(x=whole.thing)
        return whole._replace(title=title, slug=kebab(title), description="")
