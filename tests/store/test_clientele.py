"""The business of the demo: clients, proposals, change requests and invoices that agree with one another."""

# ruff: noqa: S608 - the statements are put together from names of tables and columns

import pytest

from mock_server.domain.invoice_rules import STATUSES as INVOICE_STATUSES
from mock_server.domain.proposal_rules import STATUSES as PROPOSAL_STATUSES
from mock_server.store.seeding import ANCHOR, Spec
from tests.store.test_seeding import DAY, column, number, world

TODAY = ANCHOR - ANCHOR % DAY
BUSINESS = ("contact_company", "proposal", "change_request", "invoice", "invoice_item")
SPECS = (Spec(), Spec(seed=2), Spec(locale="pt_BR"), Spec(locale="ja_JP"), Spec(tasks=0), Spec(tasks=2_500))
every_demo = pytest.mark.parametrize("spec", SPECS, ids=str)


@every_demo
def test_there_is_an_invoice_in_every_state_and_some_are_overdue(spec: Spec) -> None:
    raw = world(spec)
    assert set(column(raw, "SELECT DISTINCT status FROM invoice")) == set(INVOICE_STATUSES)
    assert number(raw, f"SELECT count(*) FROM invoice WHERE status = 'sent' AND payment_due_at < {TODAY}") == 2


@every_demo
def test_there_is_a_proposal_in_every_state_and_one_has_expired(spec: Spec) -> None:
    raw = world(spec)
    assert set(column(raw, "SELECT DISTINCT status FROM proposal")) == set(PROPOSAL_STATUSES)
    assert number(raw, f"SELECT count(*) FROM proposal WHERE status = 'sent' AND expires_at < {TODAY}") == 1


@every_demo
def test_there_is_a_change_request_in_every_state(spec: Spec) -> None:
    states = {"draft", "sent", "approved", "rejected", "adjustment_requested"}
    assert set(column(world(spec), "SELECT status FROM change_request")) == states


@every_demo
def test_an_invoice_comes_to_the_sum_of_its_lines(spec: Spec) -> None:
    lines = "(SELECT sum((hundredths * unit_cents + 50) / 100) FROM invoice_item WHERE invoice_id = i.id)"
    assert column(world(spec), f"SELECT number FROM invoice i WHERE net_cents <> {lines} OR net_cents = 0") == []


@every_demo
def test_numbers_follow_the_order_in_which_things_were_made(spec: Spec) -> None:
    for table in ("invoice", "proposal"):
        numbers = column(world(spec), f"SELECT number FROM {table} ORDER BY created_at, id")
        assert numbers == list(range(1, len(numbers) + 1))


@every_demo
def test_nothing_is_older_than_what_it_belongs_to(spec: Spec) -> None:
    raw = world(spec)
    for table in ("invoice", "proposal"):
        sql = f"SELECT t.id FROM {table} t JOIN contact_company c ON c.id = contact_company_id"
        assert column(raw, f"{sql} WHERE t.created_at < c.created_at OR t.updated_at < t.created_at") == []
    sql = "SELECT t.id FROM {} t JOIN project p ON p.id = t.project_id WHERE t.created_at < p.created_at"
    assert column(raw, sql.format("invoice")) == []
    assert column(raw, sql.format("change_request")) == []


@every_demo
def test_the_moments_of_a_life_come_in_order(spec: Spec) -> None:
    raw = world(spec)
    assert column(raw, "SELECT id FROM invoice WHERE NOT created_at < issued_at OR NOT issued_at < sent_at") == []
    assert column(raw, "SELECT id FROM invoice WHERE (status = 'paid') <> (paid_at IS NOT NULL)") == []
    assert column(raw, "SELECT id FROM invoice WHERE paid_at <= sent_at") == []
    assert column(raw, "SELECT id FROM proposal WHERE sent_at >= viewed_at OR viewed_at >= approved_at") == []
    assert column(raw, "SELECT id FROM proposal WHERE (status = 'rejected') <> (reason IS NOT NULL)") == []
    assert column(raw, "SELECT id FROM proposal WHERE (status = 'converted') <> (project_id IS NOT NULL)") == []


@every_demo
def test_a_converted_proposal_became_the_project_of_its_client(spec: Spec) -> None:
    sql = "SELECT p.contact_company_id = o.contact_company_id FROM proposal o JOIN project p ON p.id = o.project_id"
    assert column(world(spec), sql) == [1, 1]


@every_demo
def test_the_second_project_has_spent_most_of_its_budget(spec: Spec) -> None:
    spent = 'SELECT sum(e."end" - start) / 3600.0 * p.hourly_cents / 100 / p.budget FROM timeentry e'
    share = number(world(spec), f"{spent} JOIN project p ON p.id = e.project_id WHERE p.id = 2")
    assert 0.8 < share < 1


def test_a_demo_of_many_tasks_has_no_more_of_it() -> None:
    for table in BUSINESS:
        sql = f"SELECT count(*) FROM {table}"
        assert number(world(Spec(tasks=2_500)), sql) == number(world(Spec()), sql)


def test_the_other_profiles_have_no_business() -> None:
    for table in BUSINESS:
        assert number(world(Spec("empty")), f"SELECT count(*) FROM {table}") == 0
