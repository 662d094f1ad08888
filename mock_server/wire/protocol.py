"""One HTTP connection: uvicorn's, with an end to its patience, to its heads, and to refusals in plain text."""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from itertools import count
from typing import Any, Literal

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mock_server.errors import Code
from mock_server.wire.refusals import HEAD_TOO_LARGE, MALFORMED, TIMED_OUT, Headers, head_of, last_words

HEAD_LIMIT = 64 * 1024
NUMBERS = count(1)
LINGER = 1.0  # seconds in which a refused client may still send; closing at once would reset what it was told


class HeadTooLarge(Exception):
    """Request line and headers are over the limit."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection on which a whole request has to arrive within ``patience`` seconds of its first byte.

    A connection that sends nothing is closed after the same time. One timer serves the connection: it looks at
    ``due`` when it fires, so that an ordinary request, which arrives in one piece, sets no timer at all.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        patience: float,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.patience = patience
        self.number = next(NUMBERS)
        self.due: float | None = None
        self.timer: TimerHandle | None = None
        self.reading: Literal["", "head", "body"] = ""
        self.is_deaf = self.is_hung = False
        self.code = MALFORMED
        # Three counts of bytes: since the connection was last between two requests, in an unfinished head, and in
        # the chunk at hand after the last request that ends in it.
        self.unsettled = self.head = self.rest = 0
        self.extensions: dict[str, Any] = {}  # of the request that is being read
        self.start = b""  # the chunk at hand, where a request starts with it whose head is not yet whole

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start to wait for the first request."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self.timer is not None:
            self.timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came. What it leaves unfinished has to be finished in time."""
        if self.is_deaf:
            return
        self.rest = len(data)
        self.start = b"" if self.unsettled else data
        self.unsettled += self.rest
        super().data_received(data)
        self._settle()

    def _settle(self) -> None:
        if self.reading == "head":
            self._measure()
        if self.reading or (self._is_idle() and not self.is_deaf):
            self._expect()
        else:
            self.due, self.unsettled = None, 0

    def _measure(self) -> None:
        self.head += self.rest
        if self.head > HEAD_LIMIT:
            self._refuse(HEAD_TOO_LARGE)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr] # None until a request

    def on_message_begin(self) -> None:
        """A request starts. The scope says on which connection, so that the journal and the faults can tell."""
        super().on_message_begin()
        self.scope["extensions"] = self.extensions = {"mock_server.connection": self}
        self.reading, self.head = "head", 0

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        if self.unsettled > HEAD_LIMIT and self._head_size() > HEAD_LIMIT:
            self.code = HEAD_TOO_LARGE
            raise HeadTooLarge
        self.extensions["mock_server.raw"], self.start = self.start, b""
        super().on_headers_complete()
        self.reading = "body"

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def on_message_complete(self) -> None:
        """It is whole."""
        super().on_message_complete()
        self.reading, self.rest = "", 0

    def _expect(self) -> None:
        if self.due is None:
            self.due = self.loop.time() + self.patience
        if self.timer is None:
            self.timer = self.loop.call_at(self.due, self._look)

    def _look(self) -> None:
        """See whether the client is late. While reading is paused it is not the client that keeps us waiting."""
        self.timer = None
        if self.due is None or self.transport.is_closing():
            return
        now = self.loop.time()
        if self.flow.read_paused:
            self.due = now + self.patience
        if self.due > now:
            self._expect()
        elif self.reading:
            self._refuse(TIMED_OUT)
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 it is uvicorn's, in plain text
        """Uvicorn calls this when the parser gives up."""
        self._refuse(self.code)

    def _refuse(self, code: Code) -> None:
        """Refuse the request that is being read, once what came before it is answered, and close."""
        half, cycle = self.reading == "body", self.cycle
        self.reading, self.due, self.is_deaf = "", None, True
        if half and (cycle.response_started or self.pipeline):
            self.transport.close()
        elif half:
            cycle.disconnected = True
            cycle.message_event.set()
            self._part(code)
        elif self._is_idle():
            self._part(code)
        else:
            cycle.keep_alive = False

    def shutdown(self) -> None:
        """The server stops: a request that hangs on purpose is not waited for."""
        if self.is_hung:
            self.transport.close()
        super().shutdown()

    def seized(self) -> Transport:
        """The transport of the request under way: what is written to it now is all that the client gets."""
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        return self.transport

    def _part(self, code: Code) -> None:
        self.transport.write(last_words(code, self._message(code), self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.close)

    def _message(self, code: Code) -> str:
        if code is TIMED_OUT:
            return f"The request did not arrive within {self.patience:g} seconds."
        if code is HEAD_TOO_LARGE:
            return f"Request line and headers are larger than {HEAD_LIMIT} bytes."
        return "What arrived is not an HTTP/1.1 request."

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade is not offered, and asking for one is no news: the request is answered as it is."""


def at_once(send: Any, status: int, headers: Headers, body: bytes) -> bool:
    """Write a whole answer to its connection, unless it has to wait, or the connection ends with it; whether it did.

    Uvicorn's ``send`` takes head and body one by one, and looks into each header. These are our own: what a caller
    may have put into them goes through ``send``.
    """
    cycle = getattr(send, "__self__", None)
    if not isinstance(cycle, RequestResponseCycle) or not is_free(cycle) or cycle.scope["method"] == "HEAD":
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.transport.writelines((head_of(status, [*cycle.default_headers, *headers]), body))
    cycle.message_event.set()
    cycle.on_response()
    return True


def is_free(cycle: RequestResponseCycle) -> bool:
    """Whether an answer may be written now, and another request may follow it."""
    return cycle.keep_alive and not cycle.disconnected and not cycle.flow.write_paused
