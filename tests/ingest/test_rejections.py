"""Rejected records, grouped by why."""

from ingest.rejections import by_reason
from ingest.source import Rejected


def test_what_differs_only_in_names_and_numbers_is_one_reason():
    """Files, ids, quoted values and numbers do not make a reason of their own; the most frequent kind comes first."""
    rejected = [
        Rejected("a", "x/a.jpg", "opened", "The picture x/a.jpg is cut off after 120 bytes."),
        Rejected("b", "b.jpg", "record", "r.csv, row 7: there is no picture 'b.jpg', as the column 'file' says"),
        Rejected("c", "c.jpg", "record", "r.csv, row 81: there is no picture 'c d.jpg', as the column 'file' says"),
        Rejected("d", "d.jpg", "opened", "Another thing."),
    ]
    first, *others = by_reason(rejected)
    assert first.said == "There is no picture …, as the column … says"
    assert [one.id for one in first.rejected] == ["b", "c"]
    assert {one.said for one in others} == {rejected[0].reason, "Another thing."}


def test_the_same_words_are_kept_whole():
    """Where all records of a kind have the same words, these are shown with their numbers."""
    rejected = [Rejected(one, f"{one}.jpg", "opened", "It has 400 megapixels; the limit is 300.") for one in "ab"]
    assert [one.said for one in by_reason(rejected)] == ["It has 400 megapixels; the limit is 300."]


def test_a_reason_begins_with_a_capital_unless_it_begins_with_a_name():
    """A kind reads as a sentence; the name of a file or an address that it begins with stays as it is."""
    said = [
        by_reason([Rejected("a", "", "record", reason)])[0].said for reason in ("its licence is none", "a.jpg is no")
    ]
    assert said == ["Its licence is none", "a.jpg is no"]
