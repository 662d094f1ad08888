"""What a new project comes with: a board, columns, types, efforts and priorities, and its maker as a member."""

from typing import Any, Protocol

from sqlmodel import SQLModel

from mock_server.domain.planning import DONE, IN_PROGRESS, OPEN, Board, Effort, Priority, TaskType, Workflow
from mock_server.domain.slugs import kebab, slug_of
from mock_server.domain.task_rules import Rows
from mock_server.domain.workspaces import ROLES, Member, Project, WorkspaceMember

OWNER = next(id for id, name in ROLES.items() if name == "owner")
COLOUR = "#3B82F6"
COLUMNS = (("Todo", OPEN, "#3C78D8"), ("In progress", IN_PROGRESS, "#E69138"), ("Done", DONE, "#6AA84F"))
TYPES = (("Feature", "FEAT", "#2BB3A3"), ("Bug", "BUG", "#D65C5C"), ("Chore", "CHORE", "#8D99AE"))
SIZES = (50, 100, 200, 300, 500, 800, 1300, 2100)  # hundredths of a point
PRIORITIES = (("Low", "#9E9E9E"), ("Medium", "#E0A52B"), ("High", "#D65C5C"))
TAKEN = "SELECT count(*) FROM project WHERE company_id = :company_id AND slug = :slug"


class Maker(Rows, Protocol):
    """What the rules need of a database."""

    def uniqid(self, table: type[SQLModel]) -> str:
        """Digits for the slug of a table's next row."""


def found_project(db: Maker, company_id: int, user_id: int, name: str, **more: Any) -> int:
    """Make a project that can be worked in, owned by ``user_id``; gives its id. Its slug is free in the workspace."""
    slug = kebab(name)[:80].strip("-")
    if not slug or db.number(TAKEN, {"company_id": company_id, "slug": slug}):
        slug = slug_of(name, db.uniqid(Project))
    told = {"description": "", "logo": "", "code": code_of(name)} | more
    id = db.insert(Project, company_id=company_id, owner_id=user_id, slug=slug, name=name, **told)
    join(db, id, user_id, OWNER, is_leader=True)
    furnish(db, id)
    return id


def code_of(name: str) -> str:
    """The prefix of a project's task codes: the letters and digits that its name begins with, at most five."""
    return "".join(letter for letter in kebab(name) if letter.isalnum())[:5].upper() or "PROJ"


def furnish(db: Maker, project_id: int) -> None:
    """Give a new project its board and its lists; the first of each is the default."""
    db.insert(Board, project_id=project_id, label="Main board")
    for at, (title, state, color) in enumerate(COLUMNS, 1):
        row = {"slug": slug_of(title, db.uniqid(Workflow)), "title": title, "state": state, "color": color}
        db.insert(Workflow, project_id=project_id, position=at, is_default=at == 1, **row)
    for at, (title, code, color) in enumerate(TYPES, 1):
        row = {"slug": slug_of(title, db.uniqid(TaskType)), "title": title, "code": code, "color": color}
        db.insert(TaskType, project_id=project_id, position=at, is_default=at == 1, **row)
    for at, size in enumerate(SIZES, 1):
        title = "1/2" if size % 100 else str(size // 100)
        db.insert(Effort, project_id=project_id, title=title, hundredths=size, position=at, is_default=at == 1)
    for at, (title, color) in enumerate(PRIORITIES, 1):
        db.insert(Priority, project_id=project_id, title=title, color=color, position=at, is_default=at == 1)


def join(db: Rows, project_id: int, user_id: int, role_id: int, is_leader: bool = False) -> int:
    """Make a person a member of a project; gives the row's id."""
    row = {"project_id": project_id, "user_id": user_id, "role_id": role_id}
    return db.insert(Member, is_leader=is_leader, color=COLOUR, **row)


def seat(db: Rows, company_id: int, user_id: int, role_id: int) -> int:
    """Make a person a member of a workspace; gives the row's id."""
    return db.insert(WorkspaceMember, company_id=company_id, user_id=user_id, role_id=role_id)
