"""The page of collections, headless: collections, saved searches, history, and texts from outside on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from archive_search.archive import Archive
from archive_search.stores.file_copy import copy_tree
from archive_search.workspace.collections import Collections
from archive_search.workspace.history import History
from archive_search.workspace.searches import Searches

ROOT = Path(__file__).parents[2]


@pytest.fixture
def archive(museum: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A copy of the small museum, to be written into."""
    copy_tree(museum, tmp_path / "archive")
    monkeypatch.setenv(ARCHIVE, str(tmp_path / "archive"))
    return Archive.open(tmp_path / "archive")


@pytest.fixture
def page(archive: Archive) -> Callable[..., AppTest]:
    """Opens the page of the copy at an address, as a person."""

    def run(who: str = "", **params: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=20)
        at.session_state["cookies kept"] = {"archive-search-name": who} if who else {}
        at.run()
        at.switch_page("pages/collections.py")
        for name, value in params.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


def said(at: AppTest) -> str:
    """All texts of the page."""
    texts: list[Any] = [*at.title, *at.markdown, *at.caption, *at.warning, *at.error]
    return "\n".join([*(one.value for one in texts), *(one.proto.body for one in at.get("html"))])


def test_an_empty_page_says_what_a_collection_is(page: Callable[..., AppTest]) -> None:
    """Where there is nothing yet, the page says what it is for, and a collection can be made at once."""
    at = page()
    assert "There is no collection yet." in said(at)
    at.text_input(key="make-name").set_value("Axes")
    at.text_input(key="name-make").set_value("Ann")
    at.button(key="FormSubmitter:make-collection-Make").click().run()
    assert not at.exception
    assert "The collection is made." in said(at)
    assert any(one.label == "**Axes**" for one in at.button)


def test_a_collection_is_opened_starred_renamed_deleted_and_brought_back(
    archive: Archive, page: Callable[..., AppTest]
) -> None:
    """What the page does to a collection is done in the workspace, under the person's name, and undone there."""
    kept = Collections(archive.workspace, "Ann")
    made = kept.create("Axes")
    kept.add("Axes", ["AX000", "AX001"], archive.store)
    at = page("Ann", q="sword")
    at.button(key=f"open-{made.id}").click().run()
    assert at.query_params["collection"] == made.id
    assert at.query_params["q"] == "sword"  # the question stays
    assert "Flint axe 0" in said(at)
    at.button(key=f"sign-star-{made.id}").click().run()
    assert kept.get("Axes").starred
    at.button(key="delete").click().run()
    assert kept.all() == ()
    at.button(key="kept-undo").click().run()
    assert [one.name for one in kept.all()] == ["Axes"]
    assert kept.all()[0].people == ("Ann",)


def test_an_item_is_starred_and_taken_out(archive: Archive, page: Callable[..., AppTest]) -> None:
    """Each item has its star, and can be taken out; undo brings it back."""
    kept = Collections(archive.workspace, "Ann")
    made = kept.create("Axes")
    kept.add("Axes", ["AX000", "0.1,0.2,0.5,0.6@AX001"], archive.store)
    at = page("Ann", collection=made.id)
    at.button(key="sign-star-0.1,0.2,0.5,0.6@AX001").click().run()
    assert [one.starred for one in kept.get("Axes").members] == [False, True]
    at.button(key="sign-out-AX000").click().run()
    assert [one.item.record for one in kept.get("Axes").members] == ["AX001"]
    at.button(key="undo").click().run()
    assert len(kept.get("Axes").members) == 2


def test_a_record_that_is_gone_stays_with_its_title(archive: Archive, page: Callable[..., AppTest]) -> None:
    """What an ingest removed is shown as gone, by the title that it last had."""
    kept = Collections(archive.workspace, "Ann")
    made = kept.create("Axes")
    kept.add("Axes", ["AX000"], archive.store)
    build = archive.index.begin(dict(archive.store.spaces))
    build.store.delete(["AX000"])
    build.publish()
    shown = said(page("Ann", collection=made.id))
    assert "No longer in the archive" in shown
    assert "Flint axe 0" in shown
    assert "1 record is no longer in the archive" in shown


def test_a_collection_that_is_not_there(page: Callable[..., AppTest]) -> None:
    """An address of a collection that was never made, or is deleted, says so and shows those that there are."""
    at = page(collection="nobody")
    assert "This collection is not there, or was deleted." in said(at)
    assert at.title[0].value == "Collections"


def test_a_saved_search_is_opened_and_what_is_new_is_told(archive: Archive, page: Callable[..., AppTest]) -> None:
    """A saved search leads back to its address; looking tells what is new, and then nothing is."""
    from app.state import plan, read, strategy

    state = read({"q": ["axe"], "apart": ["-drawing"], "material": ["flint"]})
    kept = Searches(archive.workspace, "Bo")
    saved = kept.save("Axes", plan(state, archive), strategy(state), note="for the talk")
    at = page("Ann", show="searches")
    (link,) = [one.proto for one in at.get("page_link") if one.proto.label == "Open"]
    assert link.query_string == "q=axe&apart=-drawing&material=flint"
    assert "you have not looked yet" in said(at)
    assert "for the talk" in said(at)
    at.button(key=f"new-{saved.id}").click().run()
    assert "you look for the first time" in said(at)
    at.button(key=f"new-{saved.id}").click().run()
    assert "0 of " in said(at)
    at.button(key=f"delete-{saved.id}").click().run()
    assert kept.all() == ()
    at.button(key="kept-undo").click().run()
    assert [one.name for one in kept.all()] == ["Axes"] or [one.name for one in kept.all(deleted=True)] == []


def test_history_is_of_who_asks_for_it_only(archive: Archive, page: Callable[..., AppTest]) -> None:
    """Without a name there is no history; with one nothing is kept until it is asked for; clearing is for good."""
    at = page(show="history")
    assert not at.toggle
    at.text_input(key="name-history").set_value("Ann")
    at.button(key="FormSubmitter:history-name-That is me").click()
    at.run()
    at.toggle(key="history-kept").set_value(True).run()
    mine = History(archive.workspace, "Ann")
    assert mine.is_kept()
    mine.note(archive.search("axe"))
    at = page("Ann", show="history")
    assert [one.proto.label for one in at.get("page_link") if "axe" in one.proto.label] == ["“axe”"]
    assert not [one for one in page("Bo", show="history").get("page_link") if "axe" in one.proto.label]
