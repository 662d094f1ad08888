"""Where the journals keep their exchanges: packed, so that an exchange leaves no object behind.

What is kept long is cold memory when its turn to go comes. Each object costs a miss of the caches then, and an exchange
is some twenty of them; packed it is a few bytes in a row. What exchanges share is kept beside as it is.
"""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from marshal import dumps, loads
from typing import Any, NamedTuple

from mock_server.store.entry import KEPT_ANSWER, KEPT_BODY, Entry
from mock_server.store.heads import Head, head_of, read

KEPT_HEAD = 2 * 1024  # bytes; of what is longer, only the head itself is kept, not what came in one piece with it
TOGETHER = 16  # exchanges that are packed at once
SMALL = 4 * 1024 * 1024  # bytes; a ring below packs each exchange by itself, so that it is filled to its end
WAITING = 16 * 1024  # bytes that are left for each exchange that waits to be packed
BESIDE = 80  # bytes that an exchange takes beside what is packed, about
NO_REFERENCES = 2  # the last version of the format that does not look for what occurs twice
GOT, NUMBER = 3, 4  # where they are among an exchange's own values
SHARED = 6  # values that an exchange shares with others, its owner first
Fields = tuple[Any, ...]


class Batch(NamedTuple):
    """Some exchanges: the bytes of what is theirs alone, and what they share with others as it is."""

    own: bytes
    answers: bytes
    shared: list[Any]

    @property
    def many(self) -> int:
        """How many they are."""
        return len(self.shared) // SHARED

    @property
    def weight(self) -> int:
        """The bytes that it takes."""
        return len(self.own) + len(self.answers) + BESIDE * self.many

    def of(self, owner: object, since: int, skipped: int) -> Iterator[Entry]:
        """The exchanges of an owner whose numbers are greater, oldest first, without so many at the start."""
        if owner not in self.shared[skipped * SHARED :: SHARED]:
            return
        for own, shared, answer in islice(self.rows(), skipped, None):
            if shared[0] is owner and own[NUMBER] > since:
                yield unpacked(own, shared, answer)

    def rows(self) -> Iterator[tuple[Fields, Fields, bytes]]:
        """What is kept of each exchange: its own values, those that it shares, and the answer's body."""
        start = 0
        for own, shared in zip(loads(self.own), zip(*[iter(self.shared)] * SHARED), strict=True):  # noqa: S302, B905
            end = start + min(own[GOT], KEPT_ANSWER)
            yield own, shared, self.answers[start:end]
            start = end


class Ring:
    """The exchanges of all journals of a server, oldest first: at most so many entries and so many bytes.

    The newest wait to be packed together; room is left for them.
    """

    def __init__(self, most_bytes: int, most_entries: int) -> None:
        self.together = TOGETHER if most_bytes >= SMALL else 1
        self.most_bytes, self.most_entries = most_bytes - (self.together - 1) * WAITING, most_entries
        self.held = self.count = 0
        self.own: list[Fields] = []
        self.answers: list[bytes] = []
        self.shared: list[Any] = []
        self.batches: deque[Batch] = deque()

    def take(self, entry: Entry, owner: object, body: bytes, answer: bytes) -> None:
        """Keep a finished exchange, its bodies cut; the oldest make room for it."""
        asked, sent = entry.raw, len(body)
        if sent or len(asked) > KEPT_HEAD:
            asked = head_of(asked)
        self.answers.append(answer[:KEPT_ANSWER])
        self.own.append(
            (
                asked or (entry.method, entry.path, entry.query, entry.heads),
                body[:KEPT_BODY],
                sent,
                len(answer),
                entry.number,
                entry.began,
                entry.took,
                entry.status,
                entry.connection,
                entry.standing,
            )
        )
        seldom = (entry.error, entry.fault, entry.more) if entry.error or entry.fault or entry.more else None
        self.shared += (owner, entry.dialect, entry.template, entry.keys, entry.kind, seldom)
        if len(self.answers) >= self.together:
            self.pack()

    def pack(self) -> None:
        """Pack what waits."""
        if not self.answers:
            return
        batch = Batch(dumps(self.own, NO_REFERENCES), b"".join(self.answers), self.shared)
        self.own, self.answers, self.shared = [], [], []
        self.batches.append(batch)
        self.count += batch.many
        self.held += batch.weight
        while self.batches and self.is_over(self.batches[0]):
            self.drop(self.batches.popleft())

    def drop(self, oldest: Batch) -> None:
        """Let go of the oldest."""
        self.count -= oldest.many
        self.held -= oldest.weight

    def is_over(self, oldest: Batch) -> bool:
        """Whether the bytes are too many, or the entries are enough without the oldest."""
        return self.held > self.most_bytes or self.count - oldest.many >= self.most_entries

    def of(self, owner: object, since: int = 0) -> Iterator[Entry]:
        """The exchanges of an owner whose numbers are greater, oldest first."""
        self.pack()
        skipped = max(0, self.count - self.most_entries)
        for batch in self.batches:
            yield from batch.of(owner, since, skipped)
            skipped = 0


def unpacked(own: Fields, shared: Fields, answer: bytes) -> Entry:
    """The exchange again, but for its id."""
    asked, body, sent, got, number, began, took, status, connection, standing = own
    head = read(asked) if isinstance(asked, bytes) else Head(*asked)
    entry = Entry(*head, connection)
    entry.body, entry.answer, entry.sent, entry.got, entry.number = body, answer, sent, got, number
    entry.began, entry.took, entry.status, entry.standing = began, took, status, standing
    entry.content_type = head.heads.get(b"content-type", b"").decode("latin-1")
    _, entry.dialect, entry.template, entry.keys, entry.kind, seldom = shared
    entry.error, entry.fault, entry.more = seldom or (None, None, ())
    return entry
