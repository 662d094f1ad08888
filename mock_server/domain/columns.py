"""The kinds of column that the tables are made of."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Field


def key() -> Any:
    """The integer primary key; a number is never given twice (AUTOINCREMENT), not even after a delete."""
    return Field(default=None, primary_key=True)


def moment(default: Any = ..., *, index: bool = False) -> Any:
    """Unix seconds. A seeded moment moves with the sandbox's start, to the second."""
    return Field(default=default, index=index, sa_column_kwargs={"info": {"moves": "second"}})


def day(default: Any = ...) -> Any:
    """Unix seconds of a midnight or of another chosen time of day; when seeded it moves by whole days."""
    return Field(default=default, sa_column_kwargs={"info": {"moves": "day"}})


def belongs(to: str, *, index: bool = True) -> Any:
    """A reference that the row cannot live without."""
    return Field(foreign_key=f"{to}.id", ondelete="CASCADE", index=index)


def refers(to: str, *, index: bool = True) -> Any:
    """A reference that is emptied when what it points to goes."""
    return Field(default=None, foreign_key=f"{to}.id", ondelete="SET NULL", index=index, nullable=True)


def one_of(values: Iterable[int]) -> Any:
    """A number that stands for something; an imported one has to be among these."""
    return holding(f"{{0}} IN ({', '.join(map(str, values))})")


def wide() -> Any:
    """An integer of 64 bits, whose last digits a reader of JSON may lose; all others stay within 53."""
    return Field(sa_column_kwargs={"info": {"wide": True}})


def words(default: Any = ...) -> Any:
    """A JSON array of texts."""
    texts = "(SELECT json_type({0}) = 'array' AND ifnull(min(type = 'text'), 1) FROM json_each({0}))"
    return holding(f"json_valid({{0}}) AND {texts}", default)


def holding(condition: str, default: Any = ...) -> Any:
    """A column of which a condition in SQL holds, the column being {0}; looked at when rows come from elsewhere."""
    return Field(default=default, sa_column_kwargs={"info": {"holds": condition}})
