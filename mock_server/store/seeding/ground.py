"""What every profile stands on: workspaces, people, projects with their columns, and a credential for each refusal."""

from dataclasses import dataclass
from typing import Any

from slugify import slugify

from mock_server.domain.planning import DONE, IN_PROGRESS, OPEN, Effort, Label, Priority, TaskType, Workflow
from mock_server.domain.workspaces import Company, Credential, Member, Project, User
from mock_server.store.clock import DAY
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

COLUMNS = (
    ("Todo", OPEN, "#3c78d8"),
    ("In Progress", IN_PROGRESS, "#f6b26b"),
    ("In Review", IN_PROGRESS, "#8e7cc3"),
    ("Testing", IN_PROGRESS, "#76a5af"),
    ("Done", DONE, "#6aa84f"),
)
TYPES = (
    ("Feature", "ftr", "#38FB07"),
    ("Bug", "bug", "#E02B2B"),
    ("Chore", "chr", "#9E9E9E"),
    ("Spike", "spk", "#9900FF"),
)
EFFORTS = (("1/2", 50), ("1", 100), ("2", 200), ("3", 300), ("5", 500), ("8", 800), ("13", 1300))
PRIORITIES = (("Must have", "#E02B2B"), ("Should have", "#F6B26B"), ("Could have", "#3C78D8"))
ZONES = ((37, "Europe/Lisbon"), (12, "America/Sao_Paulo"), (41, "Europe/Berlin"), (5, "America/New_York"))
COLOURS = ("#7E84FF", "#FF7E9D", "#2BB3A3", "#E0A52B", "#8A5CD6", "#4C9F38", "#D65C5C", "#3B82F6")
HEADLINES = (
    "Product owner",
    "Backend developer",
    "Frontend developer",
    "Mobile developer",
    "Tester",
    "Designer",
    "Dispatcher",
    "Team lead",
)
ASSETS = "https://assets.gitscrum.example"
OTHERS = ("read_only", "revoked", "expired", "suspended")


@dataclass
class Team:
    """A project that is ready to be worked in: ids of its rows, in their order."""

    project: int
    code: str
    columns: list[int]
    types: list[int]
    efforts: list[int]
    priorities: list[int]
    labels: list[int]
    people: list[int]


def company(rows: Writer, name: str) -> int:
    """A workspace."""
    slug = slugify(name)
    return rows.add(Company, slug=slug, name=name, logo=f"{ASSETS}/logos/{slug}.png", created_at=ANCHOR - 900 * DAY)


def people(rows: Writer, faker: Any, number: int) -> list[int]:
    """So many people of Faker's locale, no two with one username."""
    taken: set[str] = set()
    return [person(rows, faker, index, taken) for index in range(number)]


def person(rows: Writer, faker: Any, index: int, taken: set[str]) -> int:
    """One person."""
    name = f"{faker.first_name()} {faker.last_name()}"
    username = slugify(name, separator=".") or f"person.{index}"
    username = username if username not in taken else f"{username}.{index}"
    taken.add(username)
    zone, zone_name = ZONES[index % len(ZONES)]
    return rows.add(
        User,
        username=username,
        name=name,
        email=f"{username}@gitscrum.example",
        headline=HEADLINES[index % len(HEADLINES)],
        avatar=f"{ASSETS}/avatars/{username}.png",
        location=faker.city(),
        timezone_id=zone,
        timezone_name=zone_name,
        created_at=ANCHOR - (800 - 40 * index) * DAY,
    )


def project(rows: Writer, company_id: int, name: str, code: str, members: list[int], **more: Any) -> Team:
    """A project with its five columns, types, efforts, priorities and members; the first member owns it."""
    slug = slugify(name)
    dates = {"created_at": ANCHOR - 400 * DAY, "start_date": midnights(-180), "due_date": midnights(120)}
    about = {"description": "", "logo": f"{ASSETS}/logos/{slug}.png"} | dates | more
    id = rows.add(Project, company_id=company_id, owner_id=members[0], slug=slug, name=name, code=code, **about)
    for index, user in enumerate(members):
        role = 1 if index == 0 else (2, 4, 5)[index % 3]
        rows.add(
            Member, project_id=id, user_id=user, role_id=role, is_leader=index == 0, color=COLOURS[index % len(COLOURS)]
        )
    return Team(id, code, columns(rows, id), types(rows, id), efforts(rows, id), priorities(rows, id), [], members)


def midnights(days: int) -> int:
    """The midnight so many days from the anchor."""
    return (ANCHOR // DAY + days) * DAY


def columns(rows: Writer, project_id: int) -> list[int]:
    """The five columns of a board."""
    made = []
    for position, (title, state, color) in enumerate(COLUMNS, 1):
        more = {"slug": f"{slugify(title)}-{rows.uniqid(Workflow)}", "title": title, "state": state, "color": color}
        made.append(rows.add(Workflow, project_id=project_id, position=position, is_default=position == 1, **more))
    return made


def types(rows: Writer, project_id: int) -> list[int]:
    """The task types."""
    made = []
    for position, (title, short, color) in enumerate(TYPES, 1):
        more = {"slug": f"{short}-{rows.uniqid(TaskType)}", "title": title, "code": short.upper(), "color": color}
        made.append(rows.add(TaskType, project_id=project_id, position=position, is_default=position == 1, **more))
    return made


def efforts(rows: Writer, project_id: int) -> list[int]:
    """A Fibonacci-like list and 1/2, which new projects get by the contract."""
    sizes = enumerate(EFFORTS, 1)
    return [
        rows.add(Effort, project_id=project_id, title=title, hundredths=size, position=at, is_default=at == 2)
        for at, (title, size) in sizes
    ]


def priorities(rows: Writer, project_id: int) -> list[int]:
    """The priorities of user stories."""
    return [
        rows.add(Priority, project_id=project_id, title=title, color=color, position=at, is_default=at == 2)
        for at, (title, color) in enumerate(PRIORITIES, 1)
    ]


def labels(rows: Writer, team: Team, words: list[str]) -> None:
    """The project's labels."""
    for index, word in enumerate(words):
        more = {"slug": slugify(word), "title": word, "color": COLOURS[index % len(COLOURS)]}
        team.labels.append(rows.add(Label, project_id=team.project, **more))


def credentials(
    rows: Writer, first: int, second: int, other: int, company_id: int, other_id: int, users: tuple[int, int]
) -> None:
    """One for full access, one for each refusal, one for a second project and one for another account."""
    mine, theirs = users
    ours = {"company_id": company_id, "user_id": mine}
    rows.add(Credential, name="default", kind="full", project_id=first, **ours)
    for kind in OTHERS:
        expires = ANCHOR - 30 * DAY if kind == "expired" else None
        rows.add(Credential, name=kind, kind=kind, project_id=first, expires_at=expires, **ours)
    rows.add(Credential, name="second_project", kind="full", project_id=second, **ours)
    rows.add(Credential, name="other_account", kind="full", company_id=other_id, project_id=other, user_id=theirs)
