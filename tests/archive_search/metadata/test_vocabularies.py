"""The shipped vocabularies: their words, siblings, and what a text mentions."""

import pytest

from archive_search.metadata.vocabularies import LANGUAGES, concept, facet_siblings, mentioned, siblings, vocabularies
from archive_search.models.colour import BASIC, FINER
from archive_search.testing import MemoryStore
from archive_search.types import Point

ALL = [one for group in vocabularies().values() for one in group]


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.vocabulary}:{one.name}")
def test_every_concept_has_words_in_every_language(one):
    """A concept is found by each of its words, in its own vocabulary, and has siblings."""
    for language in LANGUAGES:
        assert one.words[language]
        for word in one.words[language]:
            assert concept(word, one.vocabulary) is not None
    assert siblings(one.words["en"][0])


@pytest.mark.parametrize("one", vocabularies()["colours"], ids=lambda one: one.name)
def test_colours_mean_measured_shares(one):
    """A colour is made of basic terms whose parts sum to 1, and its finer term, if any, is measured."""
    assert set(one.basic) <= set(BASIC)
    assert sum(one.basic.values()) == pytest.approx(1)
    assert one.finer in ("", *FINER)


def test_siblings_speak_the_language_of_the_word():
    """The siblings of red are the other basic colours, those of jern other metals in Danish."""
    assert set(siblings("Red")) == {*BASIC} - {"red"}
    assert {"bronze", "sølv", "guld"} <= set(siblings("jern"))
    assert siblings("zebra") == ()


def test_siblings_speak_the_language_of_the_query():
    """A word of two languages is taken for that of the words beside it; English where these do not tell."""
    assert "stone" in siblings("flint")
    assert "stone" in siblings("flint", ["zebra"])
    assert "sten" in siblings("flint", ["slebet økse"])
    assert "stein" in siblings("silex", ["polished axe"])  # the word itself goes first


def test_mentioned_takes_the_longest():
    """Of overlapping phrases the longest counts; case does not."""
    assert [(words, one.name) for words, one in mentioned("A Dark Red pot", "colours")] == [("dark red", "maroon")]
    assert [one.name for _, one in mentioned("en rød økse", "colours")] == ["red"]
    assert mentioned("nothing here", "colours") == ()


def test_siblings_from_the_archive():
    """A facet value's siblings are the other values of its field, the commonest first."""
    store = MemoryStore({"a": 2})
    values = ["Flint", "Bronze", "Bronze", "Rav", "Rav", "Rav"]
    store.upsert([Point(str(i), {}, {"material": value}) for i, value in enumerate(values)])
    assert facet_siblings(store, "flint") == ("Rav", "Bronze")
    assert facet_siblings(store, "oak") == ()
