"""A bare uvicorn application whose body has as many bytes as its path says.

``python -m benchmarks.bare READY_FILE`` serves it.
"""

import json
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn


@cache
def body(path: str) -> bytes:
    """The fixed body of a path such as ``/1703``."""
    return b"x" * int(path[1:])


async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 ASGI's signature
    """Send it."""
    told = body(scope["path"])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


if __name__ == "__main__":
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(2048)
    Path(sys.argv[1]).write_text(json.dumps({"base_url": f"http://127.0.0.1:{door.getsockname()[1]}"}))
    config = uvicorn.Config(
        answer, loop="uvloop", http="httptools", access_log=False, lifespan="off", log_level="error"
    )
    uvicorn.Server(config).run(sockets=[door])
