"""Sandboxes: each a small universe of its own, and the world that holds them all.

The credential that a client sends chooses the sandbox.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mock_server.domain.workspaces import Credential
from mock_server.settings import Limit
from mock_server.store import images
from mock_server.store.callers import Caller, caller_of, issue, listed
from mock_server.store.clock import Clock
from mock_server.store.images import Images, Progress
from mock_server.store.journal import Journal, Ring
from mock_server.store.rows import Store
from mock_server.store.seeding import Spec
from mock_server.store.windows import Windows


class Let(NamedTuple):
    """A caller and the sandbox that it calls."""

    sandbox: "Sandbox"
    caller: Caller


class Sandbox:
    """One universe: a database, a clock, credentials, rate limits and a journal."""

    def __init__(self, id: str, spec: Spec, store: Store, limits: Sequence[Limit], journal: Journal) -> None:
        self.id, self.spec, self.store = id, spec, store
        self.windows, self.journal = Windows(limits), journal
        self.faces: dict[str, Any] = {}

    @property
    def clock(self) -> Clock:
        """The sandbox's time."""
        return self.store.clock

    def described(self) -> dict[str, Any]:
        """What a client needs to know: the full-access credentials, and one for each refusal."""
        others = listed(self.store)
        return {
            "id": self.id,
            "profile": self.spec.profile,
            "seed": self.spec.seed,
            "locale": self.spec.locale,
            "now": int(self.clock.now()),
            "credentials": others.pop("default"),
            "other_credentials": others,
        }


class World:
    """Every sandbox of a server, and which credential opens which. ``strays`` has the calls that opened none."""

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
        self.strays = Journal("stray", self.ring)
        self.sandboxes: dict[str, Sandbox] = {}
        self.pairs: dict[tuple[str, str], Let] = {}
        self.halves: set[str] = set()

    @property
    def default(self) -> Sandbox:
        """The sandbox that was made at start."""
        return self.sandboxes["default"]

    def make(self, id: str, spec: Spec, clock: Clock | None = None, progress: Progress | None = None) -> Sandbox:
        """A new sandbox, dated around its clock's now; or the one in its file. Raises StartFailure."""
        clock = clock or Clock()
        raw = None
        if self.data is not None:
            path = self.data / f"{id}.sqlite"
            raw = images.on_disk(path, lambda: self._finished(id, spec, clock, progress).raw.serialize())
        store = Store(raw, clock, spec.seed, self.remember) if raw else self._finished(id, spec, clock, progress)
        sandbox = Sandbox(id, spec, store, self.limits, Journal(id, self.ring))
        self.sandboxes[id] = sandbox
        self.admit(sandbox)
        return sandbox

    def _finished(self, id: str, spec: Spec, clock: Clock, progress: Progress | None) -> Store:
        raw = images.cloned(self.images.image(spec, progress))
        images.move(raw, clock.now())
        store = Store(raw, clock, spec.seed, self.remember)
        issue(store, id)
        return store

    def admit(self, sandbox: Sandbox) -> None:
        """Let the sandbox's credentials in."""
        for row in sandbox.store.every(Credential):
            if row.api_id and row.project_key:
                self.pairs[row.api_id, row.project_key] = Let(sandbox, caller_of(row))
                self.halves |= {row.api_id, row.project_key}

    def close(self) -> None:
        """Close every database."""
        for sandbox in self.sandboxes.values():
            sandbox.store.raw.close()
