"""The ledger of the bearer dialect says what is served."""

from mock_server import ledger
from mock_server.dialects.bearer import bearer
from mock_server.ledger import PLACEHOLDER
from mock_server.resources import load_services

BEARER = ledger.load("bearer")
USERS = {"docs", "mcp", "cli", "mindcloud"}


def test_the_contract_is_there_as_a_whole() -> None:
    """Of 243 endpoints, 209 are called by somebody; the 34 of the CLI's unused layer are not built."""
    used = [endpoint for endpoint in BEARER.endpoints if endpoint.used_by]
    assert (len(BEARER.endpoints), len(used)) == (243, 209)
    assert {user for endpoint in used for user in endpoint.used_by.split(", ")} == USERS
    assert [endpoint.id for endpoint in BEARER.served if not endpoint.used_by] == []


def test_what_is_declared_is_what_the_ledger_calls_served() -> None:
    """No endpoint that the contract lacks, and none forgotten."""
    load_services()
    declared = sorted((endpoint.method, PLACEHOLDER.sub("{}", endpoint.path)) for endpoint in bearer.endpoints)
    assert declared == sorted((endpoint.method, endpoint.shape) for endpoint in BEARER.served)


def test_every_assumption_and_conflict_is_decided() -> None:
    """With a reason, or at least two readings; each stands once."""
    assert [fact.about for fact in BEARER.assumptions if not (fact.decided and fact.why)] == []
    assert [fact.topic for fact in BEARER.conflicts if len(fact.readings) < 2 or not fact.decided] == []
    facts = [(fact.resource, fact.about) for fact in BEARER.assumptions]
    assert len(facts) == len(set(facts))
