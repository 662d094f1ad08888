"""What is counted as it happens, so that no page has to count it: by triggers, whoever writes.

``tally`` has the number of tasks of each project, ``task_tally`` what hangs on each task. A task on which nothing ever
hung has no row there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import column, table

PROJECTS = """
CREATE TABLE tally (project_id INTEGER PRIMARY KEY, tasks INTEGER NOT NULL);
CREATE TRIGGER project_in AFTER INSERT ON project BEGIN
  INSERT INTO tally VALUES (new.id, 0);
END;
CREATE TRIGGER task_in AFTER INSERT ON task BEGIN
  UPDATE tally SET tasks = tasks + 1 WHERE project_id = new.project_id;
END;
CREATE TRIGGER task_out AFTER DELETE ON task BEGIN
  UPDATE tally SET tasks = tasks - 1 WHERE project_id = old.project_id;
END;
CREATE TRIGGER task_moved AFTER UPDATE OF project_id ON task WHEN old.project_id <> new.project_id BEGIN
  UPDATE tally SET tasks = tasks - 1 WHERE project_id = old.project_id;
  UPDATE tally SET tasks = tasks + 1 WHERE project_id = new.project_id;
END;
"""


class Hanging(NamedTuple):
    """Rows that hang on a task by ``key``; ``adds`` is what one of them, called {0}, adds to which counter."""

    table: str
    key: str
    adds: dict[str, str]
    watched: tuple[str, ...] = ()

    def sums(self, row: str) -> list[str]:
        """What a row adds."""
        return [told.format(row) for told in self.adds.values()]

    def into(self) -> str:
        """Where it is added, without the values."""
        return f"INSERT INTO task_tally ({', '.join(['task_id', *self.adds])})"

    def onto(self) -> str:
        """How it is added where something hangs on the task already."""
        changes = ", ".join(f"{counter} = {counter} + excluded.{counter}" for counter in self.adds)
        return f"ON CONFLICT (task_id) DO UPDATE SET {changes}"


SECONDS = 'coalesce({0}."end" - {0}.start, 0)'  # of a time entry that has ended
HANGING = (
    Hanging("comment", "task_id", {"comments": "1"}),
    Hanging("attachment", "task_id", {"attachments": "1", "videos": "{0}.mimetype LIKE 'video/%'"}, ("mimetype",)),
    Hanging(
        "checklist",
        "task_id",
        {"checklists": "{0}.parent_id IS NULL", "items": "{0}.parent_id IS NOT NULL"}
        | {"done_items": "{0}.parent_id IS NOT NULL AND {0}.is_done"},
        ("parent_id", "is_done"),
    ),
    Hanging("timeentry", "task_id", {"entries": "1", "seconds": SECONDS}, ("start", "end")),
    Hanging("task", "parent_id", {"subtasks": "1"}),
    Hanging("tasklabel", "task_id", {"labels": "1"}),
    Hanging("taskassignee", "task_id", {"assignees": "1"}),
)
COUNTERS = [counter for each in HANGING for counter in each.adds]
TASK_TALLY = table("task_tally", column("task_id"), *map(column, COUNTERS))


def counting(hanging: Hanging) -> str:
    """The triggers that count the rows of a table: those which come, go, and change what they add or where."""
    name, key, _, watched = hanging
    plus, minus = added(hanging), taken(hanging)
    both = zip(hanging.sums("old"), hanging.sums("new"), strict=True)
    differs = " OR ".join([f"old.{key} IS NOT new.{key}", *[f"({was}) <> ({now})" for was, now in both if was != now]])
    columns = ", ".join(f'"{each}"' for each in (key, *watched))
    return f"""
CREATE TRIGGER {name}_hung AFTER INSERT ON {name} WHEN new.{key} IS NOT NULL BEGIN {plus} END;
CREATE TRIGGER {name}_unhung AFTER DELETE ON {name} WHEN old.{key} IS NOT NULL BEGIN {minus} END;
CREATE TRIGGER {name}_rehung AFTER UPDATE OF {columns} ON {name} WHEN {differs} BEGIN {minus} {plus} END;"""


def added(hanging: Hanging) -> str:
    """The statement that counts a new row in, if it hangs on a task."""
    values = ", ".join([f"new.{hanging.key}", *hanging.sums("new")])
    return f"{hanging.into()} SELECT {values} WHERE new.{hanging.key} IS NOT NULL {hanging.onto()};"


def taken(hanging: Hanging) -> str:
    """The statement that counts an old row out."""
    sums = zip(hanging.adds, hanging.sums("old"), strict=True)
    changes = ", ".join(f"{counter} = {counter} - ({told})" for counter, told in sums)
    return f"UPDATE task_tally SET {changes} WHERE task_id = old.{hanging.key};"  # noqa: S608 ours


def tallies() -> str:
    """The statements that make the counters."""
    columns = ", ".join(f"{counter} INTEGER NOT NULL DEFAULT 0" for counter in COUNTERS)
    task = "task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE"
    return PROJECTS + f"CREATE TABLE task_tally ({task}, {columns});" + "".join(map(counting, HANGING))


def recounting() -> Iterator[str]:
    """The statements that count everything anew, whatever the counters said."""
    yield "DELETE FROM tally"
    yield "INSERT INTO tally SELECT id, (SELECT count(*) FROM task WHERE project_id = project.id) FROM project"
    yield "DELETE FROM task_tally"
    for each in HANGING:
        values = ", ".join([each.key, *[f"sum({told})" for told in each.sums(each.table)]])
        rows = f"SELECT {values} FROM {each.table} WHERE {each.key} IS NOT NULL GROUP BY {each.key}"  # noqa: S608 ours
        yield f"{each.into()} {rows} {each.onto()}"
