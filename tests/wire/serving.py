"""A small application behind the real listeners, in a thread of its own."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvloop

from mock_server.settings import Settings
from mock_server.wire.certificates import certificate
from mock_server.wire.doors import Door, plain_door, secure_door
from mock_server.wire.https import App
from mock_server.wire.listener import Listener

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PATIENCE = 0.4


@dataclass
class Echo:
    """Answers with what it got; ``/slow`` and ``/late`` take a while, ``/early`` does not wait for the body."""

    finished: list[str] = field(default_factory=list)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            raise NotImplementedError
        if scope["path"] == "/early":
            await _say(send, 413, {"early": True})
            return
        if scope["path"] == "/late":
            await asyncio.sleep(PATIENCE * 2)
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.finished.append("disconnect")
                return
            size, more = size + len(message["body"]), message["more_body"]
        if scope["path"] == "/slow":
            await asyncio.sleep(0.6)
        self.finished.append(scope["path"])
        await _say(send, 200, {"path": scope["path"], "scheme": scope["scheme"], "size": size})


async def _say(send: Send, status: int, content: Any) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Served:
    """Where the application is served."""

    doors: list[Door]
    listener: Listener

    @property
    def url(self) -> str:
        """The first door."""
        return self.doors[0].url

    @property
    def port(self) -> int:
        """Its port."""
        return self.doors[0].port


def settings(**given: Any) -> Settings:
    """Settings on free ports, with little patience."""
    return Settings(**({"port": 0, "tls_port": 0, "request_timeout": PATIENCE} | given))


@contextmanager
def serving(app: App, given: Settings) -> Iterator[Served]:
    """Serve an application through the doors that the settings ask for."""
    doors = [plain_door(given)]
    if given.serves_https:
        doors.append(secure_door(given, certificate(given).tls))
    started = threading.Event()
    loop = uvloop.new_event_loop()
    listener = Listener(app, given, doors, started.set)
    thread = threading.Thread(target=loop.run_until_complete, args=(listener.serve(),))
    thread.start()
    try:
        assert started.wait(10)
        yield Served(doors, listener)
    finally:
        loop.call_soon_threadsafe(listener.stop)
        thread.join(15)
        loop.close()


@contextmanager
def connected(port: int, context: ssl.SSLContext | None = None) -> Iterator[socket.socket]:
    """A raw connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        if context is None:
            yield plain
        else:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                yield secure


def everything(wire: socket.socket) -> bytes:
    """What the server says until it closes the connection."""
    parts = []
    while part := wire.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def said(answer: bytes) -> tuple[int, Any]:
    """Status and JSON of one raw answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)
