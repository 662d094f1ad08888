"""A sandbox, driven over HTTP: the same whether its server is in a thread or in a container."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self

from mock_server.testing.exchanges import Exchange, missed
from mock_server.testing.http import Control, given

Moment = str | float | datetime
Span = str | float
Phase = Literal["before", "after"]
Kind = Literal["full", "read_only", "revoked", "expired", "suspended"]


@dataclass(frozen=True)
class Credentials:
    """What a client sends: a key pair in the query (``pair``), or a token; and the slugs that they open."""

    api_id: str
    project_key: str
    token: str
    company_slug: str
    project_slug: str

    @property
    def pair(self) -> dict[str, str]:
        """The query parameters of the keyed dialect."""
        return {"api_id": self.api_id, "project_key": self.project_key}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Credentials":
        """The credentials that a control route tells."""
        return cls(*(told[name] for name in cls.__dataclass_fields__))


@dataclass(frozen=True)
class Fault:
    """A rule that was added to a sandbox."""

    sandbox: "Sandbox"
    id: str

    @property
    def hits(self) -> int:
        """How many requests it has hit."""
        return next(int(each["hits"]) for each in self.sandbox.faults if each["id"] == self.id)

    def remove(self) -> None:
        """Take it away."""
        self.sandbox.ask("DELETE", "faults", self.id)


class Sandbox:
    """One sandbox of a server. Methods raise ControlError where the server refuses, with its message.

    As a context manager it removes the sandbox at the end.
    """

    def __init__(self, control: Control, told: dict[str, Any]) -> None:
        self.control, self.id, self.name = control, str(told["id"]), str(told["name"])
        self.credentials = Credentials.of(told["credentials"])
        self.other_credentials = {name: Credentials.of(each) for name, each in told["other_credentials"].items()}
        self.snapshots = 0

    @classmethod
    def make(cls, base_url: str | Control, **body: Any) -> Self:
        """A new sandbox: ``name``, ``profile``, ``seed``, ``locale``, ``tasks``, ``clock``, ``ttl``, or ``from_``."""
        control = base_url if isinstance(base_url, Control) else Control(base_url)
        if "from_" in body:
            body["from"] = body.pop("from_")
        return cls(control, control.call("POST", "sandboxes", body=body))

    @classmethod
    def open(cls, base_url: str | Control, id: str = "default") -> Self:
        """A sandbox that is there."""
        control = base_url if isinstance(base_url, Control) else Control(base_url)
        return cls(control, control.call("GET", "sandboxes", id))

    def __enter__(self) -> Self:
        """Nothing yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove it."""
        self.remove()

    @property
    def base_url(self) -> str:
        """Where the client under test is pointed at."""
        return self.control.base_url

    @property
    def pair(self) -> dict[str, str]:
        """The full-access key pair, as query parameters."""
        return self.credentials.pair

    def ask(self, method: str, /, *path: str, body: Any = None, **query: Any) -> Any:
        """Call a control route of this sandbox."""
        return self.control.call(method, "sandboxes", self.id, *path, body=body, **query)

    def reset(self) -> None:
        """Back to the beginning: data, ids, clock, faults, limits and journal."""
        self.ask("POST", "reset")

    def remove(self) -> None:
        """Remove it with all that belongs to it."""
        self.ask("DELETE")

    def fork(self, **body: Any) -> "Sandbox":
        """Another sandbox that starts as this one is."""
        return Sandbox.make(self.control, from_=self.id, **body)

    def snapshot(self, name: str | None = None) -> str:
        """Keep data and clock as they are; the name to restore them by."""
        self.snapshots += 1
        name = name or f"snapshot-{self.snapshots}"
        self.ask("POST", "snapshots", body={"name": name})
        return name

    def restore(self, name: str) -> None:
        """Data and clock as they were at a snapshot."""
        self.ask("POST", "snapshots", name, "restore")

    def export(self, format: Literal["sqlite", "json"] = "sqlite") -> bytes:
        """All data: an SQLite file, or JSON."""
        return self.control.fetch("GET", "sandboxes", self.id, "export", format=format)

    def load(self, exported: bytes) -> None:
        """Take what was exported instead of all data."""
        self.control.call("PUT", "sandboxes", self.id, "import", raw=exported)

    @property
    def now(self) -> float:
        """The sandbox's time, in unix seconds."""
        return float(self.ask("GET", "clock")["now"])

    def freeze(self, at: Moment | None = None) -> float:
        """Let the clock stand, at a moment or where it is; its time."""
        return self._clock("frozen", at)

    def start(self, at: Moment | None = None, rate: float | None = None) -> float:
        """Let the clock run from a moment or from where it is, perhaps ``rate`` times as fast; its time."""
        return self._clock("offset", at) if rate is None else self._clock("scaled", at, rate)

    def real_time(self) -> float:
        """Let the clock tell the machine's time."""
        return self._clock("real", None)

    def advance(self, by: Span) -> float:
        """Jump forward, by seconds or as in ``2h``; the clock's time."""
        return float(self.ask("POST", "clock", "advance", body={"by": by})["now"])

    def _clock(self, mode: str, at: Moment | None, rate: float | None = None) -> float:
        moment = at.isoformat() if isinstance(at, datetime) else at
        return float(self.ask("PUT", "clock", body=given(mode=mode, at=moment, rate=rate))["now"])

    def fail(
        self,
        status: int | None = None,
        *,
        wire: str | dict[str, int] | None = None,
        delay: Any = None,
        when: Any = None,
        match: dict[str, Any] | None = None,
        phase: Phase | None = None,
        expires: Span | None = None,
        max_hits: int | None = None,
        **answer: Any,
    ) -> Fault:
        """Make requests fail. ``answer`` is error_code, message, retry_after, headers or body, for a status."""
        do = given(status=status, wire=wire, delay=delay, **answer)
        rule = given(do=do, when=when, match=match, phase=phase, expires=expires, max_hits=max_hits)
        return Fault(self, self.ask("POST", "faults", body=rule)["id"])

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The rules that there are, with what each has seen and hit."""
        return list(self.ask("GET", "faults")["data"])

    def heal(self) -> None:
        """Take every rule away."""
        self.ask("DELETE", "faults")

    def preview(self, method: str, path: str, **request: Any) -> str | None:
        """The id of the rule that a request would meet: ``query``, ``body``, ``headers`` and ``credential`` of it."""
        met = self.ask("POST", "faults", "preview", body={"method": method, "path": path, **request})["fault"]
        return None if met is None else str(met)

    def limit(
        self, limits: str | None = None, *, remaining: int | None = None, credential: str | None = None
    ) -> dict[str, Any]:
        """Set rate limits as in ``60/minute``, none if nothing is said; or put callers so near to their end."""
        body = given(remaining=remaining, credential=credential)
        if limits is not None or remaining is None:
            body["limits"] = limits
        return dict(self.ask("PUT", "rate-limit", body=body))

    def mint(
        self,
        kind: Kind = "full",
        *,
        project: str | None = None,
        expires_at: Moment | None = None,
        rate_limit: str | None = None,
    ) -> Credentials:
        """New credentials of a kind, on a project (by slug)."""
        moment = expires_at.isoformat() if isinstance(expires_at, datetime) else expires_at
        body = given(kind=kind, project=project, expires_at=moment, rate_limit=rate_limit)
        return Credentials.of(self.ask("POST", "credentials", body=body))

    def revoke(self, credentials: Credentials) -> None:
        """Let these credentials open nothing any more."""
        self.ask("DELETE", "credentials", credentials.project_key)

    @property
    def requests(self) -> list[Exchange]:
        """What was called, oldest first."""
        return self.found()

    def found(self, **wanted: Any) -> list[Exchange]:
        """The exchanges that a filter leaves: method, path, status, credential, dialect, fault, since."""
        told: list[Exchange] = []
        page, pages = 1, 1
        while page <= pages:
            answer = self.ask("GET", "journal", limit=1000, page=page, **wanted)
            told += [Exchange.of(each) for each in answer["data"]]
            page, pages = page + 1, answer["total_pages"]
        return told

    def forget(self) -> None:
        """Empty the journal."""
        self.ask("DELETE", "journal")

    def verify(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        exactly: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        since: str | None = None,
        **match: Any,
    ) -> int:
        """Assert that a request was made so often (at least once where nothing is said); how often it was.

        ``match`` is query, body, header, status, credential, dialect or fault. The AssertionError tells what was
        nearest and how it differed.
        """
        wanted = given(method=method, path=path, **match)
        counts = given(exactly=exactly, at_least=at_least, at_most=at_most)
        told = self.ask("POST", "journal", "verify", body={"match": wanted, **counts, **given(since=since)})
        if not told["ok"]:
            raise AssertionError(missed(told, f"Wanted {counts or 'at least 1'} of {wanted}"))
        return int(told["found"])

    def verify_order(self, *matches: dict[str, Any], since: str | None = None) -> None:
        """Assert that requests were made one after the other, whatever came between."""
        told = self.ask("POST", "journal", "verify", body={"order": [*matches], **given(since=since)})
        if not told["ok"]:
            raise AssertionError(missed(told, f"Wanted in this order: {[*matches]}"))

    def wait_for(
        self, method: str | None = None, path: str | None = None, *, count: int = 1, timeout: Span = 10.0, **match: Any
    ) -> None:
        """Return as soon as so many such requests have been made. Raises AssertionError when the time is over."""
        wanted = given(method=method, path=path, **match)
        told = self.ask("POST", "journal", "wait", body={"match": wanted, "count": count, "timeout": timeout})
        if not told["ok"]:
            raise AssertionError(missed(told, f"Waited {timeout} for {count} of {wanted}"))

    def explain(self, request_id: str) -> dict[str, Any]:
        """Why a request was answered as it was."""
        return dict(self.control.call("GET", "explain", request_id))
