"""One sandbox's database: asking, remembering, writing, keeping and undoing."""

import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar, cast

from sqlmodel import SQLModel

from mock_server.domain.schema import TABLES
from mock_server.errors import NotFound
from mock_server.store.clock import Clock
from mock_server.store.ids import uniqid_of, uuid_of

T = TypeVar("T", bound=SQLModel)
Values = dict[str, Any]

MARK = secrets.token_urlsafe(6)
EDGE = MARK.encode()
END = b"\x1d"  # between two rows: JSON writes this letter with a backslash, so that it stands nowhere else
PEOPLES = "user|company|workspace_member|project|member"  # the tables that tell who belongs where
MOVES_PEOPLE = re.compile(rf'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(?:{PEOPLES})\b(?! SET \w+_numbered)')

Cut = list[bytes]  # the JSON of some rows, cut at its marks: every second part is a mark


class Rows(Sequence[bytes]):
    """The JSON of ``size`` rows in one piece; it is taken apart only where somebody asks for one of them."""

    __slots__ = ("size", "text")

    def __init__(self, text: bytes = b"", size: int = 0) -> None:
        self.text, self.size = text, size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, at: Any) -> Any:
        return self.apart[at]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.apart)

    @property
    def apart(self) -> list[bytes]:
        """The rows one by one."""
        return self.text.split(END) if self.size else []

    @property
    def first(self) -> bytes:
        """The first of them."""
        return self.text.partition(END)[0]

    @property
    def together(self) -> bytes:
        """The rows with commas between them."""
        return self.text.replace(END, b",")


class Told:
    """The rows of a statement, cut at their marks; and, for the moment of ``stamp``, as they were spelled then."""

    __slots__ = ("cut", "size", "spelled", "stamp")

    def __init__(self, texts: Sequence[str]) -> None:
        self.cut, self.size = cut(texts), len(texts)
        self.spelled = Rows()
        self.stamp: object = None


class Match(NamedTuple):
    """A column that has to have a value."""

    table: str
    column: str
    value: Any


def same(column: object, value: object) -> Match:
    """``column`` equals ``value``; costs far less than building an SQLAlchemy expression for each request."""
    attribute = cast(Any, column)
    return Match(attribute.class_.__table__.name, attribute.key, value)


def cut(rows: Sequence[str]) -> Cut:
    """The JSON of some rows, one after the other, cut at its marks.

    A mark is the letter m (a moment) or e (time elapsed since one) with its second, or b with a path that the address
    of the caller belongs in front of. Each stands between two MARKs and is all of a text, whose quotes go with it.
    """
    parts = END.decode().join(rows).encode().split(EDGE)
    if len(parts) > 1:
        parts[0], parts[-1] = parts[0][:-1], parts[-1][1:]
        parts[2:-1:2] = [text[1:-1] for text in parts[2:-1:2]]
    return parts


def noun_of(name: str) -> str:
    """The words of a table's class name: UserStory is a "User story"."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda m: f" {m[1].lower()}", name)


class Shape(NamedTuple):
    """How a table's rows are inserted: every column, with what it has where nothing is said."""

    name: str
    sql: str
    columns: tuple[str, ...]
    defaults: Values
    has_uuid: bool
    dates: tuple[str, ...]


@cache
def shape_of(table: type[SQLModel]) -> Shape:
    """The shape of a table, made once; a column that has to be said and is not is an error of ours."""
    name = str(table.__tablename__)
    columns = columns_of(name)
    defaults = {each: plain(field.default) for each, field in table.model_fields.items() if not field.is_required()}
    names = ", ".join(f'"{each}"' for each in columns)
    sql = f'INSERT INTO "{name}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 only names of columns
    dates = tuple(each for each in ("created_at", "updated_at") if each in columns)
    return Shape(name, sql, columns, defaults, "uuid" in columns, dates)


def plain(value: Any) -> Any:
    """A truth as the number that the database keeps, which the driver takes without asking what it is."""
    return int(value) if isinstance(value, bool) else value


@cache
def updating(table: str, names: tuple[str, ...]) -> str:
    """The statement that sets these columns of the row numbered ``_id``."""
    changes = ", ".join(f'"{name}" = :{name}' for name in names)
    return f'UPDATE "{table}" SET {changes} WHERE id = :_id'  # noqa: S608 only names of columns


@cache
def finding(table: str, names: tuple[str, ...]) -> str:
    """The statement that reads the rows which have these columns as given."""
    conditions = " AND ".join(f'"{name}" = :{name}' for name in names) or "TRUE"
    return f'SELECT * FROM "{table}" WHERE {conditions} ORDER BY id'  # noqa: S608 only names of columns


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """The names of a table's columns."""
    return tuple(column.name for column in TABLES[table].columns)


@cache
def moves_people(sql: str) -> bool:
    """Whether a statement may change who belongs where, or what a place is called."""
    return MOVES_PEOPLE.match(sql) is not None


class Memory:
    """Answers between two commits, within a bound of bytes. What does not fit makes it start afresh."""

    def __init__(self, bound: int) -> None:
        self.bound, self.held, self.rows = bound, 0, dict[tuple[Any, ...], Any]()

    def recall(self, key: tuple[Any, ...]) -> Any:
        """What was told, or None."""
        return self.rows.get(key)

    def keep(self, key: tuple[Any, ...], told: Any, size: int) -> None:
        """Remember ``told``, of about ``size`` bytes."""
        size += 512
        if self.held + size > self.bound:
            self.forget()
        if size <= self.bound:
            self.rows[key] = told
            self.held += size

    def forget(self) -> None:
        """Remember nothing."""
        self.rows.clear()
        self.held = 0


class Store:
    """A sandbox's database with what belongs to it: its clock, its ids and its memory.

    Everything runs on one connection and in the event loop's thread, so that each request is alone with it. A
    write opens a transaction; ``keep`` or ``undo`` ends it. ``places`` is where people belong, as the keyring is who
    they are: it is known until somebody's place changes, and is no part of the answers that are remembered.
    """

    def __init__(self, raw: sqlite3.Connection, clock: Clock, seed: int, remember: int = 4 << 20) -> None:
        self.raw, self.clock, self.seed = raw, clock, seed
        self.memory = Memory(remember)
        self.places: dict[tuple[Any, ...], list[Values]] = {}
        self.numbers: dict[str, int] = {}
        self.now = int(clock.now())

    def tick(self) -> int:
        """Read the clock, once for each request; all that the request writes is dated so."""
        self.now = int(self.clock.now())
        return self.now

    def told(self, sql: str, values: Values) -> Told:
        """The rows of a statement whose one column is finished JSON."""
        key = (sql, *values.values())
        told = self.recalled(key)
        if told is None:
            texts = [row[0] for row in self.raw.execute(sql, values)]
            told = Told(texts)
            self.remember(key, told, 3 * sum(map(len, texts)))
        return cast(Told, told)

    def number(self, sql: str, values: Values) -> int:
        """The one number that a statement gives; 0 where it gives no row."""
        key = (sql, *values.values())
        found = self.recalled(key)
        if found is None:
            row = self.raw.execute(sql, values).fetchone()
            found = row[0] if row and row[0] is not None else 0
            self.remember(key, found, 0)
        return int(found)

    def recalled(self, key: tuple[Any, ...]) -> Any:
        """What was told since the last commit, or None; always None once this request has begun to write."""
        return None if self.raw.in_transaction else self.memory.recall(key)

    def remember(self, key: tuple[Any, ...], told: Any, size: int) -> None:
        """Keep what was told until the next commit; what a request sees of its own writes is not kept."""
        if not self.raw.in_transaction:
            self.memory.keep(key, told, size)

    def asked(self, sql: str, values: Mapping[str, Any]) -> list[Values]:
        """The rows of any statement, as dicts."""
        cursor = self.raw.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def every(self, table: type[T], *matches: Match) -> list[T]:
        """The rows of a table that match, by id; each has its columns as attributes and is not to be changed."""
        values = {match.column: match.value for match in matches}
        rows = self.asked(finding(table.__tablename__, tuple(values)), values)
        return [cast(T, SimpleNamespace(**row)) for row in rows]

    def seek(self, table: type[T], *matches: Match) -> T | None:
        """The first row that matches, or None."""
        rows = self.every(table, *matches)
        return rows[0] if rows else None

    def find(self, table: type[T], *matches: Match) -> T:
        """The row that matches. NotFound names the noun and the first value sought."""
        row = self.seek(table, *matches)
        if row is None:
            raise NotFound(noun_of(table.__name__), matches[0].value)
        return row

    def next_id(self, name: str) -> int:
        """The number that the next row of the table of this name gets."""
        last = self.numbers.get(name)
        if last is None:
            row = self.raw.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
            last = row[0] if row else 0
        self.numbers[name] = last + 1
        return last + 1

    def insert(self, table: type[SQLModel], **values: Any) -> int:
        """Insert one row and return its id. Id, uuid and dates are made here; the rest are the table's defaults."""
        shape = shape_of(table)
        row = shape.defaults.copy()
        row["id"] = id = self.next_id(shape.name)
        if shape.has_uuid:
            row["uuid"] = uuid_of(self.seed, shape.name, id)
        for date in shape.dates:
            row[date] = self.now
        row |= values
        self.write(shape.sql, [row[each] for each in shape.columns])
        return id

    def uniqid(self, table: type[SQLModel]) -> str:
        """Thirteen hexadecimal digits for the slug of the table's next row."""
        name = str(table.__tablename__)
        number = self.next_id(name)
        self.numbers[name] = number - 1
        return uniqid_of(self.seed, name, number)

    def update(self, table: type[SQLModel], id: int | None, **values: Any) -> None:
        """Set columns of one row."""
        if values:
            self.write(updating(str(table.__tablename__), tuple(values)), values | {"_id": id})

    def delete(self, table: type[SQLModel], id: int | None) -> None:
        """Delete one row and all that cannot live without it."""
        self.write(f'DELETE FROM "{table.__tablename__}" WHERE id = :id', {"id": id})  # noqa: S608 a table's name

    def write(self, sql: str, values: Mapping[str, Any] | Sequence[Any]) -> sqlite3.Cursor:
        """Run a statement that changes something."""
        self._begin(sql)
        return self.raw.execute(sql, values)

    def write_all(self, sql: str, rows: Sequence[Values]) -> None:
        """Run it for each of some rows."""
        self._begin(sql)
        self.raw.executemany(sql, rows)

    def _begin(self, sql: str) -> None:
        if self.places and moves_people(sql):
            self.places.clear()
        if not self.raw.in_transaction:
            self.raw.execute("BEGIN")

    def keep(self) -> None:
        """Commit what the request wrote, if it wrote, and forget what was remembered."""
        if self.raw.in_transaction:
            self.raw.execute("COMMIT")
            self.memory.forget()

    def undo(self) -> None:
        """Take back what the request wrote."""
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")
            self.numbers.clear()
