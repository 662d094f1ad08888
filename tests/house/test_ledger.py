"""The fidelity ledger: its facts are complete, and what is made from it says the same."""

import json
import re
from pathlib import Path

import pytest

from mock_server import ledger
from mock_server.ledger import Endpoint, Field, Ledger

KEYED = ledger.load("keyed")
SOURCE = re.compile(r"https://\S+|github: [\w-]+/[\w-]+(, github: [\w-]+/[\w-]+)*")
OURS = "this sandbox"
PATH = re.compile(r"(/[a-z-]+|/\{[a-z_]+(:path)?\})+")
PRIMITIVES = {"string", "integer", "number", "boolean", "date", "object", "array", "unknown", "null"}
OBJECTS = {field.object for field in KEYED.fields}


def told(fact: Endpoint | Field) -> str:
    """How a fact is called in a test's name."""
    return f"{fact.method} {fact.path}" if isinstance(fact, Endpoint) else f"{fact.object}.{fact.name}"


def words(field: Field) -> set[str]:
    """The types that a field may have."""
    return {word.removeprefix("array of ") for word in field.type.split(" or ")}


@pytest.mark.parametrize("endpoint", KEYED.endpoints, ids=told)
def test_an_endpoint_is_told_in_known_words(endpoint: Endpoint) -> None:
    """Confidence, status, wrapping and credential come from closed lists; nobody invented the endpoint."""
    assert endpoint.confidence in (ledger.DOCUMENTED, ledger.SEEN)
    assert endpoint.status in ledger.STATUSES
    assert endpoint.wrap in ledger.WRAPS
    assert endpoint.credential in ledger.CREDENTIALS
    assert endpoint.method in ("GET", "POST", "PUT", "DELETE")
    assert PATH.fullmatch(endpoint.path)
    assert SOURCE.fullmatch(endpoint.source)


def has_source(field: Field) -> bool:
    """Whether it is told where the field is from; only what is assumed may be the sandbox's own."""
    return bool(SOURCE.fullmatch(field.source)) or (field.source, field.confidence) == (OURS, ledger.ASSUMED)


def test_every_field_has_a_known_type_and_a_source() -> None:
    """Its type is a word that JSON or the ledger knows."""
    assert {field.confidence for field in KEYED.fields} <= set(ledger.CONFIDENCES)
    assert [told(field) for field in KEYED.fields if not words(field) <= PRIMITIVES | OBJECTS] == []
    assert [told(field) for field in KEYED.fields if not has_source(field)] == []


def test_a_key_inside_a_key_follows_its_parent() -> None:
    """`effort.title` is there only where `effort` is an object, or an array of objects."""
    types = {(field.object, field.name): words(field) for field in KEYED.fields}
    inner = [(noun, name.rpartition(".")[0]) for noun, name in types if "." in name]
    assert inner
    assert [parent for parent in inner if not types[parent] & {"object", "array"}] == []


def test_no_fact_is_told_twice() -> None:
    """A method and path with one credential, a key of an object, an assumption and a conflict stand once each."""
    endpoints = [(endpoint.method, endpoint.shape, endpoint.credential) for endpoint in KEYED.endpoints]
    fields = [(field.object, field.name) for field in KEYED.fields]
    names = [(endpoint.resource, endpoint.id) for endpoint in KEYED.endpoints]
    decisions = [("assumption", fact.resource, fact.about) for fact in KEYED.assumptions]
    decisions += [("conflict", fact.resource, fact.topic) for fact in KEYED.conflicts]
    assert [len(facts) - len(set(facts)) for facts in (endpoints, fields, names, decisions)] == [0, 0, 0, 0]


def test_every_documented_endpoint_is_served() -> None:
    """All forty of them."""
    assert len(KEYED.documented) == 40
    assert [told(endpoint) for endpoint in KEYED.documented if not endpoint.is_served] == []


def test_what_only_a_bearer_caller_reaches_is_not_built() -> None:
    """Whatever is served opens with a key pair; the one thing left out for a pair is the spreadsheet."""
    assert {endpoint.credential for endpoint in KEYED.served} == {"key pair"}
    left_out = [told(endpoint) for endpoint in KEYED.not_built if endpoint.credential == "key pair"]
    assert left_out == ["GET /export-time-trackings"]


def test_a_reading_was_chosen_wherever_the_sources_differ() -> None:
    """A conflict has at least two readings and a decision, an assumption a decision and a reason."""
    assert [conflict.topic for conflict in KEYED.conflicts if len(conflict.readings) < 2 or not conflict.decided] == []
    assert [fact.about for fact in KEYED.assumptions if not (fact.decided and fact.why)] == []


@pytest.mark.parametrize(
    ("method", "template", "status"),
    [
        ("GET", "/comments/{slug}", "served"),
        ("GET", "/comments/{id}/", "served"),
        ("GET", "/projects", "served"),
        ("POST", "/projects", "not built"),
    ],
)
def test_an_endpoint_is_found_by_its_template(method: str, template: str, status: str) -> None:
    """What the placeholder is called makes no difference, nor does a slash at the end; what is served goes first."""
    found = KEYED.find(method, template)
    assert found is not None
    assert found.status == status


def test_an_unknown_template_is_not_found() -> None:
    """Neither by its path nor by its method."""
    assert KEYED.find("GET", "/nowhere") is None
    assert KEYED.find("PATCH", "/tasks/{uuid}") is None


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("POST", "/projects/", "/projects"),
        ("GET", "/projects/rabbit-day", "/projects/{slug}"),
        ("HEAD", "/projects/statuses", "/projects/statuses"),
        ("GET", "/activities", "/activities/{rest:path}"),
        ("GET", "/activities/of/a/user", "/activities/{rest:path}"),
        ("DELETE", "/videos/7", "/videos/{id}"),
        ("GET", "/tasks/gitscrum/rabbit-day/gantt-tasks", "/tasks/{company_slug}/{project_slug}/gantt-tasks"),
    ],
)
def test_a_path_that_is_not_built_is_recognized(method: str, path: str, template: str) -> None:
    """With or without a slash at the end, a fixed segment going before a placeholder."""
    found = KEYED.unbuilt(method, path)
    assert found is not None
    assert found.path == template


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/projects"), ("GET", "/tasks/changelog"), ("PATCH", "/tasks/x"), ("GET", "/activitiesx"), ("GET", "/")],
)
def test_what_is_served_or_unknown_is_not_taken_for_unbuilt(method: str, path: str) -> None:
    """A 501 is said only of what the real service has and the sandbox has not."""
    assert KEYED.unbuilt(method, path) is None


def numbers(row: str) -> list[int]:
    """Documented served and in all, seen served and in all, not built; a dash is zero."""
    documented, seen, missing = (cell.strip("* ").replace("-", "0") for cell in row.split("|")[2:5])
    return [int(part) for cell in (documented, seen) for part in (cell.split("/") * 2)[:2]] + [int(missing)]


def test_the_coverage_table_adds_up() -> None:
    """The last row is the sum of those above it, and every endpoint is counted once."""
    *nouns, total = [numbers(row) for row in ledger.coverage_table(KEYED).splitlines()[2:]]
    assert [sum(column) for column in zip(*nouns, strict=True)] == total
    documented, all_documented, seen, all_seen, missing = total
    assert all_documented + all_seen == len(KEYED.endpoints) == documented + seen + missing


def test_the_ledger_is_written_as_json() -> None:
    """Every fact is in it, and its coverage is that of the table."""
    shown = json.loads(json.dumps(ledger.as_json(KEYED)))
    assert shown["dialect"] == "keyed"
    assert [len(shown[kind]) for kind in ("endpoints", "fields", "assumptions", "conflicts")] == [
        len(facts) for facts in (KEYED.endpoints, KEYED.fields, KEYED.assumptions, KEYED.conflicts)
    ]
    total = {"resource": "total", "documented": "40/40", "seen in a client": "49/92", "not built": 43}
    assert shown["coverage"][-1] == total


def test_the_keys_of_an_object_are_listed_together() -> None:
    """Those inside other keys too, and none of another object."""
    names = [field.name for field in KEYED.fields_of("epic")]
    assert names == ["uuid", "title", "stats", "stats.user_stories", "user", "color", "created_at"]


def written(folder: Path, text: str) -> Ledger:
    """A ledger of one file."""
    (folder / "noun.toml").write_text(text)
    return ledger.read("trial", folder)


def test_a_source_that_the_file_does_not_name_is_refused(tmp_path: Path) -> None:
    """A slip of the pen does not pass for a source."""
    fact = '{ object = "noun", name = "id", type = "integer", confidence = "documented", source = "nobody" }'
    with pytest.raises(KeyError, match="nobody"):
        written(tmp_path, f'resource = "nouns"\nsource.ref = "https://example.org"\nfield = [{fact}]')


def test_a_fact_that_lacks_a_word_is_refused(tmp_path: Path) -> None:
    """An assumption without its reason is none."""
    with pytest.raises(TypeError, match="why"):
        written(tmp_path, 'resource = "nouns"\n[[assumption]]\nabout = "size"\ndecided = "15"')


def test_a_dialect_without_a_ledger_is_named() -> None:
    """The message says which one was asked for."""
    with pytest.raises(FileNotFoundError, match="'morse'"):
        ledger.load("morse")
