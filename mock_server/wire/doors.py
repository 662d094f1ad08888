"""Doors: the sockets that the server listens on. They are taken before anything is seeded, so a clash shows at once."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ssl import SSLContext

from mock_server.errors import StartFailure
from mock_server.settings import Settings, flag_of

BACKLOG = 2048
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 recognised, and called through loopback
NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}

Address = tuple[int, tuple[str, int]]


@dataclass(frozen=True)
class Door:
    """One scheme on one port: a socket for each address of the host, bound and not yet listening."""

    host: str
    sockets: tuple[socket.socket, ...]
    tls: SSLContext | None = None

    @property
    def port(self) -> int:
        """The port, also where a free one was asked for."""
        port: int = self.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """How a client on this machine reaches it."""
        return f"{'https' if self.tls else 'http'}://{bracketed(reachable(self.host))}:{self.port}"

    def listen(self) -> None:
        """Let clients in. Raises StartFailure if somebody else took the port meanwhile."""
        with _said(self.host, self.port, "port"):
            for each in self.sockets:
                each.listen(BACKLOG)

    def close(self) -> None:
        """Give the port back."""
        for each in self.sockets:
            each.close()


def reachable(host: str) -> str:
    """The host to call for a server that listens on ``host``: loopback for one that listens everywhere."""
    return EVERYWHERE.get(host, host)


def bracketed(host: str) -> str:
    """The host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def plain_door(settings: Settings) -> Door:
    """The door for HTTP. Raises StartFailure if the port is taken or the host is not this machine's."""
    return Door(settings.host, _bound(settings.host, settings.port, "port"))


def secure_door(settings: Settings, tls: SSLContext) -> Door:
    """The door for HTTPS. Raises StartFailure as the other does."""
    return Door(settings.host, _bound(settings.host, settings.tls_port, "tls_port"), tls)


def _bound(host: str, port: int, setting: str) -> tuple[socket.socket, ...]:
    with _said(host, port, setting):
        return tuple(_taken(list(_addresses(host, port))))


def _taken(addresses: list[Address]) -> list[socket.socket]:
    """A socket for each address, on one port. A family that the machine lacks is left out if another remains."""
    bound: list[socket.socket] = []
    with ExitStack() as undo:
        for family, (host, port) in addresses:
            port = bound[0].getsockname()[1] if bound else port
            try:
                bound.append(_socket(family, (host, port), only=len(addresses) > 1))
            except OSError as error:
                if error.errno not in NOT_HERE:
                    raise
                continue
            undo.callback(bound[-1].close)
        undo.pop_all()
    if not bound:
        raise OSError(errno.EADDRNOTAVAIL, "not an address of this machine")
    return bound


def _addresses(host: str, port: int) -> Iterator[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, _, _, _, address in dict.fromkeys(found):
        yield family, (str(address[0]), int(address[1]))


def _socket(family: int, address: tuple[str, int], *, only: bool) -> socket.socket:
    """A bound socket; ``only`` keeps an IPv6 socket from taking the IPv4 port too."""
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


@contextmanager
def _said(host: str, port: int, setting: str) -> Iterator[None]:
    """Turn a failure to bind or listen into one sentence."""
    try:
        yield
    except socket.gaierror:
        raise StartFailure(f"The host '{host}' is not an address of this machine; see --host.") from None
    except UnicodeError:
        raise StartFailure(f"The host '{host}' is not a host name; see --host.") from None
    except OSError as error:
        raise StartFailure(_sentence(error, host, port, flag_of(setting))) from None


def _sentence(error: OSError, host: str, port: int, flag: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; choose another with {flag}, where 0 picks a free one."
    if error.errno in NOT_HERE:
        return f"The host '{host}' is not an address of this machine; see --host."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is for privileged users only; choose one above 1023 with {flag}."
    return f"Port {port} on {host} cannot be opened: {error.strerror}."
