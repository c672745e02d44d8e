"""The archive page: what it tells, and taking up pictures from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from app.hosts import is_this_machine
from app.opened import background
from app.testing import draw
from archive_search.archive import Archive
from archive_search.metadata.fields import STANDARD
from archive_search.settings import Settings
from archive_search.stores.file_copy import copy_tree
from ingest import run
from ingest.background import STATE, State, write_state
from ingest.ledger import Attempt, Changes, Ledger
from ingest.source import Rejected
from ingest.sources.folder import Folder
from tests.app.browsing import ready, watch

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(museum: Path, tmp_path: Path) -> Path:
    """A copy of the museum's archive, to be changed."""
    return copy_tree(museum, tmp_path / "archive")


@pytest.fixture
def archive_page(open_app: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], AppTest]:
    """Draws the archive page of an archive for whoever sits at this machine; AppTest knows no address of a visitor."""
    monkeypatch.setattr(type(st.context), "ip_address", None)

    def run(archive: Path) -> AppTest:
        at = open_app(archive)
        at.switch_page("pages/archive.py").run()
        assert not at.exception, at.exception
        return at

    return run


def texts(at: AppTest) -> str:
    """All that stands on the page."""
    said = [one.value for some in (at.markdown, at.caption, at.subheader, at.info, at.error) for one in some]
    html = [str(one.proto.body) for one in at.get("html")]
    return "\n".join([*said, *html, *(one.label for one in at.expander)])


def reject(archive: Path, *some: Rejected) -> None:
    """Note rejections as an ingest would."""
    with Ledger(archive / "ledger.sqlite") as ledger:
        ledger.commit(Changes(attempts=[Attempt(one) for one in some]), run=1)


def test_what_is_in_it(museum, archive_page):
    """Pictures, objects, the dated share, fields with their shares, licences and spaces are told."""
    at = archive_page(museum)
    assert {one.label: one.value for one in at.metric} == {
        "Pictures": "60",
        "Objects": "53",
        "Dated": "92%",
        "Free to pass on": "100%",
        "The same file twice": "0",
    }
    said = texts(at)
    assert STANDARD["material"].said() in said
    assert "CC0" in said
    assert "60 pictures, by their colours" in said
    assert "not taken up" not in said


def test_what_was_not_understood_is_listed(archive_page, tmp_path):
    """Dates that gave no years and measurements that gave no size stand in tables, the most frequent first."""
    rows = ["file,date,measurements"]
    for name, date in (("a.png", "long ago"), ("b.png", "long ago"), ("c.png", "once")):
        Image.new("RGB", (32, 32), (ord(name[0]), 0, 0)).save(tmp_path / name)
        rows.append(f"{name},{date},as drawn")
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    run(Archive.create(tmp_path / "archive", Settings("museum", ("demo",))), Folder(tmp_path, tmp_path / "list.csv"))
    at = archive_page(tmp_path / "archive")
    said = texts(at)
    assert "**3 dates gave no years.**" in said
    assert "**3 measurements gave no size.**" in said
    tables = [one.value for one in at.dataframe]
    assert any(list(table.iloc[:, 0]) == ["long ago", "once"] and list(table.iloc[:, 1]) == [2, 1] for table in tables)
    assert any(list(table.iloc[:, 0]) == ["as drawn"] and list(table.iloc[:, 1]) == [3] for table in tables)


def test_what_was_rejected_is_told_by_reason(own, archive_page):
    """Records of one reason stand together with their ids, and text from a catalogue is shown as it is written."""
    reject(
        own,
        *(Rejected(f"AX{n}", f"{n}.jpg", "opened", f"The picture {n}.jpg is cut off.") for n in range(3)),
        Rejected("<b>", "x.jpg", "record", "*bold* <b>"),
    )
    at = archive_page(own)
    assert "4 not taken up" in [one.value for one in at.subheader]
    labels = [one.label for one in at.expander]
    assert any(label.startswith("**3** · The picture … is cut off") for label in labels)
    assert any("\\*bold\\*" in label for label in labels)
    tables = [one.value for one in at.dataframe]
    assert any(list(table["Record"]) == ["AX0", "AX1", "AX2"] for table in tables if "Record" in table)


def test_dates_and_columns_without_a_field_are_told(own, archive_page):
    """Columns that fill no field are listed by frequency, with an example."""
    found = [one.value for one in archive_page(own).dataframe if "Column" in one.value]
    told = {column: (many, example) for column, many, example in found[0].itertuples(index=False)}
    assert told["finder"] == (60, "A. Finder")
    assert told["accession_number"][0] == 60


def test_models_are_told_with_the_command_that_fetches_them(museum, archive_page):
    """A model without weights says which command fetches them; the demo encoder is ready."""
    at = archive_page(museum)
    assert any("demo" in one.label and "ready" in one.label for one in at.expander)
    assert "archive-search models fetch imagebind" in [one.value for one in at.code]


def test_an_archive_without_pictures_begins_with_a_folder(tmp_path, open_app, archive_page):
    """Before the first ingest the page says so and offers to take up a folder."""
    empty = Archive.create(tmp_path / "empty").directory
    at = archive_page(empty)
    assert "This archive holds no pictures yet" in texts(at)
    at.text_input(key="folder").set_value("pictures").run()
    assert any("Write the whole path" in one.value for one in at.error)


def test_any_source_is_taken_up_from_a_form(own, archive_page, tmp_path):
    """The settings of the chosen source are drawn; what would come can be seen before, and what was said is asked."""
    links = tmp_path / "links.csv"
    links.write_text("id,title,image\nA1,Flint axe,https://m.example/1.jpg\nA2,None,\n", encoding="utf-8")
    at = archive_page(own)
    at.selectbox(key="source").set_value("urls").run()
    assert at.button(key="take-up-source").disabled
    at.text_input(key="source-urls-file").set_value(str(links)).run()
    at.toggle(key="source-urls-only_open").set_value(True).run()
    at.button(key="show-source").click().run()
    assert not at.exception
    assert "it has no link" in texts(at)
    at.toggle(key="source-urls-only_open").set_value(False).run()
    at.button(key="show-source").click().run()
    (shown,) = (one.value for one in at.dataframe if "image" in one.value)
    assert shown["Title"].tolist() == ["Flint axe"]
    at.number_input(key="source-limit").set_value(20).run()
    at.button(key="take-up-source").click().run()
    background().end(own, patience_s=0)
    asked = background().state(own).asked
    assert dict(asked.options) == {"limit": 20}
    assert (asked.source, dict(asked.settings)) == ("urls", {"file": str(links)})
    assert asked.made().origin == str(links)


def test_an_error_of_a_source_names_the_fields_of_its_form(own, archive_page):
    """What is asked for in vain is told with what the settings are called in the form, not with flags."""
    at = archive_page(own)
    at.selectbox(key="source").set_value("natmus").run()
    at.button(key="show-source").click().run()
    (said,) = [one.value.replace("\\", "") for one in at.error]
    assert said.startswith("Say either where saved pages or answers are")
    assert said.endswith("(Saved, Collection, Objects)")
    assert "--" not in said


def test_an_ingest_that_runs_elsewhere_is_shown(own, archive_page):
    """How far it is, how fast, how long it takes yet; it can be stopped only where it was begun."""
    progress = {"done": 1200, "total": 6000, "rate": 12.0, "left_s": 400.0, "rejected": 2}
    write_state(own / STATE, State("reading", "{}", 1, time.time(), progress=progress))
    at = archive_page(own)
    assert at.get("progress")[0].proto.text == "1,200 of 6,000 · 12 a second · 6:40 left · 2 rejected"
    assert "Another program began this" in texts(at)
    assert not [one for one in at.button if one.key == "stop"]
    assert not background().ours(own)


@pytest.mark.parametrize(
    ("host", "visitor", "here"),
    [
        ("localhost:8501", None, True),
        ("127.0.0.1:8501", "127.0.0.1", True),
        ("[::1]:8501", "::1", True),
        ("", None, True),
        ("archive.museum.example", "127.0.0.1", False),
        ("localhost:8501", "10.0.0.7", False),
        ("archive.museum.example", None, False),
    ],
)
def test_only_a_browser_on_this_machine_chooses_folders(host, visitor, here):
    """Whoever asks by another name, or from elsewhere, is not on this machine."""
    assert is_this_machine(host, visitor) is here


@pytest.mark.browser
def test_pictures_are_taken_up_while_others_search(
    tmp_path: Path, museum: Path, browser: Browser, serving: Callable[[Path], str], complaints: list[str]
) -> None:
    """A folder is chosen, taken up with progress, stopped and gone on with, while another tab searches."""
    own = copy_tree(museum, tmp_path / "archive")
    Archive.open(own).remember(embedders=("demo",))
    (tmp_path / "new").mkdir()
    for number in range(40):
        draw(tmp_path / "new" / f"new{number:03}.png", "green", number)
    (tmp_path / "new" / "broken.png").write_bytes(b"no picture")
    address = serving(own)
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page, other = context.new_page(), context.new_page()
    watch(page, address, complaints)
    page.goto("/archive")
    page.get_by_text("Take up a folder", exact=True).click(timeout=60_000)
    box = page.get_by_label("Folder of pictures on this machine", exact=True)
    box.fill(str(tmp_path / "new"))
    box.press("Enter")
    take_up = page.get_by_role("button", name="Take up", exact=True)
    expect(take_up).to_be_enabled(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    take_up.click()
    expect(page.get_by_text("Searches go on meanwhile")).to_be_visible(timeout=30_000)
    _search(other)
    page.get_by_role("button", name="Stop; what is read is kept").click()
    expect(page.get_by_text("Searches go on meanwhile")).to_have_count(0, timeout=60_000)
    again = page.get_by_role("button", name="Go on with")
    done = page.get_by_text("Done: ")
    expect(again.or_(done).first).to_be_visible(timeout=60_000)
    if again.is_visible():
        again.click()
    expect(done).to_be_visible(timeout=60_000)
    expect(page.get_by_text("1 not taken up")).to_be_visible()
    assert Archive.open(own).store.count() == 100
    expect(page.locator("[data-testid=stMetric]").first).to_contain_text("100")
    context.close()
    assert not complaints


def _search(page: Page) -> None:
    page.goto("/?q=axe")
    ready(page)
