"""Requests made from an OpenAPI document: how many, of which kind, and what their answers have to be."""

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

CHECKS: list[Any] = [not_a_server_error, response_schema_conformance, status_code_conformance]
relaxed = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def modes(operations: dict[str, Any]) -> Iterator[tuple[str, GenerationMode]]:
    """Every operation with what can be sent to it: wrong values only where there is something to be wrong."""
    for label, operation in operations.items():
        yield label, GenerationMode.POSITIVE
        if operation.body or operation.query:
            yield label, GenerationMode.NEGATIVE
