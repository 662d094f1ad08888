"""Slugs of tasks."""

from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify

from mock_server.domain.slugs import kebab


@given(st.text("aZ mB", max_size=80) | st.text(max_size=80))
def test_plain_words_are_spelled_as_the_library_spells_them(title: str) -> None:
    """The short way gives what the long way would."""
    assert kebab(title, 60) == slugify(title, max_length=60)
