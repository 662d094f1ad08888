"""What a list may be asked: which page, in which order, and which of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple, Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import SQLModel

from mock_server.dialects.views import Row, View, meant, view_in
from mock_server.errors import Invalid, shown

LARGEST = 2**63 - 1
DIRECTIONS = {"asc": False, "desc": True}


class Sort(NamedTuple):
    """A field, or the list's own where it is empty, and whether the largest comes first."""

    field: str
    falling: bool


@dataclass(frozen=True)
class Page:
    """Which part of a list: ``limit`` rows (1 to 100, default 15) of page ``number`` (from 1), and how sorted."""

    limit: int = 15
    number: int = 1
    sort: Sort | None = None

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return min((self.number - 1) * self.limit, LARGEST)

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> "Page":
        """The page that a query asks for. Raises Invalid, naming the parameter."""
        if not query.keys() & {"limit", "page", "sort"}:
            return FIRST
        limit, number = whole(query, "limit", 15, 100), whole(query, "page", 1, 2**53)
        return cls(limit, number, sort_of(query["sort"]) if query.get("sort") else None)


FIRST = Page()


class Part(Page):
    """Which part of a list in the bearer dialect: ``per_page`` or ``limit`` rows, 50 where nothing is said."""

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> Page:
        """The page that a query asks for; an empty value is as good as none. Raises Invalid, naming the parameter."""
        given = {name: query[name] for name in ("page", "per_page", "limit") if query.get(name) not in (None, "")}
        name = "limit" if "limit" in given and "per_page" not in given else "per_page"
        return Page(whole(given, name, 50, 100), whole(given, "page", 1, 2**53))


def whole(query: Mapping[str, Any], name: str, default: int, most: int) -> int:
    """A whole number from 1 to ``most``."""
    text = query.get(name)
    if text is None:
        return default
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        upto = f"1 to {most}" if most <= 1000 else "1 on"
        raise Invalid(name, f"The parameter '{name}' takes a whole number from {upto}; got '{shown(text)}'.")
    return int(text)


def sort_of(text: Any) -> Sort:
    """Reads ``field``, ``-field``, ``field:asc``, ``field:desc``, ``field,desc``, or a direction alone."""
    word = str(text)
    if word.lower() in DIRECTIONS:
        return Sort("", DIRECTIONS[word.lower()])
    field, _, direction = word.replace(",", ":").partition(":")
    if field.startswith("-") and len(field) > 1 and not direction:
        return Sort(field[1:], True)
    if field.strip("-") and direction.lower() in ("", *DIRECTIONS):
        return Sort(field, DIRECTIONS.get(direction.lower(), False))
    allowed = "field, -field, field:asc, field:desc, ASC or DESC"
    raise Invalid("sort", f"The parameter 'sort' takes {allowed}; got '{shown(text)}'.")


class Order(NamedTuple):
    """A list's own order: a column, and whether the largest comes first. Ties are broken by id, the same way."""

    column: str
    falling: bool


NEWEST = Order("created_at", True)
BY_POSITION = Order("position", False)


def sortable(view: type[View], dialect: str) -> dict[str, str]:
    """The fields by which a list of this view may be sorted, each with its column."""
    columns = view.table.c
    plain = {name: name for name, info in view.shown(dialect) if name in columns and view_in(info.annotation) is None}
    return plain | {"id": "id"}


def order_of(view: type[View], dialect: str, sort: Sort | None, own: Order) -> Order:
    """The order that a sort asks for. Raises Invalid, naming what is allowed."""
    if sort is None:
        return own
    if not sort.field:
        return Order(own.column, sort.falling)
    allowed = sortable(view, dialect)
    if sort.field not in allowed:
        names = ", ".join(sorted(allowed))
        raise Invalid("sort", f"The parameter 'sort' names the field '{shown(sort.field)}'; allowed are {names}.")
    return Order(allowed[sort.field], sort.falling)


Holds = Callable[[Row, ColumnElement[Any]], ColumnElement[bool]]


class Where(NamedTuple):
    """A filter: (row, value) -> condition. ``bound`` turns the parsed value into what the database is given."""

    holds: Holds
    bound: Callable[[Any], Any] = lambda value: value


class Filters(BaseModel):
    """The filters of a list: each field is a parameter, its type what it takes, its ``Where`` what it means."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, defer_build=True)
    names: ClassVar[frozenset[str]]

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> Self:
        """The filters that a query sets; an empty one is as good as none. Raises Invalid, naming the parameter."""
        given = {name: query[name] for name in cls.model_fields if query.get(name) not in (None, "")}
        try:
            return cls.model_validate(given) if given else cls.none()
        except ValidationError as error:
            from mock_server.dialects.inputs import blamed

            raise blamed(error) from None

    @classmethod
    @cache
    def none(cls) -> Self:
        """No filter."""
        return cls()

    def active(self) -> dict[str, FieldInfo]:
        """The filters that are set."""
        fields = type(self).model_fields
        return {name: fields[name] for name in sorted(self.model_fields_set)}


def condition(name: str, info: FieldInfo, row: Row) -> ColumnElement[bool]:
    """What a filter asks of a row."""
    where = meant(info, Where)
    assert where is not None, "a filter says where"  # noqa: S101 a slip of ours, found by tests
    return where.holds(row, bindparam(f"f_{name}"))


def values_of(filters: Filters | None) -> dict[str, Any]:
    """The values that the database is given for the filters that are set."""
    if filters is None or not filters.model_fields_set:
        return {}
    turns = turns_of(type(filters))
    return {turns[name][0]: turns[name][1](getattr(filters, name)) for name in sorted(filters.model_fields_set)}


@cache
def turns_of(filters: type[Filters]) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    """How each filter's value is called in a statement, and what turns it into what the database is given."""
    fields = filters.model_fields.items()
    return {name: (f"f_{name}", cast(Where, meant(info, Where)).bound) for name, info in fields}


def contains(column: Any, value: Any) -> ColumnElement[bool]:
    """Whether a text holds another, letter case of ASCII aside."""
    return func.instr(func.lower(column), func.lower(value)) > 0


def one_of(value: Any) -> Any:
    """The rows of a JSON array that is bound as text, for ``column.in_(...)``."""
    return select(func.json_each(value).table_valued("value").c.value)


def refers_to(table: type[SQLModel], key: str, column: Any, value: Any) -> ColumnElement[bool]:
    """Whether ``column`` refers to a row of ``table`` whose ``key`` is ``value``."""
    target = cast(Any, table).__table__.alias()
    return cast(ColumnElement[bool], column.in_(select(target.c.id).where(target.c[key] == value)))
