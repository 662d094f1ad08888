"""What a team writes, as a Faker provider that is fed by the fixtures."""

import random
import tomllib
from functools import cache
from typing import Any

from mock_server.store.fixture import fixture

PORTUGUESE = "pt"


@cache
def phrases(language: str) -> dict[str, list[str]]:
    """The phrase lists of a language; English where there are none of its own."""
    name = "phrases_pt.toml" if language == PORTUGUESE else "phrases_en.toml"
    return tomllib.loads(fixture("profiles", name).read_text("utf-8"))


def faker(locale: str, seed: int) -> Any:
    """A seeded Faker of this locale with our provider. Raises StartFailure for a locale that Faker lacks."""
    from faker import Faker
    from faker.providers import BaseProvider

    from mock_server.errors import StartFailure, shown

    class TeamProvider(BaseProvider):
        """A team's words: titles of tasks and stories, comments, labels."""

        def team(self, kind: str) -> str:
            """One phrase of a list."""
            return str(self.random_element(phrases(locale[:2])[kind]))

    try:
        made = Faker(locale, use_weighting=False)
    except AttributeError:
        raise StartFailure(f"Faker has no locale '{shown(locale)}'.") from None
    made.add_provider(TeamProvider)
    made.seed_instance(seed)
    return made


def titles(language: str, chance: random.Random) -> list[str]:
    """Every title that the lists make, a verb before an object, in a random order."""
    lists = phrases(language)
    every = [f"{verb} {thing}" for verb in lists["verbs"] for thing in lists["things"]]
    chance.shuffle(every)
    return every
