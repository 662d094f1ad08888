"""What control routes ask of a request: which sandbox, and bodies of typed fields."""

from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from mock_server.store.clock import instant_of, seconds_of
from mock_server.store.sandbox import Sandbox
from mock_server.store.sandboxes import World


class Told(BaseModel):
    """The JSON body of a control route; a field that it does not know is an error, so that no typo goes unseen."""

    model_config = ConfigDict(extra="forbid")


Span = Annotated[float, BeforeValidator(seconds_of)]
"""A length of time in seconds, told as a number of seconds or as in ``250ms``, ``90s``, ``1h30m``, ``2d``."""

Instant = Annotated[float, BeforeValidator(instant_of), PlainSerializer(float)]
"""A moment in unix seconds, told so or as ISO 8601 (UTC where no offset is told)."""


async def world_of(request: Request) -> Any:
    """The world of the application that was called, without the sandboxes whose time is over."""
    request.app.state.world.sweep()
    return request.app.state.world


TheWorld = Annotated[World, Depends(world_of)]


async def sandbox_of(id: str, world: TheWorld) -> Sandbox:
    """The sandbox that the path names. Raises NotFound."""
    return world.find(id)


TheSandbox = Annotated[Sandbox, Depends(sandbox_of)]
