"""The wiki of a project: pages in a tree. MCP says ``content`` and uuid where the CLI says ``page`` and slug."""

from typing import Annotated, Any

from pydantic import Field

from mock_server.dialects.answers import Db, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeText, Query, Text, Title
from mock_server.dialects.lists import Filters, Order, Page, Where, contains
from mock_server.dialects.tenancy import InProject, Somewhere
from mock_server.dialects.views import Dated, Via, View, called
from mock_server.domain.slugs import kebab, slug_of
from mock_server.domain.wiki import WikiPage
from mock_server.errors import Invalid, shown
from mock_server.resources.found import seen, the_one
from mock_server.store.callers import Caller
from mock_server.store.rows import same

IN_ORDER = Order("id", False)
NAMED = """
:key IN (r.uuid, r.slug) AND (:project = 0 OR r.project_id = :project) ORDER BY r.project_id = :home DESC, r.id
"""


class LeafView(View, of=WikiPage):
    """A page, as lists have it."""

    uuid: str
    slug: str
    title: str
    page: Annotated[str, called("content")]


class FlatView(LeafView, of=WikiPage):
    """The same, and which page it is below."""

    parent_uuid: Annotated[str | None, Via("parent.uuid")]


class PageView(FlatView, of=WikiPage):
    """A page; ``content`` and ``page`` are both its markdown."""

    content: str
    created_at: Dated
    updated_at: Dated


class Found(Filters):
    """Pages whose title or text holds something."""

    q: Annotated[str, Where(lambda page, text: contains(page.c.title, text) | contains(page.c.content, text))] = ""


class SearchQuery(Query):
    """What is looked for."""

    q: Annotated[Text, Field(min_length=2)]
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PagePatch(Body):
    """What may be changed of a page."""

    title: Title = ""
    content: Text | None = None
    page: Text | None = None

    def row(self) -> dict[str, Any]:
        """The columns that came."""
        text = self.content if self.content is not None else self.page
        return self.sent("title") | ({} if text is None else {"content": text})


class PageBody(PagePatch):
    """A new page, perhaps below another of the project."""

    title: Title
    parent_uuid: MaybeText = None
    parent_slug: MaybeText = None


@bearer.get("/wiki/pages")
def list_pages(here: InProject, db: Db) -> list[dict[str, Any]]:
    """The project's pages as a tree, in the order in which they were made. One statement."""
    rows = db.objects(FlatView, here.owns(WikiPage), order=IN_ORDER)
    known = {row["uuid"]: row | {"children": []} for row in rows}
    for row in known.values():
        if row["parent_uuid"] in known:
            known[row["parent_uuid"]]["children"].append(row)
    return [row for row in known.values() if row["parent_uuid"] not in known]


@bearer.get("/wiki/pages/search")
def search_pages(query: SearchQuery, here: InProject, db: Db) -> Whole[LeafView]:
    """The project's pages whose title or text holds the words, letter case aside; at most ``limit``."""
    page = Page(query.limit)
    return Whole(db.page(LeafView, page, here.owns(WikiPage), filters=Found(q=query.q), order=IN_ORDER).rows)


@bearer.get("/wiki/pages/{uuid}")
def get_page(uuid: str, here: Somewhere, db: Db, caller: Caller) -> One[PageView]:
    """One page, by its uuid or slug."""
    return shown_page(db, page_at(db, here, caller, uuid).id)


@bearer.post("/wiki/pages")
def create_page(body: PageBody, here: InProject, db: Db) -> One[PageView]:
    """A new page. Raises Invalid for a parent that the project lacks."""
    slug = kebab(body.title)
    if not slug or slug == "search" or db.seek(WikiPage, same(WikiPage.slug, slug), here.owns(WikiPage)):
        slug = slug_of(body.title, db.uniqid(WikiPage))
    row = {"content": ""} | body.row()
    home = {"project_id": here.project_id, "user_id": db.me, "parent_id": parent_of(db, here, body)}
    return shown_page(db, db.insert(WikiPage, slug=slug, **row, **home))


@bearer.put("/wiki/pages/{uuid}")
def update_page(uuid: str, body: PagePatch, here: Somewhere, db: Db, caller: Caller) -> One[PageView]:
    """Change what is sent of a page; its slug stays."""
    page = page_at(db, here, caller, uuid)
    if row := body.row():
        db.update(WikiPage, page.id, updated_at=db.now, **row)
    return shown_page(db, page.id)


@bearer.patch("/wiki/pages/{slug}")
def patch_page(slug: str, body: PagePatch, here: Somewhere, db: Db, caller: Caller) -> One[PageView]:
    """The same, where the command-line client asks."""
    return update_page(slug, body, here, db, caller)


def page_at(db: Db, here: Somewhere, caller: Caller, key: str) -> Any:
    """The page of this uuid or slug in the project that is named, else at home, else wherever the caller works.

    Raises NotFound, Invalid where pages of several projects have the slug, and Forbidden.
    """
    found = seen(db, "wiki_page", NAMED, key=key, project=here.project_id, home=caller.project_id)
    if len(found) > 1 and found[0]["project_id"] != caller.project_id:
        raise Invalid("project_slug", f"Pages of several projects are called '{shown(key)}'; say which is meant.")
    return the_one(db, found, "Wiki page", key)


def parent_of(db: Db, here: InProject, body: PageBody) -> int | None:
    """The id of the page that a new one is put below. Raises Invalid."""
    for param, column in (("parent_uuid", WikiPage.uuid), ("parent_slug", WikiPage.slug)):
        if value := getattr(body, param):
            page = db.seek(WikiPage, same(column, value), here.owns(WikiPage))
            if page is None:
                raise Invalid(param, f"The parameter '{param}' names '{shown(value)}', which the project has not.")
            return page.id
    return None


def shown_page(db: Db, id: int) -> One[PageView]:
    """A page as it is told."""
    return db.one(PageView, same(WikiPage.id, id))
