"""An exchange of the journal, as a test looks at it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Exchange:
    """One request with its answer.

    ``body`` has the decoded fields of a form or of JSON, ``answer`` the decoded answer; ``status`` is None where no
    answer was sent, ``connection`` the number of the connection; ``at`` is the sandbox's time in ISO 8601.
    """

    id: str
    at: str
    method: str
    path: str
    template: str | None
    dialect: str
    credential: str | None
    connection: int | None
    status: int | None
    error_code: str | None
    duration_ms: float
    fault: dict[str, Any] | None
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any
    answer: Any

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Exchange":
        """The exchange that a journal tells of."""
        request, answer = told["request"], told["answer"]
        names = {name: told[name] for name in cls.__dataclass_fields__ if name in told and name not in LATER}
        return cls(
            **names,
            query=request["query"],
            headers=request["headers"],
            body=request["body"],
            answer=answer["body"],
        )

    def __str__(self) -> str:
        """One line: what was asked and what was answered."""
        code = f" {self.error_code}" if self.error_code else ""
        fault = f" [{self.fault['id']}]" if self.fault else ""
        body = f" {self.body}" if self.body else ""
        return f"{self.id}  {self.method} {self.path}{body} -> {self.status or 'no answer'}{code}{fault}"


LATER = ("query", "headers", "body", "answer")


def missed(told: dict[str, Any], wanted: str) -> str:
    """Why a verification failed, with what came nearest."""
    lines = [f"{wanted}; found {told['found']}"]
    for each in told["nearest"]:
        lines.append(f"  {each['id']}  {each['method']} {each['path']} -> {each['status'] or 'no answer'}")
        lines += [f"    {one['field']}: wanted {one['wanted']!r}, got {one['got']!r}" for one in each["differences"]]
    return "\n".join(lines)
