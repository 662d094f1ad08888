"""How a body becomes parameters: form with PHP's brackets, JSON, or multipart."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import orjson

from mock_server.errors import Malformed, UnsupportedContent, shown

FORM, JSON, MULTIPART = "application/x-www-form-urlencoded", "application/json", "multipart/form-data"
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
MOST_FIELDS = 1000


@dataclass(frozen=True)
class Upload:
    """A file that came: its name, its media type as told, and its bytes."""

    filename: str
    mimetype: str
    content: bytes


def text_of(raw: str, what: str) -> str:
    """Percent-decoded text. Raises Malformed where it is not UTF-8."""
    if "%" not in raw and "+" not in raw:
        return raw
    try:
        return unquote_to_bytes(raw.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise Malformed(f"The {what} is not valid UTF-8 once it is percent-decoded: '{shown(raw)}'.") from None


def pairs_of(raw: bytes, what: str) -> list[tuple[str, str]]:
    """The names and values of a query or form. Raises Malformed."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Malformed(f"The {what} is not valid UTF-8.") from None
    parts = [part.partition("=") for part in text.split("&") if part]
    if len(parts) > MOST_FIELDS:
        raise Malformed(f"The {what} has {len(parts)} fields; at most {MOST_FIELDS} are taken.")
    return [(text_of(name, what), text_of(value, what)) for name, _, value in parts]


def gathered(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """One dict; ``users[]=a``, ``users[0]=a`` make lists, ``user[name]=a`` a dict; the last plain one counts."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        head, opened, _ = name.partition("[")
        keys = BRACKETS.findall(name[len(head) :]) if opened and head else []
        if keys and name.endswith("]"):
            placed(whole, head, keys, value)
        else:
            whole[name] = value
    return {name: listed(value) for name, value in whole.items()}


def placed(whole: dict[str, Any], head: str, keys: list[str], value: Any) -> None:
    """Put a bracketed value where its keys say; what was there and cannot hold keys gives way."""
    inside = whole
    for step in (head, *keys[:-1]):
        held = inside.get(step)
        inside[step] = held if isinstance(held, dict) else {}
        inside = inside[step]
    inside[keys[-1] or str(len(inside))] = value


def listed(value: Any) -> Any:
    """A dict whose keys are all numbers was a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: listed(held) for key, held in value.items()}
    return list(inner.values()) if all(key.isdigit() for key in inner) else inner


@lru_cache(maxsize=2048)
def query_of(raw: bytes) -> dict[str, Any]:
    """The parameters of a query string; not to be changed. Raises Malformed."""
    return gathered(pairs_of(raw, "query string"))


def body_of(raw: bytes, content_type: str) -> dict[str, Any]:
    """The parameters of a body. Raises Malformed or UnsupportedContent."""
    if not raw:
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == MULTIPART:
        return multipart(raw, content_type)
    if kind == JSON or kind.endswith("+json") or (not kind and raw.lstrip()[:1] == b"{"):
        return json_object(raw)
    if kind in (FORM, ""):
        return gathered(pairs_of(raw, "body"))
    raise UnsupportedContent(f"The Content-Type '{shown(kind)}' is not taken; send {FORM}, {JSON} or {MULTIPART}.")


def json_object(raw: bytes) -> dict[str, Any]:
    """The members of a JSON object. Raises Malformed."""
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed(
            f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    if not isinstance(told, dict):
        raise Malformed(f"The body has to be a JSON object; got {type(told).__name__}.")
    return told


def multipart(raw: bytes, content_type: str) -> dict[str, Any]:
    """The fields and files of a multipart body. Raises Malformed."""
    from python_multipart import create_form_parser
    from python_multipart.exceptions import FormParserError

    pairs: list[tuple[str, Any]] = []
    kept = {"UPLOAD_KEEP_FILENAME": False, "MAX_MEMORY_FILE_SIZE": len(raw) + 1}
    try:
        parser = create_form_parser(
            {"Content-Type": content_type.encode()},
            lambda field: pairs.append((field.field_name.decode(), (field.value or b"").decode())),  # type: ignore[union-attr]
            lambda file: pairs.append((file.field_name.decode(), upload_of(file))),  # type: ignore[union-attr]
            config=kept,
        )
        parser.write(raw)
        parser.finalize()
    except (FormParserError, ValueError, KeyError) as error:
        raise Malformed(f"The multipart body cannot be read: {shown(error)}.") from None
    return gathered(pairs)


def upload_of(file: Any) -> Upload:
    """A file of a multipart body."""
    file.file_object.seek(0)
    content = cast(io.BytesIO, file.file_object).read()
    kind = getattr(file, "content_type", None) or b"application/octet-stream"
    name = (file.file_name or b"file").decode("utf-8", "replace")
    return Upload(name, kind if isinstance(kind, str) else kind.decode("latin-1"), content)
