"""One exchange of the journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_server.errors import Refusal
from mock_server.store.windows import Standing

KEPT_BODY, KEPT_ANSWER = 8 * 1024, 4 * 1024  # bytes; what is kept is written to cold memory
Pairs = Sequence[tuple[bytes, bytes]]


class Entry:
    """One exchange as it happened; whoever reads it decodes it.

    ``raw`` starts with the request's head where it came in one piece. ``began`` is in unix seconds of the sandbox's
    clock, ``took`` in seconds of the machine's. ``connection`` is 0 where there was no socket. ``sent`` and ``got``
    count the bytes of the whole bodies; ``body`` and ``answer`` have at most ``KEPT_BODY`` and ``KEPT_ANSWER`` of them.
    ``keys`` are the texts by which one may speak of the credential, its name first. ``status`` is 0 where no answer was
    sent, ``fault`` tells of a fault. Of the answer's headers ``kind`` is the Content-Type, ``standing`` makes the rate
    limit's, ``more`` has the rest.
    """

    __slots__ = (
        "answer",
        "began",
        "body",
        "connection",
        "content_type",
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
        "number",
        "path",
        "query",
        "raw",
        "sent",
        "standing",
        "status",
        "template",
        "took",
    )

    def __init__(self, method: str, path: str, query: bytes, heads: Mapping[bytes, bytes], connection: int) -> None:
        self.method, self.path, self.query, self.heads, self.connection = method, path, query, heads, connection
        self.id = self.dialect = self.template = self.content_type = ""
        self.keys: tuple[str, ...] = ()
        self.kind = self.raw = self.body = self.answer = b""
        self.standing: Standing | None = None
        self.more: Pairs = ()
        self.number = self.sent = self.got = self.status = 0
        self.began = self.took = 0.0
        self.error: Refusal | None = None
        self.fault: dict[str, Any] | None = None

    @property
    def credential(self) -> str:
        """The name of the credential, as the sandbox lists it."""
        return self.keys[0] if self.keys else ""

    def hold(self, body: bytes, answer: bytes) -> None:
        """Keep of the bodies as much as is kept."""
        self.sent, self.got = len(body), len(answer)
        self.body, self.answer = body[:KEPT_BODY], answer[:KEPT_ANSWER]

    def headers(self) -> dict[str, str]:
        """The headers of the request, with names in lower case."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.heads.items()}
