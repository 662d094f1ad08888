"""A bare uvicorn application that sends a fixed body: ``python -m benchmarks.bare BYTES READY_FILE``."""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn


async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 ASGI's signature
    """The fixed body."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    BODY = b"x" * int(sys.argv[1])
    HEADERS = [(b"content-type", b"application/json"), (b"content-length", sys.argv[1].encode())]
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(2048)
    Path(sys.argv[2]).write_text(json.dumps({"base_url": f"http://127.0.0.1:{door.getsockname()[1]}/"}))
    config = uvicorn.Config(
        answer, loop="uvloop", http="httptools", access_log=False, lifespan="off", log_level="error"
    )
    uvicorn.Server(config).run(sockets=[door])
