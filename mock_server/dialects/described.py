"""What an OpenAPI document says of a dialect as a whole: its credentials, its pages, its errors and its refusals."""

from typing import Any, NamedTuple

Schema = dict[str, Any]
MESSAGE: Schema = {"type": "string", "description": "What was wrong, fit to show a user."}
WORD: Schema = {"type": "string", "pattern": "^[A-Z_]+$", "description": "A stable word for programs."}
PAGE: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53, "default": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBERS = dict.fromkeys(("total", "count", "per_page", "current_page", "total_pages"), COUNT)


class Description(NamedTuple):
    """``beside`` stands beside the ``data`` of a page, ``statuses`` are every endpoint's refusals,
    ``deleted`` is what is left to say of a row that was deleted."""

    title: str
    schemes: Schema
    security: list[Schema]
    paging: tuple[tuple[str, Schema], ...]
    error: Schema
    beside: Schema
    statuses: tuple[int, ...]
    of_writes: tuple[int, ...]
    deleted: Schema


def size(default: int) -> Schema:
    """How many rows a page has."""
    return {"type": "integer", "minimum": 1, "maximum": 100, "default": default}


def failed(**properties: Schema) -> Schema:
    """The body of a refusal."""
    told = {"message": MESSAGE, "error_code": WORD}
    return {"type": "object", "required": list(told), "properties": told | properties}


def holding(**properties: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


KEYED = Description(
    title="GitScrum API 2.0.0, as the sandbox answers it",
    schemes={name: {"type": "apiKey", "in": "query", "name": name} for name in ("api_id", "project_key")},
    security=[{"api_id": [], "project_key": []}],
    paging=(
        ("limit", size(15)),
        ("page", PAGE),
        ("sort", {"type": "string", "examples": ["-created_at", "id:asc", "DESC"]}),
    ),
    error=failed(param={"type": "string", "description": "The one parameter to blame, if there is one."}),
    beside=NUMBERS,
    statuses=(400, 401, 402, 403, 404, 413, 429),
    of_writes=(409,),
    deleted=holding(data=holding(deleted={"const": True})),
)
BEARER = Description(
    title="GitScrum services API, as the sandbox answers it",
    schemes={"token": {"type": "http", "scheme": "bearer"}},
    security=[{"token": []}],
    paging=(("per_page", size(50)), ("page", PAGE), ("limit", size(50))),
    error=failed(
        error={"type": "string", "description": "The status in words; for a device that waits, the word of RFC 8628."},
        errors={
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "The complaints about each parameter.",
        },
        feature={"type": "string", "description": "What the plan lacks."},
        plan={"type": "string"},
        upgrade_url={"type": "string"},
        retry_after={"type": "integer", "description": "Seconds."},
        error_description={"type": "string"},
    ),
    beside=NUMBERS
    | {"meta": {"type": "object", "required": [*NUMBERS, "last_page"], "properties": NUMBERS | {"last_page": COUNT}}},
    statuses=(400, 401, 402, 403, 404, 409, 413, 422, 429),
    of_writes=(),
    deleted=holding(success={"const": True}),
)
OF = {"keyed": KEYED, "bearer": BEARER}
