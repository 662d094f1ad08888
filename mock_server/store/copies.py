"""A sandbox's data as something to carry away and bring back: an SQLite file, or JSON."""

import base64
import binascii
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column
from sqlalchemy.dialects import sqlite

from mock_server.domain.schema import TABLES, version
from mock_server.domain.tallies import recounting
from mock_server.errors import Invalid, shown
from mock_server.store import images
from mock_server.store.clock import EARLIEST, LATEST

KINDS = {"INTEGER": "integer", "BOOLEAN": "integer", "FLOAT": "real", "VARCHAR": "text", "BLOB": "blob"}
DIALECT = sqlite.dialect()
HEADER = b"SQLite format 3\0"
LARGEST = 2**53  # of integers: what every reader of JSON can read, with room to count on from there


def as_json(raw: sqlite3.Connection) -> dict[str, Any]:
    """Every row of every table; bytes are in Base64. ``sequences`` are the last numbers that were given."""
    tables = {name: [*rows_of(raw, name)] for name in TABLES}
    last = dict(raw.execute("SELECT name, seq FROM sqlite_sequence"))
    return {"version": version(), "sequences": {name: last.get(name, 0) for name in TABLES}, **tables}


def rows_of(raw: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, by column."""
    cursor = raw.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608 a table's name
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: said(value) for name, value in zip(names, row, strict=True)}


def said(value: Any) -> Any:
    """A value as JSON has it."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def kind_of(column: Column[Any]) -> str:
    """What SQLite calls the values of a column: https://sqlite.org/datatype3.html."""
    return KINDS[column.type.compile(dialect=DIALECT)]


def image_of_json(told: Mapping[str, Any]) -> bytes:
    """The database that ``as_json`` told of. Raises Invalid, naming the place."""
    if told.get("version") != version():
        came = shown(told.get("version"))
        raise Invalid("version", f"The export has version '{came}'; this server reads {version()}.")
    if unknown := told.keys() - TABLES.keys() - {"version", "sequences"}:
        raise Invalid(min(unknown), f"There is no table '{shown(min(unknown))}'.")
    raw = images.blank()
    try:
        for name in TABLES:
            fill(raw, name, told.get(name, []))
        said_last(raw, told.get("sequences", {}))
        return checked(raw.serialize())
    finally:
        raw.close()


def fill(raw: sqlite3.Connection, table: str, rows: Any) -> None:
    """Put rows into a table. Raises Invalid."""
    columns = {column.name: column for column in TABLES[table].columns}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(table, f"'{table}' should be a list of rows.")
    for row in rows:
        if row.keys() != columns.keys():
            odd = min(row.keys() ^ columns.keys())
            raise Invalid(table, f"A row of '{table}' has to have its columns and no others; see '{shown(odd)}'.")
    names = ", ".join(f'"{name}"' for name in columns)
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 names of columns
    try:
        raw.executemany(sql, ([stored(columns[name], row[name]) for name in columns] for row in rows))
    except (sqlite3.Error, OverflowError, ValueError, UnicodeError) as error:
        raise Invalid(table, f"A row of '{table}' cannot be stored: {shown(error)}.") from None


def stored(column: Column[Any], value: Any) -> Any:
    """A value of JSON as the database has it. Raises ValueError."""
    if kind_of(column) == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ValueError(f"{column.name} is not Base64") from error
    return value


def is_number(value: Any) -> bool:
    """Whether a value can be the last number of a table."""
    return type(value) is int and 0 <= value <= LARGEST


def said_last(raw: sqlite3.Connection, sequences: Any) -> None:
    """Take the last numbers that an export tells. Raises Invalid."""
    if not isinstance(sequences, dict) or not all(map(is_number, sequences.values())):
        raise Invalid("sequences", f"'sequences' should have the last number of each table, at most {LARGEST}.")
    raw.execute("DELETE FROM sqlite_sequence")
    raw.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", sequences.items())


def numbered(raw: sqlite3.Connection) -> None:
    """Go on numbering each table where its last number, or its last row, tells."""
    last = {name: seq for name, seq in raw.execute("SELECT name, seq FROM sqlite_sequence") if is_number(seq)}
    raw.execute("DELETE FROM sqlite_sequence")
    for name in TABLES:
        seen = raw.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0]  # noqa: S608 a table's name
        number = (name, max(seen, last.get(name, 0)))
        raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", number)


def checked(image: bytes) -> bytes:
    """An image that can be a sandbox's, whoever made it. Raises Invalid with what is wrong."""
    if not image.startswith(HEADER):
        raise Invalid("body", "The body is not an SQLite database.")
    try:
        with closing(images.cloned(images.plain(image))) as raw:
            wrong = next(faults_of(raw), None)
            if wrong is None:
                numbered(raw)
                recounted(raw)
            taken: bytes = raw.serialize()
    except (sqlite3.Error, UnicodeError) as error:
        raise Invalid("body", f"The database cannot be read: {shown(error)}.") from None
    if wrong:
        raise Invalid("body", f"The database cannot be taken: {wrong}.")
    return taken


def recounted(raw: sqlite3.Connection) -> None:
    """Count what a database brings, since whoever made it may have counted wrongly."""
    for statement in recounting():
        raw.execute(statement)


def faults_of(raw: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with a database, if anything."""
    if raw.execute("PRAGMA user_version").fetchone()[0] != version():
        yield "it was made by another version"
    if shape(raw) != our_shape():
        yield "its tables, indexes and triggers are not those of this version"
    if raw.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        yield "it is damaged"
    for table, _, refers_to, _ in raw.execute("PRAGMA foreign_key_check"):
        yield f"a row of '{table}' refers to a row of '{refers_to}' that is not there"
    if raw.execute("SELECT count(*) FROM seeding").fetchone()[0] != 1:
        yield "'seeding' should have one row"
    if not raw.execute("SELECT 1 FROM credential WHERE name = 'default'").fetchone():
        yield "it has no credential named 'default'"
    for table in TABLES.values():
        deque(rows_of(raw, table.name), 0)  # text that is not UTF-8 raises
        wrong = [column.name for column in table.columns if is_off(raw, column)]
        yield from (f"'{table.name}.{name}' has a wrong value" for name in wrong)


def shape(raw: sqlite3.Connection) -> set[tuple[Any, ...]]:
    """The statements that made a database."""
    return {*raw.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'")}


@cache
def our_shape() -> set[tuple[Any, ...]]:
    """The same of ours."""
    return shape(images.blank())


def is_off(raw: sqlite3.Connection, column: Column[Any]) -> bool:
    """Whether a column has a value that it cannot have."""
    bad = " OR ".join(f"NOT {told}" for told in conditions(column))
    sql = f'SELECT 1 FROM "{column.table.name}" WHERE "{column.name}" IS NOT NULL AND ({bad}) LIMIT 1'  # noqa: S608 ours
    return raw.execute(sql).fetchone() is not None


def conditions(column: Column[Any]) -> Iterator[str]:
    """What holds of a column's values: their type, their bounds, and what the column itself says of them."""
    kind, name = kind_of(column), f'"{column.name}"'
    yield f"(typeof({name}) IN ('integer', '{kind}'))" if kind == "real" else f"(typeof({name}) = '{kind}')"
    if kind == "integer" and "wide" not in column.info:
        yield f"({name} BETWEEN {1 if column.primary_key else -LARGEST} AND {LARGEST})"
    if isinstance(column.type, Boolean):
        yield f"({name} IN (0, 1))"
    if "moves" in column.info:
        yield f"({name} BETWEEN {EARLIEST} AND {LATEST})"
    if "holds" in column.info:
        yield f"({column.info['holds'].format(name)})"
