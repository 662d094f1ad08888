"""What is told to SQLite for a whole process, in processes that have not used it yet; and what it can be asked."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mock_server.app import create_app
from mock_server.dialects import views
from mock_server.dialects.keyed import keyed
from mock_server.dialects.questions import Question
from mock_server.settings import load
from mock_server.store.engine import knows_json_from_subselects
from tests.control.conftest import FROZEN

SEEN = """
import ctypes, sys
from mock_server.store.engine import LIBRARY, uncounted
{first}
import sqlite3
raw = sqlite3.connect(":memory:")
raw.execute("CREATE TABLE kept (content)")
raw.execute("INSERT INTO kept VALUES (zeroblob(100000))")
counted = ctypes.CDLL(LIBRARY).sqlite3_memory_used
counted.restype = ctypes.c_int64
print(counted())
"""


AS_TEXT = re.compile(r"(?<!json\()\(SELECT json_group_array")


def written(book: dict[Any, Any]) -> list[str]:
    """The statements that a dialect has written."""
    kept = [each if isinstance(each[0], Question) else (each,) for each in book.values()]
    return [question.sql for questions in kept for question in questions]


def memory_counted(first: str) -> int:
    """The bytes that SQLite says it uses in a new process which begins with a statement.

    Nobody counts lines there, since what does so uses SQLite itself, and before anything else.
    """
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-c", SEEN.format(first=first)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, env=quiet).stdout)


def test_memory_is_not_counted_when_it_is_asked_before_the_first_use() -> None:
    assert memory_counted("assert uncounted()") == 0
    assert memory_counted("") > 100_000


def test_it_cannot_be_asked_once_sqlite_is_in_use() -> None:
    used = "import sqlite3; sqlite3.connect(':memory:').execute('SELECT 1'); assert not uncounted()"
    assert memory_counted(used) > 100_000


def test_where_there_is_no_such_library_nothing_is_changed() -> None:
    assert memory_counted("import mock_server.store.engine as e; e.LIBRARY = 'no.so'; assert not uncounted()") > 100_000


@pytest.mark.parametrize("path", ["/tasks", "/comments", "/user-stories", "/projects-workflows-with-tasks"])
def test_lists_in_answers_are_the_same_where_sqlite_forgets_that_they_are_json(
    cache: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    told = []
    for known in (True, False):
        monkeypatch.setattr(views, "knows_json_from_subselects", lambda known=known: known)
        book: dict[Any, Any] = {}
        monkeypatch.setattr(keyed, "book", book)
        with TestClient(create_app(load(cache_dir=cache)), "http://localhost") as client:
            keys = client.post("/_mock/sandboxes", json={"clock": FROZEN}).json()["credentials"]
            pair = {name: keys[name] for name in ("api_id", "project_key")}
            told.append(client.get(path, params=pair).json())
        bare = [sql for sql in written(book) if AS_TEXT.search(sql)]
        assert bool(bare) is known, bare
    assert told[0] == told[1]
    assert told[0]["data"]


def test_what_sqlite_knows_of_a_subselect_is_what_it_does() -> None:
    (text,) = sqlite3.connect(":memory:").execute("SELECT json_array((SELECT json_group_array(1)))").fetchone()
    assert (text == "[[1]]") is knows_json_from_subselects()
