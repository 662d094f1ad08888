"""What control routes ask of a request: which world, and which sandbox."""

from typing import Annotated, Any

from fastapi import Depends, Request

from mock_server.store.sandbox import Sandbox
from mock_server.store.sandboxes import World


async def world_of(request: Request) -> Any:
    """The world of the application that was called, without the sandboxes whose time is over."""
    request.app.state.world.sweep()
    return request.app.state.world


TheWorld = Annotated[World, Depends(world_of)]


async def sandbox_of(id: str, world: TheWorld) -> Sandbox:
    """The sandbox that the path names. Raises NotFound."""
    return world.find(id)


TheSandbox = Annotated[Sandbox, Depends(sandbox_of)]
