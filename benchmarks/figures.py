"""What was measured, what it is held to, and how both are shown."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Literal

Step = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """One measurement: its ``value`` in ``unit``, and the bound that it has to reach (``least``) or keep (``most``)."""

    name: str
    value: float
    unit: str = ""
    bound: float | None = None
    side: Literal["least", "most"] = "most"
    aim: float | None = None
    beside: str = ""

    @property
    def holds(self) -> bool:
        """Whether it keeps its bound."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.side == "least" else self.value <= self.bound

    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        bound = "" if self.bound is None else f"{'>=' if self.side == 'least' else '<='} {self.bound:g}"
        aim = "" if self.aim is None else f"{self.aim:g}"
        verdict = "" if self.bound is None else ("holds" if self.holds else "MISSED")
        return self.name, f"{self.value:.3g} {self.unit}".strip(), bound, aim, verdict, self.beside


def shown(figures: Iterable[Figure], as_json: bool) -> int:
    """Print the figures; the exit status: 1 if one misses its bound."""
    told = [*figures]
    if as_json:
        print(json.dumps([{**asdict(figure), "holds": figure.holds} for figure in told], indent=2))
    else:
        table(told)
    return int(not all(figure.holds for figure in told))


def table(figures: list[Figure]) -> None:
    """A table, in Markdown where it is not for a person at a terminal."""
    heads = ("figure", "value", "bound", "aim", "", "")
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        made = Table(*heads)
        for figure in figures:
            made.add_row(*figure.cells(), style=None if figure.holds else "bold red")
        Console().print(made)
        return
    for row in (heads, ("---",) * len(heads), *[figure.cells() for figure in figures]):
        print(f"| {' | '.join(row)} |")


@contextmanager
def steps() -> Iterator[Step]:
    """Says what is being measured, with a bar that moves on a terminal."""
    if not sys.stderr.isatty():
        yield lambda what: print(f"measuring {what}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bar:
        task = bar.add_task("measuring")
        yield lambda what: bar.update(task, description=what)
