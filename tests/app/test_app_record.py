"""The page of a record, headless."""

from __future__ import annotations

import html as escapes
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.pages.parts.metadata import besides, readable
from app.pages.parts.metadata import metadata as known
from app.pages.record import player
from archive_search.metadata.fields import STANDARD
from archive_search.types import Hit
from tests.app.drawn import drawn, tiles

OpenApp = Callable[..., AppTest]


def html(at: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in at.get("html"))


def shows(at: AppTest) -> dict[str, Any]:
    """What the large picture is told."""
    (told,) = drawn(at, "picture")
    return told


def tile_ids(at: AppTest) -> list[str]:
    """The ids of the records on the tiles of a search."""
    return [found[1] for tile in tiles(at) if (found := re.search(r'data-id="([^"]*)"', tile))]


def links(at: AppTest) -> dict[str, str]:
    """The query strings of the page's links, by label."""
    return {link.proto.label: link.proto.query_string for link in at.get("page_link")}


def test_everything_known(open_app: OpenApp) -> None:
    """A record's page shows the picture with its alternative text, all fields, unmapped columns, source and licence."""
    at = open_app(record=True, id="AX000")
    assert at.title[0].value == "Flint axe 0"
    shown = html(at)
    assert shows(at)["source"] == "/picture?id=AX000"
    assert shows(at)["alternative"] == "Flint axe 0, axe, flint, Neolithic, Møn"
    assert "<th scope=row>Material</th><td>flint</td>" in shown
    assert "<th scope=row>Years</th><td>3900–1700 BCE</td>" in shown
    assert "<th scope=row>Finder</th><td>A. Finder</td>" in shown
    assert (
        '<a href="http://creativecommons.org/publicdomain/zero/1.0/" target="_blank" rel="noreferrer">CC0</a>' in shown
    )
    assert [(one.proto.label, one.proto.url) for one in at.get("link_button")] == [
        ("At the museum", "https://museum.example/AX000")
    ]
    assert shown.index("Material") < shown.index("Finder")  # columns that fill no field come last


def test_columns_have_readable_names() -> None:
    """A column's name is shown without signs, with a capital."""
    assert readable("shape_and_ornament") == "Shape and ornament"
    assert readable("own_style") == "Style"
    assert "<th scope=row>Find no</th><td>&lt;b&gt;7&lt;/b&gt;</td>" in besides(
        {"extra": {"find_no": "<b>7</b>"}}, STANDARD
    )


def test_a_date_in_bare_numbers_is_told_as_years_once() -> None:
    """A date that the catalogue writes as -490 to -480 stands there as years, and not twice."""
    shown = known({"date": "-490 to -480", "date_from": -490, "date_to": -480}, STANDARD)
    assert "490–480 BCE" in shown
    assert "-490" not in shown
    assert "c. 480 BC" in known({"date": "c. 480 BC", "date_from": -485, "date_to": -475}, STANDARD)


def test_what_a_licence_is_called_is_no_address_of_another_kind() -> None:
    """A licence that names no version of a known one is told as it is written, without a link."""
    assert "<td>Ask the museum</td>" in known({"licence": "Ask the museum"}, STANDARD)
    assert "<a" not in known({"licence": "javascript:alert(1)"}, STANDARD)


def test_other_views_and_alike(open_app: OpenApp) -> None:
    """Other views of the object and similar pictures follow, the record itself not among them."""
    at = open_app(record=True, id="AX000")
    assert [one.value for one in at.subheader] == ["1 other view of this object", "Pictures like this one"]
    shown = tiles(at)
    assert len(shown) == 1 + 12
    assert not any('data-id="AX000"' in tile for tile in shown)
    assert 'data-id="AX001"' in shown[0]
    assert not any('data-id="AX001"' in tile for tile in shown[1:])  # another view is not alike as well
    assert at.button_group[0].options == ["Alike to look at", "Alike in colour"]


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
    ("modality", "element", "what"), [("video", "<video", "film"), ("audio", "<audio", "recording")]
)
def test_films_and_recordings_are_played_or_opened(modality: str, element: str, what: str) -> None:
    """A film or recording has a player, its still picture, and a link for browsers that cannot play it."""
    shown = player(Hit("F1", 0.0, {"title": "Dig", "modality": modality, "thumbnail": "ab/ab12.webp"}))
    assert element in shown
    assert "/thumbnail/ab/ab12.webp" in shown
    assert f'<a href="/picture?id=F1" target="_blank">Open the {what} alone</a>' in shown


def test_the_still_picture_of_a_recording_has_no_size_worth_telling() -> None:
    """The pixels of a picture or film are told, not those of the drawing that stands for a recording."""
    about = {"id": "S1", "width": 640, "height": 240}
    assert "640 × 240" in besides(about, STANDARD)
    assert "640 × 240" in besides({**about, "modality": "video"}, STANDARD)
    assert "Pixels" not in besides({**about, "modality": "audio"}, STANDARD)


def test_why_it_is_here_is_told_against_plain_search(open_app: OpenApp) -> None:
    """Beside a search the record tells its place, that of plain search, and its place after each stage."""
    search = open_app(q="axe", apart="polished")
    here = tile_ids(search)[2]
    at = open_app(record=True, id=here, q="axe", apart="polished")
    said = " ".join(one.value for one in at.markdown)
    assert "It is number **3** in this search." in said
    assert "Plain search, without stages, would have it at" in said
    assert "Does it look like “polished axe”?" in html(at)
    assert "Why is it here?" in [one.value for one in at.subheader]
    assert "Why is it here?" not in [one.value for one in open_app(record=True, id=here).subheader]


def test_what_plain_search_and_a_stage_do_is_told(open_app: OpenApp) -> None:
    """A record that a filter leaves out says so, and where plain search has it."""
    at = open_app(record=True, id="SW000", q="axe", material="flint")
    said = " ".join(one.value for one in at.markdown)
    assert "This search does not show it: one of its stages leaves it out." in said
    assert "Plain search, without stages, does not have it either." in said


def test_another_view_goes_on_from_the_one_that_stands_for_it(open_app: OpenApp) -> None:
    """In a search that shows one picture for each object, its other pictures have the same place in the results."""
    asked = {"q": "axe", "material": "flint"}
    assert len({"AX000", "AX001"} & set(tile_ids(open_app(**asked)))) == 1
    first, second = (drawn(open_app(record=True, id=one, **asked), "steps") for one in ("AX000", "AX001"))
    assert first[0]["rank"] == second[0]["rank"]
