"""Refusals of a request that never reaches a dialect, in the keyed error shape: a message and an error code."""

import json
from functools import cache
from http.client import responses

from mock_server.errors import Code, code_of

MALFORMED, TIMED_OUT, HEAD_TOO_LARGE = map(code_of, ("MALFORMED_REQUEST", "REQUEST_TIMEOUT", "HEADERS_TOO_LARGE"))
HTTPS_REQUIRED = code_of("HTTPS_REQUIRED")

Headers = list[tuple[bytes, bytes]]


def body_of(code: Code, message: str) -> bytes:
    """The JSON that a refusal says."""
    return json.dumps({"message": message, "error_code": code.word}).encode()


def headers_of(body: bytes) -> Headers:
    """The headers that go with it."""
    return [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]


def last_words(code: Code, message: str, headers: Headers) -> bytes:
    """A whole HTTP/1.1 answer after which the connection closes; ``headers`` come on top of its own."""
    body = body_of(code, message)
    return head_of(code.status, [*headers, *headers_of(body), (b"connection", b"close")]) + body


def head_of(status: int, headers: Headers) -> bytes:
    """The head of an HTTP/1.1 answer, with the empty line at its end."""
    lines = [name + b": " + value for name, value in headers]
    return b"\r\n".join([first_line(status), *lines, b"", b""])


@cache
def first_line(status: int) -> bytes:
    """The status and what it means."""
    return f"HTTP/1.1 {status} {responses.get(status, '')}".encode()
