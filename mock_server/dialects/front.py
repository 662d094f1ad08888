"""One request, from its first byte to its last: read, let in, counted, found, carried out, said."""

import logging
from typing import Any

import orjson

from mock_server.dialects.bodies import query_of
from mock_server.dialects.dialect import (
    WRITES,
    Answer,
    Dialect,
    Headers,
    Receive,
    Scope,
    Send,
    base_of,
    received,
    refusal_headers,
    standing_headers,
    status_of,
)
from mock_server.dialects.endpoint import Call
from mock_server.errors import Refusal, TooMany
from mock_server.store.sandboxes import Let, World

LOG = logging.getLogger("mock_server")
JSON = (b"content-type", b"application/json")


class Front:
    """Answers every path of the API in dialect; ``most`` is the largest body in bytes."""

    def __init__(self, world: World, dialect: Dialect, most: int) -> None:
        self.world, self.dialect, self.most = world, dialect, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever comes. A bug of ours is logged and said in dialect too."""
        headers: Headers = []
        try:
            answer = await self.answered(scope, receive, headers)
        except Refusal as error:
            answer = self.refusal(error)
        except Exception:
            what = {"method": scope["method"], "path": scope["path"][:200]}
            LOG.exception("request failed", extra=what)
            answer = self.refusal(Refusal("The sandbox failed on this request; please report it."))
        await sent(send, answer, headers)

    async def answered(self, scope: Scope, receive: Receive, headers: Headers) -> Answer:
        """The answer. ``headers`` gets what every answer under a rate limit carries."""
        method = scope["method"]
        body = await received(receive, scope["headers"], self.most) if method in WRITES else (b"", "")
        query = query_of(scope["query_string"])
        let = self.dialect.let_in(self.world, query, scope)
        if let.sandbox.windows.limits:
            self.counted(let, headers)
        endpoint, found = self.dialect.sought(method, scope["path"])
        db = self.dialect.db(let.sandbox)
        db.me = let.caller.user_id
        db.spell.at(db.store.tick(), base_of(scope))
        call = Call(query, found.values, let.caller, db)
        call.body, call.content_type = body
        try:
            said = self.dialect.wrapped(endpoint, endpoint.answer(call))
            db.store.keep()
        except BaseException:
            db.store.undo()
            raise
        return Answer(endpoint.status, said)

    def counted(self, let: Let, headers: Headers) -> None:
        """Count the request. Raises TooMany, and changes nothing, where the caller's window is used up."""
        standing = let.sandbox.windows.count(let.caller.key, let.sandbox.clock.now())
        headers += standing_headers(standing)
        if standing.retry_after:
            raise TooMany(f"Too many requests; try again in {standing.retry_after} seconds.", standing.retry_after)

    def refusal(self, error: Refusal) -> Answer:
        """A refusal in dialect."""
        return Answer(status_of(error), orjson.dumps(self.dialect.refused(error)), refusal_headers(error))


async def sent(send: Send, answer: Answer, headers: Headers) -> None:
    """Send an answer."""
    length = (b"content-length", str(len(answer.body)).encode())
    start: dict[str, Any] = {"type": "http.response.start", "status": answer.status}
    await send(start | {"headers": [JSON, length, *headers, *answer.headers]})
    await send({"type": "http.response.body", "body": answer.body})
