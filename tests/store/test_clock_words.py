"""Lengths of time and moments, as people write them."""

import pytest

from mock_server.store.clock import instant_of, seconds_of


@pytest.mark.parametrize(
    ("told", "seconds"), [(5, 5), (0.25, 0.25), ("250ms", 0.25), ("90s", 90), ("1h30m", 5400), ("2d", 172_800)]
)
def test_a_length_of_time_is_read(told: object, seconds: float) -> None:
    assert seconds_of(told) == seconds


@pytest.mark.parametrize("told", ["", "soon", "5", "-1s", -1, True, None, "1y", float("nan"), 10**400, "9" * 12 + "w"])
def test_what_is_no_length_of_time_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="it should be"):
        seconds_of(told)


@pytest.mark.parametrize(
    "told", [1_790_000_000, "2026-09-21T14:13:20Z", "2026-09-21 14:13:20", "2026-09-21T16:13:20+02:00"]
)
def test_a_moment_is_read(told: object) -> None:
    assert instant_of(told) == 1_790_000_000


@pytest.mark.parametrize(
    "told", ["", "noon", "2026-13-01", -1, True, None, float("inf"), 10**400, "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_moment_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="it should be"):
        instant_of(told)
