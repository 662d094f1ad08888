"""What a fault rule says: which of the requests are hit, and what is done to them."""

import re
from collections.abc import Callable
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from mock_server.store.told import Span, Told

LONGEST = 600.0  # seconds of the longest delay
MUTILATIONS = ("truncate", "bad_chunk", "drip")  # they need an answer to be done to
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
FRAMING = {"content-length", "transfer-encoding", "connection"}


class When(Told):
    """Which of the requests that match are hit, counted from one; all of them where nothing is said."""

    first: PositiveInt | None = None
    nth: PositiveInt | None = None
    every: PositiveInt | None = None
    window: tuple[PositiveInt, PositiveInt] | None = None
    probability: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, told: Any) -> Any:
        """``always`` is a word of its own."""
        return {} if told in ("always", {"always": True}) else told

    @model_validator(mode="after")
    def single(self) -> Self:
        """One way of counting, and a window that is one."""
        if len(self.model_fields_set) > 1:
            raise ValueError("it should be one of always, first, nth, every, window or probability")
        if self.window and self.window[0] > self.window[1]:
            raise ValueError("a window is [first, last]")
        return self

    def hits(self, number: int, chance: Callable[[], float]) -> bool:
        """Whether the request of this number is hit."""
        if self.first is not None:
            return number <= self.first
        if self.nth is not None:
            return number == self.nth
        if self.every is not None:
            return number % self.every == 0
        if self.window is not None:
            return self.window[0] <= number <= self.window[1]
        return self.probability is None or chance() < self.probability


class Spread(Told):
    """A log-normal delay: half of them are shorter than ``median``; ``sigma`` is the spread of their logarithm."""

    median: Span
    sigma: float = Field(default=0.5, gt=0, le=5)


class Delay(Told):
    """How long to wait: always as long, anything between two, or log-normal; never longer than ten minutes."""

    fixed: Span | None = None
    uniform: tuple[Span, Span] | None = None
    log_normal: Spread | None = None

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, told: Any) -> Any:
        """A plain length of time is a fixed delay."""
        return told if isinstance(told, dict | Delay) else {"fixed": told}

    @model_validator(mode="after")
    def single(self) -> Self:
        """One kind of delay."""
        if len(self.model_fields_set) != 1:
            raise ValueError("it should be one of fixed, uniform or log_normal")
        return self

    def seconds(self, random: Random) -> float:
        """The next one."""
        if self.uniform is not None:
            return min(LONGEST, random.uniform(*self.uniform))
        if self.log_normal is not None:
            return min(LONGEST, self.log_normal.median * random.lognormvariate(0, self.log_normal.sigma))
        return min(LONGEST, self.fixed or 0.0)


class Wire(Told):
    """What happens on the socket; ``rate`` is in bytes a second and is for ``drip``."""

    kind: Literal["reset", "empty", "truncate", "garbage", "bad_chunk", "drip", "hang"]
    rate: Annotated[int, Field(ge=1, le=10_000_000)] = 64

    @model_validator(mode="before")
    @classmethod
    def spelled(cls, told: Any) -> Any:
        """A kind alone, or ``{"drip": 10}`` for its rate."""
        if isinstance(told, str):
            return {"kind": told}
        if isinstance(told, dict) and len(told) == 1 and "drip" in told:
            return {"kind": "drip", "rate": told["drip"]}
        return told


def header_checked(told: Any) -> Any:
    """Headers that can be sent and do not frame the body."""
    for name, value in told.items() if isinstance(told, dict) else ():
        if not NAME.fullmatch(str(name)) or str(name).lower() in FRAMING:
            raise ValueError(f"'{str(name)[:60]}' cannot be the name of an extra header")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise ValueError(f"the header '{name}' should have a value in printable ASCII")
    return told


class Do(Told):
    """What a fault does: a delay, then a status or something on the wire. ``body`` is sent as it is."""

    status: int | None = Field(default=None, ge=400, le=599)
    error_code: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")
    message: str | None = Field(default=None, max_length=10_000)
    retry_after: int | None = Field(default=None, ge=0, le=10**9)
    headers: Annotated[dict[str, str], BeforeValidator(header_checked)] = Field(default_factory=dict)
    body: str | dict[str, Any] | list[Any] | None = None
    delay: Delay | None = None
    wire: Wire | None = None

    @model_validator(mode="after")
    def sensible(self) -> Self:
        """Something is done, and what belongs to a status comes with one."""
        if self.status is None and self.delay is None and self.wire is None:
            raise ValueError("it should have a status, a delay or a wire")
        extra = self.model_fields_set & {"error_code", "message", "retry_after", "headers", "body"}
        if self.status is None and extra:
            raise ValueError(f"'{min(extra)}' goes with a status")
        return self

    @property
    def mutilates(self) -> bool:
        """Whether it needs the true answer, to do something to it."""
        return self.wire is not None and self.wire.kind in MUTILATIONS and self.status is None
