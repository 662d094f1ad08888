"""Rows on their way into an empty database: numbered from 1, written in batches."""

import sqlite3
from typing import Any

from sqlmodel import SQLModel

from mock_server.store.ids import uniqid_of, uuid_of
from mock_server.store.rows import columns_of, defaults_of, inserting

BATCH = 5_000


class Writer:
    """Takes rows, completes them with ids, uuids and defaults, and inserts them a batch at a time."""

    def __init__(self, raw: sqlite3.Connection, seed: int) -> None:
        self.raw, self.seed = raw, seed
        self.last: dict[str, int] = {}
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.held = 0

    def add(self, table: type[SQLModel], **values: Any) -> int:
        """Take a row; gives its id."""
        name = str(table.__tablename__)
        id = self.last[name] = self.last.get(name, 0) + 1
        row = {**defaults_of(table), "id": id}
        if "uuid" in columns_of(name):
            row["uuid"] = uuid_of(self.seed, name, id)
        row.update(values)
        self.waiting.setdefault(name, []).append(row)
        self.held += 1
        if self.held >= BATCH:
            self.flush()
        return id

    def uniqid(self, table: type[SQLModel]) -> str:
        """The unique end of the slug of the table's next row."""
        name = str(table.__tablename__)
        return uniqid_of(self.seed, name, self.last.get(name, 0) + 1)

    def flush(self) -> None:
        """Insert what waits."""
        for name, rows in self.waiting.items():
            if rows:
                self.raw.executemany(inserting(name, tuple(rows[0])), rows)
                rows.clear()
        self.held = 0
