"""Numbers of things in sentences."""

import pytest

from archive_search.counted import be, count


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [
        (0, ("row",), "0 rows are"),
        (1, ("row",), "1 row is"),
        (2, ("row",), "2 rows are"),
        (1204, ("query", "queries"), "1,204 queries are"),
        (1, ("query", "queries"), "1 query is"),
    ],
)
def test_one_thing_is_and_several_are(number, nouns, said):
    """One of a thing is told in the singular, any other number in the plural."""
    assert f"{count(number, *nouns)} {be(number)}" == said
