"""The demo encoder reads English and Danish, and names what it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.models.demo_words import Reading, Vocabulary, fold

SMALL = Vocabulary(
    words=("axe", "bronze", "comb", "flint", "pot", "red", "sword", "two", "handle"),
    aliases={"axe head": "axe", "økse": "axe", "sværd": "sword", "rød": "red", "kam": "comb", "a": "", "picture": ""},
)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("A red pot", ("red", "pot")),
        ("pots, AXES; combs", ("pot", "axe", "comb")),
        ("flint axe head", ("flint", "axe")),
        ("flint axe heads", ("flint", "axe")),
        ("two-handled pot", ("two", "pot")),
        ("en rød økse", ("red", "axe")),
        ("røde økser", ("red", "axe")),
        ("roed oekse", ("red", "axe")),
        ("bronzesværdet", ("bronze", "sword")),
        ("flintøkser", ("flint", "axe")),
        ("kamme", ("comb",)),
        ("", ()),
    ],
)
def test_known_words_are_read_in_their_forms(text: str, known: tuple[str, ...]) -> None:
    """Plurals, hyphens, capitals, Danish words, endings and compounds are read as the words of the encoder."""
    assert SMALL.read(text).known == known


def test_unknown_words_are_kept_as_written_once() -> None:
    """Each unknown word is named once, in its own spelling, and numbers are passed over."""
    assert SMALL.read("Hafted red Tribräch, hafted 1200") == Reading(("red",), ("hafted", "tribräch"))


def test_a_compound_needs_both_parts() -> None:
    """A word is not split when one of the parts would be unknown: a swordfish is not a sword."""
    assert SMALL.read("swordfish") == Reading((), ("swordfish",))


def test_words_without_meaning_are_no_remark() -> None:
    """Articles and words such as "picture" are neither known to the network nor reported."""
    assert SMALL.read("a picture") == Reading((), ())


@given(st.text(max_size=60))
def test_reading_never_fails_and_folding_twice_changes_nothing(text: str) -> None:
    """Any text can be read, to words of the vocabulary only; folding is idempotent."""
    assert set(SMALL.read(text).known) <= set(SMALL.words)
    assert fold(fold(text)) == fold(text)
