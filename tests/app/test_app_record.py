"""The page of a record, headless."""

from __future__ import annotations

import html as escapes
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.pages.record import metadata, whole
from archive_search.metadata.fields import STANDARD
from archive_search.types import Hit
from tests.app.drawn import drawn, tiles

OpenApp = Callable[..., AppTest]


def html(at: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in at.get("html"))


def links(at: AppTest) -> dict[str, str]:
    """The query strings of the page's links, by label."""
    return {link.proto.label: link.proto.query_string for link in at.get("page_link")}


def test_everything_known(open_app: OpenApp) -> None:
    """A record's page shows the picture with its alternative text, all fields, unmapped columns, source and licence."""
    at = open_app(record=True, id="AX000")
    assert at.header[0].value == "Flint axe 0"
    shown = html(at)
    assert 'src="/picture?id=AX000" alt="Flint axe 0, axe, flint, Neolithic, Møn"' in shown
    assert "<th>Material</th><td>flint</td>" in shown
    assert "<th>Years</th><td>3900–1700 BCE</td>" in shown
    assert "<th>finder</th><td>A. Finder</td>" in shown
    assert "<th>Licence</th><td>CC0</td>" in shown
    assert '<th>Record online</th><td><a href="https://museum.example/AX000"' in shown


def test_other_views_and_alike(open_app: OpenApp) -> None:
    """Other views of the object and similar pictures follow, the record itself not among them."""
    at = open_app(record=True, id="AX000")
    assert [one.value for one in at.subheader] == ["1 other view of this object", "Pictures like this one"]
    shown = tiles(at)
    assert len(shown) == 1 + 12
    assert not any('data-id="AX000"' in tile for tile in shown)
    assert 'data-id="AX001"' in shown[0]


def test_way_through_the_results(open_app: OpenApp) -> None:
    """The way back leads to the page of results with the record, and what is alike is ranked as the results were."""
    at = open_app(q="axe", strategy="nearest", page="2")
    shown = re.findall(r'href="/record\?([^"]*)" data-opens', escapes.unescape(drawn(at, "tiles")[0]["html"]))
    assert shown[1].endswith("q=axe&strategy=nearest&page=2")
    here = shown[0].partition("&")[0].removeprefix("id=")
    record = open_app(record=True, id=here, q="axe", strategy="nearest")
    assert links(record)["All results"] == "q=axe&strategy=nearest&page=2"
    assert links(record)["More like this"] == f"like={here}&strategy=nearest"


def test_unknown_record(open_app: OpenApp) -> None:
    """An id that is none is answered with a sentence and the way back."""
    at = open_app(record=True, id="nobody")
    assert r"No record has the id \'nobody\'" in at.error[0].value
    assert "All results" in links(at)


@pytest.mark.parametrize(
    ("modality", "player", "what"), [("video", "<video", "film"), ("audio", "<audio", "recording")]
)
def test_films_and_recordings_are_played_or_opened(modality: str, player: str, what: str) -> None:
    """A film or recording has a player, its still picture, and a link for browsers that cannot play it."""
    shown = whole(Hit("F1", 0.0, {"title": "Dig", "modality": modality, "thumbnail": "ab/ab12.webp"}))
    assert player in shown
    assert "/thumbnail/ab/ab12.webp" in shown
    assert f'<a href="/picture?id=F1" target="_blank">Open the {what} alone</a>' in shown


def test_the_still_picture_of_a_recording_has_no_size_worth_telling() -> None:
    """The pixels of a picture or film are told, not those of the drawing that stands for a recording."""
    known = {"id": "S1", "width": 640, "height": 240}
    assert "640 × 240" in metadata(known, STANDARD)
    assert "640 × 240" in metadata({**known, "modality": "video"}, STANDARD)
    assert "Pixels" not in metadata({**known, "modality": "audio"}, STANDARD)
