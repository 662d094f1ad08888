"""What can go wrong, said without any wire format: a dialect decides how each of these sounds."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Code:
    """One row of the table of error codes: the stable word, its status, when it is said, and in which dialect only."""

    word: str
    status: int
    when: str
    only: str = ""


CODES = (
    Code("MISSING_PARAMETER", 400, "a required parameter did not come", "keyed"),
    Code("INVALID_PARAMETER", 400, "a parameter came with a value that is not allowed", "keyed"),
    Code("MALFORMED_REQUEST", 400, "what came is not HTTP"),
    Code("MALFORMED_BODY", 400, "the body cannot be read as what its Content-Type says"),
    Code("UNSUPPORTED_CONTENT_TYPE", 400, "the body is neither a form, nor JSON, nor multipart"),
    Code("OAUTH_ERROR", 400, "a device gets no token, or not yet; error has the word of RFC 8628", "bearer"),
    Code("TOKEN_MISSING", 401, "api_id, project_key or the bearer token did not come"),
    Code("TOKEN_INVALID", 401, "api_id, project_key or the bearer token is not known, or was revoked"),
    Code("TOKEN_EXPIRED", 401, "the credentials were good once and have expired"),
    Code("SESSION_EXPIRED", 401, "the session of the token was ended: somebody logged out", "bearer"),
    Code("MFA_REQUIRED", 401, "the account asks for a second factor", "bearer"),
    Code("SUBSCRIPTION_EXPIRED", 402, "the plan of the account is suspended"),
    Code("PRO_FEATURE_REQUIRED", 402, "the plan of the workspace does not have this; see feature", "bearer"),
    Code("CREDENTIALS_MISMATCH", 403, "both halves exist and do not belong together", "keyed"),
    Code("CLIENT_READ_ONLY", 403, "the credentials may read and not write"),
    Code("OWNER_ONLY", 403, "only the owner of the workspace may do this", "bearer"),
    Code("ADMIN_ONLY", 403, "only an admin or the owner may do this", "bearer"),
    Code("MANAGER_ONLY", 403, "only a manager, an admin or the owner may do this", "bearer"),
    Code("NO_WORKSPACE_ACCESS", 403, "the person belongs to no workspace", "bearer"),
    Code("HTTPS_REQUIRED", 403, "the server was told to refuse plain HTTP"),
    Code("CONTROL_TOKEN_INVALID", 401, "a control route was called without the token of --control-token"),
    Code("HOST_NOT_ALLOWED", 403, "a control route was called under a host that is neither loopback nor allowed"),
    Code("CROSS_SITE_REQUEST", 403, "a browser called a control route for the page of another site"),
    Code("ROUTE_NOT_FOUND", 404, "no endpoint has this path"),
    Code("NOT_FOUND", 404, "the project has no such object; named after it, as in TASK_NOT_FOUND"),
    Code("METHOD_NOT_ALLOWED", 405, "the path exists and does not take this method; see Allow"),
    Code("REQUEST_TIMEOUT", 408, "the request did not arrive in time; the connection is closed"),
    Code("CONFLICT", 409, "the change clashes with what is there: a running timer, a taken code"),
    Code("VALIDATION_FAILED", 422, "parameters are missing or wrong; see errors (409 for MCP)", "bearer"),
    Code("PAYLOAD_TOO_LARGE", 413, "the body is over the limit"),
    Code("RATE_LIMIT_EXCEEDED", 429, "the credentials used up their window; see Retry-After"),
    Code("HEADERS_TOO_LARGE", 431, "request line and headers are over the limit"),
    Code("INTERNAL_ERROR", 500, "a bug of the sandbox"),
    Code("BAD_GATEWAY", 502, "a fault asks for it"),
    Code("SERVICE_UNAVAILABLE", 503, "a fault asks for it"),
    Code("GATEWAY_TIMEOUT", 504, "a fault asks for it"),
    Code("NOT_IMPLEMENTED", 501, "the real service has this endpoint, the sandbox does not"),
)


def code_of(word: str) -> Code:
    """The row of the table for a word. Raises StopIteration where there is none, which is an error of ours."""
    return next(code for code in CODES if code.word == word)


def codes_of(dialect: str) -> list[Code]:
    """The codes that a dialect says."""
    return [code for code in CODES if code.only in ("", dialect)]


def table_of_codes() -> str:
    """The codes as a Markdown table, for the README; it ends in a line break."""
    rows = [f"| {code.status} | `{code.word}` | {code.only or 'both'} | {code.when} |\n" for code in CODES]
    return "| status | `error_code` | dialect | said when |\n|--:|---|---|---|\n" + "".join(rows)


class Refusal(Exception):
    """A request that is not carried out.

    ``message`` is fit to show a user; ``code`` is the stable word of the table above; ``param`` names the one
    parameter to blame, if there is one; ``errors`` has the complaints about every parameter, where there are several.
    """

    code = "INTERNAL_ERROR"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.errors: dict[str, list[str]] = {} if param is None else {param: [message]}


class Invalid(Refusal):
    """A parameter has a value that is not allowed."""

    code = "INVALID_PARAMETER"

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class Missing(Refusal):
    """A required parameter did not come."""

    code = "MISSING_PARAMETER"

    def __init__(self, param: str, why: str = "") -> None:
        super().__init__(f"The parameter '{param}' is required{why}.", param=param)


class Malformed(Refusal):
    """The body cannot be read."""

    code = "MALFORMED_BODY"


class UnsupportedContent(Refusal):
    """The body has a media type which the API does not take."""

    code = "UNSUPPORTED_CONTENT_TYPE"


class Unauthorized(Refusal):
    """Who calls is not known, or no longer."""

    def __init__(self, message: str, code: str = "TOKEN_INVALID", *, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.code = code


class PlanSuspended(Refusal):
    """The account's plan does not pay for this."""

    code = "SUBSCRIPTION_EXPIRED"


class NeedsPlan(Refusal):
    """The plan of the workspace does not have the ``feature``."""

    code = "PRO_FEATURE_REQUIRED"

    def __init__(self, feature: str, plan: str) -> None:
        super().__init__(f"The plan '{plan}' of this workspace does not have '{feature}'; it comes with 'pro'.")
        self.feature, self.plan = feature, plan


class NoGrant(Refusal):
    """A device gets no token, or not yet; ``word`` is the error of RFC 8628, section 3.5."""

    code = "OAUTH_ERROR"

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


class Forbidden(Refusal):
    """Who calls is known and may not do this."""

    def __init__(self, message: str, code: str = "CLIENT_READ_ONLY", *, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.code = code


class NotFound(Refusal):
    """There is no such object in the caller's sight: ``NotFound("Task", uuid)``."""

    def __init__(self, noun: str, sought: object = None, where: str = " in this project") -> None:
        what = "" if sought is None else f" '{shown(sought)}'"
        super().__init__(f"{noun}{what} was not found{where}.")
        self.code = f"{noun.upper().replace(' ', '_')}_NOT_FOUND"


class NoSuchRoute(Refusal):
    """No endpoint has this path."""

    code = "ROUTE_NOT_FOUND"


class NotAllowed(Refusal):
    """The path exists, the method does not. ``allowed`` lists the methods that do."""

    code = "METHOD_NOT_ALLOWED"

    def __init__(self, message: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allowed = allowed


class Conflict(Refusal):
    """The change clashes with what is there."""

    code = "CONFLICT"


class TooLarge(Refusal):
    """The body is over the limit."""

    code = "PAYLOAD_TOO_LARGE"


class TooMany(Refusal):
    """The caller used up its window; ``retry_after`` says for how many seconds."""

    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotBuilt(Refusal):
    """The real service has this endpoint, the sandbox does not."""

    code = "NOT_IMPLEMENTED"


class StartFailure(Exception):
    """The server cannot start; the text is one sentence for a person."""


def sized(count: int) -> str:
    """A number of bytes as a person says it: ``12 Bytes``, ``10.0 MiB``."""
    from humanize import naturalsize  # few requests need it, no start does

    return naturalsize(count, binary=True)


# pydantic counts a text that one of our functions has looked at as it counts a list
OF_TEXT = re.compile(r"^Value should have (at (?:least|most) \d+) item(s?) after validation, not \d+")


def plainly(why: str) -> str:
    """What pydantic has to say of a value, as the end of a sentence of ours."""
    for prefix in ("Value error, ", "Assertion failed, "):
        why = why.removeprefix(prefix)
    why = OF_TEXT.sub(r"it should have \1 character\2", why)
    return why.replace("Input should", "it should").replace("String should", "it should")


def shown(value: Any) -> str:
    """What came, in at most 60 characters and on one line, to be quoted in a message."""
    text = str(value)
    text = "".join(c if c.isprintable() else "�" for c in text[:61])
    return text if len(text) <= 60 else text[:59] + "…"
