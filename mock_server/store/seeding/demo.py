"""The demo's teams at work: tasks, and all that happened to them, dated before the anchor."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from slugify import slugify

from mock_server.domain.tasks import Change, Checklist, Task, TaskAssignee, TaskLabel, TaskLink, TimeEntry
from mock_server.store.clock import DAY
from mock_server.store.seeding import ground
from mock_server.store.seeding.files import attach
from mock_server.store.seeding.phrases import phrases, titles
from mock_server.store.seeding.planned import Plan
from mock_server.store.seeding.spec import ANCHOR
from mock_server.store.seeding.talking import talk
from mock_server.store.seeding.writer import Writer

Progress = Callable[[int, int], None]
STAGES = (0, 0, 0, 1, 1, 2, 3, 4, 4, 4)  # columns of ten tasks in a row: three to do, three done
HOUR = 3600
RICH = 200  # tasks that get files, checklists and talk; in a large project the others do without


@dataclass
class Made:
    """A task as far as what happens to it needs to know."""

    id: int
    user: int
    doer: int
    stage: int
    created: int
    done: int | None


def work(
    rows: Writer,
    team: ground.Team,
    plan: Plan,
    chance: random.Random,
    language: str,
    count: int,
    progress: Progress | None,
) -> None:
    """So many tasks. ``progress`` is told after every thousand."""
    names = titles(language, chance)
    ends = [0] * len(team.columns)
    for index in range(count):
        made = task(rows, team, plan, chance, index, count, named(names, index), ends)
        happened(rows, team, made)
        if index < RICH:
            adorn(rows, team, chance, language, made, index)
        if progress and (index + 1) % 1000 == 0:
            progress(index + 1, count)
    rows.flush()
    rows.raw.execute(
        "UPDATE project SET tasks_numbered = ?, sprints_numbered = 5, stories_numbered = ? WHERE id = ?",
        (count, len(plan.stories), team.project),
    )
    if progress:
        progress(count, count)


def named(names: list[str], index: int) -> tuple[str, str]:
    """The title of a task and its slug; once every title is used, they get a number."""
    again, at = divmod(index, len(names))
    title = names[at] + (f" ({again + 1})" if again else "")
    return title, slug_of(names[at]) + (f"-{again + 1}" if again else "")


SLUGS: dict[str, str] = {}


def slug_of(title: str) -> str:
    """The title's slug, worked out once."""
    if title not in SLUGS:
        SLUGS[title] = slugify(title, max_length=200)
    return SLUGS[title]


def task(
    rows: Writer,
    team: ground.Team,
    plan: Plan,
    chance: random.Random,
    index: int,
    count: int,
    name: tuple[str, str],
    ends: list[int],
) -> Made:
    """One task, the newest last; done ones were in a sprint that has ended or goes on."""
    stage = STAGES[index % len(STAGES)] if index < count - 3 else 0
    created = ANCHOR - 40 * DAY + (index * 39 * DAY) // max(count, 1) + index % 97
    done = min(created + (1 + index % 6) * DAY, ANCHOR - HOUR) if stage == 4 else None
    ends[stage] += 1
    user, doer = team.people[index % len(team.people)], team.people[(index * 5 + 1) % len(team.people)]
    due = ground.midnights(index % 30 - 8) if index % 3 == 0 else None
    id = rows.add(
        Task,
        project_id=team.project,
        code=f"#{team.code}-{index + 1}",
        title=name[0],
        slug=name[1],
        description=described(chance, index),
        workflow_id=team.columns[stage],
        position=ends[stage],
        effort_id=team.efforts[chance.randrange(len(team.efforts))],
        type_id=team.types[index % 7 % len(team.types)],
        sprint_id=sprint_of(plan, stage, index),
        user_story_id=plan.stories[index % len(plan.stories)] if index % 2 else None,
        parent_id=rows.last["task"] - 1 if index % 9 == 4 else None,
        user_id=user,
        completed_user_id=doer if done else None,
        completed_at=done,
        start_date=ground.midnights(index % 30 - 15) if due and stage else None,
        due_date=due,
        cents=index % 4 * 12_500,
        is_draft=stage == 0 and index % 13 == 0,
        is_bug=index % 7 == 1,
        is_blocker=stage in (1, 2) and index % 5 == 3,
        is_archived=stage == 4 and index % 17 == 8,
        created_at=created,
        updated_at=done or created,
    )
    return Made(id, user, doer, stage, created, done)


def sprint_of(plan: Plan, stage: int, index: int) -> int | None:
    """The sprint of a task: done ones in a past or the current one, begun ones in the current, some others to come."""
    if stage == 4:
        return (*plan.past, plan.current)[index % 4]
    return plan.current if stage else (plan.coming if index % 4 == 0 else None)


def described(chance: random.Random, index: int) -> str:
    """Markdown in most tasks, nothing in some."""
    if index % 5 == 2:
        return ""
    lists = phrases("en")
    first, second = chance.choice(lists["steps"]), chance.choice(lists["steps"])
    return f"{chance.choice(lists['reasons'])}\n\n- [ ] {first}\n- [ ] {second}"


def happened(rows: Writer, team: ground.Team, made: Made) -> None:
    """The task's people, and its history as its column tells."""
    begun: list[tuple[str, str | None, str | None, int]] = [("created", None, None, made.created)]
    if made.stage:
        rows.add(TaskAssignee, task_id=made.id, user_id=made.doer)
        begun.append(
            ("moved", ground.COLUMNS[0][0], ground.COLUMNS[made.stage][0], made.done or made.created + HOUR // 2)
        )
    if made.done:
        begun.append(("completed", None, None, made.done))
    for action, old, new, at in begun:
        who = made.user if action == "created" else made.doer
        rows.add(
            Change,
            project_id=team.project,
            task_id=made.id,
            user_id=who,
            action=action,
            old=old,
            new=new,
            created_at=at,
        )


def adorn(rows: Writer, team: ground.Team, chance: random.Random, language: str, made: Made, index: int) -> None:
    """Labels, checklists, time, talk and files of a task."""
    for label in sorted(chance.sample(team.labels, index % 3)):
        rows.add(TaskLabel, task_id=made.id, label_id=label)
    if index % 4 == 1:
        checklist(rows, made, phrases(language)["steps"])
    if index % 8 == 7:
        rows.add(TaskLink, task_id=made.id, related_id=made.id - 1)
    for start, end in spans(made, index):
        about = {"comment": chance.choice(phrases(language)["work"]), "is_billed": index % 4 == 0}
        rows.add(TimeEntry, project_id=team.project, task_id=made.id, user_id=made.doer, start=start, end=end, **about)
    if index == 3:
        running(rows, team, made)
    talk(rows, team, chance, language, made, index)
    attach(rows, team, made, index)


def spans(made: Made, index: int) -> Iterator[tuple[int, int]]:
    """When somebody worked on it: up to two spells of an hour or so, before it was done."""
    for spell in range(index % 3 if made.stage else 0):
        start = made.created + spell * 2 * HOUR + 600
        yield start, start + HOUR // 2 + index % 40 * 60


def running(rows: Writer, team: ground.Team, made: Made) -> None:
    """A timer that runs, of somebody who is not the project's owner."""
    who = team.people[-1] if len(team.people) > 1 else None
    if who is not None:
        entry = rows.add(TimeEntry, project_id=team.project, task_id=made.id, user_id=who, start=ANCHOR - 5 * HOUR // 2)
        rows.flush()
        rows.raw.execute("UPDATE task SET timer_id = ? WHERE id = ?", (entry, made.id))


def checklist(rows: Writer, made: Made, steps: list[str]) -> None:
    """A checklist of four items; of a done task all are done, else the first."""
    about: dict[str, Any] = {"task_id": made.id, "user_id": made.user, "created_at": made.created}
    top = rows.add(Checklist, title="Definition of done", position=1, **about)
    for position, step in enumerate(steps[:4], 1):
        done = bool(made.done) or position == 1
        rows.add(
            Checklist,
            title=step,
            parent_id=top,
            position=position,
            is_done=done,
            done_by_id=made.doer if done else None,
            **about,
        )
