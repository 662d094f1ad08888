"""What the Dockerfile and docker-compose.yml promise; a build for real is `make image-test`."""

import json
import re
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


@cache
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as pairs of instruction and argument, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def last(instruction: str) -> str:
    """What an instruction says for the finished image."""
    return [rest for word, rest in instructions() if word == instruction][-1]


def test_the_image_runs_as_a_user_without_rights() -> None:
    """By number, so that an orchestrator can see that it is not root."""
    user, _, group = last("USER").partition(":")
    assert int(user) >= 1000
    assert int(group) >= 1000


def test_the_image_is_built_in_two_stages_on_the_base_that_is_asked_for() -> None:
    """Both stages share one base: a virtual environment works only beside the Python that made it."""
    assert ("ARG", "PYTHON_IMAGE=python:3.13-slim") in instructions()
    assert [rest for word, rest in instructions() if word == "FROM"] == ["${PYTHON_IMAGE} AS build", "${PYTHON_IMAGE}"]


def test_the_image_serves_and_asks_itself_for_its_health() -> None:
    """Both by the installed command."""
    assert json.loads(last("ENTRYPOINT")) + json.loads(last("CMD")) == ["gitscrum-mock", "serve"]
    assert last("HEALTHCHECK").endswith('CMD ["gitscrum-mock", "healthcheck"]')


def test_the_image_listens_on_all_interfaces_and_the_port_it_exposes() -> None:
    """A published port reaches the server."""
    assert "GITSCRUM_MOCK_HOST=0.0.0.0" in last("ENV").split()
    assert f"GITSCRUM_MOCK_PORT={last('EXPOSE')}" in last("ENV").split()


def test_the_build_is_given_the_files_it_copies() -> None:
    """.dockerignore keeps everything out but these."""
    kept = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copies = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    assert {source for sources in copies for source in sources} == kept


def test_compose_publishes_on_loopback_under_the_names_of_the_real_service() -> None:
    """The sandbox is reachable from this machine and from its own network alone."""
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["gitscrum"]
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert service["networks"]["default"]["aliases"] == ["api.gitscrum.com", "services.gitscrum.com"]
    assert service["read_only"] is True


def test_the_service_that_compose_shows_as_an_example_waits_for_health() -> None:
    """The commented lines are valid once the comment signs are gone."""
    text = (ROOT / "docker-compose.yml").read_text()
    example = yaml.safe_load("services:\n" + re.sub(r"^  # ?", "  ", text.partition("ready:\n")[2], flags=re.MULTILINE))
    assert example["services"]["tests"]["depends_on"] == {"gitscrum": {"condition": "service_healthy"}}
