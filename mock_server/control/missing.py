"""How the control pages say that something is not there."""

from fastapi.responses import JSONResponse

from mock_server.errors import shown


def missing(noun: str, name: str) -> JSONResponse:
    """A 404."""
    return JSONResponse(
        {"message": f"There is no {noun} '{shown(name)}'.", "error_code": f"{noun.upper()}_NOT_FOUND"}, 404
    )
