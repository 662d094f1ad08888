"""Requests made from an OpenAPI document: how many, of which kind, and what their answers have to be."""

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, assume, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from mock_server.wire.protocol import HEAD_LIMIT

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


def validated(case: Any) -> None:
    """Send a request and look at its answer, unless its query is longer than any head that reaches the application."""
    assume(sum(len(str(value)) for value in (case.query or {}).values()) < HEAD_LIMIT)
    case.call_and_validate(checks=CHECKS)
