"""What was called: every exchange of a sandbox."""

from collections.abc import Callable

from mock_server.store.entry import Entry
from mock_server.store.ring import Ring


class Journal:
    """The exchanges of one sandbox. A request's id is the sandbox's id and its number there.

    ``owner`` tells its entries from those of others in the ring; with a new one, all before are forgotten.
    """

    def __init__(self, name: str, ring: Ring) -> None:
        self.name, self.ring, self.owner = name, ring, object()
        self.listeners: list[Callable[[Entry | None], None]] = []
        self.count = 0

    @property
    def entries(self) -> list[Entry]:
        """The exchanges that are kept, oldest first."""
        return self.after(0)

    def after(self, number: int) -> list[Entry]:
        """Those with greater numbers; picked from the ring, for more are noted than are read."""
        return [self.named(entry) for entry in self.ring.of(self.owner, number)]

    def find(self, number: int) -> Entry | None:
        """The exchange with a number; None where there is none, or none any more."""
        found = next(self.ring.of(self.owner, number - 1), None)
        return self.named(found) if found is not None and found.number == number else None

    def number(self, entry: Entry) -> str:
        """Give an exchange its id."""
        self.count = entry.number = self.count + 1
        return self.named(entry).id

    def named(self, entry: Entry) -> Entry:
        """The exchange with its id, which its number makes."""
        entry.id = f"{self.name}-{entry.number}"
        return entry

    def note(self, entry: Entry, body: bytes, answer: bytes) -> None:
        """Keep a finished exchange, and tell it to those who listen; nothing where the ring keeps nothing."""
        if not self.ring.most_entries:
            return
        self.ring.take(entry, self.owner, body, answer)
        if self.listeners:
            entry.hold(body, answer)
        for tell in self.listeners:
            tell(entry)

    def clear(self) -> None:
        """Forget everything; the numbers go on. The ring drops what is forgotten when its turn comes."""
        self.owner = object()

    def end(self) -> None:
        """Tell those who listen that nothing more will come."""
        for tell in self.listeners:
            tell(None)

    def reset(self) -> None:
        """Forget everything and number from one again."""
        self.clear()
        self.count = 0
