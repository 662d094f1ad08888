"""The OpenAPI document and the server, held against each other with generated requests."""

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from mock_server.app import create_app
from mock_server.settings import load
from tests.conftest import pair_of

CHECKS: list[Any] = [not_a_server_error, response_schema_conformance, status_code_conformance]

app = create_app(load(cache_dir=tempfile.mkdtemp(), allow_host=["testserver"]))
document = schemathesis.openapi.from_asgi("/_mock/openapi/keyed.json", app)
found: list[Any] = [each.ok() for each in document.get_all_operations()]  # type: ignore[union-attr]
operations = {each.label: each for each in found}
relaxed = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def modes() -> Iterator[tuple[str, GenerationMode]]:
    """Every operation with what can be sent to it: wrong values only where there is something to be wrong."""
    for label, operation in operations.items():
        yield label, GenerationMode.POSITIVE
        if operation.body or operation.query:
            yield label, GenerationMode.NEGATIVE


@pytest.mark.parametrize(("label", "mode"), [*modes()], ids=str)
def test_no_input_gives_a_5xx_and_every_answer_is_as_described(label: str, mode: GenerationMode) -> None:
    pair = pair_of(app.state.world.default.described()["credentials"])

    @relaxed
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        case.query = {**(case.query or {}), **pair}
        case.call_and_validate(checks=CHECKS)

    holds()
