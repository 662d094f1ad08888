"""Rows on their way into an empty database: numbered from 1 in every table, inserted in batches."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import SQLModel

from mock_server.domain.slugs import slug_of
from mock_server.store.ids import uniqid_of, uuid_of
from mock_server.store.rows import shape_of


class Writer:
    """Takes rows one by one (``add``) or by the thousand (``pour``)."""

    def __init__(self, raw: sqlite3.Connection, seed: int) -> None:
        self.raw, self.seed = raw, seed
        self.last: dict[str, int] = {}
        self.waiting: dict[str, list[list[Any]]] = {}

    def add(self, table: type[SQLModel], **values: Any) -> int:
        """Take a row, completed by its id, its uuid and the table's defaults; gives the id. ``flush`` writes it."""
        shape = shape_of(table)
        row = shape.defaults | {"id": self.reserve(table)}
        if shape.has_uuid:
            row["uuid"] = self.uuid(table, row["id"])
        row |= values
        self.waiting.setdefault(shape.sql, []).append([row[column] for column in shape.columns])
        return int(row["id"])

    def reserve(self, table: type[SQLModel], count: int = 1) -> int:
        """Take the table's next numbers; gives the first."""
        name = str(table.__tablename__)
        first = self.last.get(name, 0) + 1
        self.last[name] = first + count - 1
        return first

    def uuid(self, table: type[SQLModel], id: int) -> str:
        """The uuid of the table's row ``id``."""
        return uuid_of(self.seed, str(table.__tablename__), id)

    def slug(self, table: type[SQLModel], title: str) -> str:
        """The slug of the table's next row, of a kind that is found by it."""
        name = str(table.__tablename__)
        return slug_of(title, uniqid_of(self.seed, name, self.last.get(name, 0) + 1))

    def flush(self) -> None:
        """Insert what was taken."""
        for sql, rows in self.waiting.items():
            self.raw.executemany(sql, rows)
        self.waiting.clear()

    def pour(self, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows at once; their ids come with them."""
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        self.raw.executemany(f'INSERT INTO "{table.__tablename__}" ({names}) VALUES ({marks})', rows)  # noqa: S608 names
