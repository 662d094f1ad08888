"""Sandboxes: made, shown, reset, kept as snapshots, copied and removed."""

import asyncio
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, StringConstraints, model_validator

from mock_server.control.asked import TheSandbox, TheWorld
from mock_server.errors import Invalid, StartFailure
from mock_server.store.clock import Pace
from mock_server.store.sandbox import Snapshot
from mock_server.store.sandboxes import World
from mock_server.store.seeding import Spec
from mock_server.store.told import Instant, Span, Told

sandboxes = APIRouter(prefix="/_mock/sandboxes", tags=["sandboxes"])
MOST_TASKS = 1_000_000
Label = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class ClockBody(Told):
    """How a clock goes: the machine's time, standing at ``at``, running from ``at``, or ``rate`` times as fast."""

    mode: Literal["real", "frozen", "offset", "scaled"]
    at: Instant | None = None
    rate: float = Field(default=1.0, gt=0, le=1e9, allow_inf_nan=False)

    @model_validator(mode="after")
    def sensible(self) -> Self:
        """A real clock has no moment of its own, and only a scaled one has a rate."""
        if self.mode == "real" and self.at is not None:
            raise ValueError("a real clock takes no 'at'; an offset one runs from there")
        if self.mode != "scaled" and "rate" in self.model_fields_set:
            raise ValueError("only a scaled clock takes a 'rate'")
        return self

    def pace(self) -> Pace:
        """The same for a clock."""
        return Pace(self.mode, self.at, self.rate)


class SandboxBody(Told):
    """What a new sandbox starts with. ``from`` is the id of a sandbox, or ``id/snapshot``, that it is to be like."""

    name: Label | None = None
    profile: str | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    locale: str | None = Field(default=None, pattern=r"^[a-z]{2,3}_[A-Z]{2}$")
    tasks: int | None = Field(default=None, ge=0, le=MOST_TASKS)
    clock: ClockBody | None = None
    ttl: Span | None = None
    origin: str | None = Field(default=None, alias="from")

    def spec(self, default: Spec) -> Spec:
        """The seed: what is not said is as at the start of the server."""
        chosen = (self.profile, self.seed, self.locale, self.tasks)
        if self.profile is not None and self.tasks is None:
            default = Spec(default.profile, default.seed, default.locale)
        asked = zip(chosen, (default.profile, default.seed, default.locale, default.tasks), strict=True)
        return Spec(*[own if mine is None else mine for mine, own in asked])  # type: ignore[arg-type]

    def seeds(self) -> set[str]:
        """The fields that choose a seed."""
        return {"profile", "seed", "locale", "tasks"} & self.model_fields_set


AS_THE_SERVER = SandboxBody()


class SnapshotBody(Told):
    """A snapshot's name, with which it is restored."""

    name: Handle


@sandboxes.get("")
async def list_sandboxes(world: TheWorld) -> dict[str, Any]:
    """Every sandbox, in the order in which they were made."""
    return {"data": [sandbox.brief() for sandbox in world.sandboxes.values()], "total": len(world.sandboxes)}


@sandboxes.post("", status_code=201)
async def create_sandbox(world: TheWorld, body: SandboxBody = AS_THE_SERVER) -> dict[str, Any]:
    """A new sandbox with credentials of its own: seeded, or like another sandbox or snapshot."""
    origin = like(world, body) if body.origin is not None else await seeded(world, body)
    pace = body.clock.pace() if body.clock else None
    sandbox = world.make(origin, pace, name=body.name or "", ttl=body.ttl)
    if body.ttl is not None:
        asyncio.get_running_loop().call_later(body.ttl + 0.01, world.sweep)
    return sandbox.described()


def like(world: World, told: SandboxBody) -> Snapshot:
    """The snapshot that a fork starts from. Raises NotFound, and Invalid where a seed is asked for besides."""
    if both := told.seeds():
        raise Invalid(min(both), "A fork has the data of what it is forked 'from'; it takes no seed of its own.")
    id, _, name = str(told.origin).partition("/")
    sandbox = world.find(id)
    return world.kept(sandbox, name) if name else sandbox.snapshot()


async def seeded(world: World, told: SandboxBody) -> Spec:
    """The seed, its image built beside the event loop where nobody has built it yet. Raises Invalid."""
    default = world.default.origin
    spec = told.spec(default if isinstance(default, Spec) else Spec())
    if spec not in world.images.known:
        try:
            await run_in_threadpool(world.images.image, spec)
        except StartFailure as failure:
            raise Invalid(min(told.seeds(), default="profile"), str(failure)) from None
    return spec


@sandboxes.get("/{id}")
async def get_sandbox(sandbox: TheSandbox) -> dict[str, Any]:
    """A sandbox with the credentials that open it."""
    return sandbox.described()


@sandboxes.delete("/{id}")
async def delete_sandbox(sandbox: TheSandbox, world: TheWorld) -> dict[str, Any]:
    """Remove a sandbox with its data, snapshots, faults and journal. The default one stays."""
    world.remove(sandbox)
    return {"deleted": sandbox.id}


@sandboxes.post("/{id}/reset")
async def reset_sandbox(sandbox: TheSandbox, world: TheWorld) -> dict[str, Any]:
    """Back to the beginning: data, ids, clock, faults, limits and journal, all at once."""
    world.reset(sandbox)
    return sandbox.brief()


@sandboxes.get("/{id}/snapshots")
async def list_snapshots(sandbox: TheSandbox) -> dict[str, Any]:
    """The snapshots of a sandbox, in the order in which they were made."""
    kept = [snapshot_told(name, each) for name, each in sandbox.snapshots.items()]
    return {"data": kept, "total": len(kept)}


@sandboxes.post("/{id}/snapshots", status_code=201)
async def create_snapshot(sandbox: TheSandbox, world: TheWorld, body: SnapshotBody) -> dict[str, Any]:
    """Keep the sandbox's data and clock as they are."""
    return snapshot_told(body.name, world.keep(sandbox, body.name))


def snapshot_told(name: str, kept: Snapshot) -> dict[str, Any]:
    """What is said of a snapshot: the sandbox's time when it was taken, and its bytes."""
    return {"name": name, "taken": int(kept.taken), "bytes": len(kept.image)}


@sandboxes.post("/{id}/snapshots/{name}/restore")
async def restore_snapshot(sandbox: TheSandbox, name: str, world: TheWorld) -> dict[str, Any]:
    """Data and clock as they were; faults, limits and journal stay."""
    world.restore(sandbox, name)
    return sandbox.brief()


@sandboxes.delete("/{id}/snapshots/{name}")
async def delete_snapshot(sandbox: TheSandbox, name: str, world: TheWorld) -> dict[str, Any]:
    """Forget a snapshot."""
    world.kept(sandbox, name)
    del sandbox.snapshots[name]
    return {"deleted": name}
