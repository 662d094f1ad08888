"""What teams write, in English or Portuguese, as a Faker provider that the fixtures feed."""

import random
import tomllib
from functools import cache
from typing import Any

from faker import Faker
from faker.config import AVAILABLE_LOCALES
from faker.providers import BaseProvider

from mock_server.errors import StartFailure, shown
from mock_server.fixture import fixture
from mock_server.store.seeding.spec import Spec

Words = dict[str, Any]
LANGUAGES = ("en", "pt")


@cache
def words_of(name: str) -> Words:
    """A file of phrases among the profiles, without its ending."""
    return tomllib.loads(fixture("profiles", f"{name}.toml").read_text("utf-8"))


def spoken(name: str, locale: str) -> Words:
    """The phrases in the language of a locale; in English where there are none."""
    language = locale[:2] if locale[:2] in LANGUAGES else LANGUAGES[0]
    return words_of(f"{name}.{language}")


class TeamProvider(BaseProvider):
    """A team's words: descriptions of tasks, criteria, what took somebody an hour. ``words`` is a file of phrases."""

    words: Words

    def description(self, kind: str, why: str) -> str:
        """The markdown of a task of this kind."""
        steps = iter(self.random_sample(self.words["steps"][kind], 3))
        text: str = self.random_element(self.words["layouts"][kind])
        while "{step}" in text:
            text = text.replace("{step}", next(steps), 1)
        return text.format(why=why, note=self.filling("notes"), trace=self.filling("traces"))

    def filling(self, name: str) -> str:
        """A sentence to fill a description with."""
        return str(self.random_element(self.words["filling"][name]))

    def tally(self) -> str:
        """What time was spent on; may be empty."""
        return str(self.random_element(self.words["tallies"]))

    def acceptance(self, criteria: list[str]) -> str:
        """Acceptance criteria as a list in markdown."""
        return "\n".join(f"- {line}" for line in criteria)


def inventor(spec: Spec) -> Faker:
    """A Faker of the locale, seeded, with our provider; its ``random`` is the one source of chance.

    Raises StartFailure for a locale that Faker lacks.
    """
    if spec.locale not in AVAILABLE_LOCALES:
        raise StartFailure(f"Faker has no locale '{shown(spec.locale)}'; try en_US or pt_BR.")
    faker = Faker(spec.locale)
    provider = TeamProvider(faker.factories[0])
    provider.words = spoken("demo", spec.locale)
    faker.add_provider(provider)
    faker.seed_instance(f"{spec.profile}:{spec.seed}")
    return faker


def chance_of(faker: Faker) -> random.Random:
    """The random source that the Faker draws from."""
    chance: random.Random = faker.random
    return chance
