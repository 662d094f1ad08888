"""A request as it is understood, decoded as far as anybody asks."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from mock_server.dialects.bodies import body_of, query_of
from mock_server.errors import Refusal
from mock_server.store.entry import Entry


class Seen:
    """A request, decoded as far as anybody asks; ``body`` is the whole one, where more of it is there than was kept."""

    def __init__(self, entry: Entry, body: bytes | None = None) -> None:
        self.entry, self.raw = entry, entry.body if body is None else body

    @cached_property
    def query(self) -> Mapping[str, Any]:
        """The parameters of the query; none where it cannot be read."""
        return decoded(lambda: query_of(self.entry.query))

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """The fields of the body; none where it cannot be read."""
        return decoded(lambda: body_of(self.raw, self.entry.content_type))


def decoded(read: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a reader finds."""
    try:
        return read()
    except Refusal:
        return {}
