"""What the demo's teams say on their tasks and in the project."""

import json
import random
import re
from typing import Any

from mock_server.domain.talk import Comment
from mock_server.store.seeding.ground import Team
from mock_server.store.seeding.phrases import phrases
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

WORD = re.compile(r"#(\w+)")


def talk(rows: Writer, team: Team, chance: random.Random, language: str, made: Any, index: int) -> None:
    """Up to two comments on a task, the second in reply to the first."""
    first = None
    for turn in range(index % 3):
        at = min(made.created + 1800 * (turn + 1), ANCHOR - 60)
        text = chance.choice(phrases(language)["comments"])
        who = team.people[(index + turn) % len(team.people)]
        said = {
            "comment": text,
            "keywords": json.dumps(WORD.findall(text)),
            "user_id": who,
            "created_at": at,
            "updated_at": at,
        }
        made_id = rows.add(Comment, project_id=team.project, task_id=made.id, parent_id=first, votes=index % 4, **said)
        first = first or made_id
