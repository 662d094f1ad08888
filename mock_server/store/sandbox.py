"""A sandbox: one small universe of its own."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Literal, NamedTuple

from mock_server.domain.workspaces import Seeding
from mock_server.settings import Limit
from mock_server.store import images
from mock_server.store.callers import issue, listed, password_of
from mock_server.store.clock import Clock, Pace
from mock_server.store.faults import Faults
from mock_server.store.grants import Grants
from mock_server.store.images import Image
from mock_server.store.journal import Journal
from mock_server.store.rows import Store
from mock_server.store.seeding import Spec
from mock_server.store.windows import Windows

MADE = ("minted-", "session-", "ended-")  # the names of credentials that came after the seed
Kind = Literal["default", "made", "forked"]


class Snapshot(NamedTuple):
    """A sandbox as it was: the image of its database and how its clock went. ``taken`` is its own time then."""

    image: Image
    pace: Pace
    taken: float


class Sandbox:
    """One universe: a database, a clock, credentials, rate limits, faults, snapshots and a journal.

    ``keyring`` is where its credentials are; ``origin`` is what a reset goes back to, ``pace`` how its clock went then;
    ``path`` the file of its database, if it has one; ``ends`` the machine's monotonic time at which it goes by itself.
    """

    keyring: Any  # a Keyring, which knows sandboxes and so cannot be named here

    def __init__(
        self, id: str, origin: Spec | Snapshot, store: Store, limits: Sequence[Limit], journal: Journal
    ) -> None:
        self.id, self.name, self.origin, self.store = id, id, origin, store
        self.kind: Kind = "default"
        self.pace: Pace = Pace()
        self.path: Path | None = None
        self.ends: float | None = None
        self.limits, self.windows, self.journal = limits, Windows(limits), journal
        self.faults, self.grants = Faults(store.seed), Grants()
        self.snapshots: dict[str, Snapshot] = {}
        self.faces: dict[str, Any] = {}
        self.files = f"/_mock/files/{id}/".encode()  # where attached files are had

    @property
    def clock(self) -> Clock:
        """The sandbox's time."""
        return self.store.clock

    def expire(self, seconds: float | None) -> None:
        """Go by itself after so many seconds of the machine's time, or never."""
        self.ends = None if seconds is None else monotonic() + seconds

    def snapshot(self) -> Snapshot:
        """What is there now."""
        return Snapshot(Image.of(self.store.raw), self.clock.pace(), self.clock.now())

    def exported(self) -> bytes:
        """The file of its database as it is now."""
        return images.plain(self.store.raw.serialize())

    def load(self, image: Image) -> None:
        """Take an image's data instead of its own, at once and whole, and give it the credentials of this sandbox.

        Faults, limits and journal stay as they are.
        """
        made = finished(self.id, images.copied(image.raw), self.clock, self.store.memory.bound)
        if self.path is None:
            made, self.store = self.store, made
        else:
            made.raw.backup(self.store.raw)
            self.store = Store(self.store.raw, self.clock, made.seed, made.memory.bound)
        made.raw.close()
        self.faces.clear()

    def forget(self) -> None:
        """Start counting anew: faults, limits, devices and journal as at the beginning."""
        self.faults, self.windows = Faults(self.store.seed), Windows(self.limits)
        self.grants = Grants(self.grants.auto)
        self.journal.reset()

    def brief(self) -> dict[str, Any]:
        """What a list says of it."""
        row = self.store.every(Seeding)[0]
        left = None if self.ends is None else max(0, round(self.ends - monotonic()))
        told = {name: getattr(row, name) for name in ("profile", "seed", "locale")}
        return {"id": self.id, "name": self.name, "kind": self.kind, **told, "now": int(self.clock.now()), "ttl": left}

    def described(self) -> dict[str, Any]:
        """What a client needs to know: the full-access credentials, one for each refusal, and those minted since."""
        others = listed(self.store)
        minted = {name: others.pop(name) for name in [*others] if name.startswith(MADE)}
        default, password = others.pop("default"), password_of(self.store, self.id)
        keys = {"credentials": default, "other_credentials": others, "password": password}
        return self.brief() | keys | {"minted_credentials": minted, "snapshots": list(self.snapshots)}


def finished(id: str, raw: sqlite3.Connection, clock: Clock, remember: int) -> Store:
    """The store of a seeded or copied database, with credentials of its own."""
    seed = raw.execute("SELECT seed FROM seeding").fetchone()[0]
    store = Store(raw, clock, seed, remember)
    issue(store, id)
    return store
