"""The form in which a result set is exported, headless."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from archive_search.archive import Archive
from archive_search.exporting import EXPORTS, Outgoing
from archive_search.results import ResultSet
from archive_search.types import NotInstalledError


@pytest.fixture(scope="module")
def found(museum: Path) -> ResultSet:
    """What the small museum finds for a word."""
    return Archive.open(museum).search("axe", limit=20)


def drawn(found: ResultSet) -> AppTest:
    """The form of a set."""

    def script(found: object) -> None:
        from app.pages.parts.export_form import export_form

        export_form(found)

    at = AppTest.from_function(script, args=(found,), default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """All texts of the form."""
    parts: list[Any] = [*at.markdown, *at.error, *at.success, *at.warning, *at.info]
    return "\n".join(one.value for one in parts)


def offered(at: AppTest) -> SimpleNamespace | None:
    """The download that is offered, None while there is none."""
    some = at.get("download_button")
    return SimpleNamespace(label=some[0].proto.label) if some else None


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_format_is_made(found: ResultSet, name: str) -> None:
    """Every format of the registry can be chosen and made as it stands, and is then there to be downloaded."""
    at = drawn(found)
    at.selectbox(key="export-format").set_value(name).run()
    assert offered(at) is None
    at.button(key="export-make").click().run()
    assert not at.exception, at.exception
    assert not at.error
    assert offered(at) is not None
    assert "20 records are in it" in said(at)


def test_settings_go_into_the_file_and_a_change_asks_for_a_new_one(found: ResultSet) -> None:
    """Columns that are chosen are those of the file; once anything is changed, the file made before is not offered."""
    at = drawn(found)
    at.selectbox(key="export-format").set_value("csv").run()
    at.multiselect(key="export.csv.fields").set_value(["title"]).run()
    at.number_input(key="export-first").set_value(3).run()
    at.button(key="export-make").click().run()
    choice, packed = at.session_state["export made"]
    assert choice.settings["csv"] == {"fields": ["title"]}
    assert packed.told.records == 3
    assert packed.name == "axe.csv.zip"
    at.toggle(key="export-only-open").set_value(True).run()
    assert offered(at) is None


def test_what_stays_is_told_with_its_reason(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sensitive records stay, are counted, and leave only where an editor names them; so do those that are not open."""
    found = Archive.open(museum).search("axe", limit=3)
    holdings = found.holdings
    first, second = found.ranking[0].id, found.ranking[1].id

    class Held:
        """Two of the three records may not leave as they are."""

        def __getattr__(self, name: str) -> Any:
            return getattr(holdings, name)

        def payloads(self, ids: list[str]) -> dict[str, Any]:
            """One sensitive record, one that is closed."""
            known = {one: dict(payload) for one, payload in holdings.payloads(ids).items()}
            if first in known:
                known[first]["sensitive"] = "yes"
            if second in known:
                known[second]["licence"] = "All rights reserved"
            return known

    found.holdings = Held()  # type: ignore[assignment]
    at = drawn(found)
    assert "**2 records** leave. 1 stays because it is sensitive." in said(at)
    at.toggle(key="export-only-open").set_value(True).run()
    assert "**1 record** leaves. 1 stays because it is sensitive. 1 stays because of its licence." in said(at)
    at.multiselect(key="export-sensitive").set_value([first]).run()
    assert "**2 records** leave. 1 stays because of its licence." in said(at)
    at.button(key="export-make").click().run()
    assert at.session_state["export made"][1].told.records == 2
    assert list(Outgoing(found, True, frozenset([first])).kept) == [second]
    monkeypatch.setattr("app.pages.parts.export_form.may", lambda role: role != "editor")
    at.button(key="export-make").click().run()
    assert at.session_state["export made"][1].told.records == 1
    assert not [one for one in at.multiselect if one.key == "export-sensitive"]


def test_what_is_not_installed_is_a_sentence(found: ResultSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format whose package is missing says how to install it; nothing is offered, the form stays."""

    def missing(*_: object) -> None:
        raise NotInstalledError("PDF needs typst: pip install 'archive-search[pdf]'")

    monkeypatch.setattr(EXPORTS["pdf"], "write", missing)
    at = drawn(found)
    at.selectbox(key="export-format").set_value("pdf").run()
    at.button(key="export-make").click().run()
    assert "pip install" in at.error[0].value
    assert offered(at) is None
    assert at.selectbox(key="export-format").value == "pdf"


def test_nothing_found_is_nothing_to_export(museum: Path) -> None:
    """An empty set says so, without a form."""
    at = drawn(Archive.open(museum).search("axe", where={"material": "nothing of the kind"}))
    assert "no record was found" in said(at)
    assert not at.selectbox
