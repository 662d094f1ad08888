"""What is told to SQLite, and asked of it, for the whole process and not for one connection."""

import ctypes
from functools import cache

LIBRARY = "libsqlite3.so.0"  # as the loaders of Linux name it
MEMSTATUS = 9  # SQLITE_CONFIG_MEMSTATUS in https://sqlite.org/c3ref/config.html


def uncounted() -> bool:
    """Let SQLite not count the memory that it takes; whether it will.

    Counting takes a lock at each allocation, and a page of tasks takes thousands. SQLite listens only before its first
    use: so the command asks for it, which owns the process, before anything imports ``sqlite3``.
    """
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return bool(library.sqlite3_config(MEMSTATUS, 0) == 0)


@cache
def knows_json_from_subselects() -> bool:
    """Whether SQLite, outside of a sub-select, still knows that what comes from it is JSON and no text.

    It did until 3.53 and does not in 3.54; nothing promises either: https://sqlite.org/json1.html.
    """
    import sqlite3

    raw = sqlite3.connect(":memory:")
    (told,) = raw.execute("SELECT json_array((SELECT json_group_array(1)))").fetchone()
    raw.close()
    return bool(told == "[[1]]")
