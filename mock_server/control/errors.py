"""How the control routes refuse: the keyed error shape, whatever went wrong and whoever noticed."""

import logging
from collections.abc import Mapping
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from mock_server.dialects.dialect import STATUSES
from mock_server.errors import Refusal, plainly, shown

LOG = logging.getLogger("mock_server")
WORDS = {404: "ROUTE_NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}


def told(status: int, code: str, message: str, param: str | None = None, headers: Any = None) -> JSONResponse:
    """One flat object; ``param`` only where one is to blame."""
    body = {"message": message, "error_code": code} | ({"param": param} if param else {})
    return JSONResponse(body, status, headers)


def refused(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 Starlette's signature
    """A refusal of our own."""
    refusal = cast(Refusal, error)
    status = STATUSES.get(refusal.code, 404 if refusal.code.endswith("_NOT_FOUND") else 400)
    return told(status, refusal.code, refusal.message, refusal.param)


def invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 Starlette's signature
    """The first thing that is wrong with what came: which field, what came, what is allowed."""
    first = cast(RequestValidationError, error).errors()[0]
    if first["type"] == "json_invalid":
        return told(400, "MALFORMED_BODY", f"The body is not valid JSON: {first['ctx']['error']}.")
    name = place(first["loc"])
    if first["type"] == "missing":
        return told(400, "MISSING_PARAMETER", f"The field '{name}' is required.", name)
    return told(400, "INVALID_PARAMETER", complaint(name, first), name)


def place(loc: tuple[Any, ...]) -> str:
    """The path of a field, as in ``match.method``; ``body`` for the whole."""
    return ".".join(str(part) for part in loc[1:]) or "body"


def complaint(name: str, first: Mapping[str, Any]) -> str:
    """The sentence for one wrong field."""
    if first["type"] == "extra_forbidden":
        return f"There is no field '{shown(name)}' here."
    return f"The field '{shown(name)}' is not valid: {plainly(first['msg'])}; got '{shown(first['input'])}'."


def unrouted(request: Request, error: Exception) -> JSONResponse:
    """A path or a method that nothing under /_mock answers."""
    known = cast(HTTPException, error)
    where = f"{request.method} {shown(request.url.path)}"
    message = f"{where} is not among the control routes; /_mock lists them."
    return told(known.status_code, WORDS.get(known.status_code, "BAD_REQUEST"), message, None, known.headers)


def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """A bug of ours."""
    LOG.error("control failed", exc_info=error, extra={"path": shown(request.url.path)})
    return told(500, "INTERNAL_ERROR", "The sandbox failed on this request; please report it.")


def handle(app: FastAPI) -> None:
    """Make the application refuse so."""
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, unrouted)
    app.add_exception_handler(Exception, unforeseen)
