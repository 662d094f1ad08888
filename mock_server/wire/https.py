"""HTTPS only: which requests count as secure, and what becomes of the others."""

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from mock_server.settings import Settings
from mock_server.wire.refusals import HTTPS_REQUIRED, body_of, headers_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MESSAGE = "This server answers over HTTPS only; call it with https:// instead of http://."


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether a request came over HTTPS: to the server itself, or to a trusted proxy that says so."""
    return scope["scheme"] == "https" or (_forwarded(scope) == b"https" and _is_trusted(scope, settings))


def _forwarded(scope: Scope) -> bytes:
    """The first X-Forwarded-Proto, which is the proxy nearest to the client."""
    told = next((value for name, value in scope["headers"] if name == b"x-forwarded-proto"), b"")
    first: bytes = told.split(b",")[0].strip().lower()
    return first


def _is_trusted(scope: Scope, settings: Settings) -> bool:
    client = scope.get("client")
    try:
        address = _plain(ip_address(client[0])) if client else None
    except ValueError:
        return False
    return address is not None and any(address in network for network in settings.trusted_proxy)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 caller of an IPv6 listener, as the IPv4 address that it has."""
    return getattr(address, "ipv4_mapped", None) or address


class HttpsOnly:
    """An ASGI layer that answers 403 to insecure requests. Paths under ``/_mock`` stay open to both."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or is_beside_the_api(scope["path"]) or is_secure(scope, self.settings):
            await self.app(scope, receive, send)
            return
        body = body_of(HTTPS_REQUIRED, MESSAGE)
        await send({"type": "http.response.start", "status": HTTPS_REQUIRED.status, "headers": headers_of(body)})
        await send({"type": "http.response.body", "body": body})


def is_beside_the_api(path: str) -> bool:
    """Whether a path belongs to the control pages."""
    return path == "/_mock" or path.startswith("/_mock/")
