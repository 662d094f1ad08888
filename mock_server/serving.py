"""What the commands do that need a server: serve, be asked for health, write a seeded file."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mock_server.errors import StartFailure
from mock_server.settings import Settings
from mock_server.store.clock import Clock
from mock_server.store.images import Progress, write_whole
from mock_server.store.sandboxes import World
from mock_server.store.seeding import Spec
from mock_server.wire.doors import Door, plain_door, reachable, secure_door

LINKS = ("docs/keyed", "openapi/keyed.json", "fidelity", "sandboxes/default")


def serve(settings: Settings, as_json: bool) -> None:
    """Take the ports, seed, then serve until SIGINT or SIGTERM. Raises StartFailure."""
    from mock_server.app import create_app
    from mock_server.wire.listener import run

    doors = opened(settings)
    with bar("seeding") as progress:
        app = create_app(settings, progress)
    facts = described(doors, app.state.world)
    with ready_file(settings.ready_file, facts) as announce:
        run(app, settings, doors, lambda: welcome(announce, settings, facts, as_json))


def welcome(announce: Callable[[], None], settings: Settings, facts: dict[str, Any], as_json: bool) -> None:
    """Tell programs and people that it answers."""
    announce()
    greet(settings, facts, as_json)


def opened(settings: Settings) -> list[Door]:
    """The listeners' sockets: plain HTTP, and HTTPS where it is wanted."""
    doors = [plain_door(settings)]
    if settings.serves_https:
        from mock_server.wire.certificates import certificate

        made = certificate(settings)
        if made.warning:
            print(made.warning, file=sys.stderr)
        doors.append(secure_door(settings, made.tls))
    return doors


def described(doors: list[Door], world: World) -> dict[str, Any]:
    """What a client needs: where, and by which credentials."""
    facts: dict[str, Any] = {"base_url": doors[0].url, "credentials": world.default.described()["credentials"]}
    return facts | ({"https_url": doors[1].url} if len(doors) > 1 else {})


@contextmanager
def ready_file(path: Path | None, facts: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """A function that writes the file, which goes away at the end."""

    def announce() -> None:
        if path is not None:
            try:
                write_whole(path, json.dumps(facts).encode())
            except OSError as error:
                raise StartFailure(f"The ready file {path} cannot be written: {error.strerror}.") from None

    yield announce
    if path is not None:
        path.unlink(missing_ok=True)


def greet(settings: Settings, facts: dict[str, Any], as_json: bool) -> None:
    """Say where it listens, who may come in, and what to try first."""
    if as_json:
        print(json.dumps(facts), flush=True)
        return
    base, keys = facts["base_url"], facts["credentials"]
    pair = f"api_id={keys['api_id']}&project_key={keys['project_key']}"
    lines = [f"GitScrum sandbox on {base}" + (f" and {facts['https_url']}" if "https_url" in facts else ""), ""]
    lines += [f"  {name:13}{value}" for name, value in keys.items()]
    lines += ["", f"  curl '{base}/tasks?{pair}&limit=1'", "", *(f"  {base}/_mock/{link}" for link in LINKS)]
    print("\n".join(lines), flush=True)
    if settings.host in ("0.0.0.0", "::"):  # noqa: S104 recognised, not chosen
        print("Everybody on this network can reach this server.", file=sys.stderr)


@contextmanager
def bar(what: str) -> Iterator[Progress | None]:
    """A progress bar on a terminal; nothing elsewhere, and nothing for what is done at once."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def is_ready(settings: Settings) -> bool:
    """Whether the server of these settings answers 200 to /_mock/ready."""
    from http.client import HTTPConnection, HTTPException

    asked = HTTPConnection(reachable(settings.host), settings.port, timeout=3)
    with suppress(OSError, HTTPException):
        asked.request("GET", "/_mock/ready")
        return asked.getresponse().status == 200
    return False


def seed_file(settings: Settings, path: Path, force: bool) -> str:
    """Write the database file of a default sandbox. Raises StartFailure where it cannot, or may not, be written."""
    if path.exists() and not force:
        raise StartFailure(f"{path} is there already; --force writes over it.")
    world = World(settings.cache / "seeds")
    spec = Spec(settings.profile, settings.seed, settings.locale, settings.tasks)
    with bar("seeding") as progress:
        sandbox = world.make("default", spec, Clock(), progress)
    try:
        write_whole(path, sandbox.store.raw.serialize())
    except OSError as error:
        raise StartFailure(f"{path} cannot be written: {error.strerror}.") from None
    return f"{path}: {path.stat().st_size} bytes"
