"""Calls to the control routes of a server, here or in a container."""

import json
import ssl
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PATIENCE = 330.0  # seconds; the longest wait that a server takes is shorter


class ControlError(Exception):
    """A control route refused: ``status``, ``code`` and ``param`` are those of its answer."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        super().__init__(told.get("message", f"The server answered {status}."))
        self.status, self.code, self.param = status, told.get("error_code"), told.get("param")


class Control:
    """The control routes of one server. ``token`` is that of ``--control-token``, ``trust`` for HTTPS of its CA."""

    def __init__(self, base_url: str, token: str | None = None, trust: ssl.SSLContext | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.place, self.token, self.trust = urlsplit(self.base_url), token, trust

    def call(self, method: str, /, *path: str, body: Any = None, raw: bytes | None = None, **query: Any) -> Any:
        """The JSON that a route answers; ``path`` comes below ``/_mock``. Raises ControlError and OSError."""
        answer = self.fetch(method, *path, body=body, raw=raw, **query)
        return json.loads(answer)

    def fetch(self, method: str, /, *path: str, body: Any = None, raw: bytes | None = None, **query: Any) -> bytes:
        """The bytes that a route answers. Raises ControlError and OSError."""
        heads = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        told = raw if body is None else json.dumps(body).encode()
        if told is not None:
            heads["Content-Type"] = "application/octet-stream" if body is None else "application/json"
        wire = self.connection()
        try:
            wire.request(method, address(path, query), told, heads)
            answer = wire.getresponse()
            content = answer.read()
        finally:
            wire.close()
        if answer.status >= 400:
            raise ControlError(answer.status, json.loads(content))
        return content

    def connection(self) -> HTTPConnection:
        """A connection to the server."""
        host, port = self.place.hostname or "localhost", self.place.port
        if self.place.scheme == "https":
            return HTTPSConnection(host, port, timeout=PATIENCE, context=self.trust)
        return HTTPConnection(host, port, timeout=PATIENCE)


def address(path: tuple[str, ...], query: dict[str, Any]) -> str:
    """Path and query of a route; what is None is left out."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return "/_mock/" + "/".join(quote(part, safe="") for part in path) + (f"?{asked}" if asked else "")


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are said."""
    return {name: value for name, value in fields.items() if value is not None}
