"""What to seed, and the moment that all of it is dated around."""

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.store.clock import DAY, midnight

ANCHOR = 1_768_404_600  # Wednesday, 14 January 2026, 15:30:00 UTC
HOUR = 3_600
MOST_TASKS = 1_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Spec:
    """``tasks`` is how many tasks the first project of demo has; None is the profile's own number."""

    profile: str = "demo"
    seed: int = 1
    locale: str = "en_US"
    tasks: int | None = None


def days(count: int) -> int:
    """The midnight so many days after the anchor's own; negative is before."""
    return midnight(ANCHOR) + count * DAY
