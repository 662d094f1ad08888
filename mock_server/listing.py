"""What the server has: its endpoints in rows, and its OpenAPI document."""

from typing import Any

from mock_server import ledger
from mock_server.dialects.dialect import Dialect
from mock_server.dialects.endpoint import Endpoint
from mock_server.errors import StartFailure, shown


def dialect_of(name: str) -> Dialect:
    """The dialect of a name, its endpoints declared. Raises StartFailure."""
    from mock_server.dialects.keyed import keyed
    from mock_server.resources import load

    if name != keyed.name:
        raise StartFailure(f"There is no dialect '{shown(name)}'; choose keyed.")
    load()
    return keyed


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
