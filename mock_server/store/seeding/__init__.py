"""Seeding: how a sandbox's first rows are made. The same Spec gives the same rows, on any day and any machine."""

import sqlite3
from collections.abc import Callable

from mock_server.store.seeding.spec import ANCHOR, Spec

__all__ = ["ANCHOR", "Spec", "fill"]

Progress = Callable[[int, int], None]


def fill(raw: sqlite3.Connection, spec: Spec, progress: Progress | None = None) -> None:
    """Fill an empty database. ``progress`` is told how many tasks of how many are done. Raises StartFailure."""
    from mock_server.store.seeding.story import tell

    tell(raw, spec, progress)
