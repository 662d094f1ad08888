"""The command ``gitscrum-mock``: each command is one thin function."""

import gc
import json
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from mock_server import __version__
from mock_server.errors import StartFailure
from mock_server.options import with_settings
from mock_server.settings import Settings

LOOKS: Literal["rich"] | None = "rich" if sys.stdout.isatty() else None  # a pipe gets plain text, and no rich import
SEEDING = ("profile", "seed", "locale", "tasks", "cache_dir")

cli = typer.Typer(name="gitscrum-mock", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=LOOKS)
AsJson = Annotated[bool, typer.Option("--json", help="print JSON, for a script")]
Spoken = Annotated[
    str,
    typer.Option(help="the dialect to describe", metavar="keyed|bearer", autocompletion=lambda: ["keyed", "bearer"]),
]


def version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        print(__version__)
        raise typer.Exit


@cli.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """A local server that answers as GitScrum's REST API, on a project of its own."""


@cli.command()
@with_settings()
def serve(settings: Settings, as_json: AsJson = False) -> None:
    """Seed a project and serve it until told to stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    gc.disable()  # what is imported stays: to look through it again and again takes an eighth of the start
    from mock_server.store.engine import uncounted

    uncounted()
    from mock_server.serving import serve as served

    served(settings, as_json)


def leave(number: int, _: object) -> NoReturn:
    """Stop while there is nothing to finish yet. Without this a container's first process ignores the signal.

    Python's own way with SIGINT, a KeyboardInterrupt, kills the process where it strikes within an ``exec``.
    """
    raise SystemExit(130 if number == signal.SIGINT else 0)


@cli.command()
def routes(dialect: Spoken = "keyed", as_json: AsJson = False) -> None:
    """List the endpoints: method, path, what they do, and how well the real ones are known."""
    from mock_server.listing import rows, table

    listed = rows(dialect)
    print(json.dumps(listed, indent=2)) if as_json else table(listed)


@cli.command()
def openapi(dialect: Spoken = "keyed") -> None:
    """Print the OpenAPI document of a dialect."""
    from mock_server.listing import document

    print(json.dumps(document(dialect), indent=2, ensure_ascii=False))


@cli.command()
@with_settings("host", "port", "ready_file")
def healthcheck(settings: Settings) -> None:
    """Ask a running server whether it is ready: exit status 0 if it is, 1 if not."""
    from mock_server.wire.health import address_of, is_ready

    url = address_of(settings)
    if not is_ready(url):
        print(f"No sandbox is ready at {url}.", file=sys.stderr)
        raise typer.Exit(1)
    print(f"The sandbox at {url} is ready.")


@cli.command()
@with_settings(*SEEDING)
def seed(
    settings: Settings,
    path: Annotated[Path, typer.Argument(help="the file to write, such as data/default.sqlite for --data data")],
    force: Annotated[bool, typer.Option("--force", help="write over a file that is there")] = False,
) -> None:
    """Write a seeded database file, with the credentials of the default sandbox."""
    from mock_server.serving import seed_file

    print(seed_file(settings, path, force))


@cli.command()
@with_settings("cache_dir")
def ca(settings: Settings) -> None:
    """Print the certificate of the sandbox's own CA, for clients to trust."""
    from mock_server.wire.certificates import authority_in_words

    print(authority_in_words(settings), end="")


def main(arguments: list[str] | None = None) -> Any:
    """Run a command. What keeps it from starting is one sentence, and exit status 2."""
    try:
        return cli(arguments, prog_name="gitscrum-mock")
    except StartFailure as failure:
        print(f"gitscrum-mock: {failure}", file=sys.stderr)
        raise SystemExit(2) from None
