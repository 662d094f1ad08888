"""What only the command-line client's unused layer knows is not served, and says so."""

import re

import pytest

from mock_server import ledger
from tests.services.conftest import Service, assert_refused

UNUSED = [known for known in ledger.load("bearer").endpoints if not known.is_served]


def test_there_are_34_of_them() -> None:
    assert len(UNUSED) == 34


@pytest.mark.parametrize("known", UNUSED, ids=lambda known: f"{known.method} {known.path}")
def test_it_answers_501_in_the_shape_of_every_error(web: Service, known: ledger.Endpoint) -> None:
    path = re.sub(r"\{\w+\}", "x", known.path)
    assert_refused(web.call(known.method, path), 501, "NOT_IMPLEMENTED")
