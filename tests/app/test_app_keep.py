"""Keeping what was found: the forms in which a search is saved and records are collected, headless."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from archive_search.archive import Archive
from archive_search.stores.file_copy import copy_tree
from archive_search.workspace.collections import Collections
from archive_search.workspace.searches import Searches


@pytest.fixture
def archive(museum: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A copy of the small museum, to be written into."""
    copy_tree(museum, tmp_path / "archive")
    monkeypatch.setenv(ARCHIVE, str(tmp_path / "archive"))
    return Archive.open(tmp_path / "archive")


def collecting(ids: list[str]) -> AppTest:
    """The form of these records, with what is told afterwards."""

    def script(ids: list[str]) -> None:
        import streamlit as st

        from app.opened import archive
        from app.pages.parts.keep import _NOTICE, _undo, collect_form
        from archive_search.workspace.items import read_item

        collect_form([read_item(one) for one in ids])
        if told := st.session_state.get(_NOTICE):
            st.markdown(told.said)
            st.button("Undo", key="kept-undo", on_click=_undo, args=(archive(),))

    at = AppTest.from_function(script, args=(ids,), default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def sent(at: AppTest) -> AppTest:
    """The form after it was sent."""
    at.button[0].click().run()
    assert not at.exception, at.exception
    return at


def test_records_go_into_a_new_collection_and_come_out_again(archive: Archive) -> None:
    """A name that is new makes a collection, under the name of who was asked once; undo takes both acts back."""
    at = collecting(["AX000", "0.1,0.2,0.5,0.6@AX001"])
    at.text_input(key="collect-new").set_value("Axes <b>to draw</b>")
    at.text_input(key="name-collect").set_value("  Ann   Hansen ")
    sent(at)
    (made,) = Collections(archive.workspace).all()
    assert made.name == "Axes <b>to draw</b>"
    assert [one.item.text for one in made.members] == ["AX000", "0.1,0.2,0.5,0.6@AX001"]
    assert made.people == ("Ann Hansen",)
    assert r"2 records are in **Axes \<b\>to draw\<\/b\>** now." in at.markdown[-1].value
    assert [one.key for one in at.text_input] == ["collect-new"]  # who one is is asked once
    at.button(key="kept-undo").click().run()
    assert Collections(archive.workspace).all() == ()


def test_what_is_there_already_stays_where_it_is(archive: Archive) -> None:
    """Records that are in the collection are told and not put in twice."""
    kept = Collections(archive.workspace, "Ann")
    kept.create("Axes")
    kept.add("Axes", ["AX001"], archive.store)
    at = collecting(["AX001", "AX002"])
    assert at.selectbox(key="collect-into").value == "Axes"
    sent(at)
    assert [one.item.record for one in kept.get("Axes").members] == ["AX001", "AX002"]
    assert "1 was there already" in at.markdown[-1].value


def test_a_refusal_is_a_sentence_and_makes_nothing(archive: Archive) -> None:
    """A record that the archive has not is refused; the collection that was to be made is not there."""
    at = collecting(["AX000", "nobody"])
    at.text_input(key="collect-new").set_value("Axes")
    sent(at)
    assert "nobody" in at.error[0].value
    assert Collections(archive.workspace).all() == ()
    at = collecting(["AX000"])
    sent(at)
    assert "needs a name" in at.error[0].value


def saving(**params: str) -> AppTest:
    """The form in which a search is saved."""

    def script(params: dict[str, str]) -> None:
        import streamlit as st

        from app.opened import answer, archive
        from app.pages.parts.keep import _NOTICE, save_form
        from app.state import plan, read

        state = read({name: [value] for name, value in params.items()})
        save_form(archive(), state, lambda: answer(archive(), plan(state, archive())))
        if told := st.session_state.get(_NOTICE):
            st.markdown(told.said)

    at = AppTest.from_function(script, args=(params,), default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def test_a_search_is_saved_with_its_strategy_and_counts_as_looked_at(archive: Archive) -> None:
    """What is saved has the words as its name, the plan, the strategy, and a note; nothing of it is new then."""
    at = saving(q="axe", apart="polished", strategy="nearest")
    assert at.text_input(key="save-name").value == "axe polished"
    at.text_input(key="save-name").set_value("Polished *axes*")
    at.text_area(key="save-note").set_value("for the catalogue")
    at.text_input(key="name-save").set_value("Ann")
    sent(at)
    kept = Searches(archive.workspace, "Ann")
    (saved,) = kept.all()
    assert (saved.name, saved.strategy, saved.note, saved.who) == (
        "Polished *axes*",
        "nearest",
        "for the catalogue",
        "Ann",
    )
    assert kept.look("polished *axes*", archive).new == ()
    assert r"**Polished \*axes\*** is saved" in at.markdown[-1].value


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced(archive: Archive) -> None:
    """A saved search is replaced only where that is said."""
    sent(saving(q="axe"))
    at = saving(q="axe", apart="polished")
    at.text_input(key="save-name").set_value("axe")
    sent(at)
    assert "already" in at.error[0].value
    at.checkbox(key="save-replace").set_value(True)
    sent(at)
    assert not at.error
    assert len(Searches(archive.workspace).get("axe").plan["query"]["examples"]) == 2
