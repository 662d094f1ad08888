"""What every profile stands on: workspaces, projects with their boards, and a credential for each refusal."""

from dataclasses import dataclass, field

from mock_server.domain.planning import Board, Effort, Priority, TaskType, Workflow
from mock_server.domain.slugs import kebab
from mock_server.domain.workspaces import FREE, LADDER, ROLES, Company, Credential, Member, Project
from mock_server.store.clock import DAY
from mock_server.store.seeding.people import Person
from mock_server.store.seeding.phrases import Words
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

LOGOS = "https://logos.gitscrum.example"
EFFORTS = (("1/2", 50), ("1", 100), ("2", 200), ("3", 300), ("5", 500), ("8", 800), ("13", 1300), ("21", 2100))
COLOURS = ("#7E84FF", "#FF7E9D", "#2BB3A3", "#E0A52B", "#8A5CD6", "#4C9F38", "#D65C5C", "#3B82F6")
OWNER, REFUSED = 1, ("read_only", "revoked", "expired", "suspended")


@dataclass
class Team:
    """A project that is ready to be worked in; ids in the order of the board, people beginning with the owner."""

    project_id: int
    code: str
    people: list[Person]
    columns: list[tuple[int, str]] = field(default_factory=list)
    types: dict[str, int] = field(default_factory=dict)
    efforts: list[int] = field(default_factory=list)
    priorities: list[int] = field(default_factory=list)

    @property
    def owner(self) -> Person:
        """Whose project it is."""
        return self.people[0]

    def doers(self, kind: str) -> list[Person]:
        """Who takes tasks of this kind; anybody, where nobody says so."""
        return [person for person in self.people if kind in person.part.get("does", [kind])] or self.people


def company(rows: Writer, name: str, owner: Person, **more: str) -> int:
    """A workspace; gives its id."""
    slug = kebab(name)
    told = {"slug": slug, "name": name, "logo": f"{LOGOS}/{slug}.png", "created_at": ANCHOR - 2_300 * DAY}
    return rows.add(Company, owner_id=owner.id, **told, **more)


def companies(rows: Writer, names: Words, owner: Person, stranger: Person) -> tuple[int, int]:
    """Our workspace, and another account's, whose plan is the free one; gives their ids."""
    ours = company(rows, names["company"], owner, description=names.get("about", ""))
    return ours, company(rows, names["other_company"], stranger, plan=FREE)


def project(rows: Writer, company_id: int, about: Words, people: list[Person], created_at: int) -> int:
    """A project and its members; the first person owns it. Gives its id."""
    slug = kebab(about["name"])
    told = {"logo": f"{LOGOS}/{slug}.png", "created_at": created_at} | about
    id = rows.add(Project, company_id=company_id, owner_id=people[0].id, slug=slug, **told)
    for index, person in enumerate(people):
        role = person.part.get("role", OWNER) if index else OWNER
        leads = not index or person.part.get("leads", False)
        rows.add(Member, project_id=id, user_id=person.id, role_id=role, is_leader=leads, color=COLOURS[index % 8])
    return id


def team(rows: Writer, company_id: int, about: Words, people: list[Person], board: Words, created_at: int) -> Team:
    """A project with its members and all that a new one has: columns, types, efforts and priorities."""
    made = Team(project(rows, company_id, about, people, created_at), about["code"], people)
    rows.add(Board, project_id=made.project_id, label=board["board"])
    columns(rows, made, board)
    types(rows, made, board)
    made.efforts = [
        rows.add(Effort, project_id=made.project_id, title=title, hundredths=size, position=at, is_default=title == "1")
        for at, (title, size) in enumerate(EFFORTS, 1)
    ]
    made.priorities = [
        rows.add(Priority, project_id=made.project_id, **line, position=at, is_default=at == 2)
        for at, line in enumerate(board["priorities"], 1)
    ]
    return made


def columns(rows: Writer, team: Team, board: Words) -> None:
    """The board's columns; new tasks come into the first."""
    for at, line in enumerate(board["columns"], 1):
        slug = rows.slug(Workflow, line["title"])
        id = rows.add(Workflow, project_id=team.project_id, slug=slug, **line, position=at, is_default=at == 1)
        team.columns.append((id, line["title"]))


def types(rows: Writer, team: Team, board: Words) -> None:
    """The types of task, to be found by the kinds of work."""
    for at, line in enumerate(board["types"], 1):
        told = {name: line[name] for name in ("title", "description", "code", "color")}
        slug = rows.slug(TaskType, line["code"])
        id = rows.add(TaskType, project_id=team.project_id, slug=slug, **told, position=at, is_default=at == 1)
        team.types |= dict.fromkeys(line["kinds"], id)


def credentials(rows: Writer, companies: tuple[int, int], first: Team, second: Team, other: Team) -> None:
    """Full access, a credential for each refusal, a second project, and another account. The store gives them keys."""
    mine = {"company_id": companies[0], "user_id": first.owner.id}
    rows.add(Credential, name="default", kind="full", project_id=first.project_id, **mine)
    for kind in REFUSED:
        expires_at = ANCHOR - 30 * DAY if kind == "expired" else None
        rows.add(Credential, name=kind, kind=kind, project_id=first.project_id, expires_at=expires_at, **mine)
    rows.add(Credential, name="second_project", kind="full", project_id=second.project_id, **mine)
    theirs = {"company_id": companies[1], "user_id": other.owner.id}
    rows.add(Credential, name="other_account", kind="full", project_id=other.project_id, **theirs)
    tokens(rows, mine | {"project_id": first.project_id}, first)
    rows.add(Credential, name="free_plan", kind="full", has_pair=False, project_id=other.project_id, **theirs)
    seat(rows)


def tokens(rows: Writer, home: dict[str, int], team: Team) -> None:
    """A token that asks for a second factor, and one for each role that somebody of the team has."""
    rows.add(Credential, name="mfa_required", kind="mfa", has_pair=False, **home)
    for role_id, name in ROLES.items():
        person = next((each for each in team.people if each.part.get("role") == role_id), None)
        if person is not None:
            rows.add(Credential, name=name, kind="full", has_pair=False, **home | {"user_id": person.id})


SEAT = """
INSERT INTO workspace_member (company_id, user_id, role_id, created_at)
SELECT company_id, user_id, CAST(substr(:ladder, max(instr(:ladder, m.role_id)), 1) AS INTEGER), min(p.created_at)
FROM member m JOIN project p ON p.id = m.project_id
GROUP BY company_id, user_id ORDER BY company_id, min(m.id)
"""


def seat(rows: Writer) -> None:
    """Everybody who works on a project belongs to its workspace too, with the most that they may do in any of them."""
    rows.flush()
    ladder = "".join(str(next(id for id, name in ROLES.items() if name == step)) for step in LADDER)
    rows.raw.execute(SEAT, {"ladder": ladder})
