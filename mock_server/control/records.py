"""How an exchange of the journal is told: for people and tests, and as HAR for browsers' tools."""

from datetime import UTC, datetime
from typing import Any

import orjson

from mock_server import __version__
from mock_server.dialects.bodies import Upload
from mock_server.dialects.dialect import standing_headers
from mock_server.dialects.seen import Seen
from mock_server.store.entry import Entry

Values = dict[str, Any]


def told(entry: Entry) -> Values:
    """One exchange. ``at`` is the sandbox's time."""
    return {
        "id": entry.id,
        "at": moment(entry.began),
        "method": entry.method,
        "path": entry.path,
        "template": entry.template or None,
        "dialect": entry.dialect,
        "credential": entry.credential or None,
        "connection": entry.connection or None,
        "status": entry.status or None,
        "error_code": entry.error.code if entry.error else None,
        "duration_ms": round(entry.took * 1000, 3),
        "fault": entry.fault,
        "request": request_told(entry),
        "answer": {"body": json_or_text(entry.answer), **sizes(entry.got, entry.answer)},
    }


def request_told(entry: Entry) -> Values:
    """What came: query and body decoded, headers with their names in lower case."""
    seen, size = Seen(entry), sizes(entry.sent, entry.body)
    body = {} if size["is_cut"] else {name: plain(value) for name, value in seen.body.items()}
    return {
        "query": dict(seen.query),
        "headers": entry.headers(),
        "body": body or json_or_text(entry.body),
        **size,
    }


def sizes(whole: int, kept: bytes) -> Values:
    """How many bytes a body had, how many of them are kept, and whether it was cut there."""
    return {"bytes": whole, "kept": len(kept), "is_cut": whole > len(kept)}


def plain(value: Any) -> Any:
    """A field of a body as JSON; a file by its name, kind and size."""
    if isinstance(value, Upload):
        return {"filename": value.filename, "mimetype": value.mimetype, "bytes": len(value.content)}
    return value


def json_or_text(raw: bytes) -> Any:
    """A body as JSON, else as text; None where there is none."""
    if not raw:
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw.decode("utf-8", "replace")


def moment(second: float) -> str:
    """ISO 8601, in UTC."""
    return datetime.fromtimestamp(second, UTC).isoformat()


def har(entries: list[Entry], base: str) -> Values:
    """The exchanges in HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers' tools read them."""
    creator = {"name": "gitscrum-mock", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": [har_entry(entry, base) for entry in entries]}}


def har_entry(entry: Entry, base: str) -> Values:
    """One exchange."""
    milliseconds = entry.took * 1000
    return {
        "startedDateTime": moment(entry.began),
        "time": milliseconds,
        "request": har_request(entry, base),
        "response": har_response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "connection": str(entry.connection),
        "comment": entry.id,
    }


def har_request(entry: Entry, base: str) -> Values:
    """What came."""
    query = entry.query.decode("latin-1")
    post = {"mimeType": entry.content_type, "text": entry.body.decode("utf-8", "replace")}
    return {
        "method": entry.method,
        "url": f"{base}{entry.path}{'?' if query else ''}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(entry.headers()),
        "queryString": pairs({name: str(value) for name, value in Seen(entry).query.items()}),
        "headersSize": -1,
        "bodySize": entry.sent,
        **({"postData": post} if entry.body else {}),
    }


def har_response(entry: Entry) -> Values:
    """What went; status 0 where nothing did."""
    kind = entry.kind.decode("latin-1")
    return {
        "status": entry.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(answered(entry)),
        "content": {"size": entry.got, "mimeType": kind, "text": entry.answer.decode("utf-8", "replace")},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": entry.got,
    }


def answered(entry: Entry) -> dict[str, str]:
    """The headers of the answer, but for those that belong to the connection."""
    limits = standing_headers(entry.standing) if entry.standing else []
    heads = [(b"content-type", entry.kind), (b"x-request-id", entry.id.encode()), *limits, *entry.more]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in heads}


def pairs(values: dict[str, str]) -> list[dict[str, str]]:
    """Names and values as HAR has them."""
    return [{"name": name, "value": value} for name, value in values.items()]
