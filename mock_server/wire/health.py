"""Asking a running server whether it is ready, as a container's health check does: often, and with few imports."""

import json
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from mock_server.settings import Settings
from mock_server.wire.doors import bracketed, reachable

PATIENCE = 3.0  # seconds


def address_of(settings: Settings) -> str:
    """The URL of the server that these settings start; where it picked its port, the ready file knows."""
    if settings.port == 0 and settings.ready_file is not None:
        with suppress(OSError, ValueError, KeyError):
            return str(json.loads(settings.ready_file.read_bytes())["http_url"])
    return f"http://{bracketed(reachable(settings.host))}:{settings.port}"


def is_ready(url: str) -> bool:
    """Whether the server at a URL answers 200 to ``/_mock/ready``."""
    place = urlsplit(url)
    asked = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    with suppress(OSError, HTTPException):
        try:
            asked.request("GET", "/_mock/ready")
            return asked.getresponse().status == 200
        finally:
            asked.close()
    return False
