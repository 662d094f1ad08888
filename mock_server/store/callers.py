"""Who may call a sandbox: its credentials, what they are made of, and whom they let in."""

import hashlib
from typing import Any, NamedTuple, cast

from mock_server.domain.workspaces import Credential
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


def issue(store: Store, sandbox: str) -> None:
    """Give every credential of a seeded database its texts. Credentials of one account share its ``api_id``."""
    for row in store.every(Credential):
        account = "default" if row.name == "second_project" else row.name
        store.update(
            Credential,
            row.id,
            api_id=part(sandbox, store.seed, f"api:{account}"),
            project_key=part(sandbox, store.seed, f"key:{row.name}"),
            token=part(sandbox, store.seed, f"token:{row.name}"),
        )
    store.keep()


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
