"""The empty profile: projects with their columns, types, efforts and priorities, and nothing in them."""

from faker import Faker

from mock_server.store.seeding import places
from mock_server.store.seeding.people import People, Person
from mock_server.store.seeding.phrases import Words, spoken
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import Progress, Spec, days
from mock_server.store.seeding.writer import Writer

TASKS = 0


def fill(rows: Writer, faker: Faker, spec: Spec, progress: Progress | None) -> None:
    """Two companies, an owner for each, three bare projects."""
    board = spoken("board", spec.locale)
    people = People(rows, faker, spec.locale)
    owner = people.join(board["people"][0], board["names"]["company"])
    bare(rows, people, board, [owner])
    if progress:
        progress(TASKS, TASKS)


def bare(rows: Writer, people: People, board: Words, staff: list[Person]) -> tuple[Team, Team]:
    """Both companies with their bare projects and all credentials; gives the projects of the first company.

    ``staff`` works on its first project, the second has its owner alone.
    """
    names = board["names"]
    stranger = people.join(board["people"][-1], names["other_company"])
    ours, theirs = places.companies(rows, names, staff[0], stranger)
    first = places.team(rows, ours, names["first"], staff, board, days(-40))
    second = places.team(rows, ours, names["second"], staff[:1], board, days(-30))
    other = places.team(rows, theirs, names["other"], [stranger], board, days(-20))
    places.credentials(rows, (ours, theirs), first, second, other)
    return first, second
