"""Who may call a sandbox: its credentials, what they are made of, and whom they let in."""

import hashlib
from typing import Any, NamedTuple, cast

from mock_server.domain.workspaces import Credential, Project
from mock_server.errors import NotFound
from mock_server.store.rows import Match, Store, same

PREFIX = "sandbox"
DASHES = str.maketrans("_:", "--")


class Caller(NamedTuple):
    """Who calls: by which credential, on which project, as whom. ``expires_at`` is in unix seconds."""

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


def part(sandbox: str, seed: int, what: str) -> str:
    """A credential's text; made from the sandbox, its seed and what it is, so that it is the same at every start."""
    digest = hashlib.blake2b(f"{sandbox}:{seed}:{what}".encode(), digest_size=10).hexdigest()
    return f"{PREFIX}-{what}-{digest}".translate(DASHES)


def texts(store: Store, sandbox: str, name: str) -> dict[str, str]:
    """What a credential of this name is in this sandbox. Those of one account share its ``api_id``."""
    account = "default" if name == "second_project" else name
    return {
        "api_id": part(sandbox, store.seed, f"api:{account}"),
        "project_key": part(sandbox, store.seed, f"key:{name}"),
        "token": part(sandbox, store.seed, f"token:{name}"),
    }


def issue(store: Store, sandbox: str) -> None:
    """Give every credential of a seeded or copied database its texts."""
    for row in store.every(Credential):
        store.update(Credential, row.id, **texts(store, sandbox, row.name))
    store.keep()


def minted(store: Store, sandbox: str, kind: str, slug: str | None, expires_at: float | None) -> str:
    """Make a credential of a kind, on the default one's project or on that of a slug; its name. Raises NotFound."""
    default = store.find(Credential, same(Credential.name, "default"))
    project = store.find(Project, same(Project.slug, slug) if slug else same(Project.id, default.project_id))
    name = f"minted-{store.next_id('credential')}"
    store.numbers.clear()
    ends = None if expires_at is None else int(expires_at)
    owner = {"company_id": project.company_id, "project_id": project.id, "user_id": default.user_id}
    store.insert(Credential, name=name, kind=kind, expires_at=ends, **owner, **texts(store, sandbox, name))
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
    row = store.find(Credential, same(Credential.name, name))
    return {"name": name, "kind": row.kind, "expires_at": row.expires_at, **listed(store)[name]}


def caller_of(row: Credential) -> Caller:
    """Whom a credential lets in."""
    key = f"{row.api_id}+{row.project_key}" if row.api_id else str(row.token)
    return Caller(key, row.kind, cast(int, row.id), row.company_id, row.project_id, row.user_id, row.expires_at)


LISTED = """
SELECT c.name, c.api_id, c.project_key, c.token, w.slug AS company_slug, p.slug AS project_slug
FROM credential c JOIN company w ON w.id = c.company_id JOIN project p ON p.id = c.project_id ORDER BY c.id
"""


def listed(store: Store) -> dict[str, dict[str, Any]]:
    """Every credential by its name, with the slugs of its workspace and project."""
    return {row.pop("name"): row for row in store.asked(LISTED, {})}
