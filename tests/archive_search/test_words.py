"""Tokens, compounds, stems and weights of metadata words."""

import math

import pytest

from archive_search.words import number, parts, question, stems, tokens


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


def test_stems_of_every_language():
    """Forms of one word share a stem in its language."""
    assert set(stems("økser")) & set(stems("økse"))
    assert set(stems("axes")) & set(stems("axe"))
    assert set(stems("gefäße")) & set(stems("gefäß"))


def test_rarity_by_hand():
    """A word that 1 of 10 records holds weighs ln(1 + 9.5 / 1.5), shared by its stems; an unknown one is left out."""
    held = {number(stem): 1 for stem in stems("axes")}
    found = question({"axes": 2.0, "unknown": 1.0}, lambda index: held.get(index, 0), 10)
    assert set(found) == set(held)
    assert sum(found.values()) == pytest.approx(2 * math.log(1 + 9.5 / 1.5))
