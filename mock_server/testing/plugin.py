"""The pytest plugin: a server for the session, a sandbox for each test, and its journal where a test fails."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing import MockServer, Sandbox
    from mock_server.testing.http import Control

SHOWN = 50  # exchanges in a report
LASTS = "1h"  # how long a sandbox outlives a test run that was killed
MARK = "gitscrum(**body): what the sandbox of this test starts with, as in profile='empty' or clock={...}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the server is."""
    group = parser.getgroup("gitscrum")
    group.addoption("--gitscrum-url", help="base URL of a running GitScrum sandbox; one of its own if not given")
    group.addoption("--gitscrum-token", help="its control token, if it asks for one")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def gitscrum_server(pytestconfig: pytest.Config) -> "Iterator[MockServer | Control]":
    """The server of this session, or, with ``--gitscrum-url``, the one that runs there. It has a ``base_url``."""
    from mock_server.testing.http import Control
    from mock_server.testing.server import MockServer

    url = pytestconfig.getoption("--gitscrum-url")
    if url:
        yield Control(url, pytestconfig.getoption("--gitscrum-token"))
    else:
        with MockServer() as server:
            yield server


@pytest.fixture
def gitscrum(request: pytest.FixtureRequest, gitscrum_server: Any) -> "Iterator[Sandbox]":
    """A fresh sandbox, removed after the test; ``@pytest.mark.gitscrum(...)`` says what it starts with."""
    from mock_server.testing.http import Control
    from mock_server.testing.sandbox import Sandbox

    mark = request.node.get_closest_marker("gitscrum")
    body = {"name": request.node.name[:100], "ttl": LASTS, **(mark.kwargs if mark else {})}
    control = gitscrum_server if isinstance(gitscrum_server, Control) else gitscrum_server.control
    with Sandbox.make(control, **body) as sandbox:
        yield sandbox


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what was called where a test failed."""
    report = yield
    sandbox = getattr(item, "funcargs", {}).get("gitscrum")
    if report.when == "call" and report.failed and sandbox is not None:
        report.sections.append((f"GitScrum sandbox {sandbox.id}", journal_of(sandbox)))
    return report


def journal_of(sandbox: "Sandbox") -> str:
    """The newest exchanges of a sandbox, a line each."""
    try:
        told = [str(each) for each in sandbox.requests[-SHOWN:]]
    except Exception as error:
        return f"The journal cannot be had: {error}"
    return "\n".join(told) or "Nothing was called."
