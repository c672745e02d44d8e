"""The search page, headless: every control, the address it writes, and what is shown."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import ingest
from app import opened
from app.command import cli
from app.pages.parts.ranked import SUBJECTS
from app.pages.parts.views import worth_a_look
from app.state import PAGE_SIZE
from app.testing import TOTAL
from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.plan import CHANCE, Plan, trace
from archive_search.ranking import STEPS
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.objects import Objects
from archive_search.settings import Settings
from archive_search.strategies import STRATEGIES
from archive_search.testing import HashEmbedder
from archive_search.types import ArchiveError, Example, Point, Query
from tests.app.drawn import drawn, tiles

OpenApp = Callable[..., AppTest]


def said(at: AppTest) -> str:
    """All running text of the page, as its Markdown reads."""
    texts = (str(element.value) for kind in (at.markdown, at.caption, at.error, at.warning) for element in kind)
    return re.sub(r"\\(\W)", r"\1", "\n".join(texts))


def asked(at: AppTest) -> dict[str, list[str]]:
    """The parameters of the address."""
    params = {name: at.query_params[name] for name in at.query_params}
    return {name: [value] if isinstance(value, str) else value for name, value in params.items()}


def labels(at: AppTest) -> list[str]:
    """The labels of all buttons."""
    return [button.label for button in at.button]


def test_start(open_app: OpenApp) -> None:
    """The start page shows the archive's name, how many pictures it holds, and the first of them, unranked."""
    at = open_app()
    assert "Test museum" in said(at)
    assert f"**{TOTAL} pictures**" in said(at)
    assert len(tiles(at)) == PAGE_SIZE
    assert not any("rank" in tile for tile in tiles(at))


def test_typing_searches_and_is_in_the_address(open_app: OpenApp) -> None:
    """What is typed is searched, ranked with scores, and told by the address."""
    at = open_app()
    at.text_input(key="q").set_value("flint axe").run()
    assert asked(at)["q"] == ["flint axe"]
    assert '<span>1.</span><span title="Score">' in tiles(at)[0]


def test_address_repeats_the_search(open_app: OpenApp) -> None:
    """An address alone gives the same tiles and the same controls."""
    first = open_app()
    first.text_input(key="q").set_value("axe").run()
    first.text_input(key="add").set_value("-blue").run()
    first.pills(key="facet-material").set_value(["flint", ""]).run()
    first.selectbox(key="strategy").set_value("nearest").run()
    params = asked(first)
    assert params == {"q": ["axe"], "apart": ["-blue"], "material": ["flint", ""], "strategy": ["nearest"]}
    again = open_app(**params)
    assert tiles(again) == tiles(first)
    assert again.text_input(key="q").value == "axe"
    assert again.pills(key="facet-material").value == ["flint", ""]
    assert again.selectbox(key="strategy").value == "nearest"


def test_refinements(open_app: OpenApp) -> None:
    """Refinements are added one by one, turned from more to less, and removed; the box is empty after each."""
    at = open_app(q="axe")
    at.text_input(key="add").set_value("polished").run()
    at.text_input(key="add").set_value("- drawing").run()
    assert asked(at)["apart"] == ["polished", "-drawing"]
    assert at.text_input(key="add").value == ""
    at.get("button_group")  # drawn with the chips
    at.segmented_control(key="way-polished").set_value(-1).run()
    assert asked(at)["apart"] == ["-polished", "-drawing"]
    at.button(key="later-polished").click().run()
    assert asked(at)["apart"] == ["-drawing", "-polished"]
    at.slider(key="weight-polished").set_value(2.0).run()
    assert asked(at)["apart"] == ["-drawing", "-polished^2"]
    at.toggle(key="count-drawing").set_value(False).run()
    assert asked(at)["off"] == ["apart=drawing"]
    at.button(key="drop-apart-drawing").click().run()
    assert asked(at)["apart"] == ["-polished^2"]


def test_refinement_given_twice(open_app: OpenApp) -> None:
    """A refinement typed again with the other sign replaces the first."""
    at = open_app(q="axe", apart=["polished"])
    at.text_input(key="add").set_value("-polished").run()
    assert asked(at)["apart"] == ["-polished"]


def test_what_the_category_lets_through_is_told(open_app: OpenApp) -> None:
    """Beside what is looked for stands how like it the pictures are, and how many of them are like enough."""
    at = open_app(q="axe", apart=["polished"], staged__width="0.5", staged__at_least="10")
    (gate,) = [one for one in drawn(at, "histogram") if len(one["ends"]) == 1]
    assert sum(gate["bars"]) == TOTAL
    assert gate["said"][gate["ends"][0]] == f"about 30 of {TOTAL} are like enough"
    assert gate["said"][0] == f"about {TOTAL} of {TOTAL} are like enough"
    assert not [one for one in drawn(open_app(q="axe"), "histogram") if len(one["ends"]) == 1]


def test_unknown_records_are_kept_in_one_click(open_app: OpenApp) -> None:
    """How many records a filter leaves out because nobody knows is told, and a click keeps them."""
    at = open_app(q="axe", material="flint")
    (keep,) = [one for one in at.button if one.key == "keep-material"]
    assert keep.label == "5 of unknown material left out: keep them"
    keep.click().run()
    assert asked(at)["material"] == ["flint", ""]
    assert "keep-material" not in [one.key for one in at.button]


def test_tiles_do_not_say_what_no_record_says(tmp_path: Path, open_app: OpenApp) -> None:
    """Where no record has a date or a place, no tile says that its own has none; elsewhere it does."""
    assert any("place unknown" in one and "undated" in one for one in tiles(open_app(material="")))
    Image.new("RGB", (40, 40), "red").save(tmp_path / "red.png")
    bare = Archive.create(tmp_path / "bare", Settings("Bare", ("hash",)))
    ingest.run(bare, ingest.Folder(tmp_path), embedders=["hash"])
    (tile,) = tiles(open_app(archive=bare.directory))
    assert "unknown" not in tile
    assert "undated" not in tile


def test_the_part_that_fits_is_framed(open_app: OpenApp, tmp_path: Path) -> None:
    """On a plate of which a part fits better than the whole that part is framed, on others nothing is."""
    plates = Archive.create(tmp_path / "plates", Settings("Plates", ("hash",)))
    axe, sword = np.eye(64, dtype=np.float32)[:2]
    boxes = {"tile_boxes": {"hash-tiles": [[0.0, 0.0, 0.5, 1.0], [0.5, 0.25, 1.0, 0.75]]}}
    sides = {"width": 400, "height": 200}
    build = plates.index.begin({"hash": 64, "hash-tiles": 64})
    build.store.upsert(
        [
            Point("axe", {"hash": axe}, {"thumbnail": "aa/axe.webp", **sides}),
            Point(
                "plate",
                {"hash": sword, "hash-tiles": np.stack([sword, axe])},
                {"thumbnail": "pp/plate.webp", **sides, **boxes},
            ),
        ]
    )
    build.publish()
    at = open_app(archive=plates.directory, like="axe")
    addresses = [found[1] for tile in tiles(at) if (found := re.search('src="(/thumbnail[^"]*)"', tile))]
    assert addresses == ["/thumbnail/aa/axe.webp", "/thumbnail/pp/plate.webp"]
    framed = [re.findall('viewBox="([^"]*)".*?<rect ([^>]*?) fill', tile) for tile in tiles(at)]
    assert framed == [[], [("0 0 400 200", 'x="200.00" y="50.00" width="200.00" height="100.00"')]]
    assert ["The framed part fits best" in one for one in tiles(at)] == [False, True]


def test_ranks_are_compared_with_plain_search(open_app: OpenApp) -> None:
    """With plain search every record stands where it is; with another strategy each tile tells the shift."""
    plain = open_app(q="axe", apart=["polished", "-blue"], strategy="nearest")
    assert all('class="same"' in tile for tile in tiles(plain))
    staged = open_app(q="axe", apart=["polished", "-blue"], staged__weight="3")
    assert any('class="up"' in tile for tile in tiles(staged))
    assert any("in the plain search" in tile for tile in tiles(staged))


def test_facets_count_what_is_left(open_app: OpenApp) -> None:
    """Facets show counts, unknown among them; a choice recounts the others and keeps its own open."""
    at = open_app()
    assert at.pills(key="facet-material").options == ["bronze 20", "flint 20", "glass 15", "*unknown* 5"]
    at.pills(key="facet-material").set_value(["flint"]).run()
    assert at.pills(key="facet-period").options == ["Neolithic 20"]
    assert at.pills(key="facet-material").options[0] == "bronze 20"
    assert "**20 of 60 pictures**" in said(at)


def test_colours_seen_can_be_chosen(open_app: OpenApp) -> None:
    """What a picture shows is a filter like what the catalogue says; paper behind a thing is no colour of it."""
    at = open_app()
    assert at.pills(key="facet-colours").label == "Colours seen"
    assert at.pills(key="facet-colours").options == ["colourless 25", "grey 20", "red 20", "blue 15", "black 5"]
    at.pills(key="facet-colours").set_value(["blue"]).run()
    assert asked(at)["colours"] == ["blue"]
    assert at.pills(key="facet-material").options == ["glass 15"]


def test_a_column_of_its_own_is_a_filter(open_app: OpenApp, tmp_path: Path) -> None:
    """A column that only this museum has is offered with counts, on the page and by the command line."""
    for number in range(12):
        Image.new("RGB", (16, 16), (number, 0, 0)).save(tmp_path / f"{number}.png")
    rows = [f"{number}.png,{('Ribe', 'Urnes')[number % 2]}" for number in range(12)]
    (tmp_path / "records.csv").write_text("\n".join(["file,Stil", *rows]), encoding="utf-8")
    source = ingest.Folder(tmp_path, metadata=tmp_path / "records.csv")
    ingest.run(tmp_path / "archive", source, embedders=["hash"])
    at = open_app(archive=tmp_path / "archive")
    assert at.pills(key="facet-own_stil").label == "Stil"
    assert at.pills(key="facet-own_stil").options == ["Ribe 6", "Urnes 6"]
    at.pills(key="facet-own_stil").set_value(["Urnes"]).run()
    assert asked(at)["own_stil"] == ["Urnes"]
    assert "**6 of 12 pictures**" in said(at)
    told = CliRunner().invoke(
        cli, ["search", "--where", "stil=Urnes", "--archive", str(tmp_path / "archive"), "--json"]
    )
    assert len(json.loads(told.output)["hits"]) == 6


def test_views_of_an_object_stand_together(open_app: OpenApp) -> None:
    """Pictures of one object are one tile with its other views, unless each is asked for alone."""
    at = open_app(q="sword", object_type="sword")
    assert "**20 of 60 pictures**" in said(at)
    assert "18 objects" in said(at)
    assert len(tiles(at)) == 18
    assert sum('class="strip"' in tile for tile in tiles(at)) == 2
    assert len(tiles(open_app(q="sword", object_type="sword", grouped="no"))) == 20


def test_switched_off(open_app: OpenApp) -> None:
    """A question that is switched off stays, and the search is as if it were not said."""
    at = open_app(q="axe", material="flint")
    assert "**20 of 60 pictures**" in said(at)
    at.toggle(key="on-where").set_value(False).run()
    assert asked(at) == {"q": ["axe"], "material": ["flint"], "off": ["where"]}
    assert f"**{TOTAL} pictures**" in said(at)


@pytest.mark.parametrize("view", ["list", "places", "time"])
def test_other_views_of_the_results(open_app: OpenApp, view: str) -> None:
    """Results are shown as a list, by find-spot and along the years as well."""
    at = open_app(q="axe", view=view)
    assert len(tiles(at)) >= PAGE_SIZE
    (grid,) = drawn(at, "tiles")
    assert (view == "time") == ("heading" in grid["html"])
    assert (view == "list") == ('class="rows"' in grid["html"])
    assert ("None of these pictures has a known find-spot" in said(at)) == (view == "places")


@pytest.mark.parametrize(("cut", "shown"), [(None, 60), (0, 60), (3, 48), (50, 50)])
def test_few_are_shown_along_the_years_though_fewer_stand_out(cut: int | None, shown: int) -> None:
    """On the map and along the years is a page of pictures, also where only some of them stand out."""
    assert worth_a_look(cut, 60) == shown


def test_a_sentence_is_offered_as_stages(open_app: OpenApp) -> None:
    """A sentence is shown as what it was understood to ask, and asked so at one click."""
    at = open_app(q="bronze sword, not of flint")
    assert "Understood as" in said(at)
    at.button(key="take-stages").click().run()
    assert asked(at)["q"] == ["sword"]
    assert "-flint" in asked(at)["apart"]
    assert "Understood as" not in said(open_app(q="bead"))


def test_another_spelling_is_offered(open_app: OpenApp) -> None:
    """A word that nobody here writes is offered as the words that are spelled almost alike."""
    at = open_app(q="bronce sword")
    assert "Did you mean" in said(at)
    at.button(key="meant-bronce-bronze").click().run()
    assert asked(at)["q"] == ["bronze sword"]


def test_unknown_can_be_asked_for(open_app: OpenApp) -> None:
    """Records without a value can be chosen alone, or beside a value."""
    assert "**5 of 60 pictures**" in said(open_app(material=""))
    assert "**25 of 60 pictures**" in said(open_app(material=["flint", ""]))


def test_years(open_app: OpenApp) -> None:
    """A span of years keeps what overlaps it, with or without the undated."""
    at = open_app()
    (years,) = [one for one in drawn(at, "histogram") if len(one["ends"]) == 2]
    assert (years["said"][0], years["said"][-1]) == ("4000 BCE", "1500")
    assert years["ends"] == [0, len(years["bars"])]
    at.text_input(key="year-first").set_value("1500 f.Kr.").run()
    at.text_input(key="year-last").set_value("-1100").run()
    assert (asked(at)["from"], asked(at)["to"]) == (["-1500"], ["-1100"])
    assert at.text_input(key="year-first").value == "1500 BCE"
    assert "**25 of 60 pictures**" in said(at)
    at.checkbox(key="undated").uncheck().run()
    assert asked(at)["undated"] == ["drop"]
    assert "**20 of 60 pictures**" in said(at)


def test_pages(open_app: OpenApp) -> None:
    """Results are paged; a page is in the address; a new question starts at the first page again."""
    at = open_app(q="axe", grouped="no")
    first = tiles(at)
    at.pagination(key="page").set_value(3).run()
    assert asked(at)["page"] == ["3"]
    assert len(tiles(at)) == TOTAL - 2 * PAGE_SIZE
    assert not set(first) & set(tiles(at))
    at.text_input(key="q").set_value("bead").run()
    assert "page" not in asked(at)


def test_nothing_found(open_app: OpenApp) -> None:
    """Where nothing is left the page names each filter to drop and what that brings back; a click does it."""
    at = open_app(q="axe", material="flint", period="Viking Age")
    assert "Nothing is left" in said(at)
    assert "Drop material: brings back 15 pictures" in labels(at)
    assert "Drop period: brings back 20 pictures" in labels(at)
    assert f"Drop all filters: brings back {TOTAL} pictures" in labels(at)
    at.button(key="without-material").click().run()
    assert asked(at)["q"] == ["axe"]
    assert "material" not in asked(at)
    assert "**15 of 60 pictures**" in said(at)


def test_filters_are_cleared(open_app: OpenApp) -> None:
    """One button drops all filters and leaves the words."""
    at = open_app(q="axe", material="flint", undated="drop")
    at.button(key="clear-filters").click().run()
    assert asked(at) == {"q": ["axe"]}


def test_random(open_app: OpenApp) -> None:
    """Random searches by a picture that passes the filters."""
    at = open_app(material="glass")
    at.button(key="random").click().run()
    (like,) = asked(at)["like"]
    assert like.startswith("BE")
    assert "Glass bead" in at.button(key=f"drop-like-{like}").label
    at.button(key=f"drop-like-{like}").click().run()
    assert "like" not in asked(at)


def test_number(open_app: OpenApp) -> None:
    """A number that is none says so and stays to be mended; a number as it is printed opens its record."""
    at = open_app()
    at.text_input(key="number").set_value("XX999").run()
    assert "No record or object has the number XX999" in said(at)
    assert at.text_input(key="number").value == "XX999"
    at.text_input(key="number").set_value("sw 86-3").run()
    assert at.title[0].value == "Bronze sword 3"


def test_number_of_an_object(open_app: OpenApp) -> None:
    """The number of an object with several views opens the first."""
    at = open_app()
    at.text_input(key="number").set_value("sw-010").run()
    assert at.title[0].value == "Bronze sword 10"


@pytest.mark.parametrize("typed", ["SW.86.3", "sw863", "SW003", "inv. no. SW 86 3"])
def test_a_number_asked_for_is_offered_first(open_app: OpenApp, typed: str) -> None:
    """A number typed as what is looked for offers its record before what resembles it; words offer none."""
    at = open_app(q=typed)
    assert "With the number" in said(at)
    assert ">Bronze sword 3<" in tiles(at)[0]
    assert "rank" not in tiles(at)[0]
    assert len(tiles(at)) == 1 + PAGE_SIZE
    assert "With the number" not in said(open_app(q="sword 3"))


def test_a_number_of_several_views_is_offered_once(open_app: OpenApp) -> None:
    """The number of an object with two views offers one tile, which says how many there are."""
    at = open_app(q="sw 010")
    assert "Bronze sword 10<" in tiles(at)[0]
    assert "+1 view" in tiles(at)[0]
    assert len(tiles(at)) == 1 + PAGE_SIZE


def test_picture_brought(open_app: OpenApp, museum: Path) -> None:
    """An uploaded picture is kept under its content, searched with, and found by the address alone."""
    data = io.BytesIO()
    Image.new("RGB", (40, 40), "blue").save(data, "PNG")
    at = open_app()
    at.file_uploader(key="upload-0").set_value(("blue.png", data.getvalue(), "image/png")).run()
    (key,) = asked(at)["picture"]
    assert (museum / "queries" / key).read_bytes() == data.getvalue()
    assert "Like the picture you brought" in open_app(picture=key).button(key=f"drop-picture-{key}").label
    assert tiles(open_app(picture=key)) == tiles(at)


def test_picture_refused(open_app: OpenApp) -> None:
    """A file that is no picture is refused with a sentence."""
    at = open_app()
    at.file_uploader(key="upload-0").set_value(("scan.png", b"%PDF-1.7 not a picture", "image/png")).run()
    assert "it is not a picture but a PDF document" in said(at)
    assert "picture" not in asked(at)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("http://127.0.0.1:1/axe.png", "not on the public internet"),
        ("axes of flint", "not a link to a picture"),
    ],
)
def test_link_refused(open_app: OpenApp, link: str, why: str) -> None:
    """A link that leads to no picture on the public internet is refused with a sentence, and stays to be mended."""
    at = open_app()
    at.text_input(key="link-0").set_value(link).run()
    assert why in said(at)
    assert at.text_input(key="link-0").value == link
    assert "picture" not in asked(at)


def test_endless_numbers(open_app: OpenApp) -> None:
    """Numbers of an address that nobody counts to are as if they were not said."""
    nines = "9" * 400
    at = open_app(**{"from": f"-{nines}", "to": nines, "page": nines, "q": "axe"})
    assert f"**{TOTAL} pictures**" in said(at)
    assert not at.error


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"strategy": "magic"}, "No strategy is called 'magic'"),
        ({"staged__width": "9"}, "width must be between"),
        ({"space": "clip", "q": "axe"}, "no space 'clip'"),
        ({"like": "nobody"}, "No record has the id 'nobody'"),
        ({"picture": "0" * 64}, "not kept in this archive"),
    ],
)
def test_errors_are_sentences(open_app: OpenApp, params: dict[str, str], sentence: str) -> None:
    """A wrong address is answered with a sentence above controls that still work."""
    at = open_app(**params)
    assert sentence in said(at)
    at.text_input(key="q").set_value("axe")


def test_a_failure_after_the_search_leaves_the_controls(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is told beside the results cannot be computed, a sentence says so, and each control is there once."""

    def refused(*asked: object) -> None:
        raise ArchiveError("The index cannot be read.")

    monkeypatch.setattr(opened, "refined", refused)
    at = open_app(q="axe", apart=["polished"])
    assert "The index cannot be read." in said(at)
    assert at.button(key="drop-apart-polished")


def test_no_archive(open_app: OpenApp, tmp_path: Path) -> None:
    """A directory that is no archive is said to be none."""
    assert "is not an archive" in said(open_app(archive=tmp_path))


def test_remarks(open_app: OpenApp) -> None:
    """What the embedder remarks about a text is shown."""
    assert "holds no word that could be read" in said(open_app(q="…"))


def test_chance(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing stands out and no record says the words, the page says so, without bars, ranks and shifts."""
    monkeypatch.setattr(HashEmbedder, "remarks", lambda self, text: (f"Not known: {text}.",) if text == "xyzzy" else ())
    at = open_app(q="xyzzy")
    assert CHANCE in said(at)
    assert said(at).count(CHANCE) == 1
    assert len(tiles(at)) == PAGE_SIZE
    assert not any("rank" in tile or "bar" in tile for tile in tiles(at))
    assert CHANCE not in said(open_app(q="flint axe"))


def test_a_name_in_any_column(open_app: OpenApp) -> None:
    """A name that stands in one record only, in a column without a field, is found first."""
    at = open_app(q="BE.86.7")
    assert "Glass bead 7" in tiles(at)[0]


def test_pictures_without_words(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the model reads no words, the catalogue answers, and a random draw and browsing are offered."""
    monkeypatch.setitem(
        EMBEDDERS._found, "hash", dataclasses.replace(EMBEDDERS["hash"], modalities=frozenset({"image"}))
    )
    assert "not by words" in said(open_app())
    at = open_app(q="sword")
    assert all("Bronze sword" in tile for tile in tiles(at))
    assert not any("rank" in tile for tile in tiles(at))
    assert "cannot be searched by words" in said(at)
    at = open_app(q="helicopter")
    assert "No record says these words" in said(at)
    at.button(key="draw").click().run()
    assert "like" in asked(at)
    assert "q" not in asked(at)
    assert tiles(at)
    at = open_app(q="helicopter")
    at.button(key="browse-all").click().run()
    assert len(tiles(at)) == PAGE_SIZE


def test_settings_of_the_strategy(open_app: OpenApp) -> None:
    """A changed setting is in the address, a default is not; another strategy starts with its own settings."""
    default, other = STRATEGIES["staged"]().width, 0.33
    at = open_app(q="axe", apart=["polished"])
    at.slider(key="knob.staged.width").set_value(other).run()
    assert asked(at)["staged.width"] == ["0.33"]
    at.slider(key="knob.staged.width").set_value(default).run()
    assert "staged.width" not in asked(at)
    at.slider(key="knob.staged.width").set_value(other).run()
    at.selectbox(key="strategy").set_value("nearest").run()
    assert "staged.width" not in asked(at)


def test_end_and_stacks_are_kept(museum: Path) -> None:
    """What the page keeps of an answer tells the suggested end and what is stacked, as the trace itself does."""
    archive = Archive.open(museum)
    words = Query((Example("text", "flint axe"),))
    for steps in (STRATEGIES["staged"]().plan(words).steps, (Nearest(), Objects())):
        asked = Plan(words, steps)
        kept, whole = opened.answer(archive, asked).trace, trace(asked, archive)
        assert (kept.cut, kept.stacks) == (whole.cut, whole.stacks)
        assert kept.cut is not None or kept.stacks


def test_stages_are_named_after_steps() -> None:
    """Every name that the page has for a stage is the name of a step."""
    assert set(SUBJECTS) <= set(STEPS)


def test_plan_is_shown_to_who_asks(open_app: OpenApp) -> None:
    """How it was ranked opens the plan; while it is closed nothing of it is drawn."""
    at = open_app(q="axe", apart=["polished"])
    assert not at.json
    at.session_state["why"] = True
    at.run()
    assert '"step": "within"' in at.json[0].value.replace('":"', '": "')
