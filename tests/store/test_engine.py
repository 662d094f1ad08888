"""What is told to SQLite for a whole process, seen in processes that have not used it yet."""

import os
import subprocess
import sys

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
