"""The history of searches."""

import pytest

from archive_search.plan import from_json
from archive_search.types import InvalidInputError
from archive_search.workspace import history
from archive_search.workspace.history import History


@pytest.fixture
def found(words, publish):
    """What a search for a flint axe found."""
    publish(a="flint axe", b="bronze sword")
    return words.search("flint axe", strategy="nearest", limit=1)


def test_nothing_is_written_of_who_has_not_asked_for_it(words, found):
    """Without a name, and before it was switched on, nothing is kept, not even a file."""
    assert not History(words.workspace, "").note(found)
    assert not History(words.workspace, "ann").note(found)
    assert not words.workspace.exists()
    with pytest.raises(InvalidInputError, match="name yourself"):
        History(words.workspace, "").keep()


def test_searches_are_kept_for_the_one_who_asked(words, found):
    """Once it is on, each search is kept with its plan, time, strategy and count, for this person only."""
    ann, bo = History(words.workspace, "ann"), History(words.workspace, "bo")
    ann.keep()
    assert ann.note(found)
    assert not bo.note(found)
    (told,) = ann.all()
    assert from_json(dict(told.plan)) == found.plan
    assert (told.strategy, told.count) == ("nearest", 1)
    assert bo.all() == ()


def test_it_can_be_switched_off(words, found):
    """Switched off, nothing more is kept."""
    ann = History(words.workspace, "ann")
    ann.keep()
    ann.note(found)
    ann.keep(False)
    assert not ann.note(found)
    assert len(ann.all()) == 1


def test_it_is_bounded(words, found, monkeypatch):
    """The oldest searches of a person go when there are too many, and nobody else's."""
    monkeypatch.setattr(history, "MOST", 3)
    ann, bo = History(words.workspace, "ann"), History(words.workspace, "bo")
    for one in (bo, ann):
        one.keep()
    bo.note(found)
    for _ in range(5):
        ann.note(found)
    assert (len(ann.all()), len(bo.all())) == (3, 1)


def test_what_is_cleared_is_gone(words, found):
    """Clearing takes this person's searches out of the file for good; not a letter of them is left in it."""
    ann, bo = History(words.workspace, "ann"), History(words.workspace, "bo")
    for one in (ann, bo):
        one.keep()
    ann.note(words.search("xylophone", strategy="nearest", limit=1))
    bo.note(found)
    assert ann.clear() == 1
    assert ann.all() == ()
    assert len(bo.all()) == 1
    left = b"".join(file.read_bytes() for file in words.directory.glob("workspace.sqlite*"))
    assert b"xylophone" not in left
    assert b"flint axe" in left
