"""Seeding: how a sandbox's first rows are made. The same Spec gives the same rows, on any day and any machine."""

import sqlite3

from mock_server.store.seeding.spec import ANCHOR, Progress, Spec

__all__ = ["ANCHOR", "Progress", "Spec", "fill"]


def fill(raw: sqlite3.Connection, spec: Spec, progress: Progress | None = None) -> None:
    """Fill an empty database that has its tables, in one transaction.

    ``progress`` is told, after each batch, how many tasks of how many are written. Raises StartFailure for a profile or
    a locale that does not exist and for a number that is out of bounds; the database is then as it was.
    """
    from mock_server.store.seeding.profiles import seed

    seed(raw, spec, progress)
