"""What is told to SQLite for the whole process, and not for one connection."""

import ctypes

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
