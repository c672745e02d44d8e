"""Words that nobody knows, and what they may have meant."""

from archive_search.understanding.spelling import misspelled

from .conftest import Shelf


def test_a_word_that_nobody_knows_has_candidates(shelf: Shelf):
    """A word one letter off is told by its place, with the word of the archive that it is almost like."""
    text = "Polihsed axe from Juttland"
    first, second = misspelled(text, shelf.store)
    assert (text[first.start : first.end], first.meant) == ("Polihsed", ("polished",))
    assert (second.word, second.meant) == ("Juttland", ("jutland",))
    assert first.corrected(text) == "Polished axe from Juttland"
    assert second.corrected(text, "jylland") == "Polihsed axe from Jylland"


def test_known_words_and_numbers_have_none(shelf: Shelf):
    """Words of a vocabulary or a record, short ones, numbers, and what nothing is like are not misspelled."""
    assert misspelled("axe brooch hafted zzxqyvw ax 12o4 A1234 the", shelf.store) == ()


def test_what_records_say_comes_first(shelf: Shelf):
    """Of several candidates those that records hold come first."""
    (found,) = misspelled("coit", shelf.store)
    assert found.meant[0] == "coin"
