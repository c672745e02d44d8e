"""The map page: drawn on demand, coloured, searched, and parts of it kept."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from app.pages.parts.map_chart import COLOURS
from archive_search.archive import Archive
from archive_search.projection.maps import kept_map, make_map
from archive_search.projection.outline import inside, outline_text, read_outline
from archive_search.stores.file_copy import copy_tree
from archive_search.workspace.collections import Collections
from tests.app.browsing import told

ROOT = Path(__file__).parents[2]
EVERYTHING = ((-2.0, -2.0), (2.0, -2.0), (2.0, 2.0), (-2.0, 2.0))


@pytest.fixture(scope="module")
def mapped(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the museum whose map is drawn; only read."""
    copy = copy_tree(museum, tmp_path_factory.mktemp("mapped") / "archive")
    make_map(Archive.open(copy))
    return copy


@pytest.fixture
def open_map(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Runs the page headless at an address, given by its parameters."""

    def run(archive: Path, **params: str | list[str]) -> AppTest:
        monkeypatch.setenv(ARCHIVE, str(archive))
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=30)
        at.run()
        at.switch_page("pages/map.py")
        for key, value in params.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


def traces(at: AppTest) -> list[dict]:
    """What the chart draws."""
    return json.loads(at.get("plotly_chart")[0].proto.spec)["data"]


def points(trace: dict) -> int:
    """How many points a trace has."""
    return len(trace["text"])


def test_without_a_map_one_is_offered(museum, open_map):
    """The page tells what a map is, how long it takes, and draws one on a click, not before."""
    at = open_map(museum)
    assert "Draw the map" in [one.label for one in at.button]
    assert not at.get("plotly_chart")


def test_every_picture_is_on_it_coloured_by_a_field(mapped, open_map):
    """The likeliest field colours it at first, with the unknown among the kinds; another is chosen in the address."""
    drawn = traces(open_map(mapped))
    names = [one["name"] for one in drawn if one.get("text") and one["type"] == "scattergl"]
    assert names == ["unknown (5)", "axe (20)", "sword (20)", "bead (15)"]
    assert sum(points(one) for one in drawn if one["type"] == "scattergl") == 60
    assert drawn[1]["marker"]["color"] == COLOURS[0]
    by = traces(open_map(mapped, by="period"))
    assert [one["name"] for one in by][:2] == ["unknown (5)", "Bronze Age (20)"]
    years = traces(open_map(mapped, by="date_from"))
    assert [points(one) for one in years] == [5, 55]
    assert any(label.endswith("BCE") for label in years[1]["marker"]["colorbar"]["ticktext"])


def test_what_is_found_stands_out(mapped, open_map):
    """Records that the question's filters leave are coloured, all others faint."""
    drawn = traces(open_map(mapped, material="flint"))
    assert [(one["name"], points(one)) for one in drawn] == [("the others", 40), ("axe (20)", 20)]


def test_names_of_groups_stand_on_it(mapped, open_map):
    """Groups are named by their words, and text of a catalogue is no HTML there."""
    at = open_map(mapped)
    layout = json.loads(at.get("plotly_chart")[0].proto.spec)["layout"]
    names = {word for one in layout["annotations"] for word in one["text"][3:-4].split(", ")}
    assert names
    assert names <= {word for one in kept_map(Archive.open(mapped), "hash").groups for word in one.words}


def test_what_is_drawn_around_is_shown_and_searched(mapped, open_map):
    """An outline in the address shows the pictures within it; the question's filters leave those that pass."""
    outline = outline_text(EVERYTHING)
    at = open_map(mapped, outline=outline)
    assert "60 pictures within the outline" in [one.value for one in at.subheader]
    within = open_map(mapped, outline=outline, q="axe", material="flint")
    assert "20 pictures within the outline" in [one.value for one in within.subheader]
    found = kept_map(Archive.open(mapped), "hash")
    left = ((-2.0, -2.0), (0.0, -2.0), (0.0, 2.0), (-2.0, 2.0))
    many = int(inside(found.places, left).sum())
    some = open_map(mapped, outline=outline_text(left))
    assert any(one.value.startswith(f"{many} picture") for one in some.subheader)


def test_a_group_is_looked_at_without_a_pointer(mapped, open_map):
    """A group is chosen by its name from a list, which needs no drawing; the address tells it."""
    at = open_map(mapped)
    at.selectbox(key="group").set_value(0).run()
    assert at.query_params["group"] == "0"
    largest = kept_map(Archive.open(mapped), "hash").groups[0]
    assert f"{largest.count} pictures in the group" in [one.value for one in open_map(mapped, group="0").subheader]
    shown = traces(open_map(mapped, group="0"))
    assert (shown[0]["name"], points(shown[0])) == ("the others", 60 - largest.count)
    assert not open_map(mapped, group="999").subheader


def test_one_picture_is_shown_with_its_neighbours(mapped, open_map):
    """A picture that was clicked comes first, with those nearest on the map; an unknown one is none."""
    at = open_map(mapped, at="AX003")
    assert "This picture and those around it" in [one.value for one in at.subheader]
    assert not open_map(mapped, at="none").subheader


@pytest.mark.parametrize(
    "params", [{"outline": "1,2 x"}, {"by": "nothing"}, {"space": "none"}, {"outline": "nan,1 2,3 4,5"}]
)
def test_what_an_address_cannot_mean_is_passed_over(mapped, open_map, params):
    """The map is drawn whatever the address says."""
    assert traces(open_map(mapped, **params))


def test_a_map_of_an_earlier_state_is_shown_and_drawn_anew(mapped, tmp_path, open_map):
    """When pictures were added the map stays, says how many are not on it, and can be drawn anew."""
    own = copy_tree(mapped, tmp_path / "archive")
    archive = Archive.open(own)
    build = archive.index.begin(dict(archive.store.spaces))
    point = archive.store.points(["AX003"], "hash")[0]
    build.store.upsert([type(point)("NEW", point.vectors, {**point.payload, "id": "NEW"})])
    build.publish()
    at = open_map(own)
    assert any("before 1 picture was added" in one.value for one in at.caption)
    assert "Draw it anew" in [one.label for one in at.button]
    assert traces(at)


@pytest.mark.browser
def test_from_a_lasso_to_a_collection(
    museum: Path, tmp_path: Path, browser: Browser, serving: Callable[[Path], str]
) -> None:
    """The map is drawn on a click; what is drawn around is shown, survives a reload, and is collected."""
    own = copy_tree(museum, tmp_path / "archive")
    address = serving(own)
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 1100})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/map")
    page.get_by_role("button", name="Draw the map").click(timeout=60_000)
    expect(page.locator(".js-plotly-plot .annotation").first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    _draw_around(page)
    expect(page.get_by_text("within the outline").first).to_be_visible(timeout=30_000)
    outline = read_outline(told(page.url)["outline"][0])
    within = int(inside(kept_map(Archive.open(own), "hash").places, outline).sum())
    assert 0 < within < 60
    page.reload()
    expect(page.get_by_text(f"{within} picture").first).to_be_visible(timeout=30_000)
    expect(page.locator(".tile").first).to_be_visible()
    page.get_by_role("button", name="Collect").first.click()
    page.get_by_label("Name of the new collection", exact=True).fill("From the map")
    page.get_by_label("Your name", exact=True).fill("Ida")
    page.get_by_role("button", name=f"Collect {within}").click()
    expect(page.get_by_text("From the map").first).to_be_visible()
    kept = Collections(own / "workspace.sqlite")
    assert len(kept.get("From the map").members) == within
    page.locator(".tile").first.click()
    page.wait_for_url("**/record?**")
    context.close()


def _draw_around(page: Page) -> None:
    """Draw a ring around the left half of the map."""
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    x, y, wide, high = (
        box["x"] + box["width"] * 0.38,
        box["y"] + box["height"] / 2,
        box["width"] / 8,
        box["height"] / 2.2,
    )
    page.mouse.move(x + wide, y)
    page.mouse.down()
    for step in range(1, 33):
        turn = step / 32 * math.tau
        page.mouse.move(x + wide * math.cos(turn), y + high * math.sin(turn))
    page.mouse.up()
