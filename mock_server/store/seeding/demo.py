"""The demo: a small company at work on two projects around a ferry booking, and a studio with a site of its own."""

from itertools import chain
from typing import NamedTuple

from faker import Faker

from mock_server.store.seeding import places
from mock_server.store.seeding.aftermath import Aftermath
from mock_server.store.seeding.clientele import Clientele
from mock_server.store.seeding.details import Details
from mock_server.store.seeding.drafts import Drafts
from mock_server.store.seeding.ideas import Ideas
from mock_server.store.seeding.people import People
from mock_server.store.seeding.phrases import chance_of, spoken
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.plans import CURRENT, LENGTH, Planner
from mock_server.store.seeding.rooms import Rooms
from mock_server.store.seeding.spec import Progress, Spec, days
from mock_server.store.seeding.work import Work
from mock_server.store.seeding.writer import Writer

TASKS = 60
SIDE_TASKS = (12, 4)  # of the second project and of the other account
ARCHIVED = 3  # of all tasks, where there are enough
SECOND_TEAM = (0, 2, 4, 5, 7)  # who of the company's people also works on the second project


class Size(NamedTuple):
    """How large a project is: tasks, archived ones among them, sprints that are over, and user stories at least."""

    tasks: int
    archived: int
    closed: int
    stories: int


def size_of(tasks: int) -> Size:
    """A project of so many tasks: a sprint that is over for each fifty, a story for each forty, both within bounds."""
    return Size(tasks, ARCHIVED if tasks >= TASKS // 2 else 0, min(max(3, tasks // 50), 48), tasks // 40)


def fill(rows: Writer, faker: Faker, spec: Spec, progress: Progress | None) -> None:
    """Two companies, eight people, three projects at work."""
    board = spoken("board", spec.locale)
    names = board["names"]
    people = People(rows, faker, spec.locale)
    staff = [people.join(part, names["company"]) for part in board["people"]]
    ours, theirs = places.companies(rows, names, staff[0], staff[-1])
    sizes = [size_of(TASKS if spec.tasks is None else spec.tasks), *(Size(tasks, 0, 1, 0) for tasks in SIDE_TASKS)]
    crews = [staff, [staff[at] for at in SECOND_TEAM], staff[-1:]]
    homes = zip((ours, ours, theirs), ("first", "second", "other"), crews, sizes, strict=True)
    teams = [places.team(rows, home, names[name], crew, board, founded(size)) for home, name, crew, size in homes]
    places.credentials(rows, (ours, theirs), teams[0], teams[1], teams[2])
    for number, (team, size) in enumerate(zip(teams, sizes, strict=True), 1):
        Busy(rows, faker, spec.locale, number).work(team, size, progress if number == 1 else None)
    Clientele(rows, faker, spec.locale, ours, teams[:2]).write()
    Rooms(rows, spec.locale, ours, teams[:2]).write()
    Aftermath(rows).write(teams)


def founded(size: Size) -> int:
    """When the project was made: a month before the planning of its first sprint."""
    return days(CURRENT - (size.closed + 1) * LENGTH - 30)


class Busy:
    """Lets one team plan and work; ``number`` says whose phrases it uses."""

    def __init__(self, rows: Writer, faker: Faker, locale: str, number: int) -> None:
        self.rows, self.faker, self.words = rows, faker, spoken("demo", locale)
        self.number, self.ideas = number, Ideas(faker, locale, number)

    def work(self, team: Team, size: Size, progress: Progress | None) -> None:
        """All that the team planned, did and said."""
        plan = Planner(self.rows, self.faker, team, self.words, self.number).plan(size.closed, size.stories)
        drafts = Drafts(team, plan, self.ideas, chance_of(self.faker))
        details = self.around(team)
        work = Work(self.rows, team, plan.titles, details, size.tasks)
        work.write(chain(drafts.attic(size.archived), drafts.tasks(size.tasks - size.archived)), progress)
        self.remember(team, size, drafts.number, sum(map(len, plan.stories)))

    def around(self, team: Team) -> Details:
        """Where what hangs on the tasks comes from; what the team did beside them is in it."""
        details = Details(self.rows, self.faker, team, self.words)
        if len(team.people) > 1:
            details.hours.meetings()
        details.write()
        return details

    def remember(self, team: Team, size: Size, tasks: int, stories: int) -> None:
        """Write down the last numbers that the project gave, and its dates."""
        start, due = days(CURRENT - size.closed * LENGTH), days(CURRENT + 6 * LENGTH)
        numbers = "tasks_numbered = ?, sprints_numbered = ?, stories_numbered = ?, start_date = ?, due_date = ?"
        values = (tasks, size.closed + 2, stories, start, due, team.project_id)
        self.rows.raw.execute(f"UPDATE project SET {numbers} WHERE id = ?", values)  # noqa: S608 names of columns
