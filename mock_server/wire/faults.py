"""What a fault does to one request: an answer of its own, or something on the socket that no client likes."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from http.client import responses
from random import Random
from typing import Any

import orjson
from pydantic import ValidationError

from mock_server.dialects.dialect import Answer, Dialect, Headers, Heads, Receive, Send
from mock_server.errors import Invalid, Refusal, plainly, shown
from mock_server.store.effects import Do, Wire
from mock_server.store.faults import Fault
from mock_server.wire.protocol import BoundedProtocol
from mock_server.wire.refusals import head_of

NO_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN, as in socket(7)
GARBAGE = bytes(range(128, 256)) + b"\r\n\r\n"
TICK = 0.1  # seconds between two drips, unless a byte takes longer
TEXT = (b"content-type", b"text/plain; charset=utf-8")


class Injected(Refusal):
    """A refusal that a fault asked for; ``retry_after`` is in seconds."""

    def __init__(self, do: Do, code: str) -> None:
        super().__init__(do.message or f"{responses.get(do.status or 500, do.status)}: the sandbox was told so.")
        self.code, self.retry_after = do.error_code or code, do.retry_after


def by_header(heads: Heads) -> Fault:
    """The fault that a request's own headers ask for. Raises Invalid, naming the header."""
    words = [(word, heads.get(b"x-mock-" + word.encode())) for word in ("status", "delay", "wire")]
    asked = {word: value.decode("latin-1") for word, value in words if value is not None}
    try:
        do = Do.model_validate(asked)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"X-Mock-{str(first['loc'][0]).capitalize()}"
        why = f"{plainly(first['msg'])}; got '{shown(first['input'])}'"
        raise Invalid(name, f"The header {name} is not valid: {why}.") from None
    seconds = do.delay.seconds(Random(0)) if do.delay else 0.0
    return Fault("header", do, "after" if do.mutilates else "before", seconds)


def answer_of(do: Do, dialect: Dialect, heads: Heads) -> tuple[Answer, Refusal]:
    """What a fault with a status says, in the caller's dialect, unless it has a body of its own."""
    status = do.status or 500
    refusal = Injected(do, dialect.word_of(status))
    answer = dialect.refusal(refusal, heads, status)
    if do.body is not None:
        answer.body = do.body.encode() if isinstance(do.body, str) else orjson.dumps(do.body)
        answer.kind = TEXT if isinstance(do.body, str) else answer.kind
    extra = {name.lower().encode(): value.encode() for name, value in do.headers.items()}
    answer.kind = (answer.kind[0], extra.pop(answer.kind[0], answer.kind[1]))
    answer.headers += extra.items()
    return answer, refusal


class Broken:
    """One request whose connection is to be harmed: how, what would have been answered, and on which connection."""

    def __init__(
        self, wire: Wire, answer: Answer, headers: Headers, connection: BoundedProtocol | None, send: Send
    ) -> None:
        self.wire, self.answer, self.connection, self.send = wire, answer, connection, send
        self.headers = [answer.kind, *headers, *answer.headers]
        self.length = (b"content-length", str(len(answer.body)).encode())

    async def harm(self, receive: Receive) -> None:
        """Do it. Raises ConnectionResetError where there is no connection, as in a client that calls in process."""
        if self.connection is None and self.wire.kind != "drip":
            raise ConnectionResetError(f"The sandbox was told to {self.wire.kind.replace('_', ' ')} here.")
        await HARMS[self.wire.kind](self, receive)

    @property
    def taken(self) -> Any:
        """The connection's transport, out of the server's hands."""
        assert self.connection is not None, "only a drip does without"  # noqa: S101 harm has looked
        return self.connection.seized()

    def head(self, *framing: tuple[bytes, bytes]) -> bytes:
        """The head of the answer, framed so."""
        defaults = self.connection.server_state.default_headers if self.connection else []
        return head_of(self.answer.status, [*defaults, *self.headers, *framing])

    async def reset(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """RST instead of an answer."""
        transport = self.taken
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        transport.abort()

    async def empty(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """The end of the connection instead of an answer."""
        self.taken.close()

    async def garbage(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """Bytes that are not HTTP."""
        self.ended(GARBAGE)

    async def truncate(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """Half of the body that Content-Length promises."""
        self.ended(self.head(self.length) + self.half())

    async def bad_chunk(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """A good chunk, then one whose size is no number."""
        half = self.half()
        good = f"{len(half):x}\r\n".encode() + half + b"\r\n"
        self.ended(self.head((b"transfer-encoding", b"chunked")) + good + b"zz\r\n" + b"oops\r\n")

    async def hang(self, receive: Receive) -> None:
        """Nothing, until the client goes away."""
        assert self.connection is not None, "harm has looked"  # noqa: S101 as above
        self.connection.is_hung = True
        while (await receive())["type"] != "http.disconnect":
            pass
        self.taken.close()

    async def drip(self, receive: Receive) -> None:  # noqa: ARG002 all harms are called alike
        """The whole answer, ``rate`` bytes a second."""
        start: dict[str, Any] = {"type": "http.response.start", "status": self.answer.status}
        await self.send(start | {"headers": [*self.headers, self.length]})
        size = max(1, int(self.wire.rate * TICK))
        for at in range(0, len(self.answer.body), size):
            await self.send({"type": "http.response.body", "body": self.answer.body[at : at + size], "more_body": True})
            await asyncio.sleep(size / self.wire.rate)
            if self.connection is not None and self.connection.transport.is_closing():
                return
        await self.send({"type": "http.response.body", "body": b""})

    def half(self) -> bytes:
        """The first half of the body."""
        return self.answer.body[: len(self.answer.body) // 2]

    def ended(self, last: bytes) -> None:
        """Write, then close."""
        transport = self.taken
        transport.write(last)
        transport.close()


HARMS: dict[str, Callable[[Broken, Receive], Awaitable[None]]] = {
    "reset": Broken.reset,
    "empty": Broken.empty,
    "garbage": Broken.garbage,
    "truncate": Broken.truncate,
    "bad_chunk": Broken.bad_chunk,
    "hang": Broken.hang,
    "drip": Broken.drip,
}
