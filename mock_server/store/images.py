"""Seeded databases, kept: built once for each kind of seed, cloned for each sandbox."""

import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

from mock_server.domain.schema import TABLES, ddl, fingerprint, version
from mock_server.errors import StartFailure
from mock_server.fixture import fixture
from mock_server.store.clock import DAY, Clock
from mock_server.store.image import Image
from mock_server.store.seeding import ANCHOR, Spec

K = TypeVar("K")
V = TypeVar("V", bound=Sized)
Progress = Callable[[int, int], None]
KEPT_TASKS, KEPT_IMAGES = 20_000, 12
KEPT_BYTES, MOVED_BYTES = 64 << 20, 8 << 20
MINUTE = 60
PAGES_KIB = 16_384  # most memory for the pages of one database that are read often
SMALL, LARGE = 1024, 4096  # bytes of a page: most tables of a small project fill none, in a large one trees grow deep
READABLE = 0o666
SHIPPED = Path(sys.prefix) / "share" / "gitscrum-mock" / "seeds"  # images that came with the installation, if any
ROLLBACK = b"\x01\x01"  # bytes 18 and 19 of a file without a write-ahead log: https://sqlite.org/fileformat.html


def opened(path: str | Path = ":memory:") -> sqlite3.Connection:
    """A connection for the event loop's thread that leaves transactions to the store."""
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA cache_size = -{PAGES_KIB}")
    return raw


def blank(page_size: int = SMALL) -> sqlite3.Connection:
    """A database in memory with its tables and no rows; references are not looked after while rows are put in."""
    raw = opened()
    raw.execute(f"PRAGMA page_size = {page_size}")
    raw.executescript(ddl())
    raw.execute(f"PRAGMA user_version = {version()}")
    raw.execute("PRAGMA foreign_keys = OFF")
    return raw


def seeded(spec: Spec, progress: Progress | None = None) -> bytes:
    """The image of a freshly seeded database, dated around ANCHOR."""
    from mock_server.store.seeding import fill

    raw = blank(SMALL if spec.tasks is None else LARGE)
    fill(raw, spec, progress)
    image = raw.serialize()
    raw.close()
    return image


def copied(raw: sqlite3.Connection) -> sqlite3.Connection:
    """A database in memory that starts as another one is now."""
    copy = opened()
    raw.backup(copy)
    return copy


def image_of(raw: sqlite3.Connection) -> Image:
    """What a database holds now."""
    return Image(copied(raw), raw)


def cloned(image: bytes) -> sqlite3.Connection:
    """A database in memory that starts as these bytes; copied, for in a deserialized one SQLite writes more slowly."""
    whole = opened()
    whole.deserialize(image)
    raw = copied(whole)
    whole.close()
    return raw


class Kept(OrderedDict[K, V]):
    """Images within a bound of bytes; the one that was used longest ago goes first, and the newest always stays."""

    def __init__(self, bound: int) -> None:
        super().__init__()
        self.bound = bound

    def had(self, key: K, make: Callable[[], V]) -> V:
        """The image for a key, made where it is not there."""
        if key not in self:
            self[key] = make()
            while len(self) > 1 and sum(map(len, self.values())) > self.bound:
                self.popitem(last=False)
        self.move_to_end(key)
        return self[key]


class Images:
    """The images of one server: in memory, and, where the folder can be written, on disk for the next start."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.known = Kept[Spec, bytes](KEPT_BYTES)
        self.moved = Kept[tuple[Spec, int], Image](MOVED_BYTES)

    def image(self, spec: Spec, progress: Progress | None = None) -> bytes:
        """The image for a seed; looked for in memory, then on disk, else built. Raises StartFailure."""
        return self.known.had(spec, lambda: self._kept(spec) or self._built(spec, progress))

    def dated(self, spec: Spec, clock: Clock, progress: Progress | None = None) -> Image:
        """The same, dated around the clock's now.

        A real clock gives the minute that has begun, so that sandboxes made within it share the work.
        """
        now = int(clock.now())
        now -= now % MINUTE if clock.mode == "real" else 0
        return self.moved.had((spec, now), lambda: dated(self.image(spec, progress), now))

    def path(self, spec: Spec) -> Path | None:
        """Where the image lies on disk; its name changes with the tables and with what the seed is made from."""
        if self.folder is None or (spec.tasks or 0) > KEPT_TASKS:
            return None
        size = "own" if spec.tasks is None else str(spec.tasks)
        return self.folder / f"{spec.profile}-{spec.seed}-{spec.locale}-{size}-{fingerprint()}-{recipe()}.sqlite"

    def _kept(self, spec: Spec) -> bytes | None:
        path = self.path(spec)
        for each in (path, SHIPPED / path.name) if path else ():
            with suppress(OSError):
                if (image := each.read_bytes()).startswith(b"SQLite format 3\0"):
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
        os.fchmod(handle, READABLE & ~umask())
    Path(name).replace(path)


def umask() -> int:
    """The rights that this process takes from new files; asking for them means setting them for a moment."""
    import os

    os.umask(taken := os.umask(0))
    return taken


def make_room(folder: Path) -> None:
    """Keep the newest images only."""
    images = sorted(folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in images[KEPT_IMAGES:]:
        path.unlink(missing_ok=True)


@cache
def recipe() -> str:
    """Eight hexadecimal digits that change with this file, the seeding's code, its profiles and Faker."""
    import hashlib
    from importlib.metadata import version as installed

    here = Path(__file__)
    sources = [here, *here.parent.glob("seeding/*.py"), *fixture("profiles").glob("*.toml")]
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


def dated(image: bytes, now: float) -> Image:
    """An image whose data is dated around ``now``."""
    raw = cloned(image)
    move(raw, now)
    return Image(raw)


def plain(image: bytes) -> bytes:
    """An image that can be opened in memory: one of a file says that it has a write-ahead log, which memory has not."""
    return image if image[18:20] == ROLLBACK else image[:18] + ROLLBACK + image[20:]


def removed(path: Path) -> None:
    """Remove the file of a database, and what SQLite keeps beside it."""
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)


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


def written(path: Path, image: bytes) -> None:
    """Make the file of a database. Raises StartFailure."""
    try:
        write_whole(path, image)
    except OSError as error:
        raise StartFailure(f"The data folder {path.parent} cannot be written: {error.strerror}.") from None


def on_disk(path: Path) -> sqlite3.Connection:
    """A database in a file. Raises StartFailure."""
    try:
        raw = opened(path)
        check(raw, path)
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
