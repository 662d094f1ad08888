"""Seeded databases, kept: built once for each kind of seed, cloned for each sandbox."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from mock_server.domain.schema import TABLES, ddl, fingerprint, version
from mock_server.errors import StartFailure
from mock_server.store.clock import DAY
from mock_server.store.fixture import fixture
from mock_server.store.seeding import ANCHOR, Spec

Progress = Callable[[int, int], None]
KEPT_TASKS, KEPT_IMAGES = 20_000, 12


def opened(path: str | Path = ":memory:") -> sqlite3.Connection:
    """A connection for the event loop's thread that leaves transactions to the store."""
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    raw.execute("PRAGMA foreign_keys = ON")
    return raw


def seeded(spec: Spec, progress: Progress | None = None) -> bytes:
    """The image of a freshly seeded database, dated around ANCHOR."""
    from mock_server.store.seeding import fill

    raw = opened()
    raw.executescript(ddl())
    raw.execute(f"PRAGMA user_version = {version()}")
    raw.execute("PRAGMA foreign_keys = OFF")
    fill(raw, spec, progress)
    image = raw.serialize()
    raw.close()
    return image


class Images:
    """The images of one server: in memory, and, where the folder can be written, on disk for the next start."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.known: dict[Spec, bytes] = {}

    def image(self, spec: Spec, progress: Progress | None = None) -> bytes:
        """The image for a seed; looked for in memory, then on disk, else built."""
        if spec not in self.known:
            self.known[spec] = self._kept(spec) or self._built(spec, progress)
        return self.known[spec]

    def path(self, spec: Spec) -> Path | None:
        """Where the image lies on disk; its name changes with the tables and with what the seed is made from."""
        if self.folder is None or (spec.tasks or 0) > KEPT_TASKS:
            return None
        size = "own" if spec.tasks is None else str(spec.tasks)
        return self.folder / f"{spec.profile}-{spec.seed}-{spec.locale}-{size}-{fingerprint()}-{recipe()}.sqlite"

    def _kept(self, spec: Spec) -> bytes | None:
        path = self.path(spec)
        with suppress(OSError):
            if path and (image := path.read_bytes()).startswith(b"SQLite format 3\0"):
                return image
        return None

    def _built(self, spec: Spec, progress: Progress | None) -> bytes:
        image = seeded(spec, progress)
        path = self.path(spec)
        if path is not None:
            with suppress(OSError):
                write_whole(path, image)
                make_room(path.parent)
        return image


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    import os
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def make_room(folder: Path) -> None:
    """Keep the newest images only."""
    images = sorted(folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in images[KEPT_IMAGES:]:
        path.unlink(missing_ok=True)


@cache
def recipe() -> str:
    """Eight hexadecimal digits that change with the seeding's code, its profiles and Faker."""
    import hashlib
    from importlib.metadata import version as installed

    sources = [*Path(__file__).parent.glob("seeding/*.py"), *fixture("profiles").glob("*.toml")]
    parts = [path.read_bytes() for path in sorted(sources, key=lambda path: path.name)]
    return hashlib.sha256(b"".join([*parts, installed("faker").encode()])).hexdigest()[:8]


def moving() -> Iterator[str]:
    """The statements that move every seeded moment, one for each table that has some."""
    for table in TABLES.values():
        moved = [(c.name, c.info["moves"]) for c in table.columns if "moves" in c.info]
        if moved:
            changes = ", ".join(f'"{name}" = "{name}" + :{moves}' for name, moves in moved)
            yield f'UPDATE "{table.name}" SET {changes}'  # noqa: S608 names are columns


@cache
def moves() -> tuple[str, ...]:
    """The same, written once."""
    return tuple(moving())


def move(raw: sqlite3.Connection, now: float) -> None:
    """Date a seeded database around ``now``: moments by seconds, days by whole days."""
    by = int(now) - ANCHOR
    values = {"second": by, "day": by // DAY * DAY}
    with transaction(raw):
        for statement in moves():
            raw.execute(statement, values)


@contextmanager
def transaction(raw: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    raw.execute("BEGIN")
    try:
        yield
    except BaseException:
        raw.execute("ROLLBACK")
        raise
    raw.execute("COMMIT")


def cloned(image: bytes) -> sqlite3.Connection:
    """A database in memory that starts as the image."""
    raw = opened()
    raw.deserialize(image)
    raw.execute("PRAGMA foreign_keys = ON")
    return raw


def on_disk(path: Path, image: Callable[[], bytes]) -> sqlite3.Connection:
    """The database in a file, which is made from a finished image where there is none. Raises StartFailure."""
    try:
        if not path.exists():
            write_whole(path, image())
        raw = opened(path)
        check(raw, path)
    except OSError as error:
        raise StartFailure(f"The data folder {path.parent} cannot be written: {error.strerror}.") from None
    except sqlite3.DatabaseError as error:
        raise StartFailure(f"The database file {path} cannot be used: {error}.") from None
    return raw


def check(raw: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is damaged, or whose tables are not ours. WAL makes what was answered survive a kill."""
    if raw.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise StartFailure(f"The database file {path} is damaged; move it away to start afresh.")
    if raw.execute("PRAGMA user_version").fetchone()[0] != version():
        raise StartFailure(f"The database file {path} was made by another version; move it away to start afresh.")
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = NORMAL")
