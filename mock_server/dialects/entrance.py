"""Where tokens come from: a person logs in, a device is approved, a session is renewed or ended."""

from typing import NamedTuple, Self

from mock_server.dialects.endpoint import Call
from mock_server.store.callers import end, session
from mock_server.store.clock import DAY
from mock_server.store.grants import Grant
from mock_server.store.keyring import Let
from mock_server.store.sandbox import Sandbox

YEAR = 365 * DAY  # how long a token lasts, as the documentation says


class Entrance(NamedTuple):
    """The door of a sandbox, as one caller stands before it."""

    let: Let
    base: str

    @classmethod
    def asked_of(cls, call: Call) -> Self:
        """The door of the sandbox that is called; ``base`` is the address that the caller used."""
        return cls(call.let, call.db.spell.base.removesuffix(call.let.sandbox.files).decode("latin-1"))

    @property
    def sandbox(self) -> Sandbox:
        """Whose door it is."""
        return self.let.sandbox

    def open(self, user_id: int, project_id: int | None = None, where: str = "") -> str:
        """A token for a person of this sandbox, or of the one called ``where``. Raises NotFound where it is gone."""
        sandbox = self.sandbox.keyring.sandbox(where) if where else self.sandbox
        expires_at = int(sandbox.clock.now()) + YEAR
        token = session(sandbox.store, sandbox.id, user_id, project_id, expires_at)
        if sandbox is not self.sandbox:
            sandbox.store.keep()
        sandbox.keyring.admit(sandbox)
        return token

    def shut(self) -> None:
        """End the token that the caller came with."""
        end(self.sandbox.store, self.let.caller)
        self.sandbox.keyring.admit(self.sandbox)

    def ask(self, client_id: str, scope: str) -> Grant:
        """What a device asks for; approved at once, as the default credential's person, where the server does so."""
        sandbox = self.sandbox
        grant = sandbox.grants.ask(sandbox.id, sandbox.store.seed, client_id, scope, sandbox.clock.now())
        if sandbox.grants.auto:
            owner = sandbox.keyring.of(sandbox)[0].caller
            grant.said, grant.user_id, grant.project_id = "approved", owner.user_id, owner.project_id
        return grant
