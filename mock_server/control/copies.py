"""A sandbox's data, to take home and to bring back."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response

from mock_server.control.asked import TheSandbox, TheWorld
from mock_server.dialects.bodies import json_object
from mock_server.dialects.dialect import drained
from mock_server.store.copies import HEADER, as_json, checked, image_of_json
from mock_server.store.image import Image
from mock_server.store.images import cloned

copies = APIRouter(prefix="/_mock/sandboxes/{id}", tags=["sandboxes"])
MOST = 512 << 20  # bytes of an import
SQLITE = "application/vnd.sqlite3"
TAKEN = {"requestBody": {"required": True, "content": {SQLITE: {}, "application/json": {"schema": {"type": "object"}}}}}


@copies.get("/export")
async def export_sandbox(sandbox: TheSandbox, format: Literal["sqlite", "json"] = "sqlite") -> Response:
    """All data of the sandbox: the SQLite file, or every row of every table as JSON."""
    name = f"{sandbox.id}.{format}"
    if format == "json":
        told, kind = orjson.dumps(as_json(sandbox.store.raw)), "application/json"
    else:
        told, kind = sandbox.exported(), SQLITE
    return Response(told, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@copies.put("/import", openapi_extra=TAKEN)
async def import_sandbox(sandbox: TheSandbox, world: TheWorld, request: Request) -> dict[str, Any]:
    """Take what was exported, of this sandbox or of another, instead of all data; the credentials stay its own."""
    told = await drained(request.receive, MOST)
    image = checked(told) if told.startswith(HEADER[:6]) else image_of_json(json_object(told))
    world.load(sandbox, Image(cloned(image)))
    return sandbox.brief()
