"""The control routes' own OpenAPI document and the server, held against each other with generated requests."""

import tempfile
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from mock_server.app import create_app
from mock_server.settings import load
from tests.property.generated import modes, relaxed, validated

ENDLESS = "/stream"

app = create_app(load(cache_dir=tempfile.mkdtemp(), allow_host=["testserver"]))
document = schemathesis.openapi.from_asgi("/_mock/openapi/control.json", app)
found: list[Any] = [each.ok() for each in document.get_all_operations()]  # type: ignore[union-attr]
operations = {each.label: each for each in found if not each.path.endswith(ENDLESS)}


def modest(body: Any, label: str) -> Any:
    """The same without what only takes long: a wait, or a seed of many tasks."""
    if not isinstance(body, dict):
        return body
    small = {"tasks": 3, "seed": 1}
    told = body | {name: value for name, value in small.items() if isinstance(body.get(name), int)}
    return told | {"timeout": 0} if label.endswith("/wait") else told


def test_the_document_is_valid_and_has_every_control_route() -> None:
    validate(document.raw_schema)
    assert len(found) > 30


@pytest.mark.parametrize(("label", "mode"), [*modes(operations)], ids=str)
def test_no_input_gives_a_5xx_and_every_answer_is_as_described(label: str, mode: GenerationMode) -> None:
    @relaxed
    @given(case=operations[label].as_strategy(generation_mode=mode), is_known=...)
    def holds(case: Any, is_known: bool) -> None:
        if is_known and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = "default"
        case.body = modest(case.body, label)
        validated(case)

    holds()
