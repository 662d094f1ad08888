"""What the channels and their messages share: which of them somebody sees, and what of them is unread."""

from typing import Any

from mock_server.dialects.answers import Db
from mock_server.domain.workspaces import RUNS
from mock_server.errors import Invalid, shown
from mock_server.resources.found import seen, the_one

VISIBLE = f"({{0}}.is_private = 0 OR {{0}}.user_id = :me OR m.role_id IN {RUNS})"
NAMED = f":key IN (r.uuid, r.slug) AND {VISIBLE.format('r')} ORDER BY r.id"
READ = "coalesce((SELECT read_to FROM channel_read r WHERE r.channel_id = c.id AND r.user_id = :me), 0)"
UNREAD = f"""
SELECT c.id, c.uuid, c.title AS name, p.name AS project, w.name AS workspace,
  (SELECT count(*) FROM message x WHERE x.channel_id = c.id AND x.user_id <> :me AND x.id > {READ}) AS unread
FROM channel c JOIN project p ON p.id = c.project_id JOIN company w ON w.id = p.company_id
JOIN member m ON m.project_id = p.id AND m.user_id = :me
WHERE c.is_archived = 0 AND {VISIBLE.format("c")} AND (:company = 0 OR p.company_id = :company)
AND (:project = 0 OR p.id = :project) ORDER BY p.id, c.id
"""  # noqa: S608 constants of ours


def channel_at(db: Db, key: str) -> Any:
    """The channel of this uuid or slug that the caller sees. Raises NotFound, Invalid and Forbidden."""
    found = seen(db, "channel", NAMED, key=key)
    if len(found) > 1:
        raise Invalid("uuid", f"Channels of several projects are called '{shown(key)}'; name one by its uuid.")
    return the_one(db, found, "Channel", key)


def unread(db: Db, company_id: int = 0, project_id: int = 0) -> list[dict[str, Any]]:
    """The channels that the caller sees, with what is unread in each: messages of others after the last one read."""
    return db.asked(UNREAD, {"me": db.me, "company": company_id, "project": project_id})
