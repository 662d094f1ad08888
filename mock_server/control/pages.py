"""What can be asked of the server itself."""

from functools import cache
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from mock_server import ledger
from mock_server.control.docs import page
from mock_server.errors import NotFound

control = APIRouter(prefix="/_mock")
LINKS = ("ready", "sandboxes", "sandboxes/default", "fidelity", "openapi/keyed.json", "docs/keyed")
DIALECTS = ("keyed",)


@control.get("")
@control.get("/")
async def index() -> dict[str, Any]:
    """What stands here."""
    return {"links": [f"/_mock/{link}" for link in LINKS]}


@control.get("/ready")
async def ready() -> dict[str, bool]:
    """200 as soon as the seed is there."""
    return {"ready": True}


@control.get("/fidelity")
async def fidelity() -> Response:
    """How well each endpoint of the real API is known, and what was assumed."""
    return Response(
        orjson.dumps({name: ledger.as_json(ledger.load(name)) for name in DIALECTS}), media_type="application/json"
    )


@cache
def written(dialect: Any) -> bytes:
    """The OpenAPI document as JSON, made at its first use."""
    from mock_server.dialects.openapi import document

    return orjson.dumps(document(dialect))


@control.get("/openapi/{name}.json")
async def openapi(name: str, request: Request) -> Response:
    """The OpenAPI document of a dialect."""
    dialect = request.app.state.dialects.get(name)
    if dialect is None:
        raise NotFound("Dialect", name, "")
    return Response(written(dialect), media_type="application/json")


@control.get("/docs/{name}")
async def docs(name: str, request: Request) -> Response:
    """The same as a page, which needs nothing from elsewhere."""
    dialect = request.app.state.dialects.get(name)
    if dialect is None:
        raise NotFound("Dialect", name, "")
    return HTMLResponse(page(orjson.loads(written(dialect))))
