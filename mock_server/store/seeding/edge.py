"""The edge profile: thirty tasks that break clients, two exactly full pages of them, and empty lists elsewhere."""

from slugify import slugify

from mock_server.domain.talk import Comment
from mock_server.domain.tasks import Task
from mock_server.store.clock import DAY
from mock_server.store.seeding.ground import Team
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.writer import Writer

TEXTS = (
    "🚚 parcels 👩‍💻 with 🇵🇹 emoji",
    "עברית מימין לשמאל",
    "نص من اليمين إلى اليسار",
    "x" * 255,
    "é combining, ﬁ ligature, ß and İ",
    "<script>alert('task')</script>",
    "Robert'); DROP TABLE task;--",
    "quotes \" and \\ backslashes \\\" and 'single'",
    "# Markdown *with* `code` and [a link](https://example.org)",
    "日本語のタイトル",
)
NUMBER = 30


def strain(rows: Writer, team: Team) -> None:
    """Thirty tasks, three to a text; every third was created in the same second as the one before."""
    for index in range(NUMBER):
        text = TEXTS[index % len(TEXTS)]
        made = ANCHOR - (NUMBER - index // 3 * 3) * DAY
        about = {
            "title": text,
            "slug": slugify(text, max_length=200),
            "description": f"{text}\n\n\t{text}",
            "user_id": team.people[0],
        }
        place = {"workflow_id": team.columns[0], "position": index + 1, "created_at": made, "updated_at": made}
        task = rows.add(Task, project_id=team.project, code=f"#{team.code}-{index + 1}", **about, **place)
        said = {"user_id": team.people[0], "comment": text, "created_at": made, "updated_at": made}
        rows.add(Comment, project_id=team.project, task_id=task, **said)
    rows.flush()
    rows.raw.execute("UPDATE project SET tasks_numbered = ? WHERE id = ?", (NUMBER, team.project))
