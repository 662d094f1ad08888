"""The only place where every room meets: a FastAPI application whose API routes are found in a tree."""

from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match

from mock_server import __version__
from mock_server.control.drawer import furnish
from mock_server.control.errors import handle
from mock_server.control.guard import Guard
from mock_server.control.ready import READY, ready
from mock_server.dialects.bearer import bearer
from mock_server.dialects.dialect import Receive, Scope, Send
from mock_server.dialects.endpoint import Endpoint
from mock_server.dialects.keyed import keyed
from mock_server.resources import load, load_services
from mock_server.settings import Settings
from mock_server.store.images import Progress
from mock_server.store.ring import Ring
from mock_server.store.sandboxes import World
from mock_server.store.seeding import Spec
from mock_server.wire.front import Front
from mock_server.wire.https import App, HttpsOnly, is_beside_the_api


class ApiRoute(BaseRoute):
    """An endpoint as ``app.routes`` lists it; the front finds and answers it before Starlette looks."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.path, self.methods, self.endpoint = endpoint.path, {endpoint.method}, endpoint.function
        self.name = endpoint.function.__name__

    def matches(self, scope: Any) -> tuple[Match, Any]:  # noqa: ARG002 Starlette's signature
        """Never: the front has answered."""
        return Match.NONE, {}


class Sandboxed(FastAPI):
    """FastAPI, guarded, for what stands under /_mock; everything else goes straight to ``api``."""

    api: App

    @property
    def routes(self) -> list[BaseRoute]:
        """Every route, those of the API among them."""
        return [*self.router.routes, *map(ApiRoute, keyed.endpoints), *map(ApiRoute, bearer.ready().endpoints)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the lifespan."""
        if scope["type"] == "http" and not is_beside_the_api(scope["path"]):
            await self.api(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] != READY:
            furnish(self)
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> Any:
        """FastAPI's own stack behind the guard."""
        return Guard(super().build_middleware_stack(), self.state.settings)


def create_app(settings: Settings, progress: Progress | None = None) -> Sandboxed:
    """The application, its default sandbox seeded. Raises StartFailure."""
    load()
    app = Sandboxed(title="GitScrum sandbox", version=__version__, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.settings = settings
    remember = settings.remember_mib << 20 if settings.remember else 0
    ring = Ring(int(settings.journal_size), settings.journal_entries)
    world = World(settings.cache / "seeds", settings.data, settings.limits, remember, ring)
    world.open(Spec(settings.profile, settings.seed, settings.locale, settings.tasks), progress=progress)
    world.default.grants.auto = settings.auto_approve
    app.state.world = world
    bearer.later(load_services)
    app.state.dialects = {keyed.name: keyed.with_creates(settings.wrap_creates), bearer.name: bearer}
    front = Front(world, app.state.dialects, int(settings.body_limit), settings.header_faults)
    app.api = HttpsOnly(front, settings) if settings.https_only else front
    handle(app)
    app.include_router(ready)
    return app
