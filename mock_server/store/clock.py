"""The time that a sandbox believes in."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

Mode = Literal["real", "frozen", "offset", "scaled"]
DAY = 86_400
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": DAY, "w": 7 * DAY}
SPAN = re.compile(r"(?:\d{1,12}(?:\.\d{1,9})?(?:ms|[smhdw]))+")
PARTS = re.compile(r"([\d.]+)(ms|[smhdw])")
EARLIEST, LATEST = 0, 253_402_300_799  # 1970-01-01 to 9999-12-31


class Pace(NamedTuple):
    """How a clock is set: its mode, the moment that it starts from (the present one if None), and how fast it goes."""

    mode: Mode = "real"
    at: float | None = None
    rate: float = 1.0


@dataclass
class Clock:
    """Tells the sandbox's time in unix seconds.

    ``real`` is the machine's time, ``frozen`` stands at ``at``, ``offset`` runs from ``at`` since it was set,
    ``scaled`` does so ``rate`` times as fast.
    """

    mode: Mode = "real"
    at: float = 0.0
    rate: float = 1.0
    since: float = 0.0

    def set(self, mode: Mode, at: float | None = None, rate: float = 1.0) -> None:
        """Change how time passes from now on; without ``at`` it goes on from the time it is now."""
        self.at = self.now() if at is None else at
        self.mode, self.rate, self.since = mode, rate, time.time()

    def follow(self, pace: Pace) -> None:
        """Go as told."""
        self.set(*pace)

    def pace(self) -> Pace:
        """How it goes, from the time it is now."""
        return Pace() if self.mode == "real" else Pace(self.mode, self.now(), self.rate)

    def advance(self, seconds: float) -> None:
        """Jump forward. A real clock becomes one with an offset."""
        mode: Mode = "offset" if self.mode == "real" else self.mode
        self.set(mode, self.now() + seconds, self.rate)

    def now(self) -> float:
        """Unix seconds, with fractions; the end of the year 9999 is never passed."""
        if self.mode == "real":
            return time.time()
        if self.mode == "frozen":
            return self.at
        return min(LATEST, self.at + (time.time() - self.since) * (self.rate if self.mode == "scaled" else 1.0))


def midnight(now: float) -> int:
    """The unix seconds of the UTC midnight that ``now`` comes after."""
    return int(now) // DAY * DAY


def seconds_of(told: Any) -> float:
    """A length of time in seconds, told as a number or as in ``250ms``, ``1h30m``. Raises ValueError."""
    if isinstance(told, int | float) and not isinstance(told, bool):
        seconds = float(min(told, 2 * LATEST))
    elif isinstance(told, str) and SPAN.fullmatch(told.strip()):
        seconds = sum(float(number) * UNITS[unit] for number, unit in PARTS.findall(told))
    else:
        raise ValueError("it should be seconds, or a text such as 250ms, 90s, 30m, 1h30m or 2d")
    if not 0 <= seconds <= LATEST:
        raise ValueError(f"it should be between 0 and {LATEST} seconds")
    return seconds


def instant_of(told: Any) -> float:
    """A moment in unix seconds, told so or in ISO 8601, in UTC where no offset is told. Raises ValueError."""
    try:
        if isinstance(told, str):
            made = datetime.fromisoformat(told.strip())
            told = (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
        second = float("nan") if isinstance(told, bool) else float(told)
    except (ValueError, OverflowError, TypeError):
        second = float("nan")
    if not EARLIEST <= second <= LATEST:
        raise ValueError("it should be unix seconds or a date as in 2026-01-31T09:00:00Z, from 1970 to 9999")
    return second
