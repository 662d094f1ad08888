"""Search over everything that somebody sees: what it finds is told as the caller's client reads it."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mock_server.dialects.answers import Db
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import MaybeText, Query, Text, Words, nothing
from mock_server.dialects.tenancy import CLI, MCP, Client, InWorkspace
from mock_server.errors import Invalid, shown
from mock_server.store.callers import Caller

OF_PROJECT = """
JOIN project p ON p.id = x.project_id JOIN company c ON c.id = p.company_id
JOIN member m ON m.project_id = p.id AND m.user_id = :me
"""
HERE = "(:company = 0 OR c.id = :company)"
HOME = "'/' || c.slug || '/projects/' || p.slug"
FINDING = {
    "tasks": f"""
SELECT ltrim(x.code, '#') AS code, x.title, x.uuid, {HOME} || '/tasks/' || ltrim(x.code, '#') AS route FROM task x
{OF_PROJECT} WHERE (instr(lower(x.title), :q) OR instr(lower(x.code), :q)) AND {HERE}
ORDER BY x.created_at DESC, x.id DESC LIMIT :limit
""",  # noqa: S608 constants of ours
    "projects": f"""
SELECT p.slug, p.name, p.name AS title, p.uuid, {HOME} AS route FROM project p JOIN company c ON c.id = p.company_id
JOIN member m ON m.project_id = p.id AND m.user_id = :me
WHERE (instr(lower(p.name), :q) OR instr(lower(p.description), :q)) AND {HERE} ORDER BY p.id LIMIT :limit
""",  # noqa: S608 constants of ours
    "user_stories": f"""
SELECT x.code, x.slug, x.title, {HOME} || '/user-stories/' || x.slug AS route FROM user_story x {OF_PROJECT}
WHERE instr(lower(x.title), :q) AND {HERE} ORDER BY x.id LIMIT :limit
""",  # noqa: S608 constants of ours
    "sprints": f"""
SELECT x.slug, x.title, {HOME} || '/sprints/' || x.slug AS route FROM sprint x {OF_PROJECT}
WHERE instr(lower(x.title), :q) AND {HERE} ORDER BY x.id LIMIT :limit
""",  # noqa: S608 constants of ours
    "wiki": f"""
SELECT x.slug, x.title, x.uuid, {HOME} || '/wiki/' || x.slug AS route FROM wiki_page x {OF_PROJECT}
WHERE (instr(lower(x.title), :q) OR instr(lower(x.content), :q)) AND {HERE} ORDER BY x.id LIMIT :limit
""",  # noqa: S608 constants of ours
    "notes": f"""
SELECT x.uuid, x.title, '/' || c.slug || '/notes/' || x.uuid AS route FROM note x JOIN company c ON c.id = x.company_id
JOIN workspace_member m ON m.company_id = c.id AND m.user_id = :me
WHERE (x.user_id = :me OR x.is_shared) AND (instr(lower(x.title), :q) OR instr(lower(coalesce(x.content, '')), :q))
AND {HERE} ORDER BY x.id LIMIT :limit
""",  # noqa: S608 constants of ours
    "users": f"""
SELECT DISTINCT u.username, u.name, u.name AS title, u.uuid, '/' || c.slug || '/members/' || u.username AS route
FROM user u JOIN workspace_member s ON s.user_id = u.id JOIN company c ON c.id = s.company_id
JOIN workspace_member m ON m.company_id = c.id AND m.user_id = :me
WHERE (instr(lower(u.name), :q) OR instr(lower(u.username), :q)) AND {HERE} ORDER BY u.id LIMIT :limit
""",  # noqa: S608 constants of ours
}


class SearchQuery(Query):
    """What is looked for, and in which categories (or the one ``scope`` of the CLI); ``limit`` is for each of them."""

    q: Annotated[Text, Field(min_length=2)]
    company_slug: MaybeText = None
    categories: Words | None = None
    scope: Annotated[Literal["tasks", "projects", "wiki", "users"] | None, BeforeValidator(nothing)] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 5

    def sought(self) -> list[str]:
        """The categories; all of them where none is named. Raises Invalid for one that is not known."""
        named: list[str] = [self.scope] if self.scope else self.categories or list(FINDING)
        for name in named:
            if name not in FINDING:
                allowed = ", ".join(FINDING)
                raise Invalid("categories", f"The parameter 'categories' takes {allowed}; got '{shown(name)}'.")
        return named


@bearer.get("/search")
def search(query: SearchQuery, db: Db, client: Client, caller: Caller) -> Any:
    """What holds the words, letter case aside, by category: arrays for the CLI, ``items`` for MCP, one list for others.

    It looks in the workspace that is named, else in the token's, else wherever the caller works. One statement for each
    category.
    """
    company = InWorkspace.named(db, query.company_slug).company_id if query.company_slug else caller.company_id
    values = {"me": db.me, "company": company or 0, "q": query.q.lower(), "limit": query.limit}
    found = {name: db.asked(FINDING[name], values) for name in query.sought()}
    if client == CLI:
        return found
    if client == MCP:
        return {name: {"items": rows} for name, rows in found.items()}
    return [{"type": KINDS[name], **row} for name, rows in found.items() for row in rows]


KINDS = {
    "tasks": "task",
    "projects": "project",
    "user_stories": "user_story",
    "sprints": "sprint",
    "wiki": "wiki",
    "notes": "note",
    "users": "user",
}
