"""The listeners: one uvicorn for plain HTTP and HTTPS, in one loop, that ends when it is told to and not before."""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
import uvloop

from mock_server.errors import StartFailure
from mock_server.settings import Settings
from mock_server.wire.doors import BACKLOG, Door
from mock_server.wire.protocol import BoundedProtocol

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHUTDOWN = 1.0  # seconds in which a client may say goodbye to TLS; some never do
HEADERS = [("server", "gitscrum-mock")]


def nothing() -> None:
    """Done where nobody wants to be told."""


def run(
    app: Any,
    settings: Settings,
    doors: Sequence[Door],
    on_ready: Callable[[], None] = nothing,
    on_stop: Callable[[], None] = nothing,
) -> None:
    """Serve an ASGI application through its doors until SIGINT or SIGTERM.

    ``on_ready`` is called once it answers, ``on_stop`` when it is told to stop. What runs then has
    ``shutdown_grace`` seconds to finish. Raises StartFailure if the application does not start.
    """
    logging.getLogger("uvicorn.error").addFilter(unfinished)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(app, settings, doors, on_ready, on_stop))
    finally:
        for door in doors:
            door.close()


async def serve(
    app: Any, settings: Settings, doors: Sequence[Door], on_ready: Callable[[], None], on_stop: Callable[[], None]
) -> None:
    """The same, in a loop that runs already."""
    await Listener(app, settings, doors, on_ready, on_stop).serve()


def config(app: Any, settings: Settings) -> uvicorn.Config:
    """Uvicorn, told to keep to HTTP: no websockets, no access log, no proxy headers (``wire.https`` reads them)."""
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="auto",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        headers=HEADERS,
        timeout_keep_alive=settings.keep_alive,  # type: ignore[arg-type] # it is handed to call_later
        timeout_graceful_shutdown=settings.shutdown_grace,  # type: ignore[arg-type] # it is handed to wait_for
    )


def unfinished(record: logging.LogRecord) -> bool:
    """A log filter: what the end of the grace period cut off is no failure of the application."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class Listener(uvicorn.Server):
    """Uvicorn's server over several doors, each with or without TLS. One lifespan, one count of connections."""

    def __init__(
        self,
        app: Any,
        settings: Settings,
        doors: Sequence[Door],
        on_ready: Callable[[], None],
        on_stop: Callable[[], None] = nothing,
    ) -> None:
        super().__init__(config(app, settings))
        self.patience, self.doors, self.on_ready, self.on_stop = settings.request_timeout, doors, on_ready, on_stop
        self.told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 the doors have them
        """Start the application, then let clients in."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise StartFailure("The application did not start; the log says why.")
        self.servers = []
        try:
            for door in self.doors:
                self.servers += [await self._opened(door, each) for each in door.sockets]
            self.on_ready()
        except StartFailure:
            await self._give_up()
            raise
        self.started = True

    async def _give_up(self) -> None:
        for server in self.servers:
            server.close()
        await self.lifespan.shutdown()

    async def _opened(self, door: Door, each: socket.socket) -> Any:
        door.listen()
        return await asyncio.get_running_loop().create_server(
            self._protocol,
            sock=each,
            ssl=door.tls,
            backlog=BACKLOG,
            ssl_handshake_timeout=self.patience if door.tls else None,
            ssl_shutdown_timeout=SHUTDOWN if door.tls else None,
        )

    def _protocol(self) -> BoundedProtocol:
        loop = asyncio.get_running_loop()
        return BoundedProtocol(self.config, self.server_state, self.lifespan.state, loop, patience=self.patience)

    async def main_loop(self) -> None:
        """Renew the Date header each second until told to stop."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.told.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell so, then wait for what runs."""
        self.on_stop()
        await super().shutdown(sockets)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Finish what runs, then return from ``run``. A second SIGINT does not wait."""
        self.handle_exit(number, None)
        self.told.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as a wish to stop, and exit normally after; uvicorn would die of the signal."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.stop, number)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
