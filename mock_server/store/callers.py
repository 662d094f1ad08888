"""Who may call a sandbox: its credentials, what they are made of, and whom they let in."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

from mock_server.domain.workspaces import Credential, Project, WorkspaceMember
from mock_server.errors import Forbidden, NotFound, PlanSuspended, Unauthorized
from mock_server.store.image import Held, Image, held
from mock_server.store.rows import Match, Store, same, updating

PREFIX = "sandbox"
TOLD = Held._fields.index("id")  # fields of a credential that a client is told come before it
DASHES = str.maketrans("_:", "--")


class Owner(Protocol):
    """Whose rows are asked for: a caller with a key pair, or the place that a bearer call names."""

    @property
    def user_id(self) -> int:
        """Who calls."""

    @property
    def company_id(self) -> int:
        """In which workspace."""

    @property
    def project_id(self) -> int:
        """In which project."""

    def owns(self, table: object) -> Match:
        """What a row of this table has to match to belong there."""


class Caller(NamedTuple):
    """Who calls: by which credential, on which project, as whom. ``expires_at`` is in unix seconds.

    ``company_id`` and ``project_id`` are 0 for a token that belongs to no workspace or project.
    """

    key: str
    kind: str
    credential_id: int
    company_id: int
    project_id: int
    user_id: int
    expires_at: int | None

    def owns(self, table: object) -> Match:
        """What a row of this table has to match to be of the caller's project."""
        return same(cast(Any, table).project_id, self.project_id)


def standing(caller: Caller, now: float, method: str) -> None:
    """Whether a known caller may do this now. Raises Unauthorized, PlanSuspended or Forbidden."""
    if caller.kind == "revoked":
        raise Unauthorized("These credentials were revoked.", "TOKEN_INVALID")
    if caller.kind == "expired" or (caller.expires_at is not None and caller.expires_at <= now):
        raise Unauthorized("These credentials have expired.", "TOKEN_EXPIRED")
    if caller.kind == "ended":
        raise Unauthorized("The session of this token was ended.", "SESSION_EXPIRED")
    if caller.kind == "mfa":
        raise Unauthorized("This account asks for a second factor; log in with it.", "MFA_REQUIRED")
    if caller.kind == "suspended":
        raise PlanSuspended("The plan of this account is suspended; renew it to go on.")
    if caller.kind == "read_only" and method not in ("GET", "HEAD"):
        raise Forbidden(f"These credentials may only read; {method} changes something.")


def part(sandbox: str, seed: int, what: str) -> str:
    """A credential's text; made from the sandbox, its seed and what it is, so that it is the same at every start."""
    return stem(what) + hashlib.blake2b(f"{sandbox}:{seed}:{what}".encode(), digest_size=10).hexdigest()


@lru_cache(4096)
def stem(what: str) -> str:
    """What the texts of all credentials of a kind begin with."""
    return f"{PREFIX}-{what}-".translate(DASHES)


def texts(seed: int, sandbox: str, name: str, has_pair: bool = True) -> dict[str, str]:
    """What a credential of this name is in this sandbox. Those of one account share its ``api_id``."""
    token = {"token": part(sandbox, seed, f"token:{name}")}
    if not has_pair:
        return token
    account = "default" if name == "second_project" else name
    pair = {"api_id": f"api:{account}", "project_key": f"key:{name}"}
    return {half: part(sandbox, seed, what) for half, what in pair.items()} | token


HALVES = ("api_id", "project_key", "token")
ISSUED = updating("credential", HALVES)


def issued(image: Image, sandbox: str) -> list[Held]:
    """The credentials of an image with the texts that they have in this sandbox."""
    return [with_texts(row, texts(image.seeded.seed, sandbox, row.name, bool(row.has_pair))) for row in image.held]


def with_texts(row: Held, said: dict[str, str]) -> Held:
    """A credential with these texts and no others."""
    return row._replace(api_id=said.get("api_id"), project_key=said.get("project_key"), token=said.get("token"))


def issue(store: Store, rows: Sequence[Held]) -> None:
    """Give the credentials of a copied database their texts."""
    store.write_all(ISSUED, [{"_id": row.id, **{half: getattr(row, half) for half in HALVES}} for row in rows])
    store.keep()


def password_of(seed: int, sandbox: str) -> str:
    """The password of every person of a sandbox; no other sandbox has it, so that logging in chooses the sandbox."""
    return part(sandbox, seed, "password")


def minted(store: Store, sandbox: str, kind: str, slug: str | None, expires_at: float | None) -> str:
    """Make a credential of a kind, on the default one's project or on that of a slug; its name. Raises NotFound."""
    default = store.find(Credential, same(Credential.name, "default"))
    project = store.find(Project, same(Project.slug, slug) if slug else same(Project.id, default.project_id))
    name = f"minted-{store.next_id('credential')}"
    store.numbers.clear()
    ends = None if expires_at is None else int(expires_at)
    owner = {"company_id": project.company_id, "project_id": project.id, "user_id": default.user_id}
    store.insert(Credential, name=name, kind=kind, expires_at=ends, **owner, **texts(store.seed, sandbox, name))
    store.keep()
    return name


def revoke(store: Store, key: str) -> str:
    """Revoke the credential that has this project_key, token or name; its name. Raises NotFound."""
    for row in store.every(Credential):
        if key in (row.project_key, row.token, row.name):
            store.update(Credential, row.id, kind="revoked")
            store.keep()
            return row.name
    raise NotFound("Credential", key, "")


def named(store: Store, name: str) -> dict[str, Any]:
    """One credential with what it may do: its name, its kind and its end besides what ``listed`` tells."""
    row = next(row for row in held(store.raw) if row.name == name)
    return {"name": name, "kind": row.kind, "expires_at": row.expires_at, **listed([row])[name]}


def caller_of(row: Held) -> Caller:
    """Whom a credential lets in."""
    key = f"{row.api_id}+{row.project_key}" if row.api_id else str(row.token)
    home = row.company_id or 0, row.project_id or 0
    return Caller(key, row.kind, row.id, *home, row.user_id, row.expires_at)


def listed(rows: Sequence[Held]) -> dict[str, dict[str, Any]]:
    """Credentials by their names, with their persons' e-mails and the slugs of their workspaces and projects."""
    return {row.name: dict(zip(Held._fields[1:TOLD], row[1:TOLD], strict=True)) for row in rows}


def session(store: Store, sandbox: str, user_id: int, project_id: int | None, expires_at: int | None) -> str:
    """Make a token for a person who logged in, at home in a project or in none; gives it."""
    name = f"session-{store.next_id('credential')}"
    store.numbers.clear()
    token = texts(store.seed, sandbox, name, False)
    home = {"company_id": home_of(store, user_id, project_id), "project_id": project_id, "user_id": user_id}
    store.insert(Credential, name=name, kind="full", has_pair=False, expires_at=expires_at, **home, **token)
    return token["token"]


def home_of(store: Store, user_id: int, project_id: int | None) -> int | None:
    """The workspace of a project; without one, the person's only workspace, if they have just one."""
    if project_id:
        return store.find(Project, same(Project.id, project_id)).company_id
    held = store.every(WorkspaceMember, same(WorkspaceMember.user_id, user_id))
    return held[0].company_id if len(held) == 1 else None


def end(store: Store, caller: Caller) -> None:
    """End the caller's token; the key pair that was issued with it goes on. The token is then known as ended."""
    row = store.find(Credential, same(Credential.id, caller.credential_id))
    store.update(Credential, row.id, token=None)
    name = f"ended-{store.next_id('credential')}"
    store.numbers.clear()
    store.insert(Credential, name=name, kind="ended", has_pair=False, token=row.token, user_id=row.user_id)
