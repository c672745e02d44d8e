"""What a catalogue as a web page shows, and that nothing in it runs."""

import dataclasses
import json
import zipfile
from html.parser import HTMLParser

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.archive import Archive
from archive_search.exporting import export
from archive_search.exports.html import Html
from archive_search.exports.parts.embedded import from_page, in_page
from archive_search.exports.parts.told import asked, asked_besides
from archive_search.exports.parts.words import STAGES, WORDS
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.own import OwnField
from archive_search.plan import Plan, Stage, Trace
from archive_search.ranking import STEPS
from archive_search.ranking.browse import Browse
from archive_search.ranking.chosen import Chosen
from archive_search.results import ResultSet
from archive_search.settings import Settings
from archive_search.types import Box, Example, Match, Missing, Near, Point, Query, Range, UnknownNameError, Within


class Page(HTMLParser):
    """The texts of a page by the class of their element, and its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        self._script = tag in ("script", "style")

    def handle_endtag(self, tag):
        """End one."""
        self._script = False

    def handle_data(self, data):
        """Keep a text that is shown."""
        self.shown += "" if self._script else data


def page(few, folder, **settings) -> Page:
    """A catalogue, read."""
    export(few, folder / "set.html", settings=settings, overwrite=True)
    return Page((folder / "set.html").read_text(encoding="utf-8"))


def test_the_cover_says_what_was_asked_and_how_it_was_ranked(few, tmp_path):
    """The question stands in words, with what sets it apart, and each step of the plan as a sentence."""
    shown = page(few, tmp_path).shown
    assert "axe 1" in shown
    assert "polished" in shown
    assert "4000 BCE to 1000 or unknown" in shown
    assert "8 records from 8 records in Sagnlandet & <Sons>" in shown
    for stage in few.trace.stages:
        assert STAGES["en"][stage.name] in shown


def test_plates_and_list(few, tmp_path):
    """So many records as are wanted have a plate with a picture, the others are listed; none is missing."""
    read = page(few, tmp_path, number=7)
    plates = [one for one in read.elements if one[0] == "figure"]
    pictures = [one for one in read.elements if one[0] == "img" and one[1]["alt"]]
    listed = [one for one in read.elements if one[0] == "li" and "id" in one[1]]
    assert (len(plates), len(listed)) == (7, 1)
    assert len(pictures) + read.shown.count("No picture at hand") == 7
    assert all(one[1]["src"].startswith("data:image/jpeg;base64,") for one in pictures)
    assert {one[1]["id"] for one in (*plates, *listed)} == {f"n{rank}" for rank in range(1, 9)}
    assert "Økse af flint" in read.shown
    assert "\\u202egnp.exe" in read.shown
    assert "3900–1700 BCE" in page(few, tmp_path).shown


def test_nothing_runs_and_nothing_is_fetched(few, tmp_path):
    """The one script is data; no element has a handler; nothing but what is in the file is named."""
    read = page(few, tmp_path)
    assert [one[1]["type"] for one in read.elements if one[0] == "script"] == ["application/json"]
    assert "<script>alert(1)</script>" in read.shown
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert not [one for one in read.elements if one[0] in ("link", "iframe", "object", "embed", "form", "base")]


def test_in_danish(few, tmp_path):
    """All that the program says is said in the language that is chosen, labels of fields too."""
    shown = page(few, tmp_path, language="da").shown
    for said in ("Søgekatalog", "Kilder og licenser", "Hvad der kendetegner det", "Findested", "3900–1700 f.Kr."):
        assert said in shown
    assert not [word for word in ("Sources and", "Findspot", "kept ", "BCE") if word in shown]


def framed(few, plan=None):
    """The set with a part of the first picture that fits best, or that was chosen."""
    trace = dataclasses.replace(few.trace, sought=None)
    first = {trace.ranking[0].id: Box(0.25, 0.5, 0.75, 1.0)}
    return ResultSet(plan or few.plan, trace, few.holdings, lambda: few.provenance, boxes=first)


def test_the_part_that_fits_best_is_framed(few, tmp_path):
    """A line over the picture shows it, and the caption says what it is; a chosen part is called chosen."""
    read = page(framed(few), tmp_path)
    lines = [one[1] for one in read.elements if one[0] == "rect" and one[1].get("class") == "line"]
    views = [one[1] for one in read.elements if one[0] == "svg"]
    assert len(lines) == len(views) == 1
    wide, high = map(float, str(views[0]["viewbox"]).split()[2:])
    assert [float(lines[0][side]) for side in ("x", "y", "width", "height")] == [
        *(pytest.approx(one) for one in (wide / 4, high / 2, wide / 2, high / 2))
    ]
    assert read.shown.count("Framed: the part that fits best") == 1
    plan = Plan(Query(), (Chosen(tuple(few.ranks)),))
    assert "Indrammet: den valgte del" in page(framed(few, plan), tmp_path, language="da").shown
    assert "Framed" not in page(few, tmp_path).shown
    export(framed(few), tmp_path / "set.pdf")
    with pypdf.PdfReader(tmp_path / "set.pdf") as pdf:
        assert "Framed: the part that fits best" in "".join(one.extract_text() for one in pdf.pages)
        lines = [one.get_contents().get_data().count(b"\nS\n") for one in pdf.pages]
    export(few, tmp_path / "plain.pdf")
    with pypdf.PdfReader(tmp_path / "plain.pdf") as pdf:
        assert sum(lines) > sum(one.get_contents().get_data().count(b"\nS\n") for one in pdf.pages)


def test_remarks_of_steps_are_called_english(few, tmp_path):
    """What steps have to remark is told as they said it, under a heading that tells in which language."""
    trace = dataclasses.replace(few.trace, remarks=("In the catalogue 20 records say 'fibel'.",))
    found = ResultSet(few.plan, trace, few.holdings, lambda: few.provenance)
    danish = page(found, tmp_path, language="da").shown
    assert "Bemærkninger fra programmet (på engelsk)" in danish
    assert "In the catalogue 20 records say 'fibel'." in danish
    silent = dataclasses.replace(few.trace, remarks=())
    quiet = ResultSet(few.plan, silent, few.holdings, lambda: few.provenance)
    assert "Bemærkninger" not in page(quiet, tmp_path, language="da").shown
    export(found, tmp_path / "set.zip", settings={"language": "da", "pictures": "none"})
    with zipfile.ZipFile(tmp_path / "set.zip") as parts:
        assert "Bemærkninger fra programmet (på engelsk)\n====" in parts.read("README.txt").decode("utf-8")


def test_a_chosen_set_is_called_no_ranking(few, tmp_path):
    """A collection has its own name on the cover, is said to be chosen, and its notes stand under the plates."""
    plan = Plan(Query(), (Chosen(tuple(few.ranks), "Økser fra <Gerlev>"),))

    class Noted:
        """The same records with notes."""

        fields = STANDARD
        boxes, picture_file, thumbnail_file = few.holdings.boxes, few.holdings.picture_file, few.holdings.thumbnail_file

        def payloads(self, ids):
            """By id."""
            known = few.holdings.payloads(ids)
            return {one: {**known[one], "extra": {"collected_note": "Ann: en\nBo: to"}} for one in known}

    chosen = Trace((Stage("chosen", 8, 8, 0, few.ranking),), ())
    shown = page(ResultSet(plan, chosen, Noted(), lambda: few.provenance), tmp_path, language="da").shown
    for said in ("Økser fra <Gerlev>", "Sådan er der valgt", "ingen rangordning", "Ann: en\nBo: to", "Som det var den"):
        assert said in shown
    assert "Sådan er der rangordnet" not in shown


def test_of_nothing_there_are_no_sources(few, tmp_path):
    """A set without hits has neither plates nor sources."""
    empty = Trace((Stage("nearest", 0, 8, 0, ()),), ())
    shown = page(ResultSet(few.plan, empty, few.holdings, lambda: few.provenance), tmp_path).shown
    assert "0 records from 8 records" in shown
    assert "Sources and licences" not in shown


def test_fields_can_be_chosen(few, tmp_path):
    """Only the fields named stand under a plate, also a column that is no field; a misspelt one is refused."""
    shown = page(few, tmp_path, fields=["creator"]).shown
    assert "Smith, Jones" in shown
    assert "Gerlev" not in shown
    with pytest.raises(UnknownNameError, match="field or column 'creatr'"):
        page(few, tmp_path, fields=["creatr"])


def test_fields_are_named_by_their_labels_and_told_with_units(tmp_path):
    """A field is chosen as in filters, by any label; it is shown by its label, a number with its unit, own ones too."""
    own = {"stil": OwnField("style", {"en": "Style", "da": "Stil"}), "antal": OwnField("n", "Antal", "number")}
    archive = Archive.create(tmp_path / "a", Settings("Museum", languages=("da",), own=own))
    build = archive.index.begin({"own": 2})
    known = {"title": "Spænde", "length_mm": 125.0, "height_mm": 12.5, "own_stil": ["Urnes"], "own_antal": 3}
    build.store.upsert([Point("a", {"own": [1.0, 0.0]}, {"id": "a", **known})])
    build.publish()
    where = (Match("own_stil", ("Urnes",)), Range("length_mm", None, 125.5))
    found = archive.answer(Plan(Query((), where), (Browse(),)))
    shown = page(found, tmp_path, language="da", fields=["STIL", "Længde", "height_mm", "own_Antal"]).shown
    told = "".join(shown.split())
    for said in ("StilUrnes", "Længde125mm", "Højde12,5mm", "Antal3", "Længdeindtil125,5mm"):
        assert said in told
    assert told.count("StilUrnes") == 2  # on the cover as well
    export(found, tmp_path / "set.csv", settings={"fields": ["stil", "Længde", "Fundsted"]})
    first = (tmp_path / "set.csv").read_text(encoding="utf-8-sig").splitlines()
    assert first[0] == "rank,plain_rank,score,id,stil,length_mm,findspot"
    assert first[1].endswith(",a,Urnes,125.0,")
    export(found, tmp_path / "set", "iiif", settings={"fields": ["Stil"]})
    canvas = json.loads((tmp_path / "set" / "manifest.json").read_text(encoding="utf-8"))["items"][0]
    assert canvas["metadata"][-1]["label"] == {"en": ["Style"], "da": ["Stil"]}
    for format in ("csv", "html", "iiif"):
        with pytest.raises(UnknownNameError, match="'Lengde': is 'length_mm' meant"):
            export(found, tmp_path / f"other.{format}", format, settings={"fields": ["Lengde"]})


@pytest.mark.browser
def test_a_browser_shows_it(few, browser, tmp_path):
    """Chromium draws every picture, asks for nothing else, runs nothing, and prints it on A4 pages."""
    export(few, tmp_path / "set.html")
    shown = browser.new_page()
    asked_for: list[str] = []
    shown.on("request", lambda request: asked_for.append(request.url.partition(":")[0]))
    shown.on("dialog", lambda dialog: asked_for.append("dialog"))
    shown.goto((tmp_path / "set.html").as_uri())
    widths = shown.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    wide = shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    shown.set_viewport_size({"width": 1100, "height": 5200})
    heights = shown.eval_on_selector_all("img", "all => all.map(one => one.clientHeight)")
    printed = shown.pdf(prefer_css_page_size=True)
    shown.close()
    assert max(heights) <= 600  # of a picture on screen, however high the window is
    assert widths
    assert min(widths) > 0
    assert set(asked_for) <= {"file", "data"}
    assert wide <= 0
    assert printed.startswith(b"%PDF")


@given(
    st.text()
    | st.lists(st.sampled_from(["</script>", "<!--", "\\", "\\u003c", "&", '"', "\u2028", "]]>"])).map("".join)
)
def test_data_in_a_page_comes_out_as_it_was(text):
    """JSON keeps every letter in a page, and holds nothing there that ends its element."""
    data = json.dumps({"text": text}, ensure_ascii=False)
    assert from_page(in_page(data)) == data
    assert not set("<>&") & set(in_page(data))
    assert json.loads(in_page(data)) == {"text": text}


def test_every_step_and_word_is_in_both_languages():
    """No step of a plan is without words, and what is said in one language is said in the other."""
    assert set(STEPS) <= set(STAGES["en"])
    assert set(STAGES["en"]) == set(STAGES["da"])
    assert set(WORDS["en"]) == set(WORDS["da"])
    for key, said in WORDS["en"].items():
        assert said.count("{}") == WORDS["da"][key].count("{}"), key


def test_questions_in_words():
    """Whatever a query asks by, it is told in words; of a file only the name."""
    query = Query(
        (Example("region", "0,0,1,1@/home/ann/axe.jpg"), Example("record", "A1", -1.0)),
        (Match("material", ("flint", "bone"), "keep"), Missing("date_from"), Range("height_mm", None, 12.5)),
    )
    assert asked(Plan(query, (Browse(),)), "en") == "Like a part of axe.jpg"
    assert asked_besides(query, "en") == [
        ("Less like", "Like the record A1"),
        ("Material", "flint or bone or unknown"),
        ("From year", "unknown"),
        ("Height", "up to 12.5 mm"),
    ]
    assert (
        asked(Plan(Query((Example("image", "C:\\photos\\axe.jpg"), Example("text", "red"))), (Browse(),)), "da")
        == "Som billedet axe.jpg, red"
    )
    assert asked(Plan(Query(), (Browse(),)), "da") == "Alle poster"
    assert asked(Plan(Query(), (Chosen(("A1",)),)), "en") == "Chosen records"
    assert asked(Plan(Query(), (Chosen(("A1",), "My axes"),)), "en") == "My axes"
    places = Query((), (Near("point", 55.5, 12, 10), Within("point", box=(50, 10, 60, 20))))
    assert [said for _, said in asked_besides(places, "en")] == [
        "less than 10 km from 55.5, 12",
        "within a part of the map",
    ]


def test_what_is_no_catalogue_carries_nothing(tmp_path):
    """A web page of others is refused in a sentence."""
    (tmp_path / "a.html").write_text("<p>hello</p>")
    with pytest.raises(Exception, match="no catalogue that archive-search wrote"):
        Html.carried(tmp_path / "a.html")
