"""An endpoint: a function whose signature asks, and whose return says what the answer shows."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast, get_type_hints

from pydantic import BaseModel

from mock_server.dialects.answers import Db
from mock_server.dialects.bodies import body_of
from mock_server.dialects.inputs import Input
from mock_server.dialects.lists import Filters, Page
from mock_server.store.callers import Caller
from mock_server.store.keyring import Let


class Call:
    """One request as an endpoint may ask about it: who calls, on which database, with which parameters."""

    __slots__ = ("_given", "_places", "body", "content_type", "db", "heads", "let", "query", "values")

    def __init__(self, query: dict[str, Any], values: tuple[str, ...], let: Let, db: Db) -> None:
        self.query, self.values, self.let, self.db = query, values, let, db
        self.body, self.content_type = b"", ""
        self.heads: Mapping[bytes, bytes] = {}
        self._given: dict[str, Any] | None = None
        self._places: dict[Any, Any] = {}

    @property
    def caller(self) -> Caller:
        """Who calls."""
        return self.let.caller

    def place(self, kind: Any) -> Any:
        """Where the call takes place, as a kind of place tells; looked up once."""
        if kind not in self._places:
            self._places[kind] = kind.asked_of(self)
        return self._places[kind]

    def given(self) -> dict[str, Any]:
        """Every parameter; the body's word counts before the query's. Raises Malformed or UnsupportedContent."""
        if not self.body:
            return self.query
        if self._given is None:
            self._given = {**self.query, **body_of(self.body, self.content_type)}
        return self._given


Ask = Callable[[Call], Any]


@dataclass
class Endpoint:
    """One line of a dialect: ``status`` is that of success; ``bare`` that the documented answer is not in ``data``.

    ``feature`` is what the workspace's plan has to have, ``least`` the least role that may call it; ``page_of`` reads
    the page that a query asks for, by parameters named ``paging``.
    """

    method: str
    path: str
    function: Callable[..., Any]
    status: int
    bare: bool = False
    feature: str = ""
    least: str = ""
    paging: tuple[str, ...] = ("limit", "page", "sort")
    page_of: Callable[[Mapping[str, Any]], Page] = Page.asked

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The function's parameters, and its return, by name."""
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def asks(self) -> list[Ask]:
        """What the function's signature asks of a call, in order."""
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [self.asking(name, names) for name in inspect.signature(self.function).parameters]

    def asking(self, name: str, in_path: list[str]) -> Ask:
        """How a parameter is had from a call."""
        kind = self.hints[name]
        if name in in_path:
            at = in_path.index(name)
            return lambda call: call.values[at]
        if kind is Page:
            return lambda call: self.page_of(call.query)
        return asking(kind)

    @cached_property
    def place(self) -> Any:
        """The kind of place that it asks for, if it does."""
        kinds = [kind for name, kind in self.hints.items() if name != "return" and hasattr(kind, "owns")]
        return next((kind for kind in kinds if hasattr(kind, "asked_of")), None)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the parameters that it takes in query and body."""
        asked = [self.hints[name] for name in inspect.signature(self.function).parameters]
        names = set(self.paging) if Page in asked else set[str]()
        names.update(*[kind.params for kind in asked if hasattr(kind, "params")])
        models = [kind for kind in asked if isinstance(kind, type) and issubclass(kind, BaseModel)]
        return frozenset(names.union(*[named(model) for model in models]))

    def answer(self, call: Call) -> Any:
        """Carry it out."""
        return self.function(*[ask(call) for ask in self.asks])


def named(model: type[BaseModel]) -> set[str]:
    """The names by which a model's fields are sent."""
    return {info.alias or name for name, info in model.model_fields.items()}


def asking(kind: Any) -> Ask:
    """How what a type stands for is had from a call; a type of its own tells by ``asked_of``."""
    if kind is Db:
        return lambda call: call.db
    if kind is Caller:
        return lambda call: call.caller
    if hasattr(kind, "owns"):
        return lambda call: call.place(kind)
    if hasattr(kind, "asked_of"):
        return cast(Ask, kind.asked_of)
    if issubclass(kind, Filters):
        return lambda call: kind.asked(call.query)
    if issubclass(kind, Input):
        return lambda call: kind.read(call.given())
    raise TypeError(f"an endpoint cannot ask for {kind!r}")
