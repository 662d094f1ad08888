"""What an endpoint gives back, and the database as an endpoint sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import orjson

from mock_server.dialects import questions
from mock_server.dialects.lists import NEWEST, Filters, Order, Page, order_of, values_of
from mock_server.dialects.questions import Question
from mock_server.dialects.spelling import Spelling
from mock_server.dialects.views import View
from mock_server.errors import NotFound
from mock_server.store.clock import midnight
from mock_server.store.rows import Match, Rows, Store, Values, noun_of

V = TypeVar("V", bound=Any)
MOST_QUESTIONS = 4000


@dataclass
class One(Generic[V]):
    """One object, as JSON."""

    json: bytes

    def with_key(self, name: str, value: Any) -> "One[V]":
        """The same object with one more key at its end."""
        return One(self.json[:-1] + b',"' + name.encode() + b'":' + orjson.dumps(value) + b"}")


@dataclass
class Listing(Generic[V]):
    """A page of a list: its objects as JSON, how many there are in all, and what stands beside them."""

    rows: Sequence[bytes]
    total: int
    page: Page
    beside: Values = field(default_factory=dict)


@dataclass
class Summed(Listing[V]):
    """A page of a list whose rows stand, in a ``data`` of their own, beside a summary of them all."""

    resume: Values = field(default_factory=dict)


@dataclass
class Whole(Generic[V]):
    """A list that has no pages."""

    rows: Sequence[bytes]


@dataclass
class Beside(Generic[V]):
    """What ``data`` holds (a view, a list, plain data), and what stands beside it."""

    data: V
    beside: Values


@dataclass
class Bare:
    """Plain data that stands alone, outside ``data``."""

    told: Any


class Deleted:
    """What is left to say of a row that was deleted."""


class Db:
    """A sandbox's store, as one dialect's endpoints see it: views are asked of it, rows are written to it.

    ``spell`` turns a mark into JSON; ``me`` is the id of the user who calls, ``least`` the role that
    the endpoint takes and ``writes`` whether it changes something. All are those of the request under way.
    """

    def __init__(self, store: Store, dialect: str, book: dict[Any, Any], spell: Spelling) -> None:
        self.store, self.dialect, self.book, self.spell = store, dialect, book, spell
        self.me = 0
        self.least, self.writes = "client", False
        self.find, self.seek, self.every = store.find, store.seek, store.every
        self.insert, self.update, self.delete = store.insert, store.update, store.delete
        self.uniqid, self.asked, self.write, self.number = store.uniqid, store.asked, store.write, store.number

    @property
    def now(self) -> int:
        """The sandbox's time in this request, in unix seconds."""
        return self.store.now

    def one(self, view: type[V], *matches: Match, filters: Filters | None = None) -> One[V]:
        """The row that matches, as its view. NotFound names the noun and the first value sought."""
        columns = tuple(match.column for match in matches)
        key = (view, columns, filters and (type(filters), *sorted(filters.model_fields_set)))
        question = self.book.get(key) or self._written(
            key, lambda: questions.one(view, self.dialect, columns, tuple(filters.active().items()) if filters else ())
        )
        rows = self._told(question, matches, values_of(filters))
        if not rows:
            raise NotFound(self.noun(view), matches[0].value)
        return One(rows.first)

    def page(
        self,
        view: type[V],
        page: Page,
        *matches: Match,
        filters: Filters | None = None,
        order: Order = NEWEST,
        beside: Values | None = None,
    ) -> Listing[V]:
        """A page of the rows that match, as their view, with their number in all. Two statements at the most."""
        active = tuple(filters.active().items()) if filters and filters.model_fields_set else ()
        columns = tuple(match.column for match in matches)
        names = tuple(name for name, _ in active)
        key = (view, columns, type(filters) if names else None, names, page.sort, order)
        listed, counted = self.book.get(key) or self._written(
            key, lambda: self._both(view, columns, active, page, order)
        )
        values = values_of(filters)
        total = self._count(counted, matches, values)
        rows = self._told(listed, matches, values | {"limit": page.limit, "offset": page.offset})
        return Listing(rows, total, page, beside or {})

    def all(self, view: type[V], *matches: Match, filters: Filters | None = None, order: Order = NEWEST) -> Whole[V]:
        """Every row that matches, as its view; for lists which the API gives whole."""
        listing = self.page(view, Page(limit=1_000_000), *matches, filters=filters, order=order)
        return Whole(listing.rows)

    def objects(self, view: type[V], *matches: Match, filters: Filters | None = None, order: Order) -> list[Values]:
        """The same as plain data, for answers that put rows into rows."""
        return orjson.loads(array(self.all(view, *matches, filters=filters, order=order).rows))  # type: ignore[no-any-return]

    @staticmethod
    def date_of(second: int) -> str:
        """The UTC day of a moment, as YYYY-MM-DD."""
        return datetime.fromtimestamp(second, UTC).date().isoformat()

    def noun(self, view: type[View]) -> str:
        """The noun of the rows that a view shows."""
        return NOUNS.get(view.table.name, "Object")

    def _both(self, view: Any, columns: Any, active: Any, page: Page, order: Order) -> tuple[Question, Question]:
        chosen = order_of(view, self.dialect, page.sort, order)
        return questions.page(view, self.dialect, columns, active, chosen), questions.count(view, columns, active)

    def _written(self, key: Any, write: Callable[[], Any]) -> Any:
        if len(self.book) > MOST_QUESTIONS:
            self.book.clear()
        self.book[key] = made = write()
        return made

    def _values(self, question: Question, matches: Sequence[Match], values: Values) -> Values:
        given = {f"m_{match.column}": match.value for match in matches} | values
        if "today" in question.names:
            given["today"] = midnight(self.now)
        if "me" in question.names:
            given["me"] = self.me
        if "now" in question.names:
            given["now"] = self.now
        return given

    def _told(self, question: Question, matches: Sequence[Match], values: Values) -> Rows:
        """The rows with their marks spelled; they stay so as long as the moment lasts."""
        told, spell = self.store.told(question.sql, self._values(question, matches, values)), self.spell
        if told.stamp is not spell.stamp:
            told.spelled, told.stamp = Rows(spell.all(told.cut), told.size), spell.stamp
        return told.spelled

    def _count(self, question: Question, matches: Sequence[Match], values: Values) -> int:
        return self.store.number(question.sql, self._values(question, matches, values))


def array(rows: Sequence[bytes]) -> bytes:
    """The JSON array of some rows."""
    return b"".join((b"[", rows.together if isinstance(rows, Rows) else b",".join(rows), b"]"))


def nouns() -> dict[str, str]:
    """What an error calls the rows of each table."""
    from mock_server.domain.schema import NOUNS as ROOMS

    tables = [thing for room in ROOMS for thing in vars(room).values() if hasattr(thing, "__table__")]
    return {table.__table__.name: noun_of(table.__name__) for table in tables}


NOUNS = nouns()
