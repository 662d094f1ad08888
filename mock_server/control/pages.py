"""What can be asked of the server itself."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

control = APIRouter(prefix="/_mock")


@control.get("/ready")
async def ready() -> dict[str, bool]:
    """200 as soon as the seed is there."""
    return {"ready": True}


@control.get("/sandboxes/{id}")
async def sandbox(id: str, request: Request) -> Any:
    """A sandbox with the credentials that open it."""
    found = request.app.state.world.sandboxes.get(id)
    if found is None:
        return JSONResponse({"message": f"There is no sandbox '{id[:60]}'.", "error_code": "SANDBOX_NOT_FOUND"}, 404)
    return found.described()
