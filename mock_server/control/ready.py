"""Whether the server is ready: the one control route that is there from the start, and that nothing switches off."""

from fastapi import APIRouter

READY = "/_mock/ready"
ready = APIRouter(tags=["server"])


@ready.get(READY)
async def get_ready() -> dict[str, bool]:
    """200 as soon as the seed is there."""
    return {"ready": True}
