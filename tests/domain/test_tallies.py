"""What is counted as it happens is what counting all of it gives, whatever happens."""

import sqlite3
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.store.images import cloned, seeded
from mock_server.store.seeding import Spec

RECOUNTED = """
SELECT t.id,
  (SELECT count(*) FROM checklist c WHERE c.task_id = t.id AND c.parent_id IS NULL),
  (SELECT count(*) FROM checklist c WHERE c.task_id = t.id AND c.parent_id IS NOT NULL),
  (SELECT count(*) FROM checklist c WHERE c.task_id = t.id AND c.parent_id IS NOT NULL AND c.is_done),
  (SELECT count(*) FROM comment c WHERE c.task_id = t.id),
  (SELECT count(*) FROM attachment a WHERE a.task_id = t.id),
  (SELECT count(*) FROM attachment a WHERE a.task_id = t.id AND a.mimetype LIKE 'video/%'),
  (SELECT count(*) FROM timeentry e WHERE e.task_id = t.id),
  (SELECT coalesce(sum(e."end" - e.start), 0) FROM timeentry e WHERE e.task_id = t.id),
  (SELECT count(*) FROM task b WHERE b.parent_id = t.id),
  (SELECT count(*) FROM tasklabel l WHERE l.task_id = t.id),
  (SELECT count(*) FROM taskassignee a WHERE a.task_id = t.id)
FROM task t ORDER BY t.id
"""
TALLIED = """
SELECT t.id, coalesce(n.checklists, 0), coalesce(n.items, 0), coalesce(n.done_items, 0), coalesce(n.comments, 0),
  coalesce(n.attachments, 0), coalesce(n.videos, 0), coalesce(n.entries, 0), coalesce(n.seconds, 0),
  coalesce(n.subtasks, 0), coalesce(n.labels, 0), coalesce(n.assignees, 0)
FROM task t LEFT JOIN task_tally n ON n.task_id = t.id ORDER BY t.id
"""
STRAY = "SELECT count(*) FROM task_tally WHERE task_id NOT IN (SELECT id FROM task)"
HANGING = ("checklist", "comment", "attachment", "timeentry")
PICKED = "(SELECT id FROM {} ORDER BY id LIMIT 1 OFFSET :at % max(1, (SELECT count(*) FROM {})))"
OTHER = "(SELECT id FROM task ORDER BY id DESC LIMIT 1 OFFSET :to % max(1, (SELECT count(*) FROM task)))"


def statements() -> Iterator[str]:
    """What can happen to what hangs on tasks."""
    for table in HANGING:
        one = PICKED.format(table, table)
        yield f"DELETE FROM {table} WHERE id = {one}"  # noqa: S608 constants of ours
        yield f"UPDATE {table} SET task_id = {OTHER} WHERE id = {one}"  # noqa: S608 constants of ours
    yield f"UPDATE checklist SET is_done = NOT is_done WHERE id = {PICKED.format('checklist', 'checklist')}"  # noqa: S608 constants of ours
    yield f"UPDATE attachment SET mimetype = 'video/mp4' WHERE id = {PICKED.format('attachment', 'attachment')}"  # noqa: S608 constants of ours
    yield f'UPDATE timeentry SET "end" = start + :to WHERE id = {PICKED.format("timeentry", "timeentry")}'  # noqa: S608 constants of ours
    yield f'UPDATE timeentry SET "end" = NULL, task_id = NULL WHERE id = {PICKED.format("timeentry", "timeentry")}'  # noqa: S608 constants of ours
    yield f"UPDATE task SET parent_id = {OTHER} WHERE id = {PICKED.format('task', 'task')}"  # noqa: S608 constants of ours
    for table, column in (("tasklabel", "label_id"), ("taskassignee", "user_id")):
        own = PICKED.format(column[:-3], column[:-3])
        yield f"INSERT OR IGNORE INTO {table} (task_id, {column}) VALUES ({OTHER}, {own})"  # noqa: S608 constants of ours
        yield f"DELETE FROM {table} WHERE id = {PICKED.format(table, table)}"  # noqa: S608 constants of ours
    yield f"DELETE FROM label WHERE id = {PICKED.format('label', 'label')}"  # noqa: S608 constants of ours
    yield f"DELETE FROM task WHERE id = {PICKED.format('task', 'task')}"  # noqa: S608 constants of ours
    yield 'UPDATE timeentry SET start = start + 60, "end" = "end" + 60'


@cache
def image(profile: str) -> bytes:
    """A seeded database."""
    return seeded(Spec(profile))


def assert_counted(raw: sqlite3.Connection) -> None:
    """Every counter is what counting gives, and none is left of a task that is gone."""
    assert raw.execute(TALLIED).fetchall() == raw.execute(RECOUNTED).fetchall()
    assert raw.execute(STRAY).fetchone() == (0,)
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("profile", ["demo", "edge"])
def test_a_seeded_project_is_counted(profile: str) -> None:
    raw = cloned(image(profile))
    assert_counted(raw)
    assert any(row[1:] != (0,) * 11 for row in raw.execute(TALLIED))


@given(st.lists(st.tuples(st.sampled_from([*statements()]), st.integers(0, 500), st.integers(0, 500)), max_size=30))
def test_whatever_happens_is_counted(steps: list[tuple[str, int, int]]) -> None:
    raw = cloned(image("demo"))
    for sql, at, to in steps:
        raw.execute(sql, {"at": at, "to": to})
    assert_counted(raw)
    raw.close()


def test_every_counter_moves() -> None:
    """So that the test before this one says something of each."""
    raw = cloned(image("demo"))
    before = raw.execute(TALLIED).fetchall()
    for at in range(12):
        for sql in statements():
            if not sql.startswith("DELETE"):
                raw.execute(sql, {"at": at, "to": at + 7})
    after = raw.execute(TALLIED).fetchall()
    moved = {at for one, other in zip(before, after, strict=True) for at in range(12) if one[at] != other[at]}
    assert moved == {*range(1, 12)}
