"""What the commands do that need a server: serve, and write a seeded file."""

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from mock_server.errors import StartFailure, sized
from mock_server.settings import Settings
from mock_server.store.images import Progress, write_whole
from mock_server.store.sandboxes import World
from mock_server.store.seeding import Spec
from mock_server.wire.doors import EVERYWHERE, Door, plain_door, secure_door

YOUNG = 20_000  # new objects between two looks of the garbage collector
LINKS = ("docs/keyed", "docs/bearer", "docs/control", "openapi/keyed.json", "fidelity", "sandboxes/default")


def serve(settings: Settings, as_json: bool) -> None:
    """Take the ports, seed, then serve until SIGINT or SIGTERM. Raises StartFailure."""
    from mock_server.app import create_app
    from mock_server.wire.listener import run
    from mock_server.wire.log import keep_log

    keep_log(settings.log)
    doors, ca = opened(settings)
    with bar("seeding") as progress:
        app = create_app(settings, progress)
    facts = described(settings, doors, app.state.world) | ({"ca": str(ca)} if ca else {})
    with closing(app.state.world), ready_file(settings.ready_file, facts) as announce:

        def answers() -> None:
            announce()
            greet(settings, facts, as_json)

        settle()
        run(app, settings, doors, answers, app.state.world.hush)


def settle() -> None:
    """Spare the garbage collector what the start has made, since it stays; and let it look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


def opened(settings: Settings) -> tuple[list[Door], Path | None]:
    """The listeners' sockets, plain HTTP first and HTTPS where it is wanted; and the CA to trust, if it is ours."""
    doors = [plain_door(settings)]
    if not settings.serves_https:
        return doors, None
    from mock_server.wire.certificates import certificate

    made = certificate(settings)
    if made.warning:
        print(made.warning, file=sys.stderr)
    return [*doors, secure_door(settings, made.tls)], made.ca


def described(settings: Settings, doors: list[Door], world: World) -> dict[str, Any]:
    """What a client needs: where, and by which credentials. ``base_url`` is the one that answers API calls."""
    urls = dict(zip(("http_url", "https_url"), [door.url for door in doors], strict=False))
    base = urls["https_url" if settings.https_only else "http_url"]
    return {"base_url": base, **urls, "credentials": world.default.described()["credentials"]}


@contextmanager
def ready_file(path: Path | None, facts: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """A function that writes the file, which goes away at the end."""

    def announce() -> None:
        if path is None:
            return
        try:
            write_whole(path, json.dumps(facts).encode())
        except OSError as error:
            raise StartFailure(f"The ready file {path} cannot be written: {error.strerror}.") from None
        end.callback(path.unlink, missing_ok=True)

    with ExitStack() as end:
        yield announce


def greet(settings: Settings, facts: dict[str, Any], as_json: bool) -> None:
    """Say where it listens, who may come in, and what to try first."""
    if settings.host in EVERYWHERE:
        print(exposed(settings), file=sys.stderr)
    if as_json:
        print(json.dumps(facts), flush=True)
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(soft_wrap=True).print("\n".join(greeting(facts)), markup=False)
    else:
        print("\n".join(greeting(facts)), flush=True)


def exposed(settings: Settings) -> str:
    """What somebody should know who lets a whole network in."""
    told = f"Listening on {settings.host}: everybody on this network can reach this server"
    if not settings.control or settings.control_token is not None:
        return f"{told}."
    return f"{told}, its control routes too: set --control-token, or --no-control."


def greeting(facts: dict[str, Any]) -> Iterator[str]:
    """The lines of it."""
    base, keys = facts["base_url"], facts["credentials"]
    pair = f"api_id={keys['api_id']}&project_key={keys['project_key']}"
    trust = f"--cacert {facts['ca']} " if base == facts.get("https_url") and "ca" in facts else ""
    yield from (
        "GitScrum sandbox on " + " and ".join(facts[url] for url in ("http_url", "https_url") if url in facts),
        "",
    )
    yield from (f"  {name:13}{value}" for name, value in keys.items())
    if "ca" in facts:
        yield f"  {'CA to trust':13}{facts['ca']}"
    yield from ("", f"  curl {trust}'{base}/tasks?{pair}&limit=1'", "")
    yield from (f"  {facts['http_url']}/_mock/{link}" for link in LINKS)


@contextmanager
def bar(what: str) -> Iterator[Progress | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def seed_file(settings: Settings, path: Path, force: bool) -> str:
    """Write the database file of a default sandbox. Raises StartFailure where it cannot, or may not, be written."""
    if path.exists() and not force:
        raise StartFailure(f"{path} is there already; --force writes over it.")
    world = World(settings.cache / "seeds")
    spec = Spec(settings.profile, settings.seed, settings.locale, settings.tasks)
    with bar("seeding") as progress:
        sandbox = world.open(spec, progress=progress)
    try:
        write_whole(path, sandbox.store.raw.serialize())
    except OSError as error:
        raise StartFailure(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        world.close()
    return f"{path}: {sized(path.stat().st_size)}"
