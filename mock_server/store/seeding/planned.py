"""What the demo's teams have planned: labels, sprints, epics and user stories."""

import random
from dataclasses import dataclass

from slugify import slugify

from mock_server.domain.planning import Epic, Sprint, UserStory
from mock_server.domain.tasks import ChecklistTemplate
from mock_server.store.clock import DAY
from mock_server.store.seeding import ground
from mock_server.store.seeding.phrases import phrases
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

STARTS = (-47, -33, -19, -5, 10)  # days from now; a sprint lasts 12, so that three have ended and one goes on
LENGTH = 12


@dataclass
class Plan:
    """Ids: sprints that have ended, the one that goes on, the one to come; and the user stories."""

    past: list[int]
    current: int
    coming: int
    stories: list[int]


def plan(rows: Writer, team: ground.Team, chance: random.Random, language: str) -> Plan:
    """Labels, a checklist to copy, sprints, epics and stories of a team."""
    words = phrases(language)
    ground.labels(rows, team, words["labels"])
    items = '["' + '", "'.join(words["steps"][:4]) + '"]'
    rows.add(ChecklistTemplate, project_id=team.project, title="Definition of done", items=items)
    sprints = [sprint(rows, team, number, start, words["goals"]) for number, start in enumerate(STARTS, 1)]
    epics = [epic(rows, team, number, title) for number, title in enumerate(words["epics"])]
    stories = [
        story(rows, team, chance, number, title, epics, words) for number, title in enumerate(words["stories"], 1)
    ]
    return Plan(sprints[:3], sprints[3], sprints[4], stories)


def sprint(rows: Writer, team: ground.Team, number: int, start: int, goals: list[str]) -> int:
    """A sprint; its dates say whether it is closed."""
    title = f"Sprint {number}"
    about = {"code": f"S-{number}", "slug": f"sprint-{number}-{rows.uniqid(Sprint)}", "title": title}
    dates = {"date_start": ground.midnights(start), "date_finish": ground.midnights(start + LENGTH)}
    made = ANCHOR + (min(start, 0) - 3) * DAY + number
    more = {"description": goals[number % len(goals)], "user_id": team.people[0], "created_at": made}
    return rows.add(Sprint, project_id=team.project, **about, **dates, **more)


def epic(rows: Writer, team: ground.Team, number: int, title: str) -> int:
    """An epic."""
    made = ANCHOR - (120 - number) * DAY
    more = {"color": ground.COLOURS[number], "user_id": team.people[0], "created_at": made}
    return rows.add(Epic, project_id=team.project, title=title, **more)


def story(
    rows: Writer,
    team: ground.Team,
    chance: random.Random,
    number: int,
    title: str,
    epics: list[int],
    words: dict[str, list[str]],
) -> int:
    """A user story with its acceptance criteria."""
    wanted = "\n".join(f"- {line}" for line in chance.sample(words["criteria"], 2))
    about = {
        "code": f"US-{number}",
        "slug": f"{slugify(title, max_length=60)}-{number}",
        "title": title,
        "votes": chance.randrange(9),
    }
    text = {"additional_information": chance.choice(words["reasons"]), "acceptance_criteria": wanted}
    ties = {
        "epic_id": chance.choice(epics),
        "priority_id": chance.choice(team.priorities),
        "user_id": chance.choice(team.people),
    }
    return rows.add(
        UserStory, project_id=team.project, **about, **text, **ties, created_at=ANCHOR - (100 - number) * DAY
    )
