"""``python -m benchmarks``: measures, and ends with exit status 1 where a bound is missed."""

from collections.abc import Iterator
from typing import Annotated

import typer

from benchmarks import api, bearer, control, journal, start
from benchmarks.figures import Figure, Step, shown, steps
from benchmarks.serving import ready

PARTS = {
    "api": api.figures,
    "bearer": bearer.figures,
    "journal": journal.figures,
    "start": start.figures,
    "control": control.figures,
}


def main(
    part: Annotated[str, typer.Argument(help=f"what to measure: {', '.join(PARTS)} or all")] = "all",
    seconds: Annotated[int, typer.Option(min=1, help="how long each window is")] = 1,
    tasks: Annotated[int, typer.Option(help="how many tasks the project has")] = 1000,
    times: Annotated[int, typer.Option(help="how many turns the median is taken of")] = 9,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, for a script")] = False,
) -> None:
    """Measure the server on one core with wrk on the other."""
    if part not in {*PARTS, "all"}:
        raise SystemExit(f"there is no part '{part}'; choose one of {', '.join(PARTS)} or all")
    ready()
    with steps() as step:
        told = [*measured(part, seconds, tasks, times, step)]
    raise typer.Exit(shown(told, as_json))


def measured(part: str, seconds: int, tasks: int, times: int, step: Step) -> Iterator[Figure]:
    """The figures of one part, or of all."""
    for name, figures in PARTS.items():
        if part in (name, "all"):
            yield from figures(seconds, tasks, times, step)


if __name__ == "__main__":
    typer.run(main)
