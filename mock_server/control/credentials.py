"""Credentials of every kind, minted and revoked; and the rate limits that they are counted by."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from mock_server.control.asked import TheSandbox, TheWorld
from mock_server.errors import Missing, NotFound
from mock_server.settings import parse_limits, told_limits
from mock_server.store.callers import minted, named, revoke
from mock_server.store.keyring import Let
from mock_server.store.sandbox import Sandbox
from mock_server.store.sandboxes import World
from mock_server.store.told import Instant, Told

credentials = APIRouter(prefix="/_mock/sandboxes/{id}", tags=["credentials"])


def limits_checked(text: str) -> str:
    """A rate limit as on the command line. Raises ValueError."""
    parse_limits(text)
    return text


Limits = Annotated[str, AfterValidator(limits_checked)]


class CredentialBody(Told):
    """A new credential: what it may do, on which project (by slug), until when, and how often."""

    kind: Literal["full", "read_only", "revoked", "expired", "suspended"] = "full"
    project: str | None = None
    expires_at: Instant | None = None
    rate_limit: Limits | None = None


class LimitBody(Told):
    """New limits (null for none), or how many calls are left, for one credential or for all of the sandbox."""

    limits: Limits | None = None
    remaining: int | None = Field(default=None, ge=0, lt=2**31)
    credential: str | None = None


@credentials.post("/credentials", status_code=201)
async def create_credential(sandbox: TheSandbox, world: TheWorld, body: CredentialBody) -> dict[str, Any]:
    """A key pair and a token which open this sandbox, or are refused as their kind tells."""
    name = minted(sandbox.store, sandbox.id, body.kind, body.project, body.expires_at)
    world.keyring.admit(sandbox)
    told = named(sandbox.store, name)
    if body.rate_limit:
        sandbox.windows.limit(parse_limits(body.rate_limit), let_of(world, sandbox, told["project_key"]).caller.key)
    return told | {"rate_limit": body.rate_limit}


@credentials.delete("/credentials/{key}")
async def revoke_credential(sandbox: TheSandbox, world: TheWorld, key: str) -> dict[str, Any]:
    """Revoke a credential, named by its project_key, its token or its name: from now on it is answered 401."""
    name = revoke(sandbox.store, key)
    world.keyring.admit(sandbox)
    return named(sandbox.store, name)


@credentials.get("/rate-limit")
async def get_rate_limit(sandbox: TheSandbox, world: TheWorld) -> dict[str, Any]:
    """The limits, and where each credential stands that has called."""
    return standing_told(sandbox, world)


@credentials.put("/rate-limit")
async def set_rate_limit(sandbox: TheSandbox, world: TheWorld, body: LimitBody) -> dict[str, Any]:
    """Change limits while running, or put callers so many calls before their end."""
    came = body.model_fields_set
    if not came & {"limits", "remaining"}:
        raise Missing("limits", ", or 'remaining'")
    one = None if body.credential is None else let_of(world, sandbox, body.credential).caller.key
    if "limits" in came:
        sandbox.windows.limit(parse_limits(body.limits) if body.limits else (), one)
    if body.remaining is not None:
        for key in [one] if one else [let.caller.key for let in world.keyring.of(sandbox)]:
            for window in sandbox.windows.of(key):
                window.leave(body.remaining, sandbox.clock.now())
    return standing_told(sandbox, world)


def let_of(world: World, sandbox: Sandbox, key: str) -> Let:
    """The credential of a sandbox that has this project_key, token or name. Raises NotFound."""
    for let in world.keyring.of(sandbox):
        if key in let.keys:
            return let
    raise NotFound("Credential", key, f" in the sandbox '{sandbox.id}'")


def standing_told(sandbox: Sandbox, world: World) -> dict[str, Any]:
    """The limits of everybody and of those who have their own, and what each has left."""
    windows, now = sandbox.windows, sandbox.clock.now()
    told = []
    for let in world.keyring.of(sandbox):
        left = [each.left(now) for each in windows.opened.get(let.caller.key, ())]
        limits = windows.own.get(let.caller.key, windows.limits)
        told.append({"credential": let.name, "limits": told_limits(limits), "remaining": min(left, default=None)})
    return {"limits": told_limits(windows.limits), "credentials": told}
