"""Who may use the control routes: programs of this machine, and no web page that a browser happens to show."""

import hmac
import re
from ipaddress import ip_address
from typing import Any

from fastapi.responses import JSONResponse

from mock_server.dialects.dialect import WRITES, Receive, Scope, Send
from mock_server.errors import Code, code_of, shown
from mock_server.settings import Settings

ALIASES = ("localhost", "api.gitscrum.com", "services.gitscrum.com")
OPEN = ("/_mock/ready", "/_mock/files/")  # health checks, and links which answers of the API carry
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(:\d*)?")
JSON = "application/json"
DATABASES = ("application/vnd.sqlite3", "application/x-sqlite3", "application/octet-stream")


class Guard:
    """An ASGI layer in front of the control routes. What it refuses changes nothing and is told in their shape."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app, self.is_open = app, settings.control
        self.hosts = {*ALIASES, *map(str.lower, settings.allow_host)}
        self.token = settings.control_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        refused = self.refusal(scope) if scope["type"] == "http" and not scope["path"].startswith(OPEN) else None
        if refused is None:
            await self.app(scope, receive, send)
            return
        code, message = refused
        answer = JSONResponse({"message": message, "error_code": code.word}, code.status)
        await answer(scope, receive, send)

    def refusal(self, scope: Scope) -> tuple[Code, str] | None:
        """Why a request is refused; None if it is not."""
        if not self.is_open:
            return code_of("ROUTE_NOT_FOUND"), "The control routes are switched off on this server."
        heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = heads.get("host", "")
        if not self.is_known(host):
            message = (
                f"The control routes do not answer to the host '{shown(host)}'; start with --allow-host to add it."
            )
            return code_of("HOST_NOT_ALLOWED"), message
        if is_cross_site(heads, scope["method"]):
            return code_of("CROSS_SITE_REQUEST"), "The control routes do not answer to other web pages."
        if scope["method"] in WRITES and (kind := foreign_kind(heads, scope["path"])) is not None:
            message = f"The control routes take {JSON}; got '{shown(kind)}'."
            return code_of("UNSUPPORTED_CONTENT_TYPE"), message
        return self.locked(heads)

    def is_known(self, host: str) -> bool:
        """Whether a Host is loopback or one that was allowed. Other names may have been rebound to this machine."""
        found = HOST.fullmatch(host.lower())
        name = found[1].strip("[]") if found else ""
        return name in self.hosts or name.endswith(".localhost") or is_loopback(name)

    def locked(self, heads: dict[str, str]) -> tuple[Code, str] | None:
        """Whether a token is asked for and did not come."""
        given = heads.get("authorization", "").partition(" ")[2] or heads.get("x-control-token", "")
        if self.token is None or hmac.compare_digest(given.encode(), self.token.encode()):
            return None
        return code_of("CONTROL_TOKEN_INVALID"), "The control routes ask for the header Authorization: Bearer <token>."


def is_loopback(name: str) -> bool:
    """Whether a name is an address of this machine alone."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_cross_site(heads: dict[str, str], method: str) -> bool:
    """Whether a browser sends this for the page of another site. Following a link to a page is no harm.

    See https://www.w3.org/TR/fetch-metadata/ for the headers.
    """
    fetched, origin = heads.get("sec-fetch-site"), heads.get("origin")
    is_link = (method, heads.get("sec-fetch-mode"), heads.get("sec-fetch-dest")) == ("GET", "navigate", "document")
    if origin is not None and origin.partition("://")[2] != heads.get("host"):
        return True
    return fetched not in (None, "none", "same-origin") and not is_link


def foreign_kind(heads: dict[str, str], path: str) -> str | None:
    """The media type of a write, if it is none that the route takes; an HTML form could send it without asking."""
    kind = heads.get("content-type", "").partition(";")[0].strip().lower()
    has_body = heads.get("content-length", "0") != "0" or "transfer-encoding" in heads
    taken = (JSON, *DATABASES) if path.endswith("/import") else (JSON,)
    return kind if kind not in taken and (kind or has_body) else None
