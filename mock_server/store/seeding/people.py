"""The people of a sandbox, with names and cities of its locale."""

from dataclasses import dataclass
from typing import Any

from faker import Faker

from mock_server.domain.slugs import kebab
from mock_server.domain.workspaces import User
from mock_server.store.clock import DAY
from mock_server.store.seeding.phrases import Words, words_of
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

AVATARS = "https://avatars.gitscrum.example"
FAMILY_FIRST = ("hu", "ja", "ko", "vi", "zh")


@dataclass(frozen=True)
class Person:
    """Somebody who has been written: ``part`` is their line in the list of people, ``{}`` where they have none."""

    id: int
    username: str
    part: Words


class People:
    """Invents people and writes them down; no username comes twice."""

    def __init__(self, rows: Writer, faker: Faker, locale: str) -> None:
        self.rows, self.faker = rows, faker
        self.language = locale[:2]
        self.family_first = self.language in FAMILY_FIRST
        zones: dict[str, list[dict[str, Any]]] = words_of("people")
        self.zones = zones.get(locale) or zones["default"]
        self.taken: set[str] = set()

    def join(self, part: Words, company: str, name: str = "") -> Person:
        """Write down a person of a company, who joined years ago; without a ``name`` one is invented."""
        first, last = self.invented()
        given = name or (f"{last} {first}" if self.family_first else f"{first} {last}")
        username = self.free(given if name else f"{first} {last}")
        count = len(self.taken)
        zone = self.zones[count % len(self.zones)]
        id = self.rows.add(
            User,
            username=username,
            name=given,
            email=f"{username}@{kebab(company)}.example",
            headline=part.get("headline", ""),
            avatar=f"{AVATARS}/{username}.png",
            location=str(self.faker.city()),
            timezone_id=zone["id"],
            timezone_name=zone["name"],
            language=self.language,
            created_at=ANCHOR - (2_240 - 151 * count) * DAY,
        )
        return Person(id, username, part)

    def invented(self) -> tuple[str, str]:
        """A first and a last name of the locale."""
        return str(self.faker.first_name()), str(self.faker.last_name())

    def free(self, name: str) -> str:
        """The name as a username in ASCII, ``first.last``, numbered if somebody has it already."""
        wanted = kebab(name).replace("-", ".") or "somebody"
        username, number = wanted, 2
        while username in self.taken:
            username, number = f"{wanted}.{number}", number + 1
        self.taken.add(username)
        return username
