"""The edge profile: two full pages of tasks that break clients, things with nothing in them, an empty project."""

from itertools import pairwise
from typing import Any

from faker import Faker

from mock_server.domain.planning import Epic, Label, Sprint, UserStory
from mock_server.domain.slugs import kebab
from mock_server.domain.talk import Attachment, AttachmentContent, Comment, keywords_of
from mock_server.domain.tasks import Change, Checklist, Task, TaskAssignee, TaskLabel, TaskLink, TimeEntry
from mock_server.store.clock import DAY
from mock_server.store.seeding.empty import bare
from mock_server.store.seeding.people import People
from mock_server.store.seeding.phrases import Words, spoken, words_of
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import HOUR, Progress, Spec, days
from mock_server.store.seeding.writer import Writer

TASKS = 30
LONGEST_TITLE = 255
TIED = 3  # so many tasks in a row were created in the same second
DEPTH = 4  # of so many tasks each is a part of the one before
FULL = 0  # the number of the task that has everything; the others have next to nothing


def fill(rows: Writer, faker: Faker, spec: Spec, progress: Progress | None) -> None:
    """The strange project, and two bare ones."""
    words, board = words_of("edge"), spoken("board", spec.locale)
    people = People(rows, faker, spec.locale)
    company = board["names"]["company"]
    staff = [people.join(board["people"][0], company)]
    staff += [people.join({"headline": "", "role": 5}, company, name) for name in words["people"]]
    team, _ = bare(rows, people, board, staff)
    Strange(rows, team, words).write()
    rows.flush()
    numbers = "UPDATE project SET tasks_numbered = ?, sprints_numbered = 3, stories_numbered = 2 WHERE id = ?"
    rows.raw.execute(numbers, (TASKS, team.project_id))
    if progress:
        progress(TASKS, TASKS)


class Strange:
    """Writes the strange project."""

    def __init__(self, rows: Writer, team: Team, words: Words) -> None:
        self.rows, self.team, self.words = rows, team, words
        self.owner, self.others = team.owner.id, [person.id for person in team.people[1:]]
        self.ends = [0] * len(team.columns)

    def write(self) -> None:
        """Everything, plans first."""
        sprints, stories = self.sprints(), self.stories()
        labels = [self.label(line) for line in self.words["labels"]]
        tasks = [self.task(number, line) for number, line in enumerate(self.words["tasks"])]
        self.complete(tasks, labels, sprints[0], stories[0])
        for number, line in enumerate(self.words["files"]):
            self.file(tasks[0], line, days(-3) + number)
        self.remarks(tasks[0])
        self.checklists(tasks[0])
        self.hours(tasks[0])

    def sprints(self) -> list[int]:
        """A sprint without dates, one of a single day, and one that ended without a task."""
        told = {"project_id": self.team.project_id, "user_id": self.owner, "created_at": days(-60)}
        one = {"date_start": days(-30), "date_finish": days(-30), "status": "closed"}
        two = {"date_start": days(-50), "date_finish": days(-37), "status": "closed", "description": "<i>no task</i>"}
        texts: tuple[tuple[str, dict[str, Any]], ...] = (
            ("🏁 without dates", {}),
            ("One day", one),
            ("Nothing in it", two),
        )
        return [
            self.rows.add(Sprint, code=f"S-{at}", slug=self.rows.slug(Sprint, title), title=title, **told, **more)
            for at, (title, more) in enumerate(texts, 1)
        ]

    def stories(self) -> list[int]:
        """A story with strange text under a strange epic, and one with a title alone."""
        told = {"project_id": self.team.project_id, "user_id": self.owner, "created_at": days(-60)}
        epic = self.rows.add(Epic, title="Épopée 🐉 <script>", **told)
        text = self.words["tasks"][17]["description"]
        more = {"epic_id": epic, "additional_information": text, "acceptance_criteria": text, "votes": 2_147_483_647}
        first = self.story("US-1", "حكاية <b>المستخدم</b>", **more, **told)
        return [first, self.story("US-2", "Nothing set", **told)]

    def story(self, code: str, title: str, **more: Any) -> int:
        """A user story; gives its id."""
        return self.rows.add(UserStory, code=code, slug=self.rows.slug(UserStory, title), title=title, **more)

    def label(self, line: Words) -> int:
        """A label; the slug of one without letters is empty."""
        return self.rows.add(Label, project_id=self.team.project_id, slug=kebab(line["title"]), **line)

    def task(self, number: int, line: Words) -> int:
        """A task with a text and nothing else; the last six are spread over the board."""
        text = line.get("title") or (line["repeat"] * LONGEST_TITLE)[:LONGEST_TITLE]
        created = days(-20) + number // TIED * DAY
        column = max(0, number - TASKS + len(self.ends))
        self.ends[column] += 1
        done = column == len(self.ends) - 1
        id = self.rows.add(
            Task,
            project_id=self.team.project_id,
            code=f"#{self.team.code}-{number + 1}",
            slug=kebab(text),
            title=text,
            description=line["description"],
            workflow_id=self.team.columns[column][0],
            position=self.ends[column],
            user_id=self.owner,
            completed_at=created + HOUR if done else None,
            completed_user_id=self.owner if done else None,
            created_at=created,
            updated_at=created + HOUR if column else created,
        )
        self.changes(id, created, column, done)
        return id

    def changes(self, task_id: int, created: int, column: int, done: bool) -> None:
        """A task's history."""
        told = {"project_id": self.team.project_id, "task_id": task_id, "user_id": self.owner}
        self.rows.add(Change, action="created", created_at=created, **told)
        if column:
            way = {"old": self.team.columns[0][1], "new": self.team.columns[column][1]}
            self.rows.add(Change, action="moved", created_at=created + HOUR, **way, **told)
        if done:
            self.rows.add(Change, action="completed", created_at=created + HOUR, **told)

    def complete(self, tasks: list[int], labels: list[int], sprint_id: int, story_id: int) -> None:
        """Give the first task everything at once, sub-tasks of sub-tasks too."""
        self.rows.flush()
        first = tasks[FULL]
        dates = {"start_date": days(-10), "due_date": days(-10), "cents": 999_999_999_999}
        flags = {"is_draft": True, "is_bug": True, "is_blocker": True}
        ties = {"effort_id": self.team.efforts[0], "type_id": self.team.types["bug"], "sprint_id": sprint_id}
        row = dates | flags | ties | {"user_story_id": story_id}
        changes = ", ".join(f"{name} = :{name}" for name in row)
        self.rows.raw.execute(f"UPDATE task SET {changes} WHERE id = :id", row | {"id": first})  # noqa: S608 names
        for parent, child in pairwise(tasks[:DEPTH]):
            self.rows.raw.execute("UPDATE task SET parent_id = ? WHERE id = ?", (parent, child))
        for person in self.others:
            self.rows.add(TaskAssignee, task_id=first, user_id=person)
        for label in labels:
            self.rows.add(TaskLabel, task_id=first, label_id=label)
        for other in tasks[4:7]:
            self.rows.add(TaskLink, task_id=first, related_id=other)

    def file(self, task_id: int, line: Words, at: int) -> None:
        """A file with a strange name."""
        content = line["text"].encode()
        told = {"project_id": self.team.project_id, "task_id": task_id, "user_id": self.owner, "created_at": at}
        more = {"filename": line["name"], "mimetype": line["kind"], "size": len(content)}
        id = self.rows.add(Attachment, **told, **more)
        self.rows.add(AttachmentContent, attachment_id=id, content=content)

    def remarks(self, task_id: int) -> None:
        """Each strange text as a comment, all written in the same second; every other one answers the one before."""
        before = None
        for number, line in enumerate(self.words["tasks"]):
            text = line.get("title") or line["repeat"] * LONGEST_TITLE
            told = {"comment": text, "keywords": keywords_of(text), "created_at": days(-2), "updated_at": days(-2)}
            parent = {"parent_id": before if number % 2 else None, "user_id": self.others[number % len(self.others)]}
            before = self.rows.add(Comment, project_id=self.team.project_id, task_id=task_id, **told, **parent)

    def checklists(self, task_id: int) -> None:
        """A checklist without items, and one with an item that has a long title."""
        told = {"task_id": task_id, "user_id": self.owner, "created_at": days(-4)}
        self.rows.add(Checklist, title="Nothing on it", position=1, **told)
        top = self.rows.add(Checklist, title="📋", position=2, **told)
        self.rows.add(Checklist, title="x" * LONGEST_TITLE, parent_id=top, position=1, **told)

    def hours(self, task_id: int) -> None:
        """Time that took no time, time that took three days, and time without a task, all without a comment."""
        told = {"project_id": self.team.project_id, "user_id": self.owner}
        for task, start, end in ((task_id, -9, -9), (task_id, -8, -5), (None, -5, -4)):
            self.rows.add(
                TimeEntry, task_id=task, start=days(start), end=days(end), created_at=days(end), is_manual=True, **told
            )
