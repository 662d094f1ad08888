"""The profiles: what may be asked for, and how each is written in one transaction."""

import sqlite3

from mock_server.domain.workspaces import Seeding
from mock_server.errors import StartFailure, shown
from mock_server.store.seeding import demo, edge, empty
from mock_server.store.seeding.phrases import inventor
from mock_server.store.seeding.spec import ANCHOR, MOST_TASKS, Progress, Spec
from mock_server.store.seeding.writer import Writer

PROFILES = {"demo": demo, "empty": empty, "edge": edge}
LARGEST = 2**63


def checked(spec: Spec) -> None:
    """Raises StartFailure for a profile, a seed or a number of tasks that cannot be."""
    if spec.profile not in PROFILES:
        raise StartFailure(f"There is no profile '{shown(spec.profile)}'; choose one of {', '.join(PROFILES)}.")
    if not -LARGEST <= spec.seed < LARGEST:
        raise StartFailure(f"The seed {shown(spec.seed)} has more than 64 bits.")
    if spec.tasks is not None and not 0 <= spec.tasks <= MOST_TASKS:
        raise StartFailure(f"The number of tasks goes from 0 to {MOST_TASKS}; {shown(spec.tasks)} is not in between.")
    if spec.tasks is not None and spec.profile != "demo":
        raise StartFailure(f"The profile '{spec.profile}' has its own tasks; a number of tasks goes with demo.")


def seed(raw: sqlite3.Connection, spec: Spec, progress: Progress | None) -> None:
    """Fill an empty database; raises StartFailure before anything is written."""
    checked(spec)
    faker = inventor(spec)
    profile = PROFILES[spec.profile]
    tasks = profile.TASKS if spec.tasks is None else spec.tasks
    raw.execute("BEGIN")
    try:
        raw.execute("PRAGMA defer_foreign_keys = ON")
        rows = Writer(raw, spec.seed)
        rows.add(Seeding, profile=spec.profile, seed=spec.seed, locale=spec.locale, tasks=tasks, anchor=ANCHOR)
        profile.fill(rows, faker, spec, progress)
        rows.flush()
    except BaseException:
        raw.execute("ROLLBACK")
        raise
    raw.execute("COMMIT")
