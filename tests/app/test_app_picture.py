"""The large picture of a record, in a real browser: zoom, its parts, a part drawn by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from app.pages.parts.picture import _read
from app.testing import COLUMNS
from archive_search.archive import Archive
from archive_search.settings import Settings
from archive_search.types import Box
from ingest import run
from ingest.sources.folder import Folder
from tests.app.browsing import PATIENCE_MS, drawn, ready, told, watch

STAGE = ".picture .stage"
SCALE = "one => new DOMMatrix(getComputedStyle(one).transform).a"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        {},
        {"box": [0, 0, 1, 1]},
        {"box": [0, 0, 1], "act": "search"},
        {"box": ["a", 0, 1, 1], "act": "search"},
        {"box": [0.5, 0, 0.5, 1], "act": "search"},
        {"box": [0, 0, 1, 1.2], "act": "search"},
        {"box": [0, 0, 1, float("nan")], "act": "search"},
        {"box": [0, 0, 1, 1], "act": "delete"},
    ],
)
def test_what_is_no_part_of_a_picture_is_passed_over(sent: object) -> None:
    """Whatever a browser sends that is no part of a picture does nothing."""
    assert _read(sent) is None


@given(some.tuples(*[some.floats(0, 1)] * 4))
def test_a_part_has_few_digits_in_the_address(sides: tuple[float, float, float, float]) -> None:
    """A part that is drawn is rounded to thousandths, and is none where nothing is left of it."""
    left, right = sorted(sides[:2])
    top, bottom = sorted(sides[2:])
    part = _read({"box": [left, top, right, bottom], "act": "search"})
    if part is None:
        assert round(left, 3) == round(right, 3) or round(top, 3) == round(bottom, 3)
    else:
        assert part.box == Box(round(left, 3), round(top, 3), round(right, 3), round(bottom, 3))


@pytest.fixture(scope="module")
def plates(serving: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an archive of two plates with four finds each, with tiles."""
    folder = tmp_path_factory.mktemp("plates")
    (folder / "pictures").mkdir()
    for number, colours in enumerate((("red", "blue", "green", "black"), ("blue", "orange", "red", "grey"))):
        plate = Image.new("RGB", (800, 600), "white")
        for place, colour in enumerate(colours):
            left, top = 80 + place % 2 * 380, 60 + place // 2 * 280
            ImageDraw.Draw(plate).ellipse((left, top, left + 240, top + 180), fill=colour)
        plate.save(folder / "pictures" / f"P{number}.png")
    rows = [",".join(COLUMNS), *(f"P{n}.png,P{n},,Plate {n}{',' * (len(COLUMNS) - 4)}" for n in range(2))]
    (folder / "pictures" / "records.csv").write_text("\n".join(rows), encoding="utf-8")
    archive = Archive.create(folder / "archive", Settings("Plates", ("hash",)))
    run(archive, Folder(folder / "pictures", folder / "pictures" / "records.csv"), embedders=["hash"], tiles=True)
    return serving(folder / "archive")


@pytest.fixture
def plate(browser: Browser, plates: str) -> Iterator[Page]:
    """The first plate, large."""
    complaints: list[str] = []
    context = browser.new_context(base_url=plates, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    watch(page, plates, complaints)
    page.goto("/record?id=P0")
    ready(page)
    yield page
    context.close()
    assert not complaints


def scale(page: Page) -> float:
    """How large the picture is shown, in times."""
    return float(page.locator(STAGE).evaluate(SCALE))


@pytest.mark.browser
def test_zoom_by_wheel_buttons_and_keys(plate: Page) -> None:
    """The picture is zoomed by the wheel where it has the focus, by buttons and by keys, and is whole again by 0."""
    frame = plate.locator(".picture .frame")
    place = frame.bounding_box()
    assert place
    plate.mouse.move(place["x"] + 200, place["y"] + 150)
    plate.mouse.wheel(0, -300)
    assert scale(plate) == 1  # a page that is scrolled past it is not stopped
    frame.focus()
    plate.mouse.wheel(0, -300)
    plate.wait_for_function(f"() => ({SCALE})(document.querySelector('{STAGE}')) > 1.1")
    assert scale(plate) > 1.1
    before = scale(plate)
    plate.get_by_role("button", name="Zoom in").click()
    assert scale(plate) > before
    frame.focus()
    plate.keyboard.press("0")
    assert scale(plate) == 1
    plate.keyboard.press("+")
    assert scale(plate) > 1
    expect(plate.get_by_role("button", name="Zoom out")).to_be_enabled()


@pytest.mark.browser
def test_a_click_on_a_part_searches_by_it(plate: Page) -> None:
    """The finds of the plate have boxes; a click on it is a search by that part, and Back leads to the plate again."""
    parts = plate.locator(".picture .part")
    expect(parts.nth(1)).to_be_visible()
    parts.first.click()
    plate.wait_for_url(re.compile(r"/\?region="))
    ready(plate)
    (region,) = told(plate.url)["region"]
    box, _, record = region.partition("@")
    assert record == "P0"
    assert all(len(one) <= 5 for one in box.split(","))
    plate.go_back()
    plate.wait_for_url(re.compile(r"/record\?id=P0$"))
    drawn(plate)
    expect(plate.get_by_role("heading", name="Plate 0")).to_be_visible()


@pytest.mark.browser
def test_a_part_is_drawn_by_hand_and_by_keys(plate: Page) -> None:
    """A part that is dragged is searched by; one that is made with the keys as well, and Escape drops it."""
    plate.get_by_role("button", name="Mark a part").click()
    picture = plate.locator(".picture .large").bounding_box()
    assert picture
    left, top, width, height = (picture[one] for one in ("x", "y", "width", "height"))
    plate.mouse.move(left + width * 0.5, top + height * 0.5)
    plate.mouse.down()
    plate.mouse.move(left + width * 0.1, top + height * 0.1, steps=4)
    plate.mouse.up()
    expect(plate.get_by_role("button", name="Search by this part")).to_be_focused()
    plate.keyboard.press("Escape")
    expect(plate.get_by_role("button", name="Search by this part")).to_be_hidden()
    plate.locator(".picture .frame").focus()
    for key in ("d", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        plate.keyboard.press(key)
    plate.wait_for_url(re.compile(r"/\?region="))
    assert told(plate.url)["region"] == ["0.27,0.25,0.77,0.77@P0"]
