"""Git integrations: the branches and pull requests of a task."""

import re
from typing import Annotated, Any

from sqlalchemy import func, literal_column, select

from mock_server.dialects.answers import Db, Deleted, One, Whole
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, MaybeText
from mock_server.dialects.lists import Order
from mock_server.dialects.tenancy import Somewhere
from mock_server.dialects.views import Dated, Sql, View, table_of
from mock_server.domain.forge import PROVIDERS, Branch, PullRequest, branch_name
from mock_server.domain.workspaces import Project
from mock_server.errors import Conflict, Invalid, shown
from mock_server.resources.found import seen, task_at, the_one
from mock_server.store.rows import same

OLDEST = Order("created_at", False)
UNFIT = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|\.lock$|/\.")  # git-check-ref-format(1)


def link(kind: str, column: str) -> Sql:
    """The page of a branch or pull request in its forge, whose addresses are made up."""

    def told(row: Any) -> Any:
        project = table_of(Project).alias()
        path = func.coalesce(project.c.github_full_name, project.c.slug)
        home = select(path).where(project.c.id == row.c.project_id).scalar_subquery()
        address: Any = literal_column(f"'https://%s.gitscrum.example/%s/{kind}/%s'")
        return func.printf(address, row.c.provider, home, row.c[column])

    return Sql(told)


class BranchView(View, of=Branch):
    """A branch."""

    uuid: str
    name: str
    url: Annotated[str, link("tree", "name")]
    created_at: Dated


class PullRequestView(View, of=PullRequest):
    """A pull request; ``state`` is open, merged or closed."""

    uuid: str
    title: str
    number: int
    state: str
    url: Annotated[str, link("pull", "number")]


class BranchBody(Body):
    """A new branch; without a name it is made of the task's code and title."""

    branch_name: MaybeText = None


@bearer.post("/integrations/{provider}/branches/by-code/{code}")
def create_branch(provider: str, code: str, body: BranchBody, here: Somewhere, db: Db) -> One[BranchView]:
    """A new branch for a task. Raises Invalid for a name that git does not take, Conflict for one that is there."""
    task = task_at(db, code, here.project_id)
    name = body.branch_name or branch_name(task.code, task.title)
    if UNFIT.search(name) or len(name) > 200:
        raise Invalid("branch_name", f"The parameter 'branch_name' takes a branch's name; got '{shown(name)}'.")
    home = {"project_id": task.project_id, "provider": known(provider)}
    if db.seek(Branch, same(Branch.name, name), same(Branch.project_id, task.project_id), of(provider)):
        raise Conflict(f"The project has a branch '{shown(name)}' already.", param="branch_name")
    return db.one(BranchView, same(Branch.id, db.insert(Branch, task_id=task.id, user_id=db.me, name=name, **home)))


@bearer.get("/integrations/{provider}/branches/by-code/{code}")
def list_branches(provider: str, code: str, here: Somewhere, db: Db) -> Whole[BranchView]:
    """The branches of a task, the oldest first."""
    task = task_at(db, code, here.project_id)
    return db.all(BranchView, same(Branch.task_id, task.id), same(Branch.provider, known(provider)), order=OLDEST)


@bearer.get("/integrations/{provider}/pull-requests/by-code/{code}")
def list_pull_requests(provider: str, code: str, here: Somewhere, db: Db) -> Whole[PullRequestView]:
    """The pull requests of a task, the oldest first."""
    task, match = task_at(db, code, here.project_id), same(PullRequest.provider, known(provider))
    return db.all(PullRequestView, same(PullRequest.task_id, task.id), match, order=OLDEST)


@bearer.delete("/integrations/{provider}/branches/{uuid}", status=200)
def delete_branch(provider: str, uuid: str, db: Db) -> type[Deleted]:
    """Delete a branch; its pull requests stay."""
    where = "r.uuid = :uuid AND r.provider = :provider"
    found = seen(db, "branch", where, uuid=uuid, provider=known(provider))
    db.delete(Branch, the_one(db, found, "Branch", uuid).id)
    return Deleted


def known(provider: str) -> str:
    """A forge by its name. Raises Invalid."""
    if provider not in PROVIDERS:
        allowed = ", ".join(PROVIDERS)
        raise Invalid("provider", f"The parameter 'provider' takes one of {allowed}; got '{shown(provider)}'.")
    return provider


def of(provider: str) -> Any:
    """What a branch in a forge has to match."""
    return same(Branch.provider, provider)
