"""The shipped vocabularies: their words, and what a text mentions."""

import pytest

from archive_search.metadata.vocabularies import LANGUAGES, LOOKED_UP, concept, every_concept, mentioned, vocabularies
from archive_search.models.colour import BASIC, FINER

ALL = [one for group in vocabularies().values() for one in group]


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.vocabulary}:{one.name}")
def test_every_concept_has_words_in_every_language(one):
    """A concept is found by each of its words in the languages that are looked up, in its own vocabulary."""
    for language in LOOKED_UP:
        for word in one.words[language]:
            assert concept(word, one.vocabulary) is not None


@pytest.mark.parametrize("one", vocabularies()["colours"], ids=lambda one: one.name)
def test_colours_mean_measured_shares(one):
    """A colour is made of basic terms whose parts sum to 1, and its finer term, if any, is measured."""
    assert set(one.basic) <= set(BASIC)
    assert sum(one.basic.values()) == pytest.approx(1)
    assert one.finer in ("", *FINER)


def test_mentioned_takes_the_longest():
    """Of overlapping phrases the longest counts; case does not."""
    assert [(words, one.name) for words, one in mentioned("A Dark Red pot", "colours")] == [("dark red", "maroon")]
    assert [one.name for _, one in mentioned("en rød økse", "colours")] == ["red"]
    assert mentioned("nothing here", "colours") == ()


def test_hundreds_of_concepts_have_words_in_seven_languages():
    """Every concept has words in each language, none empty, and a number of the AAT or none."""
    assert len(every_concept()) > 400
    for one in every_concept():
        for language in LANGUAGES:
            assert one.words[language]
            assert all(word == word.strip() and word for word in one.words[language])
        assert one.aat == "" or (len(one.aat) == 9 and one.aat.startswith("300"))


def test_what_is_only_read_changes_nothing_for_english_questions():
    """A thing that no step reasons by is known to no step: its names are looked for only where somebody typed one."""
    assert concept("cauldron") is None
    assert concept("yxa") is None
