"""What follows from the demo's tasks: branches and pull requests in a forge, and what people have read so far."""

from mock_server.domain.forge import Branch, PullRequest, branch_name
from mock_server.domain.notices import NoticeBoard
from mock_server.store.clock import DAY
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR
from mock_server.store.seeding.writer import Writer

PROVIDER = "github"
MOST = 8  # of each state
UNREAD = 2 * DAY  # nobody has read what happened since
TASKS = """
SELECT t.id, t.code, t.title, w.state, t.created_at, t.completed_at,
  (SELECT user_id FROM taskassignee WHERE task_id = t.id ORDER BY id LIMIT 1) AS user_id
FROM task t JOIN workflow w ON w.id = t.workflow_id
WHERE t.project_id = ? AND w.state = ? AND t.is_archived = 0 ORDER BY t.created_at DESC, t.id DESC LIMIT ?
"""


class Aftermath:
    """Writes it for one project at a time; the numbers of pull requests count within the project."""

    def __init__(self, rows: Writer) -> None:
        self.rows, self.number = rows, 0

    def write(self, teams: list[Team]) -> None:
        """Branches for the newest tasks in progress, merged pull requests for the newest done ones."""
        self.rows.flush()
        for team in teams:
            self.number = 0
            self.branches(team, 1, "merged")
            self.branches(team, 2, "open")
        for user_id in sorted({person.id for team in teams for person in team.people}):
            self.rows.add(NoticeBoard, user_id=user_id, read_at=ANCHOR - UNREAD)

    def branches(self, team: Team, state: int, became: str) -> None:
        """A branch for each task that somebody works on; every other open one has a pull request yet."""
        found = self.rows.raw.execute(TASKS, (team.project_id, state, MOST)).fetchall()
        for at, (task_id, code, title, _, created, done, user_id) in enumerate(reversed(found)):
            if user_id is None:
                continue
            begun = min((done or ANCHOR) - 2 * HOUR, created + DAY)
            home = {"project_id": team.project_id, "task_id": task_id, "user_id": user_id, "provider": PROVIDER}
            branch = self.rows.add(Branch, name=branch_name(code, title), created_at=begun, **home)
            if done or at % 2 == 0:
                self.number += 1
                told = {"number": self.number, "title": title, "state": became, "created_at": begun + HOUR}
                self.rows.add(PullRequest, branch_id=branch, **told, **home)
