"""A whole database that copies are made of, with what is asked of a copy before anybody opens it."""

import sqlite3
from typing import NamedTuple


class Seeded(NamedTuple):
    """What a database was seeded with."""

    profile: str
    seed: int
    locale: str
    tasks: int


class Held(NamedTuple):
    """A credential, with its person's e-mail and the slugs of its workspace and project."""

    name: str
    api_id: str | None
    project_key: str | None
    token: str | None
    email: str
    company_slug: str | None
    project_slug: str | None
    id: int
    kind: str
    has_pair: int
    company_id: int | None
    project_id: int | None
    user_id: int
    expires_at: int | None


HELD = """
SELECT c.name, c.api_id, c.project_key, c.token, u.email, w.slug, p.slug,
  c.id, c.kind, c.has_pair, c.company_id, c.project_id, c.user_id, c.expires_at
FROM credential c JOIN user u ON u.id = c.user_id
LEFT JOIN company w ON w.id = c.company_id LEFT JOIN project p ON p.id = c.project_id ORDER BY c.id
"""


def held(raw: sqlite3.Connection) -> list[Held]:
    """The credentials of a database, in the order in which they were made."""
    return [Held(*row) for row in raw.execute(HELD)]


def seeded(raw: sqlite3.Connection) -> Seeded:
    """What a database was seeded with."""
    return Seeded(*raw.execute("SELECT profile, seed, locale, tasks FROM seeding").fetchone())


class Image:
    """A whole database that copies are made of; nobody changes it.

    It is kept open: a copy of what is open takes a third of the time, since its pages have been read.
    """

    def __init__(self, raw: sqlite3.Connection, like: sqlite3.Connection | None = None) -> None:
        """``like`` is a database with the same content whose tables are known already."""
        self.raw, told = raw, like or raw
        pages, page = (int(told.execute(f"PRAGMA {each}").fetchone()[0]) for each in ("page_count", "page_size"))
        self.size = pages * page
        self.held, self.seeded = held(told), seeded(told)

    def __len__(self) -> int:
        """Its bytes."""
        return self.size

    def __del__(self) -> None:
        self.raw.close()
