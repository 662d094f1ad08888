"""The OpenAPI document of the control routes."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from mock_server import __version__
from mock_server.dialects.described import KEYED

REFUSALS = {
    "400": "The body or a parameter is missing or wrong.",
    "401": "The server asks for a control token.",
    "403": "The call comes from another web page, or under a host that is not allowed.",
    "404": "There is no such sandbox, or nothing of this name in it.",
    "409": "It clashes with what is there.",
    "413": "The body is too large.",
}
FAILED = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The document: what FastAPI knows of the routes, with the refusals as they are really said."""
    made = get_openapi(
        title="The control routes of the GitScrum sandbox", version=__version__, routes=app.routes, tags=None
    )
    refusals = {status: {"description": why, "content": FAILED} for status, why in REFUSALS.items()}
    for methods in made["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= refusals
            operation.setdefault("tags", ["server"])
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Error"] = KEYED.error
    return made
