"""Seeding: what every profile promises, and that the same Spec always gives the same rows."""

# ruff: noqa: S608 - the statements are put together from names of tables and columns

import hashlib
import json
import sqlite3
import struct
import tomllib
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mock_server.domain.schema import TABLES, ddl
from mock_server.errors import StartFailure
from mock_server.fixture import fixture
from mock_server.store.seeding import ANCHOR, Spec, fill
from mock_server.store.seeding.people import People
from mock_server.store.seeding.phrases import inventor
from mock_server.store.seeding.writer import Writer

DAY = 86_400
PROFILES = ("demo", "empty", "edge")
BUSY = (Spec(), Spec(seed=2), Spec(locale="pt_BR"), Spec(tasks=0), Spec(tasks=1), Spec(tasks=17), Spec(tasks=2_500))
EVERY = (*BUSY, Spec("empty"), Spec("edge"))

# What the rows of a profile hash to. They change when a profile, a phrase or Faker changes, and never by themselves.
GOLDEN = {
    Spec(): "c63d1976136c751a",
    Spec(seed=2): "6423ee438f77bc12",
    Spec(locale="pt_BR"): "c278cc5ffe5ceb0c",
    Spec(tasks=2_500): "b6995eaf58236f90",
    Spec("empty"): "4179ff60f6f622a0",
    Spec("edge"): "e9820056baecac62",
}


ROLES = {
    name: (name, "full", 1, 1, None, int(name == "owner"), None)
    for name in ("owner", "manager", "client", "admin", "member")
}
WITH_ROLES = {"empty": {"owner"}, "edge": {"owner", "member"}}
OPENED: list[sqlite3.Connection] = []


@pytest.fixture(scope="module", autouse=True)
def close() -> Iterator[None]:
    """Close every database once the last claim of this file is checked."""
    yield
    world.cache_clear()
    while OPENED:
        OPENED.pop().close()


def bare() -> sqlite3.Connection:
    """A database in memory that has its tables and no rows."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    OPENED.append(raw)
    raw.executescript(ddl())
    return raw


def seeded(spec: Spec, foreign_keys: bool = False) -> sqlite3.Connection:
    """A database in memory, filled."""
    raw = bare()
    raw.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    fill(raw, spec)
    return raw


@cache
def world(spec: Spec) -> sqlite3.Connection:
    """The same, made once and only read."""
    return seeded(spec)


def hash_of(raw: sqlite3.Connection) -> str:
    """A hash over all rows of all tables, in the order of tables' names and rows' ids."""
    digest = hashlib.sha256()
    for table in sorted(TABLES):
        for row in raw.execute(f'SELECT * FROM "{table}" ORDER BY id'):
            digest.update(repr((table, row)).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:16]


def column(raw: sqlite3.Connection, sql: str, *values: Any) -> list[Any]:
    """The first column of a statement's rows."""
    return [row[0] for row in raw.execute(sql, values)]


def number(raw: sqlite3.Connection, sql: str, *values: Any) -> Any:
    """The one value that a statement gives."""
    return raw.execute(sql, values).fetchone()[0]


def named(spec: Spec) -> str:
    """A Spec as a test's name."""
    return "-".join(str(part) for part in (spec.profile, spec.seed, spec.locale, spec.tasks) if part is not None)


every_world = pytest.mark.parametrize("spec", EVERY, ids=named)
busy_world = pytest.mark.parametrize("spec", BUSY, ids=named)


class TestTheSameSpec:
    @pytest.mark.parametrize("spec", GOLDEN, ids=named)
    def test_gives_the_same_rows_on_any_machine(self, spec: Spec) -> None:
        assert hash_of(world(spec)) == GOLDEN[spec]

    @pytest.mark.parametrize("profile", PROFILES)
    def test_gives_the_same_rows_twice_in_one_process(self, profile: str) -> None:
        assert hash_of(seeded(Spec(profile))) == hash_of(seeded(Spec(profile)))

    @pytest.mark.parametrize("profile", PROFILES)
    def test_with_another_seed_gives_other_people(self, profile: str) -> None:
        names = [column(seeded(Spec(profile, seed)), "SELECT name FROM user") for seed in (1, 2, -1, 2**63 - 1)]
        assert len({tuple(people) for people in names}) == 4

    def test_with_another_locale_has_its_names_and_words(self) -> None:
        raw = world(Spec(locale="pt_BR"))
        assert column(raw, "SELECT title FROM workflow WHERE project_id = 1") == [
            "A fazer", "Em andamento", "Em revisão", "Em teste", "Concluído",
        ]  # fmt: skip
        assert set(column(raw, "SELECT timezone_name FROM user")) == {"America/Sao_Paulo", "America/Bahia"}

    def test_is_written_down(self) -> None:
        row = world(Spec(seed=2)).execute("SELECT profile, seed, locale, tasks, anchor FROM seeding").fetchall()
        assert row == [("demo", 2, "en_US", 60, ANCHOR)]

    def test_fills_a_database_that_holds_its_references(self) -> None:
        assert hash_of(seeded(Spec(), foreign_keys=True)) == hash_of(world(Spec()))


class TestRefusals:
    @pytest.mark.parametrize(
        ("spec", "said"),
        [
            (Spec("demos"), "There is no profile 'demos'; choose one of demo, empty, edge."),
            (Spec(locale="xx_XX"), "Faker has no locale 'xx_XX'; try en_US or pt_BR."),
            (Spec(locale="../en"), "Faker has no locale '../en'; try en_US or pt_BR."),
            (Spec(tasks=-1), "The number of tasks goes from 0 to 1000000; -1 is not in between."),
            (Spec(tasks=1_000_001), "The number of tasks goes from 0 to 1000000; 1000001 is not in between."),
            (Spec("edge", tasks=5), "The profile 'edge' has its own tasks; a number of tasks goes with demo."),
            (Spec(seed=2**63), "The seed 9223372036854775808 has more than 64 bits."),
        ],
        ids=lambda value: named(value) if isinstance(value, Spec) else "",
    )
    def test_say_in_one_sentence_what_cannot_be(self, spec: Spec, said: str) -> None:
        with pytest.raises(StartFailure) as failure:
            seeded(spec)
        assert str(failure.value) == said

    def test_leave_nothing_behind_when_somebody_interrupts(self) -> None:
        raw = bare()
        with pytest.raises(KeyboardInterrupt):
            fill(raw, Spec(), interrupted)
        assert not raw.in_transaction
        assert number(raw, "SELECT count(*) FROM seeding") == 0


def interrupted(done: int, total: int) -> None:
    """What a progress bar does when somebody presses Ctrl-C."""
    raise KeyboardInterrupt


class TestEveryProfile:
    @every_world
    def test_refers_only_to_what_is_there(self, spec: Spec) -> None:
        assert world(spec).execute("PRAGMA foreign_key_check").fetchall() == []

    @every_world
    def test_has_nothing_that_happens_after_the_anchor(self, spec: Spec) -> None:
        for table in TABLES.values():
            moments = [c.name for c in table.columns if c.info.get("moves") == "second" and c.name != "anchor"]
            for name in moments:
                assert (number(world(spec), f'SELECT max("{name}") FROM "{table.name}"') or 0) <= ANCHOR, (table, name)

    @every_world
    def test_has_days_that_are_midnights(self, spec: Spec) -> None:
        for table in TABLES.values():
            for name in [c.name for c in table.columns if c.info.get("moves") == "day"]:
                assert column(world(spec), f'SELECT id FROM "{table.name}" WHERE "{name}" % {DAY}') == []

    @every_world
    def test_counts_ids_from_one(self, spec: Spec) -> None:
        for table in TABLES:
            ids = column(world(spec), f'SELECT id FROM "{table}" ORDER BY id')
            assert ids == list(range(1, len(ids) + 1)), table

    @every_world
    def test_has_five_columns_and_a_default_in_every_project(self, spec: Spec) -> None:
        sql = "SELECT position, state, is_default FROM workflow WHERE project_id = ? ORDER BY id"
        for project in (1, 2, 3):
            rows = world(spec).execute(sql, (project,)).fetchall()
            assert rows == [(1, 0, 1), (2, 2, 0), (3, 2, 0), (4, 2, 0), (5, 1, 0)]

    @every_world
    def test_has_types_efforts_and_priorities_with_one_default_each(self, spec: Spec) -> None:
        for table in ("tasktype", "effort", "priority"):
            rows = world(spec).execute(f"SELECT count(*), sum(is_default) FROM {table} GROUP BY project_id").fetchall()
            assert len(rows) == 3
            assert all(count >= 4 and defaults == 1 for count, defaults in rows)

    @every_world
    def test_has_a_credential_for_every_refusal(self, spec: Spec) -> None:
        rows = world(spec).execute(
            "SELECT c.name, c.kind, c.company_id, c.project_id, c.expires_at, c.user_id = p.owner_id, c.api_id"
            " FROM credential c JOIN project p ON p.id = c.project_id AND p.company_id = c.company_id ORDER BY c.id"
        )
        assert rows.fetchall() == [
            ("default", "full", 1, 1, None, 1, None),
            ("read_only", "read_only", 1, 1, None, 1, None),
            ("revoked", "revoked", 1, 1, None, 1, None),
            ("expired", "expired", 1, 1, ANCHOR - 30 * DAY, 1, None),
            ("suspended", "suspended", 1, 1, None, 1, None),
            ("second_project", "full", 1, 2, None, 1, None),
            ("other_account", "full", 2, 3, None, 1, None),
            ("mfa_required", "mfa", 1, 1, None, 1, None),
            *(row for name, row in ROLES.items() if name in WITH_ROLES.get(spec.profile, ROLES)),
            ("free_plan", "full", 2, 3, None, 1, None),
        ]

    @every_world
    def test_has_usernames_in_ascii_that_nobody_shares(self, spec: Spec) -> None:
        usernames = column(world(spec), "SELECT username FROM user")
        assert len(set(usernames)) == len(usernames)
        assert all(name and name.isascii() and name == name.lower() and " " not in name for name in usernames)

    @every_world
    def test_numbers_its_tasks_one_after_the_other(self, spec: Spec) -> None:
        for project, code, last in world(spec).execute("SELECT id, code, tasks_numbered FROM project").fetchall():
            codes = column(world(spec), "SELECT code FROM task WHERE project_id = ? ORDER BY created_at, id", project)
            assert codes == [f"#{code}-{at}" for at in range(1, last + 1)]

    @every_world
    def test_numbers_its_sprints_and_stories(self, spec: Spec) -> None:
        for table, prefix, last in (("sprint", "S", "sprints_numbered"), ("user_story", "US", "stories_numbered")):
            for project, count in world(spec).execute(f"SELECT id, {last} FROM project").fetchall():
                sql = f"SELECT code FROM {table} WHERE project_id = ? ORDER BY created_at, id"
                assert column(world(spec), sql, project) == [f"{prefix}-{at}" for at in range(1, count + 1)]

    @every_world
    def test_has_columns_without_gaps(self, spec: Spec) -> None:
        for workflow in column(world(spec), "SELECT id FROM workflow"):
            positions = column(world(spec), "SELECT position FROM task WHERE workflow_id = ? ORDER BY 1", workflow)
            assert positions == list(range(1, len(positions) + 1))

    @every_world
    def test_has_done_tasks_in_done_columns_and_nowhere_else(self, spec: Spec) -> None:
        sql = (
            "SELECT t.code FROM task t JOIN workflow w ON w.id = t.workflow_id"
            " WHERE (w.state = 1) <> (t.completed_at IS NOT NULL) OR (w.state = 1) <> (t.completed_user_id IS NOT NULL)"
            " OR t.completed_at < t.created_at OR t.updated_at < coalesce(t.completed_at, t.created_at)"
        )
        assert column(world(spec), sql) == []

    @every_world
    def test_has_a_history_that_ends_where_the_task_stands(self, spec: Spec) -> None:
        titles = dict(world(spec).execute("SELECT id, title FROM workflow").fetchall())
        sql = "SELECT task_id, old, new FROM change WHERE action = 'moved' ORDER BY task_id, created_at, id"
        stands: dict[int, str] = {}
        for task, old, new in world(spec).execute(sql):
            assert stands.get(task, titles[1] if titles else "") == old
            stands[task] = new
        for task, workflow, first in world(spec).execute(
            "SELECT t.id, t.workflow_id, w.title FROM task t"
            " JOIN workflow w ON w.project_id = t.project_id AND w.is_default"
        ):
            assert stands.get(task, first) == titles[workflow]

    @every_world
    def test_has_a_history_that_tells_of_every_end(self, spec: Spec) -> None:
        last = (
            "(SELECT max(created_at) FROM change c WHERE c.task_id = t.id AND c.action = 'completed')"
            " IS NOT t.completed_at"
        )
        again = "EXISTS (SELECT 1 FROM change c WHERE c.task_id = t.id AND c.action = 'reopened')"
        assert column(world(spec), f"SELECT code FROM task t WHERE {last} AND NOT {again}") == []
        created = "SELECT created_at FROM change c WHERE c.task_id = t.id ORDER BY created_at, id LIMIT 1"
        assert column(world(spec), f"SELECT code FROM task t WHERE ({created}) <> t.created_at") == []

    @every_world
    def test_says_closed_only_of_sprints_that_have_ended(self, spec: Spec) -> None:
        over = ANCHOR - 2 * DAY
        assert column(world(spec), "SELECT id FROM sprint WHERE status = 'closed' AND date_finish > ?", over) == []
        assert column(world(spec), "SELECT id FROM sprint WHERE status IS NULL AND date_finish < ?", ANCHOR) == []

    @every_world
    def test_has_comments_whose_keywords_stand_in_the_text(self, spec: Spec) -> None:
        for text, words in world(spec).execute("SELECT comment, keywords FROM comment"):
            assert all(f"#{word}" in text for word in json.loads(words))

    @every_world
    def test_has_files_of_the_size_that_it_says(self, spec: Spec) -> None:
        sql = (
            "SELECT a.size, a.link, length(c.content) FROM attachment a"
            " LEFT JOIN attachmentcontent c ON attachment_id = a.id"
        )
        for size, link, length in world(spec).execute(sql):
            assert (size == length) if link is None else (length is None)


class TestProgress:
    @pytest.mark.parametrize(
        ("spec", "steps"),
        [
            (Spec(tasks=2_500), [(1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]),
            (Spec("empty"), [(0, 0)]),
            (Spec("edge"), [(30, 30)]),
        ],
        ids=lambda value: named(value) if isinstance(value, Spec) else "",
    )
    def test_is_told_until_everything_is_there(self, spec: Spec, steps: list[tuple[int, int]]) -> None:
        told: list[tuple[int, int]] = []
        fill(bare(), spec, lambda done, total: told.append((done, total)))
        assert told == steps


class TestTheDemo:
    @busy_world
    def test_has_as_many_tasks_as_were_asked_for(self, spec: Spec) -> None:
        wanted = 60 if spec.tasks is None else spec.tasks
        assert number(world(spec), "SELECT count(*) FROM task WHERE project_id = 1") == wanted

    def test_is_a_team_of_eight_with_two_projects(self) -> None:
        raw = world(Spec())
        assert number(raw, "SELECT count(*) FROM user") == 8
        assert column(raw, "SELECT count(*) FROM member GROUP BY project_id") == [8, 5, 1]
        assert column(raw, "SELECT company_id FROM project") == [1, 1, 2]
        assert number(raw, "SELECT role_id FROM member WHERE project_id = 1 AND user_id = 1") == 1

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("locale", ["en_US", "pt_BR"])
    def test_has_something_of_everything(self, seed: int, locale: str) -> None:
        raw = world(Spec(seed=seed, locale=locale))
        least = {
            "is_bug": 3,
            "is_blocker": 2,
            "is_draft": 2,
            "is_archived": 3,
            "parent_id IS NOT NULL": 4,
            "sprint_id IS NULL": 6,
            "cents": 2,
            f"completed_at IS NULL AND due_date < {ANCHOR - DAY}": 2,
            f"due_date > {ANCHOR + DAY}": 2,
            "id IN (SELECT task_id FROM change WHERE action = 'reopened')": 1,
            "id IN (SELECT task_id FROM taskassignee WHERE user_id = 1)": 3,
            "id IN (SELECT task_id FROM comment)": 10,
            "id IN (SELECT task_id FROM checklist)": 4,
            "id IN (SELECT task_id FROM attachment)": 4,
            "id IN (SELECT task_id FROM timeentry)": 10,
            "id IN (SELECT task_id FROM tasklink)": 1,
            "id IN (SELECT task_id FROM tasklabel)": 10,
        }
        for condition, count in least.items():
            found = number(raw, f"SELECT count(*) FROM task WHERE project_id = 1 AND ({condition})")
            assert found >= count, condition

    @pytest.mark.parametrize("seed", range(8))
    def test_has_tasks_in_every_column(self, seed: int) -> None:
        sql = "SELECT count(*) FROM task WHERE project_id = 1 GROUP BY workflow_id"
        assert len(column(world(Spec(seed=seed)), sql)) == 5

    @pytest.mark.parametrize("seed", range(8))
    def test_has_sixty_titles_and_moments_that_differ(self, seed: int) -> None:
        for name in ("title", "slug", "created_at"):
            assert number(world(Spec(seed=seed)), f"SELECT count(DISTINCT {name}) FROM task WHERE project_id = 1") == 60

    def test_knows_more_than_two_hundred_titles(self) -> None:
        assert number(world(Spec(tasks=2_500)), "SELECT count(DISTINCT title) FROM task WHERE project_id = 1") > 1_000

    @pytest.mark.parametrize("locale", ["en_US", "pt_BR"])
    def test_has_no_place_in_a_text_that_was_not_filled(self, locale: str) -> None:
        raw = world(Spec(locale=locale))
        for text in ("title || description FROM task", "comment FROM comment", "acceptance_criteria FROM user_story"):
            assert [found for found in column(raw, f"SELECT {text}") if "{" in found or "}" in found] == []

    @busy_world
    def test_has_past_current_and_coming_sprints(self, spec: Spec) -> None:
        rows = world(spec).execute("SELECT date_start, date_finish, status FROM sprint WHERE project_id = 1").fetchall()
        assert [status for _, _, status in rows] == ["closed"] * (len(rows) - 2) + [None, None]
        assert len(rows) >= 5
        (start, finish, _), (later, _, _) = rows[-2:]
        assert start <= ANCHOR - 2 * DAY
        assert finish >= ANCHOR + 2 * DAY
        assert later >= ANCHOR + 2 * DAY

    @busy_world
    def test_finishes_the_tasks_of_closed_sprints_within_them(self, spec: Spec) -> None:
        sql = (
            "SELECT t.code FROM task t JOIN sprint s ON s.id = t.sprint_id WHERE s.status = 'closed'"
            f" AND (t.completed_at IS NULL OR t.completed_at < s.date_start + {DAY} OR t.completed_at > s.date_finish)"
        )
        assert column(world(spec), sql) == []

    @busy_world
    def test_has_not_begun_what_is_to_come(self, spec: Spec) -> None:
        sql = (
            "SELECT t.code FROM task t JOIN sprint s ON s.id = t.sprint_id JOIN workflow w ON w.id = t.workflow_id"
            f" WHERE s.date_start > {ANCHOR} AND w.state <> 0"
        )
        assert column(world(spec), sql) == []

    @busy_world
    def test_finishes_sub_tasks_before_their_parent_and_in_its_sprint(self, spec: Spec) -> None:
        sql = (
            "SELECT t.code FROM task t JOIN task p ON p.id = t.parent_id WHERE t.project_id <> p.project_id"
            " OR t.created_at < p.created_at OR t.sprint_id <> p.sprint_id OR t.user_story_id IS NOT p.user_story_id"
            " OR p.parent_id IS NOT NULL OR (p.completed_at IS NOT NULL AND t.completed_at IS NULL)"
            " OR t.completed_at > p.completed_at"
        )
        assert column(world(spec), sql) == []

    @busy_world
    def test_gives_a_task_only_stories_that_were_there(self, spec: Spec) -> None:
        sql = "SELECT t.code FROM task t JOIN user_story s ON s.id = user_story_id WHERE s.created_at > t.created_at"
        assert column(world(spec), sql) == []

    @busy_world
    def test_starts_tasks_no_later_than_they_are_due(self, spec: Spec) -> None:
        assert column(world(spec), "SELECT code FROM task WHERE start_date > due_date") == []

    @busy_world
    def test_has_answers_after_what_they_answer(self, spec: Spec) -> None:
        sql = (
            "SELECT c.id FROM comment c JOIN comment p ON p.id = c.parent_id"
            " WHERE c.created_at < p.created_at OR c.task_id IS NOT p.task_id OR p.parent_id IS NOT NULL"
        )
        assert column(world(spec), sql) == []
        assert (
            column(
                world(spec),
                "SELECT c.id FROM comment c JOIN task t ON t.id = task_id WHERE c.created_at < t.created_at",
            )
            == []
        )

    @busy_world
    def test_mentions_whom_a_comment_names(self, spec: Spec) -> None:
        sql = (
            "SELECT comment, username FROM commentmention m"
            " JOIN comment c ON c.id = comment_id JOIN user u ON u.id = m.user_id"
        )
        assert [text for text, name in world(spec).execute(sql) if f"@{name}" not in text] == []
        named = "(SELECT comment_id FROM commentmention)"
        unnamed = f"SELECT count(*) FROM comment WHERE comment LIKE '%@%' AND id NOT IN {named}"
        assert number(world(spec), unnamed) == 0

    @busy_world
    def test_lets_nobody_do_two_things_at_once(self, spec: Spec) -> None:
        sql = (
            "SELECT a.id FROM timeentry a JOIN timeentry b ON b.user_id = a.user_id AND b.project_id = a.project_id"
            f' AND b.id > a.id AND b.start < coalesce(a."end", {ANCHOR}) AND a.start < coalesce(b."end", {ANCHOR})'
        )
        assert column(world(spec), sql) == []

    @busy_world
    def test_has_a_timer_where_the_task_says_so(self, spec: Spec) -> None:
        running = world(spec).execute('SELECT id, task_id, user_id FROM timeentry WHERE "end" IS NULL').fetchall()
        assert world(spec).execute("SELECT timer_id, id FROM task WHERE timer_id").fetchall() == [
            (entry, task) for entry, task, _ in running
        ]
        for _, task, user in running:
            assert user != 1
            assert user in column(world(spec), "SELECT user_id FROM taskassignee WHERE task_id = ?", task)

    def test_has_a_timer_running_and_time_without_a_task(self) -> None:
        assert number(world(Spec()), 'SELECT count(*) FROM timeentry WHERE project_id = 1 AND "end" IS NULL') == 1
        assert number(world(Spec()), "SELECT count(*) FROM timeentry WHERE project_id = 1 AND task_id IS NULL") >= 5

    @busy_world
    def test_has_checklists_with_items_from_one(self, spec: Spec) -> None:
        for top, done in (
            world(spec)
            .execute(
                "SELECT c.id, t.completed_at IS NOT NULL FROM checklist c JOIN task t ON t.id = task_id"
                " WHERE c.parent_id IS NULL"
            )
            .fetchall()
        ):
            items = (
                world(spec).execute("SELECT position, is_done FROM checklist WHERE parent_id = ?", (top,)).fetchall()
            )
            assert [position for position, _ in items] == list(range(1, len(items) + 1))
            assert items
            assert all(ticked for _, ticked in items) == bool(done)

    def test_has_three_checklists_to_copy(self) -> None:
        rows = column(world(Spec()), "SELECT items FROM checklisttemplate WHERE project_id = 1")
        assert len(rows) == 3
        assert all(len(json.loads(items)) >= 3 for items in rows)

    def test_has_pictures_that_can_be_shown(self) -> None:
        sql = (
            "SELECT content FROM attachmentcontent c JOIN attachment a ON a.id = attachment_id"
            " WHERE mimetype = 'image/png'"
        )
        pictures = column(world(Spec()), sql)
        assert len(set(pictures)) >= 2
        for content in pictures:
            assert pixels(content) == 64 * 40

    def test_grows_with_the_number_of_tasks(self) -> None:
        raw = world(Spec(tasks=2_500))
        assert number(raw, "SELECT count(*) FROM sprint WHERE project_id = 1") == 50
        assert number(raw, "SELECT count(*) FROM user_story WHERE project_id = 1") == 62
        assert number(raw, "SELECT min(created_at) >= (SELECT created_at FROM project WHERE id = 1) FROM task") == 1


def pixels(content: bytes) -> int:
    """How many pixels a PNG with a palette holds; each chunk's checksum is looked at."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    at, parts = 8, dict[bytes, bytes]()
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at)
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", content, at + 8 + size) == (zlib.crc32(kind + body),)
        parts[kind] = body
        at += 12 + size
    width, height = struct.unpack_from(">II", parts[b"IHDR"])
    assert len(zlib.decompress(parts[b"IDAT"])) == height * (width + 1)
    return int(width * height)


class TestEmpty:
    def test_has_a_project_and_its_columns_alone(self) -> None:
        raw = world(Spec("empty"))
        for table in ("task", "sprint", "epic", "user_story", "label", "comment", "attachment", "timeentry", "change"):
            assert number(raw, f"SELECT count(*) FROM {table}") == 0
        assert number(raw, "SELECT tasks FROM seeding") == 0


class TestEdge:
    def test_has_exactly_two_full_pages_of_tasks(self) -> None:
        assert number(world(Spec("edge")), "SELECT count(*) FROM task WHERE project_id = 1 AND NOT is_archived") == 30

    def test_has_nothing_in_its_second_project(self) -> None:
        for table in ("task", "sprint", "user_story", "label"):
            assert number(world(Spec("edge")), f"SELECT count(*) FROM {table} WHERE project_id = 2") == 0

    def test_has_tasks_of_the_same_second(self) -> None:
        assert set(column(world(Spec("edge")), "SELECT count(*) FROM task GROUP BY created_at")) == {3}

    def test_has_titles_as_long_as_they_may_be(self) -> None:
        assert column(world(Spec("edge")), "SELECT max(length(title)) FROM task") == [255]
        assert number(world(Spec("edge")), "SELECT count(*) FROM task WHERE length(title) = 255") == 4

    @pytest.mark.parametrize(
        "part",
        ["🚢", "שמור", "إصلاح", "<script>", "DROP TABLE", "\\", '"', "\n", "e\u0301", "\u200b", "**bold**", "../"],
    )
    def test_has_titles_that_break_clients(self, part: str) -> None:
        assert [title for title in column(world(Spec("edge")), "SELECT title FROM task") if part in title]

    def test_has_a_task_with_everything_and_one_with_nothing(self) -> None:
        sql = (
            "SELECT count(*) FROM task WHERE effort_id {0} AND type_id {0} AND sprint_id {0} AND user_story_id {0}"
            " AND start_date {0} AND due_date {0}"
        )
        assert number(world(Spec("edge")), sql.format("IS NOT NULL")) == 1
        assert number(world(Spec("edge")), sql.format("IS NULL")) == 29


class TestPeople:
    def test_of_the_same_name_get_a_number(self) -> None:
        people = People(Writer(bare(), 1), inventor(Spec()), "en_US")
        names = ["Ana Sá", "Ana Sa", "ana sá!", "😀"]
        assert [people.join({}, "Quay", name).username for name in names] == [
            "ana.sa", "ana.sa.2", "ana.sa.3", "somebody",
        ]  # fmt: skip


class TestPhrases:
    @pytest.mark.parametrize("name", ["board", "clients", "demo"])
    def test_say_the_same_in_both_languages(self, name: str) -> None:
        assert shape(phrases(name, "en")) == shape(phrases(name, "pt"))

    @pytest.mark.parametrize("language", ["en", "pt"])
    def test_have_titles_that_fit(self, language: str) -> None:
        words = phrases("demo", language)
        assert all(len(label) <= 25 for label in words["labels"])
        assert all(len(line["title"]) <= 25 for line in phrases("board", language)["types"])
        assert all(len(line["code"]) <= 5 for line in phrases("board", language)["types"])
        assert all(len(line["title"]) <= 22 for line in phrases("board", language)["columns"])

    @pytest.mark.parametrize("locale", ["ja_JP", "ar_AA", "hi_IN", "el_GR", "th", "en", "ka_GE", "am_ET", "zh_TW"])
    def test_go_with_names_in_any_script(self, locale: str) -> None:
        usernames = column(seeded(Spec("empty", locale=locale)), "SELECT username FROM user")
        assert len(usernames) == 2
        assert all(name.isascii() and name.replace(".", "").isalnum() for name in usernames)


def phrases(name: str, language: str) -> dict[str, Any]:
    """A file of phrases."""
    return tomllib.loads(fixture("profiles", f"{name}.{language}.toml").read_text("utf-8"))


def shape(value: Any) -> Any:
    """What a file of phrases looks like without its texts."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else type(value).__name__
