"""Remarks: English sentences that can be said in another language."""

from __future__ import annotations

import copy
import pickle

from archive_search.remark import Remark, either


def test_a_remark_is_its_english_text() -> None:
    """Numbers have their commas, lists are joined, remarks within remarks are read too."""
    found = Remark("{some}; {count} more", some=[Remark("a {what}", what="{brace}"), "b"], count=1200)
    assert found == "a {brace}, b; 1,200 more"
    assert isinstance(found, str)


def test_copies_know_their_form() -> None:
    """What is copied or sent to another process can still be translated."""
    found = Remark("no {word}", word="{x}")
    for one in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (one, one.form, one.values) == ("no {x}", "no {word}", {"word": "{x}"})


def test_either() -> None:
    """Words of which any may be meant."""
    assert [either(words) for words in ([], ["a"], ["a", "b", "c"])] == ["", "'a'", "'a' or 'b' or 'c'"]
