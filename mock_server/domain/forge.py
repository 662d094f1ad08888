"""What a task has in a forge of code: branches and pull requests."""

from sqlmodel import Field

from mock_server.domain.columns import belongs, key, moment, refers
from mock_server.domain.slugs import kebab
from mock_server.domain.workspaces import Table

PROVIDERS = ("github", "gitlab", "bitbucket")


def branch_name(code: str, title: str) -> str:
    """What a task's branch is called where nobody says: its code and its title in kebab case."""
    return f"{code.lstrip('#').lower()}-{kebab(title, 50)}".strip("-")


class Branch(Table, table=True):
    """A branch for a task; ``provider`` is one of PROVIDERS."""

    id: int | None = key()
    uuid: str = Field(unique=True)
    project_id: int = belongs("project")
    task_id: int = belongs("task")
    user_id: int = belongs("user", index=False)
    provider: str
    name: str
    created_at: int = moment()


class PullRequest(Table, table=True):
    """A pull request for a task; ``state`` is open, merged or closed, ``number`` counts within the project."""

    __tablename__ = "pull_request"
    id: int | None = key()
    uuid: str = Field(unique=True)
    project_id: int = belongs("project")
    task_id: int = belongs("task")
    branch_id: int | None = refers("branch", index=False)
    user_id: int = belongs("user", index=False)
    provider: str
    number: int
    title: str
    state: str
    created_at: int = moment()
