"""How each endpoint of the services API is called so that it succeeds, written down by noun beside its tests.

A module of tests says ``@walk("GET /tasks/{uuid}")`` over a function that is given a client and gives what to send: the
path and the keywords of ``Service.call``. The function may call whatever it needs first.
"""

from collections.abc import Callable
from typing import Any

from mock_server.dialects.bearer import bearer
from mock_server.resources import load_services
from tests.services.conftest import Service

Step = Callable[[Service], tuple[str, dict[str, Any]]]
WALKS: dict[str, Step] = {}
load_services()
SERVED = [f"{endpoint.method} {endpoint.path}" for endpoint in bearer.endpoints]


def walk(endpoint: str) -> Callable[[Step], Step]:
    """Remember how an endpoint is called."""

    def remember(step: Step) -> Step:
        assert endpoint not in WALKS, endpoint
        WALKS[endpoint] = step
        return step

    return remember


def lacking(read: Any, told: Any, where: str = "") -> list[str]:
    """What of the types in ``read`` an answer does not have; ``any`` may be missing, ``<word>`` is every key."""
    if isinstance(read, dict) and read.keys() == {"?"}:
        return [] if told is None else lacking(read["?"], told, where)
    if isinstance(read, dict):
        if not isinstance(told, dict):
            return [f"{where}: an object is read, {told!r} came"]
        if len(read) == 1 and (only := next(iter(read))).startswith("<"):
            read = dict.fromkeys(told, read[only])
        absent = [f"{where}.{key}: is not there" for key in read if key not in told and read[key] != "any"]
        there = [key for key in read if key in told]
        return absent + [each for key in there for each in lacking(read[key], told[key], f"{where}.{key}")]
    if isinstance(read, list):
        if not isinstance(told, list):
            return [f"{where}: an array is read, {told!r} came"]
        return [each for at, item in enumerate(told) for each in lacking(read[0], item, f"{where}[{at}]")]
    return [] if any(is_a(word, told) for word in read.split("|")) else [f"{where}: {read} is read, {told!r} came"]


def is_a(word: str, told: Any) -> bool:
    """Whether a JSON value is of a type; a Boolean is no number."""
    if word in ("integer", "number") and isinstance(told, bool):
        return False
    kinds: dict[str, Any] = {
        "any": object,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "object": dict,
        "array": list,
        "null": type(None),
    }
    return isinstance(told, kinds[word])
