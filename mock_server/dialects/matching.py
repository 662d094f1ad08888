"""Which requests are meant: the match of a fault, of the journal's filters, and of what a test expects."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal, NamedTuple

from pydantic import Field

from mock_server.dialects.seen import Seen
from mock_server.store.entry import Entry
from mock_server.store.told import Told

PLACEHOLDER = re.compile(r"\{\w+\}")
TRUE, FALSE = {"1", "true", "on"}, {"0", "false", "off"}


class Difference(NamedTuple):
    """Where a request is not as was wanted."""

    field: str
    wanted: Any
    got: Any


class Match(Told):
    """What a request has to be; what is not said does not matter.

    ``path`` is a route's template as in ``/tasks/{uuid}``, or a glob over the path as in ``/tasks/*``. ``credential``
    is the name, the api_id, the project_key or the token of one. Values in ``query``, ``body`` and ``header`` are
    compared as text; with a ``*`` they are globs, and null means that there is none.
    """

    method: str | None = None
    path: str | None = None
    dialect: Literal["keyed", "bearer"] | None = None
    credential: str | None = None
    query: dict[str, Any] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    header: dict[str, str | None] = Field(default_factory=dict)

    def differences(self, seen: Seen) -> Iterator[Difference]:
        """Where the request is not as wanted."""
        entry = seen.entry
        if self.method and self.method.upper() != entry.method:
            yield Difference("method", self.method.upper(), entry.method)
        if self.path and not is_at(self.path, entry):
            yield Difference("path", self.path, entry.path)
        if self.dialect and self.dialect != entry.dialect:
            yield Difference("dialect", self.dialect, entry.dialect)
        if self.credential and self.credential not in entry.keys:
            yield Difference("credential", self.credential, entry.credential or None)
        yield from unlike("query", self.query, seen.query if self.query else {})
        yield from unlike("body", self.body, seen.body if self.body else {})
        yield from unlike("header", self.header, entry.headers() if self.header else {})

    def fits(self, seen: Seen) -> bool:
        """Whether the request is as wanted."""
        return next(iter(self.differences(seen)), None) is None


class Answered(Match):
    """The same, and what became of it: ``status`` as in 404 or 4xx, ``fault`` the id of a rule."""

    status: int | str | None = Field(default=None, union_mode="left_to_right")
    fault: str | None = None

    def differences(self, seen: Seen) -> Iterator[Difference]:
        """Where the exchange is not as wanted."""
        yield from super().differences(seen)
        entry = seen.entry
        if self.status is not None and not has_status(str(self.status), entry.status):
            yield Difference("status", self.status, entry.status or None)
        if self.fault is not None and self.fault != (entry.fault or {}).get("id"):
            yield Difference("fault", self.fault, (entry.fault or {}).get("id"))


def has_status(wanted: str, status: int) -> bool:
    """Whether a status is ``404``, or of the kind ``4xx``."""
    return wanted == str(status) or (wanted.lower().endswith("xx") and wanted[0] == str(status)[0])


def is_at(wanted: str, entry: Entry) -> bool:
    """Whether a request went to this template, or to a path that this glob covers; slashes at the end do not count."""
    wanted = wanted.rstrip("/") or "/"
    if "{" in wanted:
        return PLACEHOLDER.sub("{}", wanted) == PLACEHOLDER.sub("{}", entry.template.rstrip("/"))
    return fnmatchcase(entry.path.rstrip("/") or "/", wanted)


def unlike(where: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    """The fields that are not as wanted."""
    for name, value in wanted.items():
        found = got.get(name.lower() if where == "header" else name)
        if not is_like(value, found):
            yield Difference(f"{where}.{name}", value, found)


def is_like(wanted: Any, got: Any) -> bool:
    """Whether a value is as wanted, however its encoding spelled it."""
    if wanted is None or got is None:
        return wanted is got
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(is_like(value, got.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(is_like, wanted, got))
    if isinstance(wanted, bool):
        return text_of(got).lower() in (TRUE if wanted else FALSE)
    return fnmatchcase(text_of(got), wanted) if is_glob(wanted) else text_of(got) == text_of(wanted)


def is_glob(wanted: Any) -> bool:
    """Whether a text stands for many."""
    return isinstance(wanted, str) and "*" in wanted


def text_of(value: Any) -> str:
    """A value as a form has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
