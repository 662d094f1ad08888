"""What a sandbox starts with."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from mock_server.domain.schema import TABLES
from mock_server.errors import StartFailure
from mock_server.store.clock import DAY
from mock_server.store.images import cloned, seeded
from mock_server.store.seeding import ANCHOR, Spec

DONE_ELSEWHERE = """
SELECT t.code FROM task t JOIN workflow w ON w.id = t.workflow_id
WHERE (w.state = 1) <> (t.completed_at IS NOT NULL) OR (w.state = 1) <> (t.completed_user_id IS NOT NULL)
"""
GAPS = """
SELECT workflow_id FROM task GROUP BY workflow_id
HAVING max(position) <> count(*) OR count(DISTINCT position) <> count(*)
"""
GOLDEN = {"demo": "5da40981d70886a5", "empty": "5cedaa37c883175b", "edge": "a404d0b82b4af8bf"}


@contextmanager
def opened(spec: Spec) -> Iterator[sqlite3.Connection]:
    """A freshly seeded database."""
    with closing(cloned(seeded(spec))) as raw:
        yield raw


def digest(spec: Spec) -> str:
    """A hash over every row of every table, in order."""
    with opened(spec) as raw:
        rows = [raw.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in sorted(TABLES)]  # noqa: S608 ours
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


@pytest.mark.parametrize("profile", GOLDEN)
def test_the_same_seed_gives_the_same_rows_on_every_machine(profile: str) -> None:
    assert digest(Spec(profile)) == GOLDEN[profile]


def test_another_seed_and_another_language_give_other_rows() -> None:
    assert len({digest(Spec()), digest(Spec(seed=2)), digest(Spec(locale="pt_BR"))}) == 3


@pytest.mark.parametrize(
    "spec", [Spec(), Spec("empty"), Spec("edge"), Spec(tasks=0), Spec(tasks=500), Spec(locale="pt_BR")]
)
def test_everything_that_is_referred_to_exists(spec: Spec) -> None:
    with opened(spec) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("spec", [Spec(), Spec(tasks=3), Spec(tasks=1500)])
def test_done_tasks_are_in_done_columns_and_positions_have_no_gaps(spec: Spec) -> None:
    with opened(spec) as raw:
        assert raw.execute(DONE_ELSEWHERE).fetchall() == []
        assert raw.execute(GAPS).fetchall() == []


def test_nothing_has_happened_after_now() -> None:
    with opened(Spec()) as raw:
        for table in TABLES.values():
            for column in [c.name for c in table.columns if c.info.get("moves") == "second"]:
                latest = raw.execute(f'SELECT max("{column}") FROM "{table.name}"').fetchone()[0]  # noqa: S608 ours
                assert latest is None or latest <= ANCHOR, (table.name, column)


def test_sprints_are_past_current_and_coming() -> None:
    with opened(Spec()) as raw:
        days = raw.execute("SELECT date_start, date_finish FROM sprint WHERE project_id = 1").fetchall()
    assert sum(finish < ANCHOR - DAY for _, finish in days) == 3
    assert sum(start < ANCHOR < finish for start, finish in days) == 1
    assert sum(start > ANCHOR for start, _ in days) == 1


def test_the_demo_is_a_team_with_sixty_tasks_of_distinct_titles() -> None:
    with opened(Spec()) as raw:
        titles = [row[0] for row in raw.execute("SELECT title FROM task WHERE project_id = 1")]
        people = raw.execute("SELECT count(*) FROM user").fetchone()[0]
        kinds = {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in HUNG}  # noqa: S608 ours
    assert (len(titles), len(set(titles)), people) == (60, 60, 8)
    assert all(kinds.values()), kinds


HUNG = ("comment", "checklist", "attachment", "timeentry", "change", "epic", "user_story", "tasklabel", "tasklink")


def test_progress_is_told_while_many_tasks_are_seeded() -> None:
    told: list[tuple[int, int]] = []
    seeded(Spec(tasks=2500), lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


@pytest.mark.parametrize("spec", [Spec("none"), Spec(tasks=2_000_000), Spec(locale="xx_XX")])
def test_what_cannot_be_seeded_is_one_sentence(spec: Spec) -> None:
    with pytest.raises(StartFailure, match=r"^[^\n]+\.$"):
        seeded(spec)
