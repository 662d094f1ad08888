"""The folder that keeps the databases: one server at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_server.errors import StartFailure

CLAIM = ".in-use"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder against other servers. Raises StartFailure where one holds it, or where it cannot be written.

    The claim is a lock on a file, which ends with the process however it ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / CLAIM).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError:
        raise StartFailure(f"The data folder {folder} is in use by another server.") from None
    except OSError as error:
        raise StartFailure(f"The data folder {folder} cannot be written: {error.strerror}.") from None
