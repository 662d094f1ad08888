"""Rate limits: fixed windows, counted for each caller over the sandbox's own clock.

The ``limits`` library reads the machine's clock, so that a frozen or advanced sandbox could not use it.
"""

from collections.abc import Sequence
from math import ceil

from mock_server.settings import Limit

# Where a caller stands in its tightest window: how many requests it takes, how many of them remain, when it opens anew
# in unix seconds, and how long to wait, 0 unless it is used up. A plain tuple, since each request makes one.
Standing = tuple[int, int, int, int]


class Window:
    """One limit of one caller. It opens with its first counted request and is open from ``start`` until ``end``."""

    __slots__ = ("end", "limit", "start", "used")

    def __init__(self, limit: Limit) -> None:
        self.limit, self.start, self.end, self.used = limit, 0.0, 0.0, 0

    def left(self, now: float) -> int:
        """How many requests it still takes."""
        return self.limit.count - (self.used if self.start <= now < self.end else 0)

    def count(self, now: float) -> None:
        """Count a request."""
        if not self.start <= now < self.end:
            self.start, self.end, self.used = now, now + self.limit.seconds, 0
        self.used += 1

    def leave(self, remaining: int, now: float) -> None:
        """Stand so many requests before the end."""
        if not self.start <= now < self.end:
            self.start, self.end = now, now + self.limit.seconds
        self.used = max(0, self.limit.count - remaining)


class Windows:
    """The windows of every caller. ``limits`` are everybody's but those callers' who have ``own`` ones."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self.limits = tuple(limits)
        self.own: dict[str, tuple[Limit, ...]] = {}
        self.opened: dict[str, list[Window]] = {}
        self.is_on = bool(limits)

    def of(self, caller: str) -> list[Window]:
        """A caller's windows."""
        windows = self.opened.get(caller)
        if windows is None:
            windows = self.opened[caller] = [Window(limit) for limit in self.own.get(caller, self.limits)]
        return windows

    def count(self, caller: str, now: float) -> Standing | None:
        """Count a request, unless a window is used up; then none of them counts it. None where there is no limit."""
        windows = self.of(caller)
        for window in windows:
            if window.left(now) < 1:
                return used_up(windows, now)
        for window in windows:
            window.count(now)
        return standing(windows, now)

    def limit(self, limits: Sequence[Limit], caller: str | None = None) -> None:
        """Give one caller limits of its own, or everybody the same. Counting starts anew."""
        if caller is None:
            self.limits = tuple(limits)
            self.own.clear()
            self.opened.clear()
        else:
            self.own[caller] = tuple(limits)
            self.opened.pop(caller, None)
        self.is_on = bool(self.limits or any(self.own.values()))


def used_up(windows: Sequence[Window], now: float) -> Standing:
    """Where a caller stands who has to wait, for the window that takes longest to open again."""
    last = max((window for window in windows if window.left(now) < 1), key=lambda window: window.end)
    return last.limit.count, 0, ceil(last.end), max(1, ceil(last.end - now))


def standing(windows: Sequence[Window], now: float) -> Standing | None:
    """Where a caller stands who may go on, in the window that ends its patience first."""
    if not windows:
        return None
    tight = windows[0] if len(windows) == 1 else min(windows, key=lambda each: (each.left(now), each.end))
    return tight.limit.count, tight.left(now), ceil(tight.end), 0
