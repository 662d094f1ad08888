"""Which credential opens which sandbox."""

from collections import Counter
from typing import NamedTuple

from mock_server.domain.workspaces import Credential
from mock_server.store.callers import Caller, caller_of
from mock_server.store.sandbox import Sandbox


class Let(NamedTuple):
    """A caller and the sandbox that it calls; ``keys`` are the texts by which one may speak of the credential."""

    sandbox: Sandbox
    caller: Caller
    name: str
    keys: tuple[str, ...]


class Keyring:
    """The credentials of every sandbox. ``halves`` counts how many pairs each half is part of."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], Let] = {}
        self.halves: Counter[str] = Counter()
        self.held: dict[str, list[tuple[str, str]]] = {}

    def admit(self, sandbox: Sandbox) -> None:
        """Let in the credentials that the sandbox has now, and none that it had before."""
        self.expel(sandbox)
        held = self.held[sandbox.id] = []
        for row in sandbox.store.every(Credential):
            if row.api_id and row.project_key:
                held.append((row.api_id, row.project_key))
                self.pairs[held[-1]] = Let(sandbox, caller_of(row), row.name, (row.name, str(row.token), *held[-1]))
                self.halves.update(held[-1])

    def of(self, sandbox: Sandbox) -> list[Let]:
        """The sandbox's credentials, in the order in which they were made."""
        return [self.pairs[pair] for pair in self.held[sandbox.id]]

    def expel(self, sandbox: Sandbox) -> None:
        """Let in none of the sandbox's credentials any more."""
        for pair in self.held.pop(sandbox.id, ()):
            del self.pairs[pair]
            for half in pair:
                self.halves[half] -= 1
                if not self.halves[half]:
                    del self.halves[half]
