"""Rate limits: fixed windows, counted for each caller over the sandbox's own clock.

The ``limits`` library reads the machine's clock, so that a frozen or advanced sandbox could not use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from mock_server.settings import Limit


class Standing(NamedTuple):
    """Where a caller stands in its tightest window; ``retry_after`` is 0 unless the window is used up."""

    limit: int
    remaining: int
    reset: int
    retry_after: int


@dataclass
class Windows:
    """The windows of every caller. A window opens with its first request and lasts as long as its limit says."""

    limits: Sequence[Limit]
    opened: dict[tuple[str, Limit], tuple[float, int]] = field(default_factory=dict)

    def count(self, caller: str, now: float) -> Standing:
        """Count a request, unless a window is used up; then none of them counts it."""
        windows = [(limit, *self._open(caller, limit, now)) for limit in self.limits]
        full = [(start + limit.seconds, limit) for limit, start, used in windows if used >= limit.count]
        if full:
            reset, limit = max(full)
            return Standing(limit.count, 0, ceil(reset), max(1, ceil(reset - now)))
        for limit, start, used in windows:
            self.opened[caller, limit] = (start, used + 1)
        left, reset, limit = min(
            (limit.count - used - 1, start + limit.seconds, limit) for limit, start, used in windows
        )
        return Standing(limit.count, left, ceil(reset), 0)

    def _open(self, caller: str, limit: Limit, now: float) -> tuple[float, int]:
        start, used = self.opened.get((caller, limit), (now, 0))
        return (start, used) if start <= now < start + limit.seconds else (now, 0)
