"""The pages in a real browser, without a network."""

import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from mock_server.dialects.openapi import OF_CONTROL
from mock_server.errors import codes_of
from mock_server.listing import dialect_of
from tests.cli.running import Running, served

BROWSER = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENT = "--virtual-time-budget=10000"  # the page is taken once nothing more happens on it
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A server in a process of its own."""
    with served(tmp_path, "--profile", "empty") as running:
        yield running


def shown(folder: Path, url: str) -> str:
    """The page as the browser has it, once it is loaded; no other host can be reached."""
    command = [str(BROWSER), *FLAGS, ALONE, PATIENT, f"--user-data-dir={folder / 'browser'}", "--dump-dom", url]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return unescape(told.stdout)


@pytest.mark.parametrize("name", ["keyed", "bearer"])
def test_the_page_of_a_dialect_shows_every_endpoint_and_code(server: Running, tmp_path: Path, name: str) -> None:
    endpoints = dialect_of(name).endpoints
    page = shown(tmp_path, f"{server.url}/_mock/docs/{name}")
    assert all(f"<code>{endpoint.path}</code>" in page for endpoint in endpoints)
    words = {code.word for code in codes_of(name) if code.status in (400, 401, 403, 429)} - OF_CONTROL
    assert all(word in page for word in words)
    assert page.count("<details>") == len(endpoints)


def test_the_control_page_shows_every_control_route(server: Running, tmp_path: Path) -> None:
    page = shown(tmp_path, f"{server.url}/_mock/docs/control")
    document = httpx.get(f"{server.url}/_mock/openapi/control.json").json()
    assert all(f"<code>{path}</code>" in page for path in document["paths"])


EVIL = """
<script>
fetch("{reset}", {{method: "POST", mode: "no-cors", body: "{{}}"}})
  .finally(() => fetch("{sign}", {{mode: "no-cors"}}))
  .finally(() => document.title = "done")
</script>
"""


def test_a_page_of_another_site_cannot_reset_the_sandbox(server: Running, tmp_path: Path) -> None:
    """It may send such a request; that it did is seen from the call of the API which it makes afterwards."""
    httpx.post(f"{server.url}/tasks", params=server.keys, data={"title": "still here"})
    page = tmp_path / "evil.html"
    box, pair = f"{server.url}/_mock/sandboxes/default", urlencode(server.keys)
    page.write_text(EVIL.format(reset=f"{box}/reset", sign=f"{server.url}/sprints?{pair}"))
    assert "<title>done</title>" in shown(tmp_path, page.as_uri())
    assert httpx.get(f"{box}/journal", params={"path": "/sprints"}).json()["total"] == 1
    assert httpx.get(f"{server.url}/tasks", params=server.keys).json()["total"] == 1
