"""A server in a thread of the test's own process, on a port of its own."""

import threading
from types import TracebackType
from typing import Any, Self

from mock_server.errors import StartFailure
from mock_server.testing.http import Control
from mock_server.testing.sandbox import Sandbox

PATIENCE = 60.0  # seconds to start


class MockServer:
    """``with MockServer(profile="empty") as server:`` serves from there to the end of the block.

    Keywords are the settings of the command; ``port`` is a free one where none is said. Raises StartFailure where it
    cannot start.
    """

    def __init__(self, **settings: Any) -> None:
        self.settings = {"port": 0, **settings}
        self.base_url = ""
        self.world: Any = None

    def __enter__(self) -> Self:
        """Start, and return once it answers."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Seed, listen, and serve in a thread."""
        import uvloop

        from mock_server.app import create_app
        from mock_server.settings import load
        from mock_server.wire.doors import plain_door
        from mock_server.wire.listener import Listener

        settings = load(**self.settings)
        app = create_app(settings)
        door, answers = plain_door(settings), threading.Event()
        self.world, self.base_url = app.state.world, door.url
        self.listener = Listener(app, settings, [door], answers.set, self.world.hush)
        self.loop = uvloop.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="gitscrum-mock", daemon=True)
        self.thread.start()
        if not answers.wait(PATIENCE):
            raise StartFailure(f"The server did not answer within {PATIENCE:g} seconds.")

    def _run(self) -> None:
        self.loop.run_until_complete(self.listener.serve())
        self.loop.close()

    def stop(self) -> None:
        """Finish what runs and close everything."""
        self.loop.call_soon_threadsafe(self.listener.stop)
        self.thread.join()
        for door in self.listener.doors:
            door.close()
        self.world.close()

    @property
    def control(self) -> Control:
        """Its control routes."""
        return Control(self.base_url, self.settings.get("control_token"))

    @property
    def default(self) -> Sandbox:
        """The sandbox that was made at start."""
        return Sandbox.open(self.control)

    def sandbox(self, **body: Any) -> Sandbox:
        """A new sandbox; see ``Sandbox.make``."""
        return Sandbox.make(self.control, **body)
