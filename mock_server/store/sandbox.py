"""A sandbox: one small universe of its own."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Literal, NamedTuple

from mock_server.settings import Limit
from mock_server.store import images
from mock_server.store.callers import issue, issued, listed, password_of
from mock_server.store.clock import Clock, Pace
from mock_server.store.faults import Faults
from mock_server.store.grants import Grants
from mock_server.store.image import Held, Image, held, seeded
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

    ``data`` is the image that it starts as until somebody asks for its ``store``, and the store from then on.
    ``keyring`` is where its credentials are; ``origin`` is what a reset goes back to, ``pace`` how its clock went then;
    ``path`` the file of its database, if it has one; ``ends`` the machine's monotonic time at which it goes by itself.
    """

    keyring: Any  # a Keyring, which knows sandboxes and so cannot be named here

    def __init__(
        self,
        id: str,
        origin: Spec | Snapshot,
        data: Image | Store,
        clock: Clock,
        *,
        limits: Sequence[Limit],
        journal: Journal,
        remember: int,
    ) -> None:
        self.id, self.name, self.origin, self.clock, self.remember = id, id, origin, clock, remember
        self.kind: Kind = "default"
        self.pace: Pace = Pace()
        self.path: Path | None = None
        self.ends: float | None = None
        self.limits, self.windows, self.journal = limits, Windows(limits), journal
        self.snapshots: dict[str, Snapshot] = {}
        self.faces: dict[str, Any] = {}
        self.files = f"/_mock/files/{id}/".encode()  # where attached files are had
        self.data, self.seeded = data, data.seeded if isinstance(data, Image) else seeded(data.raw)
        self.faults, self.grants = Faults(self.seed), Grants()

    @property
    def seed(self) -> int:
        """What its data was made from."""
        return self.seeded.seed

    @property
    def store(self) -> Store:
        """Its database. The copy of an image is made when it is first asked for."""
        if isinstance(self.data, Image):
            self.data = self._copied(self.data)
        return self.data

    def on(self, raw: sqlite3.Connection) -> Store:
        """A store over a database that is to be its own."""
        return Store(raw, self.clock, self.seed, self.remember)

    def _copied(self, image: Image) -> Store:
        store = self.on(images.copied(image.raw))
        issue(store, issued(image, self.id))
        return store

    def held(self) -> list[Held]:
        """Its credentials, in the order in which they were made."""
        return issued(self.data, self.id) if isinstance(self.data, Image) else held(self.data.raw)

    def expire(self, seconds: float | None) -> None:
        """Go by itself after so many seconds of the machine's time, or never."""
        self.ends = None if seconds is None else monotonic() + seconds

    def snapshot(self) -> Snapshot:
        """What is there now."""
        image = self.data if isinstance(self.data, Image) else images.image_of(self.data.raw)
        return Snapshot(image, self.clock.pace(), self.clock.now())

    def exported(self) -> bytes:
        """The file of its database as it is now."""
        return images.plain(self.store.raw.serialize())

    def load(self, image: Image) -> None:
        """Take an image's data instead of its own, at once and whole, with the credentials of this sandbox.

        Faults, limits and journal stay as they are.
        """
        self.seeded = image.seeded
        self.faces.clear()
        if self.path is None:
            self.close()
            self.data = image
        else:
            made = self._copied(image)
            made.raw.backup(self.store.raw)
            self.data = self.on(self.store.raw)
            made.raw.close()

    def close(self) -> None:
        """Close its database."""
        if isinstance(self.data, Store):
            self.data.raw.close()

    def forget(self) -> None:
        """Start counting anew: faults, limits, devices and journal as at the beginning."""
        self.faults, self.windows = Faults(self.seed), Windows(self.limits)
        self.grants = Grants(self.grants.auto)
        self.journal.reset()

    def brief(self) -> dict[str, Any]:
        """What a list says of it."""
        left = None if self.ends is None else max(0, round(self.ends - monotonic()))
        told = {name: getattr(self.seeded, name) for name in ("profile", "seed", "locale")}
        return {"id": self.id, "name": self.name, "kind": self.kind, **told, "now": int(self.clock.now()), "ttl": left}

    def described(self) -> dict[str, Any]:
        """What a client needs to know: the full-access credentials, one for each refusal, and those minted since."""
        others = listed(self.held())
        minted = {name: others.pop(name) for name in [*others] if name.startswith(MADE)}
        default, password = others.pop("default"), password_of(self.seed, self.id)
        keys = {"credentials": default, "other_credentials": others, "password": password}
        return self.brief() | keys | {"minted_credentials": minted, "snapshots": list(self.snapshots)}
