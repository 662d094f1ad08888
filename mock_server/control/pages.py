"""What can be asked of the server itself."""

from functools import lru_cache
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from mock_server import ledger
from mock_server.control.docs import page
from mock_server.errors import NotFound

control = APIRouter(prefix="/_mock", tags=["server"])
LINKS = (
    "ready",
    "sandboxes",
    "sandboxes/default",
    "sandboxes/stray/journal",
    "fidelity",
    "metrics",
    "openapi/keyed.json",
    "openapi/bearer.json",
    "docs/keyed",
    "docs/bearer",
    "openapi/control.json",
    "docs/control",
)
CONTROL = "control"
DIALECTS = ("keyed", "bearer")


@control.get("")
@control.get("/", include_in_schema=False)
async def index() -> dict[str, Any]:
    """What stands here."""
    return {"links": [f"/_mock/{link}" for link in LINKS]}


@control.get("/fidelity")
async def fidelity() -> Response:
    """How well each endpoint of the real API is known, and what was assumed."""
    return Response(
        orjson.dumps({name: ledger.as_json(ledger.load(name)) for name in DIALECTS}), media_type="application/json"
    )


@lru_cache(maxsize=4)
def written(dialect: Any) -> bytes:
    """The OpenAPI document as JSON, made at its first use."""
    from mock_server.dialects.openapi import document

    return orjson.dumps(document(dialect))


def described(name: str, request: Request) -> bytes:
    """The OpenAPI document of a dialect, or of the control routes. Raises NotFound."""
    if name == CONTROL:
        from mock_server.control.openapi import document

        return orjson.dumps(document(request.app))
    dialect = request.app.state.dialects.get(name)
    if dialect is None:
        raise NotFound("Dialect", name, "")
    return written(dialect)


@control.get("/openapi/{name}.json")
async def openapi(name: str, request: Request) -> Response:
    """The OpenAPI document of a dialect, or of the control routes (``control``)."""
    return Response(described(name, request), media_type="application/json")


@control.get("/docs/{name}", response_class=HTMLResponse)
async def docs(name: str, request: Request) -> Response:
    """The same as a page, which needs nothing from elsewhere."""
    return HTMLResponse(page(orjson.loads(described(name, request))))
