"""Tokens, compounds, stems and weights of metadata words."""

import math

import pytest
import snowballstemmer  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import STEMMERS, document, number, parts, question, stemmed, stems, tokens


def test_tokens_are_folded_words():
    """Words are folded, small words left out."""
    assert tokens("En FLINT-økse, fra Ærø (A 1023)") == ["flint", "økse", "ærø", "1023"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("flintøkse", ("flint", "økse")),
        ("bronzesværd", ("bronze", "sværd")),
        ("kampøkse", ("økse",)),
        ("økse", ()),
        ("axe", ()),
        ("bo", ()),
    ],
)
def test_compounds_are_taken_apart(word, found):
    """A Danish compound gives the known words that it ends and begins with; a known word is no compound."""
    assert parts(word) == found


@settings(deadline=None)
@given(
    st.recursive(
        st.text() | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from([*STANDARD.words, "extra"]),
)
def test_a_word_of_any_field_is_a_word_of_the_record(value, field):
    """Whatever is said in any field, however deep in a list or an object, is among the record's words."""
    held = document({field: {"a column": value} if field == "extra" else value})
    assert all(number(stem) in held for word in said_in(value) for stem in stems(word))


def said_in(value):
    """The words in a value of any shape."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [word for one in value for word in said_in(one)]
    address = isinstance(value, str) and "http" in value.casefold()
    return [] if value is None or isinstance(value, bool) or address else tokens(str(value))


def test_what_is_not_said_of_the_object_is_no_word():
    """Addresses, the licence and the language are not what a record says of its object."""
    kept = {"licence": "public domain", "language": "English", "record_url": "https://museum.org/vases/7"}
    assert document({**kept, "extra": {"beazley_url": "http://museum.org/record/7"}}) == {}


def test_stems_of_every_language():
    """Forms of one word share a stem in its language."""
    assert set(stems("økser")) & set(stems("økse"))
    assert set(stems("axes")) & set(stems("axe"))
    assert set(stems("gefäße")) & set(stems("gefäß"))


@given(st.from_regex("[a-z]?[0-9]{1,8}", fullmatch=True))
def test_numbers_are_their_own_stems(word):
    """A number, with a letter before it or not, is looked up as itself, as every stemmer would have it."""
    assert stems(word) == (word,)
    assert {snowballstemmer.stemmer(language).stemWord(word) for language in STEMMERS.values()} == {word}


def test_rarity_by_hand():
    """A word that 1 of 10 records holds weighs ln(1 + 9.5 / 1.5), shared by its stems; an unknown one is left out."""
    held = {number(stem): 1 for stem in stems("axes")}
    found = question({"axes": 2.0, "unknown": 1.0}, lambda index: held.get(index, 0), 10)
    assert set(found) == set(held)
    assert sum(found.values()) == pytest.approx(2 * math.log(1 + 9.5 / 1.5))


@pytest.mark.parametrize(
    ("said", "languages"),
    [
        ("da", ("da",)),
        ("Dansk", ("da",)),
        ("en-GB; da", ("en", "da")),
        (["German", "English"], ("en", "de")),
        ("sv", ()),
        ("", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_languages_are_read_as_people_write_them(said, languages):
    """Codes, regions and names of languages are read, from a text or a list; what has no stems here is none."""
    assert stemmed(said) == languages


def test_a_record_is_stemmed_in_its_own_language_first():
    """What the record says goes before what its archive says; where neither does, every language counts."""
    title = {"title": "Økser"}

    def of(*languages):
        return {number(stem) for stem in stems("økser", languages)}

    assert set(document(title)) == of("en", "da", "de")
    assert set(document({**title, "languages": ["da"]})) == of("da")
    assert set(document({**title, "languages": ["da"], "language": "de"})) == of("de")
    assert set(document({**title, "language": "Klingon"})) == of("en", "da", "de")
    assert of("da") != of("en")


@given(
    st.sampled_from(["økser", "axes", "Gefäße", "flintøkser", "7", "perlerne"]), st.sets(st.sampled_from([*STEMMERS]))
)
def test_a_word_is_found_in_whatever_languages_it_was_stemmed(word, languages):
    """A record is found by every word that it holds, and its weight sums to the same however many stems are held."""
    held = document({"title": word, "languages": sorted(languages)})
    (token,) = tokens(word)
    asked = question({token: 1.0}, lambda index: int(index in held), 10)
    assert asked
    assert set(asked) <= set(held)
    assert sum(asked.values()) == pytest.approx(math.log(1 + 9.5 / 1.5))
