"""The map page: drawn on demand, coloured, searched, and parts of it kept."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from app.pages.parts.map_chart import COLOURS, FIRST, LIT
from archive_search.archive import Archive
from archive_search.projection.maps import kept_map, make_map
from archive_search.projection.outline import inside, outline_text, read_outline
from archive_search.stores.file_copy import copy_tree
from archive_search.workspace.collections import Collections
from tests.app.browsing import told
from tests.app.drawn import drawn

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


def chart(at: AppTest) -> dict[str, Any]:
    """What the chart is given to draw."""
    (found,) = drawn(at, "map_chart")
    return found


def names(at: AppTest) -> list[str]:
    """What the legend says."""
    return [name for _, name in chart(at)["legend"]]


def points(at: AppTest) -> np.ndarray:
    """The number of each point's colour; `LIT` more where it stands out."""
    return np.frombuffer(base64.b64decode(chart(at)["colours"]), dtype=np.uint8)


def test_without_a_map_one_is_offered(museum, open_map):
    """The page tells what a map is, how long it takes, and draws one on a click, not before."""
    at = open_map(museum)
    assert "Draw the map" in [one.label for one in at.button]
    assert not drawn(at, "map_chart")


def test_every_picture_is_on_it_coloured_by_a_field(mapped, open_map):
    """The likeliest field colours it at first, with the unknown among the kinds; another is chosen in the address."""
    at = open_map(mapped)
    assert names(at) == ["unknown (5)", "axe (20)", "sword (20)", "bead (15)"]
    assert np.bincount(points(at) - LIT).tolist() == [5, 0, 20, 20, 15]
    assert chart(at)["palette"][FIRST] == COLOURS[0]
    assert names(open_map(mapped, by="period"))[:2] == ["unknown (5)", "Bronze Age (20)"]
    years = open_map(mapped, by="date_from")
    assert names(years) == ["undated (5)"]
    assert ((points(years) - LIT) >= FIRST).sum() == 55
    shares, said = zip(*chart(years)["scale"], strict=True)
    assert list(shares) == sorted(shares)
    assert (shares[0], shares[-1]) == pytest.approx((0, 1), abs=0.05)
    assert all(label.endswith("BCE") for label in said[:-1])


def test_what_is_found_stands_out(mapped, open_map):
    """Records that the question's filters leave are coloured and counted, all others faint."""
    at = open_map(mapped, material="flint")
    assert names(at) == ["axe (20)"]
    assert chart(at)["others"] == "the others (40)"
    assert (points(at) >= LIT).sum() == 20
    assert chart(at)["sizes"][1] > chart(at)["sizes"][0]
    assert chart(at)["ringed"]
    assert not chart(open_map(mapped))["ringed"]


def test_names_of_groups_stand_on_it(mapped, open_map):
    """Groups are named by their words."""
    found = {word for *_, name in chart(open_map(mapped))["names"] for word in name.split(", ")}
    assert found
    assert found <= {word for one in kept_map(Archive.open(mapped), "hash").groups for word in one.words}


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
    assert (points(open_map(mapped, group="0")) < LIT).sum() == 60 - largest.count
    assert not open_map(mapped, group="999").subheader


def test_one_picture_is_shown_with_its_neighbours(mapped, open_map):
    """A picture that was clicked comes first, with those nearest on the map; an unknown one is none."""
    at = open_map(mapped, at="AX003")
    assert "This picture and those around it" in [one.value for one in at.subheader]
    assert chart(at)["at"] == kept_map(Archive.open(mapped), "hash").ids.index("AX003")
    assert not open_map(mapped, at="none").subheader


@pytest.mark.parametrize(
    "params", [{"outline": "1,2 x"}, {"by": "nothing"}, {"space": "none"}, {"outline": "nan,1 2,3 4,5"}]
)
def test_what_an_address_cannot_mean_is_passed_over(mapped, open_map, params):
    """The map is drawn whatever the address says."""
    assert len(points(open_map(mapped, **params))) == 60


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
    assert len(points(at)) == 60


@pytest.mark.browser
def test_from_a_lasso_to_a_collection(
    museum: Path, tmp_path: Path, browser: Browser, serving: Callable[[Path], str]
) -> None:
    """
    The map is drawn on a click and looked at by hand and by keys; what is drawn around is kept.

    It is moved, zoomed, coloured and pointed at; what is drawn around is shown, survives a reload, and is collected; a
    point opens its record.
    """
    own = copy_tree(museum, tmp_path / "archive")
    context = browser.new_context(base_url=serving(own), viewport={"width": 1280, "height": 1100})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/map")
    page.get_by_role("button", name="Draw the map").click(timeout=60_000)
    expect(page.get_by_text("In sight: 60 of 60")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    _look_around(page)
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
    _point_at_one(page)
    title = page.locator(".map-chart .card strong").inner_text()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/record?**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    context.close()


def _look_around(page: Page) -> None:
    """Move and zoom the map by hand and by keys, and colour it anew: what is seen stays."""
    field = page.locator(".map-chart .field")
    begun = _view(page)
    x, y = _spot(page, 0.5, 0.5)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    expect(page.get_by_text("times as large")).to_be_visible()
    zoomed = _view(page)
    assert zoomed[:2] == pytest.approx(begun[:2], abs=0.01)  # what is under the pointer stays there
    assert zoomed[2] > begun[2]
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    _changed(page, zoomed)
    moved = _view(page)
    assert moved[0] < zoomed[0]
    assert moved[1:] == pytest.approx(zoomed[1:], abs=0.01)
    page.locator(".st-key-by input").click()
    page.get_by_role("option", name="Period").click()
    expect(page.locator(".map-chart")).to_have_attribute("data-drawn", "period")
    page.get_by_role("button", name="Bronze Age (20)").click()
    expect(page.get_by_role("button", name="Bronze Age (20)")).to_have_attribute("aria-pressed", "true")
    assert _view(page) == moved
    page.wait_for_timeout(500)  # it is kept once the hand rests
    page.reload()
    expect(page.get_by_text("times as large")).to_be_visible(timeout=30_000)
    assert _view(page) == pytest.approx(moved)
    for key, larger in (("+", True), ("-", False), ("ArrowRight", None), ("0", False)):
        before = _view(page)
        field.press(key)
        _changed(page, before)
        after = _view(page)
        assert (after[0] > before[0]) if larger is None else (after[2] > before[2]) == larger
    assert _view(page) == pytest.approx(begun)


def _point_at_one(page: Page) -> None:
    """Point at the first point that is found from the left, until its card is there, with a picture that loads."""
    wide = page.locator(".map-chart .field").bounding_box()
    assert wide is not None
    for step in range(20, int(wide["width"]) * 5, 12):
        high = 0.15 * (1 + step // int(wide["width"]))
        page.mouse.move(wide["x"] + step % int(wide["width"]), wide["y"] + high * wide["height"])
        if page.locator(".map-chart .field.pointing").count():
            break
    expect(page.locator(".map-chart .card")).to_be_visible()
    page.wait_for_function("document.querySelector('.map-chart .card img').naturalWidth > 0")


def _view(page: Page) -> list[float]:
    """What of the map is seen: its middle, and how large."""
    return [float(one) for one in (page.locator(".map-chart").get_attribute("data-view") or "").split(",")]


def _changed(page: Page, before: list[float]) -> None:
    """Wait until something else is seen."""
    now = "document.querySelector('.map-chart').dataset.view.split(',').map(Number)"
    page.wait_for_function(f"was => {now}.some((one, place) => one !== was[place])", arg=before)


def _spot(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place in the field of the map, by shares of it."""
    box = page.locator(".map-chart .field").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def _draw_around(page: Page) -> None:
    """Draw a ring around the left half of the map."""
    (x, y), (right, low) = _spot(page, 0.28, 0.5), _spot(page, 0.56, 0.98)
    page.get_by_role("button", name="Draw around pictures").click()
    for step in range(33):
        turn = step / 32 * math.tau
        page.mouse.move(x + (right - x) * math.cos(turn), y + (low - y) * math.sin(turn))
        if step == 0:
            page.mouse.down()
    page.mouse.up()
