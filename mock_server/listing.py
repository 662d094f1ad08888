"""What the server has: its endpoints in rows, and its OpenAPI document."""

from collections.abc import Callable
from typing import Any

from mock_server import ledger
from mock_server.dialects.dialect import Dialect
from mock_server.dialects.endpoint import Endpoint
from mock_server.errors import StartFailure, shown


def dialect_of(name: str) -> Dialect:
    """The dialect of a name, its endpoints declared. Raises StartFailure."""
    from mock_server.dialects.bearer import bearer
    from mock_server.dialects.keyed import keyed
    from mock_server.resources import load, load_services

    declare: dict[str, tuple[Dialect, Callable[[], None]]] = {"keyed": (keyed, load), "bearer": (bearer, load_services)}
    if name not in declare:
        raise StartFailure(f"There is no dialect '{shown(name)}'; choose keyed or bearer.")
    dialect, load_it = declare[name]
    load_it()
    return dialect


def rows(name: str) -> list[dict[str, Any]]:
    """Every endpoint: method, path, confidence, summary."""
    known = ledger.load(name)
    return [
        {
            "method": endpoint.method,
            "path": endpoint.path,
            "confidence": confidence(known, endpoint),
            "summary": (endpoint.function.__doc__ or "").strip().partition("\n")[0],
        }
        for endpoint in dialect_of(name).endpoints
    ]


def confidence(known: ledger.Ledger, endpoint: Endpoint) -> str:
    """How well the real endpoint is known."""
    found = known.find(endpoint.method, endpoint.path)
    return found.confidence if found else "assumed"


def table(listed: list[dict[str, Any]]) -> None:
    """Print the rows for a person."""
    from rich.console import Console
    from rich.table import Table

    shown = Table("method", "path", "confidence", "what it does", box=None)
    for row in listed:
        shown.add_row(*(str(value) for value in row.values()))
    Console(width=None).print(shown)


def document(name: str) -> dict[str, Any]:
    """The OpenAPI document of a dialect."""
    from mock_server.dialects.openapi import document as written

    return written(dialect_of(name))
