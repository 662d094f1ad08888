"""What to seed."""

from dataclasses import dataclass

ANCHOR = 1_768_404_600  # Wednesday, 14 January 2026, 15:30:00 UTC


@dataclass(frozen=True)
class Spec:
    """``profile`` is demo, empty or edge; ``tasks`` is how many the demo has, None for its own sixty."""

    profile: str = "demo"
    seed: int = 1
    locale: str = "en_US"
    tasks: int | None = None
