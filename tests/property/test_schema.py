"""The OpenAPI document and the server, held against each other with generated requests."""

import tempfile
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from schemathesis import GenerationMode

from mock_server.app import create_app
from mock_server.settings import load
from tests.conftest import pair_of
from tests.property.generated import modes, relaxed, validated

app = create_app(load(cache_dir=tempfile.mkdtemp(), allow_host=["testserver"]))
document = schemathesis.openapi.from_asgi("/_mock/openapi/keyed.json", app)
found: list[Any] = [each.ok() for each in document.get_all_operations()]  # type: ignore[union-attr]
operations = {each.label: each for each in found}


@pytest.mark.parametrize(("label", "mode"), [*modes(operations)], ids=str)
def test_no_input_gives_a_5xx_and_every_answer_is_as_described(label: str, mode: GenerationMode) -> None:
    pair = pair_of(app.state.world.default.described()["credentials"])

    @relaxed
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        case.query = {**(case.query or {}), **pair}
        validated(case)

    holds()
