"""Which credential opens which sandbox."""

from collections import Counter
from typing import NamedTuple

from mock_server.errors import NotFound
from mock_server.store.callers import Caller, caller_of, password_of
from mock_server.store.image import Held
from mock_server.store.sandbox import Sandbox


class Let(NamedTuple):
    """A caller and the sandbox that it calls; ``keys`` are the texts by which one may speak of the credential.

    The first of them is ``name``.
    """

    sandbox: Sandbox
    caller: Caller
    name: str
    keys: tuple[str, ...]


class Keyring:
    """The credentials of every sandbox. ``halves`` counts how many pairs each half is part of.

    ``said`` is the password of each: what it takes in may have been seeded otherwise, so that it gets another one.
    """

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], Let] = {}
        self.tokens: dict[str, Let] = {}
        self.passwords: dict[str, Sandbox] = {}
        self.said: dict[str, str] = {}
        self.sandboxes: dict[str, Sandbox] = {}
        self.halves: Counter[str] = Counter()
        self.held: dict[str, list[Let]] = {}

    def admit(self, sandbox: Sandbox) -> None:
        """Let in the credentials that the sandbox has now, and none that it had before."""
        self.expel(sandbox)
        sandbox.keyring, self.sandboxes[sandbox.id] = self, sandbox
        self.held[sandbox.id] = [self._held(sandbox, row) for row in sandbox.held()]
        self.said[sandbox.id] = password = password_of(sandbox.seed, sandbox.id)
        self.passwords[password] = sandbox

    def _held(self, sandbox: Sandbox, row: Held) -> Let:
        keys = (row.name, *filter(None, (row.token, row.api_id, row.project_key)))
        let = Let(sandbox, caller_of(row), row.name, keys)
        if row.api_id and row.project_key:
            self.pairs[(row.api_id, row.project_key)] = let
            self.halves.update((row.api_id, row.project_key))
        if row.token:
            self.tokens[row.token] = let
        return let

    def _less(self, pair: tuple[str, ...]) -> None:
        for half in pair:
            self.halves[half] -= 1
            if not self.halves[half]:
                del self.halves[half]

    def sandbox(self, id: str) -> Sandbox:
        """The sandbox of an id. Raises NotFound."""
        if id not in self.sandboxes:
            raise NotFound("Sandbox", id, "")
        return self.sandboxes[id]

    def of(self, sandbox: Sandbox) -> list[Let]:
        """The sandbox's credentials, in the order in which they were made."""
        return self.held[sandbox.id]

    def expel(self, sandbox: Sandbox) -> None:
        """Let in none of the sandbox's credentials any more."""
        self.sandboxes.pop(sandbox.id, None)
        self.passwords.pop(self.said.pop(sandbox.id, ""), None)
        for let in self.held.pop(sandbox.id, ()):
            for key in let.keys:
                if self.tokens.get(key) is let:
                    del self.tokens[key]
            pair = let.keys[-2:]
            if self.pairs.get(pair) is let:  # type: ignore[arg-type]
                del self.pairs[pair]  # type: ignore[arg-type]
                self._less(pair)
