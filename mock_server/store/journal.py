"""What was called: every exchange of a sandbox, in a ring that all sandboxes of a server share the bytes of."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mock_server.errors import Refusal
from mock_server.store.windows import Standing

KEPT_BODY, KEPT_ANSWER = 8 * 1024, 4 * 1024  # bytes that an entry keeps; what is kept long is written to cold memory
Pairs = Sequence[tuple[bytes, bytes]]
WEIGHT = 1024  # bytes that an entry takes besides its bodies, about


class Entry:
    """One exchange as it happened; whoever reads it decodes it.

    ``began`` is in unix seconds of the sandbox's clock, ``took`` in seconds of the machine's. ``connection`` is 0 where
    there was no socket. ``sent`` and ``got`` count the bytes of the whole bodies; ``body`` and ``answer`` keep at most
    ``KEPT_BODY`` and ``KEPT_ANSWER`` of them. ``status`` is 0 where no answer was sent, ``fault`` tells of a fault.
    Of the answer's headers ``kind`` is the Content-Type, ``standing`` makes the rate limit's, ``more`` has the rest.
    """

    __slots__ = (
        "answer",
        "began",
        "body",
        "connection",
        "content_type",
        "credential",
        "dialect",
        "error",
        "fault",
        "got",
        "heads",
        "id",
        "keys",
        "kind",
        "method",
        "more",
        "owner",
        "path",
        "query",
        "sent",
        "standing",
        "status",
        "template",
        "took",
        "weight",
    )

    def __init__(self, method: str, path: str, query: bytes, heads: Mapping[bytes, bytes], connection: int) -> None:
        self.method, self.path, self.query, self.heads, self.connection = method, path, query, heads, connection
        self.id = self.dialect = self.template = self.content_type = self.credential = ""
        self.keys: tuple[str, ...] = ()
        self.owner: object = None
        self.kind = b""
        self.standing: Standing | None = None
        self.more: Pairs = ()
        self.body = self.answer = b""
        self.sent = self.got = self.status = self.weight = 0
        self.began = self.took = 0.0
        self.error: Refusal | None = None
        self.fault: dict[str, Any] | None = None

    def let(self, credential: str, keys: tuple[str, ...]) -> None:
        """Note who calls; ``keys`` are the texts by which one may speak of the credential."""
        self.credential, self.keys = credential, keys

    def headers(self) -> dict[str, str]:
        """The headers of the request, with names in lower case."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.heads.items()}


class Ring:
    """The exchanges of all journals of a server, oldest first: at most so many entries and so many bytes."""

    def __init__(self, most_bytes: int, most_entries: int) -> None:
        self.most_bytes, self.most_entries = most_bytes, most_entries
        self.held = 0
        self.order: deque[Entry] = deque()

    def take(self, entry: Entry, weight: int) -> None:
        """Keep an entry of so many bytes; the oldest make room for it."""
        entry.weight = weight
        self.order.append(entry)
        self.held += weight
        while self.held > self.most_bytes or len(self.order) > self.most_entries:
            self.held -= self.order.popleft().weight


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
        """The exchanges that are kept, oldest first; picked from the ring, for more are noted than are read."""
        return [entry for entry in self.ring.order if entry.owner is self.owner]

    def number(self, entry: Entry) -> str:
        """Give an exchange its id."""
        self.count += 1
        entry.id = f"{self.name}-{self.count}"
        return entry.id

    def note(self, entry: Entry, body: bytes, answer: bytes) -> None:
        """Keep a finished exchange, its bodies cut; nothing where the ring keeps nothing."""
        if not self.ring.most_entries:
            return
        entry.sent, entry.got = len(body), len(answer)
        if entry.sent > KEPT_BODY:
            body = body[:KEPT_BODY]
        if entry.got > KEPT_ANSWER:
            answer = answer[:KEPT_ANSWER]
        entry.body, entry.answer, entry.owner = body, answer, self.owner
        self.ring.take(entry, WEIGHT + len(body) + len(answer) + len(entry.query))
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
