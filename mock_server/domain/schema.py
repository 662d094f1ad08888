"""Every table in one place, its DDL, and a fingerprint that changes when the tables do."""

import hashlib
from functools import cache

from sqlalchemy import Index
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from mock_server.domain import (
    clients,
    discussions,
    forge,
    invoices,
    notes,
    notices,
    planning,
    proposals,
    talk,
    tasks,
    wiki,
    workspaces,
)
from mock_server.domain.tallies import tallies

TABLES = SQLModel.metadata.tables
NOUNS = (workspaces, planning, tasks, talk, clients, invoices, proposals, forge, notices, wiki, notes, discussions)


def index_name(index: Index) -> str:
    """What a table's indexes are ordered by, so that the DDL is the same text each time."""
    return str(index.name)


def indexing(index: Index) -> str:
    """The statement for an index. One on a reference leaves out the rows that refer to nothing."""
    told = str(CreateIndex(index).compile(dialect=sqlite.dialect()))
    only = index.columns[0]
    return f"{told} WHERE {only.name} IS NOT NULL" if len(index.columns) == 1 and only.nullable else told


@cache
def ddl() -> str:
    """The statements that make an empty database."""
    dialect = sqlite.dialect()
    made = []
    for table in TABLES.values():
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made.extend(map(indexing, sorted(table.indexes, key=index_name)))
    return ";\n".join(made) + ";\n" + tallies()


@cache
def version() -> int:
    """The fingerprint as the number that a database file carries."""
    return int(fingerprint()[:7], 16)


@cache
def fingerprint() -> str:
    """Sixteen hexadecimal digits that change whenever the tables do."""
    return hashlib.sha256(ddl().encode()).hexdigest()[:16]
