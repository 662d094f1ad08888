"""An endpoint: a function whose signature asks, and whose return says what the answer shows."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from pydantic import BaseModel

from mock_server.dialects.answers import Db
from mock_server.dialects.bodies import body_of
from mock_server.dialects.inputs import Input
from mock_server.dialects.lists import Filters, Page
from mock_server.store.callers import Caller


class Call:
    """One request as an endpoint may ask about it: who calls, on which database, with which parameters."""

    __slots__ = ("body", "caller", "content_type", "db", "query", "values")

    def __init__(self, query: dict[str, Any], values: tuple[str, ...], caller: Caller, db: Db) -> None:
        self.query, self.values, self.caller, self.db = query, values, caller, db
        self.body, self.content_type = b"", ""

    def given(self) -> dict[str, Any]:
        """Every parameter; the body's word counts before the query's. Raises Malformed or UnsupportedContent."""
        return {**self.query, **body_of(self.body, self.content_type)} if self.body else self.query


Ask = Callable[[Call], Any]


@dataclass
class Endpoint:
    """One line of a dialect: ``status`` is that of success; ``bare`` that the documented answer is not in ``data``."""

    method: str
    path: str
    function: Callable[..., Any]
    status: int
    bare: bool = False

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The function's parameters, and its return, by name."""
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def asks(self) -> list[Ask]:
        """What the function's signature asks of a call, in order."""
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [asking(name, self.hints[name], names) for name in inspect.signature(self.function).parameters]

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the parameters that it takes in query and body."""
        asked = [self.hints[name] for name in inspect.signature(self.function).parameters]
        names = {"limit", "page", "sort"} if Page in asked else set[str]()
        models = [kind for kind in asked if isinstance(kind, type) and issubclass(kind, BaseModel)]
        return frozenset(names.union(*[named(model) for model in models]))

    def answer(self, call: Call) -> Any:
        """Carry it out."""
        return self.function(*[ask(call) for ask in self.asks])


def named(model: type[BaseModel]) -> set[str]:
    """The names by which a model's fields are sent."""
    return {info.alias or name for name, info in model.model_fields.items()}


def asking(name: str, kind: Any, in_path: list[str]) -> Ask:
    """How a parameter is had from a call."""
    if name in in_path:
        at = in_path.index(name)
        return lambda call: call.values[at]
    if kind is Db:
        return lambda call: call.db
    if kind is Caller:
        return lambda call: call.caller
    if kind is Page:
        return lambda call: Page.asked(call.query)
    if issubclass(kind, Filters):
        return lambda call: kind.asked(call.query)
    if issubclass(kind, Input):
        return lambda call: kind.read(call.given())
    raise TypeError(f"an endpoint cannot ask for {kind!r}")
