"""What is kept of a harvest: every item once, wherever it was broken off."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.harvest.answers import Validators
from ingest.harvest.client import Answer
from ingest.harvest.kept_items import KeptItems, harvest_file
from ingest.harvest.remote import Item, Page

KEYS = st.sampled_from(["a", "b", "c", "../d", "é"])


def keys(items):
    """Their keys."""
    return [one.key for one in items]


@settings(max_examples=15, deadline=None)
@given(pages=st.lists(st.lists(KEYS, max_size=4), min_size=1, max_size=5), broken=st.integers(0, 5))
def test_every_item_is_given_once_by_a_harvest(pages, broken):
    """Whatever comes twice and wherever it breaks off: a harvest that goes on gives each item once, in order."""
    every = list(dict.fromkeys(key for page in pages for key in page))
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "kept.sqlite"
        with KeptItems(file, "here") as kept:
            kept.begin()
            for number, page in enumerate(pages[:broken], 1):
                kept.keep(Page([Item(key, {"n": 1}) for key in page], str(number)))
        with KeptItems(file, "here") as kept:
            begun = kept.begin()
            assert begun.goes_on
            found = [key for some in kept.items(of_this=True) for key in keys(some)]
            for number, page in enumerate(pages[int(begun.resume or 0) :], int(begun.resume or 0) + 1):
                found += keys(kept.keep(Page([Item(key, {"n": 2}) for key in page], str(number))))
            kept.end(vanished=True)
            assert found == every
            assert kept.count() == len(every)
            assert not kept.begin().goes_on


def test_removals_and_what_vanished(tmp_path):
    """An item that is removed is given no more and stays readable; one that a whole harvest did not bring is too."""
    with KeptItems(tmp_path / "kept.sqlite", "here") as kept:
        kept.begin()
        kept.keep(Page([Item("a", {"n": 1}), Item("b", {"n": 1}), Item("c", {"n": 1})]))
        kept.note([("record a", "a"), ("record b", "b")])
        kept.end(vanished=True)
        kept.begin()
        assert kept.keep(Page([Item("a", None, removed=True), Item("no such", None, removed=True)])) == []
        kept.end(vanished=False)
        assert kept.count() == 2
        assert kept.original("record a") == Item("a", {"n": 1}, "", removed=True)
        kept.begin()
        kept.keep(Page([Item("c", {"n": 2})]))
        kept.end(vanished=True)
        assert (kept.count(), kept.original("record b").removed) == (1, True)


def test_marks_change_with_what_is_said(tmp_path):
    """A record's mark is the same until its item is another one; the order of an object's names does not matter."""
    with KeptItems(tmp_path / "kept.sqlite", "here") as kept:
        kept.begin()
        kept.note([("record", "a")])
        marks = []
        for content in ({"x": 1, "y": 2}, {"y": 2, "x": 1}, {"x": 2}):
            kept.keep(Page([Item("a", content)]))
            marks.append(kept.stamp("record"))
        assert marks[0] == marks[1] != marks[2]
        assert kept.stamp("no such") == ""


def test_answers_that_are_not_asked_for_any_more_are_dropped(tmp_path):
    """An answer is kept from one harvest to the next where it was asked for again, and no longer."""
    answer = Answer(b"{}", "application/json", Validators('"1"'))
    with KeptItems(tmp_path / "kept.sqlite", "here") as kept:
        kept.begin()
        kept.keep_answer("asked again", answer)
        kept.keep_answer("not again", answer)
        kept.end(vanished=True)
        kept.begin()
        assert kept.answer("asked again") == answer
        kept.end(vanished=True)
        assert kept.answer("not again") is None
        assert kept.answer("asked again") == answer


def test_files_are_called_by_their_source(tmp_path):
    """Whatever a source is called, its file lies in the archive's folder, and no two have the same."""
    names = ["https://www.museum.example/oai?set=a", "https://www.museum.example/oai?set=b", "../../etc/passwd", "日本"]
    files = [harvest_file(tmp_path, name) for name in names]
    assert {file.parent for file in files} == {tmp_path / "harvest"}
    assert len(set(files)) == 4
    assert files[0].name.startswith("museum-example-oai-set-a-")
