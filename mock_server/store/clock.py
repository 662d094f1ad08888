"""The time that a sandbox believes in."""

import time
from dataclasses import dataclass
from typing import Literal

Mode = Literal["real", "frozen", "offset", "scaled"]
DAY = 86_400


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

    def advance(self, seconds: float) -> None:
        """Jump forward. A real clock becomes one with an offset."""
        mode: Mode = "offset" if self.mode == "real" else self.mode
        self.set(mode, self.now() + seconds, self.rate)

    def now(self) -> float:
        """Unix seconds, with fractions."""
        if self.mode == "real":
            return time.time()
        if self.mode == "frozen":
            return self.at
        return self.at + (time.time() - self.since) * (self.rate if self.mode == "scaled" else 1.0)


def midnight(now: float) -> int:
    """The unix seconds of the UTC midnight that ``now`` comes after."""
    return int(now) // DAY * DAY
