"""The world: every sandbox of a server.

The credential that a client sends chooses the sandbox.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from time import monotonic

from mock_server.domain.slugs import kebab
from mock_server.errors import Conflict, Invalid, NotFound, StartFailure
from mock_server.settings import Limit
from mock_server.store import images
from mock_server.store.clock import Clock, Pace
from mock_server.store.folder import claimed
from mock_server.store.image import Image, seeded
from mock_server.store.images import Images, Progress
from mock_server.store.journal import Journal
from mock_server.store.keyring import Keyring
from mock_server.store.ring import Ring
from mock_server.store.rows import Store
from mock_server.store.sandbox import Kind, Sandbox, Snapshot
from mock_server.store.seeding import Spec
from mock_server.store.tallies import Tally

DEFAULT = "default"
MOST_SNAPSHOTS = 64
STRAY = "stray"


class World:
    """Every sandbox of a server. ``strays`` is the journal of the calls that opened none."""

    def __init__(
        self,
        folder: Path | None,
        data: Path | None = None,
        limits: Sequence[Limit] = (),
        remember: int = 4 << 20,
        ring: Ring | None = None,
    ) -> None:
        self.images, self.data, self.limits, self.remember = Images(folder), data, limits, remember
        self.ring = ring or Ring(16 << 20, 10_000)
        self.strays = Journal(STRAY, self.ring)
        self.sandboxes: dict[str, Sandbox] = {}
        self.keyring, self.tally = Keyring(), Tally()
        self.numbers = count(1)
        self.next_end: float | None = None
        self.claim = ExitStack()

    @property
    def default(self) -> Sandbox:
        """The sandbox that was made at start."""
        return self.sandboxes[DEFAULT]

    def open(self, spec: Spec, pace: Pace = Pace(), progress: Progress | None = None) -> Sandbox:  # noqa: B008 a tuple
        """Make the default sandbox, or open its file, and open every other that a file keeps. Raises StartFailure."""
        if self.data is not None:
            self.claim.enter_context(claimed(self.data))
        made = self._placed(DEFAULT, spec, pace, self._file(DEFAULT), progress)
        made.store  # noqa: B018 a copy of a large project takes its time, which is the start's and not the first call's
        for path in sorted(self.data.glob("*-*.sqlite")) if self.data else ():
            self._placed(path.stem, spec, Pace(), path).kind = "made"
        return made

    def make(
        self, origin: Spec | Snapshot, pace: Pace | None = None, *, name: str = "", ttl: float | None = None
    ) -> Sandbox:
        """A new sandbox, seeded or like a snapshot. One that goes by itself is never kept in a file.

        Raises Invalid for a profile, a locale or a number of tasks that cannot be had.
        """
        id = self._id(name)
        kind: Kind = "forked" if isinstance(origin, Snapshot) else "made"
        try:
            sandbox = self._placed(id, origin, pace or pace_of(origin), self._file(id) if ttl is None else None)
        except StartFailure as failure:
            raise Invalid("profile", str(failure)) from None
        sandbox.kind, sandbox.name = kind, name or id
        sandbox.expire(ttl)
        self._look_ahead()
        return sandbox

    def find(self, id: str) -> Sandbox:
        """The sandbox of this id. Raises NotFound."""
        found = self.sandboxes.get(id)
        if found is None:
            raise NotFound("Sandbox", id, "")
        return found

    def reset(self, sandbox: Sandbox) -> None:
        """Back to the beginning: data, ids, clock, faults, limits and journal."""
        sandbox.clock.follow(sandbox.pace)
        sandbox.load(self._image(sandbox.origin, sandbox.clock))
        sandbox.forget()
        self.keyring.admit(sandbox)

    def keep(self, sandbox: Sandbox, name: str) -> Snapshot:
        """Keep a snapshot under a name. Raises Conflict if the name is taken, or where there are too many."""
        if name in sandbox.snapshots:
            raise Conflict(f"There is a snapshot '{name}' already; delete it first.", param="name")
        if len(sandbox.snapshots) >= MOST_SNAPSHOTS:
            raise Conflict(f"A sandbox keeps {MOST_SNAPSHOTS} snapshots; delete one first.")
        sandbox.snapshots[name] = made = sandbox.snapshot()
        return made

    def restore(self, sandbox: Sandbox, name: str) -> None:
        """Data and clock as they were at a snapshot; faults, limits and journal stay. Raises NotFound."""
        kept = self.kept(sandbox, name)
        sandbox.clock.follow(kept.pace)
        self.load(sandbox, kept.image)

    def load(self, sandbox: Sandbox, image: Image) -> None:
        """Take an image's data instead of the sandbox's own."""
        sandbox.load(image)
        self.keyring.admit(sandbox)

    def kept(self, sandbox: Sandbox, name: str) -> Snapshot:
        """A snapshot by its name. Raises NotFound."""
        found = sandbox.snapshots.get(name)
        if found is None:
            raise NotFound("Snapshot", name, f" in the sandbox '{sandbox.id}'")
        return found

    def remove(self, sandbox: Sandbox) -> None:
        """Remove a sandbox with all that belongs to it. Raises Conflict for the default one."""
        if sandbox.id == DEFAULT:
            raise Conflict("The default sandbox stays as long as the server; reset it instead.")
        del self.sandboxes[sandbox.id]
        self.keyring.expel(sandbox)
        sandbox.journal.reset()
        sandbox.journal.end()
        sandbox.close()
        if sandbox.path is not None:
            images.removed(sandbox.path)
        self._look_ahead()

    def sweep(self) -> None:
        """Remove the sandboxes whose time is over."""
        if self.next_end is not None and self.next_end <= monotonic():
            for sandbox in [*self.sandboxes.values()]:
                if sandbox.ends is not None and sandbox.ends <= monotonic():
                    self.remove(sandbox)
            self._look_ahead()

    def hush(self) -> None:
        """End what listens to the journals, so that the server can stop."""
        for journal in (self.strays, *[sandbox.journal for sandbox in self.sandboxes.values()]):
            journal.end()

    def close(self) -> None:
        """Close every database."""
        for sandbox in self.sandboxes.values():
            sandbox.close()
        self.claim.close()

    def _look_ahead(self) -> None:
        self.next_end = min((box.ends for box in self.sandboxes.values() if box.ends is not None), default=None)

    def _id(self, name: str) -> str:
        stem = kebab(name)[:40].strip("-") or "sandbox"
        return next(id for n in self.numbers if (id := f"{stem}-{n}") not in self.sandboxes)

    def _file(self, id: str) -> Path | None:
        return None if self.data is None else self.data / f"{id}.sqlite"

    def _image(self, origin: Spec | Snapshot, clock: Clock, progress: Progress | None = None) -> Image:
        return origin.image if isinstance(origin, Snapshot) else self.images.dated(origin, clock, progress)

    def _placed(
        self,
        id: str,
        origin: Spec | Snapshot,
        pace: Pace,
        path: Path | None,
        progress: Progress | None = None,
    ) -> Sandbox:
        clock = Clock()
        clock.follow(pace)
        kept = self._on_disk(path, clock) if path is not None and path.exists() else None
        data, origin = (kept, spec_of(kept)) if kept else (self._image(origin, clock, progress), origin)
        journal = Journal(id, self.ring)
        sandbox = Sandbox(id, origin, data, clock, limits=self.limits, journal=journal, remember=self.remember)
        if path is not None and kept is None:
            self._put(sandbox, path)
        sandbox.pace, sandbox.path = pace, path
        self.sandboxes[id] = sandbox
        self.keyring.admit(sandbox)
        return sandbox

    def _put(self, sandbox: Sandbox, path: Path) -> None:
        images.written(path, sandbox.exported())
        sandbox.close()
        sandbox.data = self._on_disk(path, sandbox.clock)

    def _on_disk(self, path: Path, clock: Clock) -> Store:
        raw = images.on_disk(path)
        return Store(raw, clock, seeded(raw).seed, self.remember)


def spec_of(store: Store) -> Spec:
    """What a database that was kept was seeded with."""
    row = seeded(store.raw)
    return Spec(row.profile, row.seed, row.locale, row.tasks if row.profile == "demo" else None)


def pace_of(origin: Spec | Snapshot) -> Pace:
    """How the clock of a new sandbox goes where nothing is said."""
    return origin.pace if isinstance(origin, Snapshot) else Pace()
