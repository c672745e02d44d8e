"""Blind comparisons that are kept."""

from pathlib import Path

import pytest

from archive_search.types import InvalidInputError
from archive_search.workspace.ballots import Ballot, Ballots


@pytest.fixture
def kept(tmp_path: Path) -> Ballots:
    """A workspace without a file."""
    return Ballots(tmp_path / "workspace.sqlite")


def ballot(who: str = "ann", first: str = "nearest", second: str = "staged", seed: int = 7, topic: str = "q") -> Ballot:
    """Two liked of the first ranking, one of the second."""
    return Ballot(who, topic, first, second, seed, ("a", "b", "c"), 2, 1)


def test_reading_makes_no_file(kept):
    """Before the first comparison there is none, and asking makes no file."""
    assert kept.all() == ()
    assert not kept.file.exists()


def test_the_first_judging_counts(kept):
    """Who has seen which ranking gave what is not blind any more: the same list judged again changes nothing."""
    assert kept.cast(ballot())
    assert not kept.cast(Ballot("ann", "q", "nearest", "staged", 7, (), 0, 0))
    assert [one.liked for one in kept.all()] == [("a", "b", "c")]
    assert kept.cast(ballot(seed=8))
    assert kept.cast(ballot("bo"))
    assert len(kept.all()) == 3


def test_whichever_was_the_first(kept):
    """A person's comparisons of two rankings are told in the order asked for, and are their own."""
    kept.cast(ballot(topic="q1"))
    kept.cast(ballot(first="staged", second="nearest", topic="q2"))
    kept.cast(ballot(second="staged:width=0.5"))
    kept.cast(ballot("bo"))
    found = kept.of("ann", "staged", "nearest")
    assert {(one.topic, one.first, one.first_liked, one.second_liked) for one in found} == {
        ("q1", "staged", 1, 2),
        ("q2", "staged", 2, 1),
    }


@pytest.mark.parametrize("wrong", [ballot(who=" "), ballot(topic=""), ballot(first="staged")])
def test_what_is_refused(kept, wrong):
    """Nobody's comparison, one of no question, and one of a ranking with itself are refused; nothing is kept."""
    with pytest.raises(InvalidInputError):
        kept.cast(wrong)
    assert kept.all() == ()
