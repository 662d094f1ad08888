"""The three profiles: demo, a team at work; empty, columns and nothing else; edge, what breaks clients."""

import random
import sqlite3
from collections.abc import Callable

from mock_server.domain.workspaces import Seeding
from mock_server.errors import StartFailure, shown
from mock_server.store.seeding import ground
from mock_server.store.seeding.demo import work
from mock_server.store.seeding.edge import strain
from mock_server.store.seeding.phrases import faker
from mock_server.store.seeding.planned import plan
from mock_server.store.seeding.spec import ANCHOR, Spec
from mock_server.store.seeding.writer import Writer

PROFILES = ("demo", "empty", "edge")
MOST_TASKS = 1_000_000
DEMO_TASKS = 60


def checked(spec: Spec) -> None:
    """Raises StartFailure for a profile or a number of tasks that cannot be."""
    if spec.profile not in PROFILES:
        raise StartFailure(f"There is no profile '{shown(spec.profile)}'; choose one of {', '.join(PROFILES)}.")
    if spec.tasks is not None and not 0 <= spec.tasks <= MOST_TASKS:
        raise StartFailure(f"--tasks takes 0 to {MOST_TASKS}; got {spec.tasks}.")


def tell(raw: sqlite3.Connection, spec: Spec, progress: Callable[[int, int], None] | None) -> None:
    """Fill an empty database in one transaction."""
    checked(spec)
    rows, chance, words = Writer(raw, spec.seed), random.Random(spec.seed), faker(spec.locale, spec.seed)
    number = spec.tasks if spec.tasks is not None else DEMO_TASKS
    raw.execute("BEGIN")
    rows.add(Seeding, profile=spec.profile, seed=spec.seed, locale=spec.locale, tasks=number, anchor=ANCHOR)
    users = ground.people(rows, words, 8)
    ours, theirs = ground.company(rows, "Northwind Parcels"), ground.company(rows, "Harbour Studio")
    first = ground.project(
        rows, ours, "Route Planner", "RPLAN", users[:7], description="Plans every van's day.", budget=48_000
    )
    second = ground.project(
        rows, ours, "Customer Portal", "CPORT", users[:4], description="Where customers track and return."
    )
    other = ground.project(rows, theirs, "Harbour Site", "HSITE", users[7:])
    ground.credentials(rows, first.project, second.project, other.project, ours, theirs, (users[0], users[7]))
    if spec.profile == "demo":
        for team, count in ((first, number), (second, min(number, 12)), (other, min(number, 4))):
            planned = plan(rows, team, chance, spec.locale[:2])
            work(rows, team, planned, chance, spec.locale[:2], count, progress if team is first else None)
    elif spec.profile == "edge":
        strain(rows, first)
    rows.flush()
    raw.execute("COMMIT")
