"""The OpenAPI document of a dialect, made from what its endpoints ask and give."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mock_server import __version__
from mock_server.dialects.answers import Bare, Beside, Deleted, Listing, One, Summed, Whole
from mock_server.dialects.bodies import FORM, JSON, MULTIPART, Upload
from mock_server.dialects.described import OF, Schema, holding
from mock_server.dialects.dialect import Dialect
from mock_server.dialects.endpoint import Endpoint
from mock_server.dialects.inputs import Body, Input
from mock_server.dialects.lists import Filters, Page
from mock_server.dialects.views import ONLY, DateResource
from mock_server.errors import codes_of

NO_CONTENT = 204
IN_PATH = re.compile(r"{(\w+)}")
REF = "#/components/schemas/"
OF_CONTROL = frozenset({"CONTROL_TOKEN_INVALID", "HOST_NOT_ALLOWED", "CROSS_SITE_REQUEST"})


def document(dialect: Dialect) -> Schema:
    """The whole document: every endpoint, with its parameters, bodies, envelope and refusals."""
    names = Names(dialect.ready())
    paths: dict[str, Schema] = {}
    for endpoint in dialect.endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation(endpoint, names, dialect)
    told = OF[dialect.name]
    return {
        "openapi": "3.1.0",
        "info": {"title": told.title, "version": __version__},
        "servers": [{"url": "/"}],
        "security": told.security,
        "paths": paths,
        "components": {"schemas": {**names.schemas, "Error": told.error}, "securitySchemes": told.schemes},
    }


def asked_of(endpoint: Endpoint) -> Iterator[tuple[str, Any]]:
    """The parameters of an endpoint's function, with their types."""
    for name in inspect.signature(endpoint.function).parameters:
        yield name, endpoint.hints[name]


def models_of(endpoint: Endpoint) -> Iterator[tuple[type[BaseModel], str]]:
    """The models that an endpoint reads (validation) and says (serialization)."""
    for _, kind in asked_of(endpoint):
        if isinstance(kind, type) and issubclass(kind, (Input, Filters)):
            yield kind, "validation"
    shown = said_by(endpoint)[1]
    if isinstance(shown, type) and issubclass(shown, BaseModel):
        yield shown, "serialization"


def said_by(endpoint: Endpoint) -> tuple[Any, Any]:
    """What the function returns: its kind (One, Listing, Summed, Whole, Deleted or another), and the view inside."""
    return inside(endpoint.hints["return"])


def inside(told: Any) -> tuple[Any, Any]:
    """The kind of a return annotation, and the view inside."""
    origin = get_origin(told) or told
    if origin is Beside:
        return inside(get_args(told)[0])
    view = get_args(told)[0] if origin in (One, Listing, Summed, Whole) else told
    return (Deleted if origin is type else origin), view


class Names:
    """The schemas of every model of a dialect, by reference."""

    def __init__(self, dialect: Dialect) -> None:
        wanted = dict.fromkeys(model for endpoint in dialect.endpoints for model in models_of(endpoint))
        for model, _ in wanted:
            model.model_rebuild(force=True)
        made, whole = models_json_schema(list(wanted), ref_template=REF + "{model}")  # type: ignore[arg-type]
        self.references: dict[Any, Schema] = made
        self.schemas: dict[str, Schema] = whole.get("$defs", {})
        for schema in self.schemas.values():
            keep_shown(schema, dialect.name)
        for model, mode in wanted:
            if mode == "validation":
                self._forget_defaults(model)
        if dialect.name == "bearer" and "DateObject" in self.schemas:
            self.schemas = resourceful(self.schemas)
        if "Upload" in self.schemas:
            self.schemas["Upload"] = {"type": "string", "format": "binary"}

    def schema(self, model: Any, mode: str) -> Schema:
        """A reference to a model's schema; of plain data its type."""
        if model is Any:
            return {}
        plain: Schema = {"type": "integer"} if model is int else {"type": "object"}
        return self.references.get((model, mode), plain)

    def _forget_defaults(self, model: type[BaseModel]) -> None:
        """What is not sent stays as it is, so that the fields have no defaults to speak of."""
        for field in self.properties(model)[0].values():
            field.pop("default", None)

    def properties(self, model: type[BaseModel]) -> tuple[Schema, list[str]]:
        """The fields that a model reads, each with its schema, and those which are required."""
        whole = self.schemas[self.schema(model, "validation")["$ref"].removeprefix(REF)]
        return whole.get("properties", {}), whole.get("required", [])


def keep_shown(schema: Schema, dialect: str) -> None:
    """Take from an object's schema the fields that only other dialects have."""
    fields = schema.get("properties", {})
    gone = [name for name, field in fields.items() if field.pop(ONLY, dialect) != dialect]
    for name in gone:
        del fields[name]
    if gone:
        schema["required"] = [name for name in schema.get("required", []) if name not in gone]


def resourceful(schema: Any) -> Any:
    """Schemas in which a moment is a DateResource, or null where it is unset."""
    if isinstance(schema, list):
        return [resourceful(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == {"type": "array", "items": {}, "maxItems": 0}:
        return {"type": "null"}
    told = {name: resourceful(each) for name, each in schema.items()}
    return told | {"DateObject": DateResource.model_json_schema()} if "DateObject" in told else told


def operation(endpoint: Endpoint, names: Names, dialect: Dialect) -> Schema:
    """One endpoint."""
    told: Schema = {
        "operationId": named(endpoint, dialect),
        "summary": (endpoint.function.__doc__ or "").strip().partition("\n")[0],
        "tags": [endpoint.function.__module__.rpartition(".")[2]],
        "parameters": list(parameters(endpoint, names, dialect)),
        "responses": responses(endpoint, names, dialect),
    }
    bodies = [kind for _, kind in asked_of(endpoint) if isinstance(kind, type) and issubclass(kind, Body)]
    if bodies:
        told["requestBody"] = request_body(names, bodies[0])
    return told


def named(endpoint: Endpoint, dialect: Dialect) -> str:
    """The name of its function; with its place in the document where the function answers several endpoints."""
    alike = [each for each in dialect.endpoints if each.function is endpoint.function]
    name = endpoint.function.__name__
    return name if alike[0] is endpoint else f"{name}_{alike.index(endpoint) + 1}"


def parameters(endpoint: Endpoint, names: Names, dialect: Dialect) -> Iterator[Schema]:
    """What stands in the path and in the query."""
    for name in IN_PATH.findall(endpoint.path):
        text = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
        yield {"name": name, "in": "path", "required": True, "schema": text}
    for _, kind in asked_of(endpoint):
        if kind is Page:
            yield from in_query(OF[dialect.name].paging)
        elif hasattr(kind, "params"):
            yield from in_query((part, {"type": "string"}) for part in kind.params)
        elif isinstance(kind, type) and issubclass(kind, (Filters, Input)) and not issubclass(kind, Body):
            fields, required = names.properties(kind)
            yield from (
                {"name": part, "in": "query", "required": part in required, "schema": schema}
                for part, schema in fields.items()
            )


def in_query(known: Iterable[tuple[str, Schema]]) -> Iterator[Schema]:
    """Parameters of the query that may be left out."""
    return ({"name": part, "in": "query", "schema": schema} for part, schema in known)


def request_body(names: Names, body: type[BaseModel]) -> Schema:
    """A body, as a form, as JSON, or as multipart where it has a file."""
    schema = names.schema(body, "validation")
    fields, required = names.properties(body)
    has_file = any(Upload.__name__ in str(field) for field in fields.values())
    kinds = (MULTIPART, JSON) if has_file else (FORM, JSON)
    return {"required": bool(required), "content": {kind: {"schema": schema} for kind in kinds}}


def responses(endpoint: Endpoint, names: Names, dialect: Dialect) -> Schema:
    """The success, and every refusal."""
    good = {"description": "Success.", "content": {JSON: {"schema": envelope(endpoint, names, dialect)}}}
    told, is_gone = OF[dialect.name], endpoint.status == NO_CONTENT
    statuses = told.statuses + (told.of_writes if endpoint.method != "GET" else ())
    empty = {str(NO_CONTENT): {"description": "Success, as clients other than GitScrum's own are told it."}}
    refusals = {str(status): refused(status, dialect.name) for status in statuses}
    return {str(200 if is_gone else endpoint.status): good, **(empty if is_gone else {}), **refusals}


def refused(status: int, dialect: str) -> Schema:
    """The refusals of a status: its codes, and when each is said."""
    codes = [code for code in codes_of(dialect) if code.status == status and code.word not in OF_CONTROL]
    told = "; ".join(f"{code.word}: {code.when}" for code in codes)
    failed = {JSON: {"schema": {"$ref": REF + "Error"}}}
    return {"description": told, "content": failed, "x-error-codes": [code.word for code in codes]}


def envelope(endpoint: Endpoint, names: Names, dialect: Dialect) -> Schema:
    """The schema of a success, its ``data`` as the dialect wraps it."""
    kind, inside = said_by(endpoint)
    if kind is Bare:
        return {"type": "object"}
    if kind is Deleted:
        return OF[dialect.name].deleted
    shown = names.schema(inside, "serialization")
    if kind in (Listing, Summed):
        rows: Schema = {"type": "array", "items": shown}
        return wrapped(
            wrapped(rows, {"resume": {"type": "object"}}) if kind is Summed else rows, OF[dialect.name].beside
        )
    if kind in (Whole, list):
        return wrapped({"type": "array", "items": shown})
    return shown if dialect.is_bare(endpoint) else wrapped(shown)


def wrapped(data: Schema, beside: Schema | None = None) -> Schema:
    """An object that holds ``data``, and what stands beside it."""
    return holding(data=data, **(beside or {}))
