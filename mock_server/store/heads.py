"""The head of a request as it came over the wire, and what it says once somebody asks."""

from contextlib import suppress
from typing import NamedTuple
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

END = b"\r\n\r\n"


class Head(NamedTuple):
    """Method, path (decoded) and query of a request, and its headers by their names in lower case."""

    method: str
    path: str
    query: bytes
    heads: dict[bytes, bytes]


def head_of(raw: bytes) -> bytes:
    """The head at the start of what came; nothing where its end is not to be seen."""
    raw = raw.lstrip(b"\r\n")  # which a parser skips
    end = raw.find(END)
    return raw[: end + len(END)] if end >= 0 else b""


class Reader:
    """Takes the first head out of what a parser is fed, and lets go by what follows it."""

    def __init__(self) -> None:
        self.url, self.is_whole = b"", False
        self.heads: dict[bytes, bytes] = {}

    def on_url(self, url: bytes) -> None:
        """The target, or a piece of it."""
        if not self.is_whole:
            self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if not self.is_whole:
            self.heads[name.lower()] = value

    def on_headers_complete(self) -> None:
        """The end of a head."""
        self.is_whole = True


def read(raw: bytes) -> Head:
    """What a head says, by the parser that the server itself listens with."""
    reader = Reader()
    with suppress(HttpParserError, HttpParserUpgrade):
        HttpRequestParser(reader).feed_data(raw)
    method, url = raw.lstrip(b"\r\n").partition(b" ")[0], parse_url(reader.url)
    return Head(method.decode(), unquote(url.path.decode()), url.query or b"", reader.heads)
