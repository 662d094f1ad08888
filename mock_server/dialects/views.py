"""A view is what an answer shows of a row; it is declared once and written, per dialect, as one SQL expression.

The expression is the row's finished JSON, so that SQLite writes the answer and nothing is built per row in Python.
Moments are written as marks, which `store.rows` cuts out; a dialect spells them at each answer.
"""

import json
import types
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema
from sqlalchemy import ColumnElement, FromClause, Integer, Select, bindparam, case, func, literal_column, or_, select
from sqlmodel import SQLModel

from mock_server.domain.tallies import TASK_TALLY
from mock_server.store.engine import knows_json_from_subselects
from mock_server.store.rows import MARK

Row = Any
M = TypeVar("M")
Told = Callable[[Row], Any]
TODAY: ColumnElement[Any] = bindparam("today")
ME: ColumnElement[Any] = bindparam("me")
NOW: ColumnElement[Any] = bindparam("now", type_=Integer)
NULL: ColumnElement[Any] = literal_column("NULL")
ONLY = "x-only"
UNSET = {"keyed": literal_column("json('[]')"), "bearer": NULL}  # what a moment is that has not come


class DateObject(BaseModel):
    """A moment as the API says it. ``timezone`` holds, despite its name, the date and time in UTC, hour not padded."""

    date_for_humans: str = Field(examples=["3 days ago"])
    timezone: str = Field(pattern=r"^-?\d{4,}-\d\d-\d\d \d{1,2}:\d\d:\d\d$", examples=["2023-01-28 9:07:47"])
    timestamp: int = Field(examples=[1674896867])


class Spelled:
    """The column of this type is a moment, which is spelled when the answer is sent."""


Moment = Annotated[DateObject | Annotated[list[Any], Field(max_length=0)], Spelled()]


class DateResource(BaseModel):
    """A moment as the services API says it; everything is told in UTC."""

    date_for_humans: str = Field(examples=["3 days ago"])
    iso8601: str = Field(examples=["2026-02-08T02:37:54+00:00"])
    timestamp: int
    timezone: str


Dated = Annotated[DateResource | None, Spelled()]


class Sql(NamedTuple):
    """The field is this expression over the row."""

    of: Told


class Via(NamedTuple):
    """The field is reached along these references, as in ``project.company``; ``then`` says what is shown of it."""

    path: str
    then: Told = lambda column: column


class Tallied(NamedTuple):
    """The field is told by what hangs on the task, ``of`` its counters; as if all were 0 where nothing ever did."""

    of: Told


class Hung(NamedTuple):
    """The field is looked for only where this counter of the task is not 0; else it is empty."""

    counter: str


class Many(NamedTuple):
    """The field's rows are those for which this holds: (row, item) -> condition; ``order`` is a column of the item."""

    holds: Callable[[Row, Row], Any]
    order: str


class Through(NamedTuple):
    """The field's rows are those which a linking table ties to the row, in the order they were tied."""

    link: type[SQLModel]


class Only(NamedTuple):
    """The field is there in one dialect only; its schema says so, for the documents of the others to leave it out."""

    dialect: str

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The field's schema with the dialect in it."""
        return {**handler(core), ONLY: self.dialect}


def table_of(table: type[SQLModel]) -> Any:
    """The SQLAlchemy table behind a SQLModel class."""
    return cast(Any, table).__table__


def called(column: str) -> Sql:
    """The field is the column of another name."""
    return Sql(lambda row: row.c[column])


def mark(kind: str, of: Any) -> ColumnElement[str]:
    """What ``store.rows`` cuts out: a letter and what stands behind it, between two MARKs; NULL where that is NULL."""
    opened: ColumnElement[str] = literal_column(f"'{MARK}{kind}'")
    closed: ColumnElement[str] = literal_column(f"'{MARK}'")
    return opened.op("||")(of).op("||")(closed)


def file_url(uuid: Any) -> ColumnElement[str]:
    """The link of an attached file: its uuid, after the address that the caller used and the sandbox's folder."""
    return mark("b", uuid)


def as_json(query: Select[Any]) -> ColumnElement[Any]:
    """What a sub-select gives, as JSON: read once more where SQLite would take it for a text."""
    told = query.scalar_subquery()
    return told if knows_json_from_subselects() else func.json(told)


class View(BaseModel):
    """What an answer shows of a row of the table named by ``of``; without it, of the row around it."""

    model_config = ConfigDict(defer_build=True)
    table: ClassVar[Any] = None

    def __init_subclass__(cls, of: type[SQLModel] | None = None, **kwargs: Any) -> None:
        """Remember the table."""
        super().__init_subclass__(**kwargs)
        if of is not None:
            cls.table = table_of(of)

    @classmethod
    def shown(cls, dialect: str) -> list[tuple[str, FieldInfo]]:
        """The fields that a dialect shows, with their names in answers."""
        fields = cls.model_fields.items()
        return [(info.alias or name, info) for name, info in fields if is_shown(info, dialect)]


def is_shown(info: FieldInfo, dialect: str) -> bool:
    """Whether a dialect shows this field."""
    return all(meta.dialect == dialect for meta in info.metadata if isinstance(meta, Only))


def meant(info: FieldInfo, kind: type[M]) -> M | None:
    """The field's note of this kind, if it has one."""
    return next((meta for meta in info.metadata if isinstance(meta, kind)), None)


def view_in(annotation: Any) -> type[View] | None:
    """The view in ``X``, ``X | None`` or ``list[X]``, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, View):
        return annotation
    return next((view for part in get_args(annotation) if (view := view_in(part))), None)


def is_list(annotation: Any) -> bool:
    """Whether the annotation is a list."""
    return get_origin(annotation) is list


def is_spelled(annotation: Any, info: FieldInfo) -> bool:
    """Whether the field is written as a mark; looks into ``X | None`` too."""
    notes = [*info.metadata]
    if get_origin(annotation) in (Union, types.UnionType):
        notes += [meta for part in get_args(annotation) for meta in getattr(part, "__metadata__", ())]
    return any(isinstance(note, Spelled) for note in notes)


class Writing:
    """Writes one view over one row, and gathers the joins that it needs."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.joins: list[tuple[FromClause, ColumnElement[bool]]] = []
        self.met: dict[tuple[Row, str], Row] = {}

    def object(self, view: type[View], row: Row) -> ColumnElement[str]:
        """The JSON object of ``row``; where it has switches alone and all are off, that is written already."""
        shown = view.shown(self.dialect)
        pairs: list[Any] = []
        for name, info in shown:
            pairs += literal_column(f"'{name}'"), self.field(name, info, row)
        written = func.json_object(*pairs)
        if not all(info.annotation is bool and meant(info, Sql) for _, info in shown):
            return written
        on = or_(*[self.scalar(name, info, row) for name, info in shown])
        return case((on, written), else_=always({name: False for name, _ in shown}))

    def field(self, name: str, info: FieldInfo, row: Row) -> ColumnElement[Any]:
        """The expression of one field."""
        told, hung = self.told(name, info, row), meant(info, Hung)
        if hung is None:
            return told
        none = literal_column("json('[]')") if is_list(info.annotation) else NULL
        return case((self.tally(row).c[hung.counter] > literal_column("0"), told), else_=none)

    def told(self, name: str, info: FieldInfo, row: Row) -> ColumnElement[Any]:
        """The same of a field that is looked for."""
        view = view_in(info.annotation)
        if view is not None:
            return self.items(view, info, row) if is_list(info.annotation) else self.card(name, view, info, row)
        column = self.scalar(name, info, row)
        if is_spelled(info.annotation, info):
            return func.coalesce(mark("m", column), UNSET[self.dialect])
        return truth(column) if info.annotation is bool else column

    def scalar(self, name: str, info: FieldInfo, row: Row) -> ColumnElement[Any]:
        """A field which is one value: an expression, a column of that name, or always its default."""
        told = meant(info, Sql)
        if told:
            return cast(ColumnElement[Any], told.of(row))
        via = meant(info, Via)
        if via:
            path, _, column = via.path.rpartition(".")
            return cast(ColumnElement[Any], via.then(self.along(path, row).c[column]))
        tallied = meant(info, Tallied)
        if tallied:
            return func.coalesce(tallied.of(self.tally(row)), literal_column("0"))
        if name in row.c:
            return cast(ColumnElement[Any], row.c[name])
        return always(info.get_default())

    def card(self, name: str, view: type[View], info: FieldInfo, row: Row) -> ColumnElement[Any]:
        """A view inside: of the row itself, or of what it refers to (null where it refers to nothing)."""
        if view.table is None or (view.table is row.element and f"{name}_id" not in row.c):
            return self.object(view, row)
        via = meant(info, Via)
        target = self.along(via.path if via else name, row)
        written = self.object(view, target)
        return (
            written
            if is_sure(via.path if via else name, row)
            else case((target.c.id.is_not(None), written), else_=NULL)
        )

    def along(self, path: str, row: Row) -> Row:
        """The row at the end of a path of references; each step is joined once."""
        for step in path.split("."):
            row = self.joined(row, step)
        return row

    def joined(self, row: Row, step: str) -> Row:
        """The row that ``row`` refers to by ``<step>_id``."""
        if (row, step) not in self.met:
            column = row.element.c[f"{step}_id"]
            target = next(iter(column.foreign_keys)).column.table.alias()
            self.joins.append((target, target.c.id == row.c[f"{step}_id"]))
            self.met[(row, step)] = target
        return self.met[(row, step)]

    def tally(self, row: Row) -> Row:
        """The counters of a task, joined once."""
        if (row, "tally") not in self.met:
            self.met[(row, "tally")] = target = TASK_TALLY.alias()
            self.joins.append((target, target.c.task_id == row.c.id))
        return self.met[(row, "tally")]

    def items(self, view: type[View], info: FieldInfo, row: Row) -> ColumnElement[Any]:
        """The JSON array of the rows that belong to ``row``, in order."""
        item, inner = view.table.alias(), Writing(self.dialect)
        written, through = inner.object(view, item), meant(info, Through)
        if through is not None:
            tied = tied_by(through.link, row, item)
            source = inner.source(tied.outerjoin(item, item.c.id == tied.c.id))
            return as_json(select(func.json_group_array(written)).select_from(source))
        query = select(written.label("o")).select_from(inner.source(item)).correlate(row)
        told = chosen(query, info, row, item).subquery()
        return as_json(select(func.json_group_array(func.json(told.c.o))))

    def source(self, row: Row) -> FromClause:
        """The row's table with all that was joined."""
        source: FromClause = row
        for target, holds in self.joins:
            source = source.outerjoin(target, holds)
        return source


def chosen(query: Select[Any], info: FieldInfo, row: Row, item: Row) -> Select[Any]:
    """The sub-select with its condition and order.

    SQLite forgets that an ordered sub-select holds JSON, so that each item has to be read as JSON again.
    """
    many = meant(info, Many)
    assert many is not None, "a list of views says which rows it holds"  # noqa: S101 a slip of ours, found by tests
    return query.where(many.holds(row, item)).order_by(item.c[many.order], item.c.id)


def tied_by(link: type[SQLModel], row: Row, item: Row) -> Any:
    """The ids of the items that a linking table ties to ``row``, in the order they were tied.

    They have to stand on the left of an outer join, which SQLite walks through as it is.
    """
    rows = table_of(link).alias()
    mine, theirs = ends(rows, row, item)
    return select(theirs.label("id")).where(mine == row.c.id).order_by(rows.c.id).correlate(row).subquery()


def ends(link: Row, row: Row, item: Row) -> tuple[Any, Any]:
    """The two columns of a linking table: the one that refers to ``row`` and the one that refers to ``item``."""
    refers = {next(iter(c.foreign_keys)).column.table: link.c[c.name] for c in link.element.c if c.foreign_keys}
    return refers[row.element], refers[item.element]


def is_sure(path: str, row: Row) -> bool:
    """Whether each step of the path always refers to something."""
    table = row.element
    for step in path.split("."):
        column = table.c[f"{step}_id"]
        if column.nullable:
            return False
        table = next(iter(column.foreign_keys)).column.table
    return True


def truth(column: Any) -> ColumnElement[Any]:
    """A JSON true or false; each is read as JSON once for a statement, not for a row."""
    return func.iif(column, literal_column("json('true')"), literal_column("json('false')"))


def always(value: Any) -> ColumnElement[Any]:
    """A value that is the same for each row."""
    plain = {None: "NULL", 0: "0", "": "''"}
    if value.__hash__ is not None and value in plain:
        return literal_column(plain[value])
    text = json.dumps(value).replace("'", "''")
    return func.json(literal_column(f"'{text}'"))
