"""What every export format must keep to, on a set with hostile titles; each file is read by another program."""

import json
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pypdf
import pytest
from openpyxl.utils.escape import unescape

from archive_search.exporting import EXPORTS, Outgoing, export, format_of
from archive_search.exports.parts import provenance
from archive_search.plan import to_json
from archive_search.ranking.feedback import Feedback
from archive_search.results import ResultSet
from archive_search.spreadsheet_cells import as_it_was
from archive_search.testing import HashEmbedder
from archive_search.types import Example, InvalidInputError, Query, UnknownNameError
from archive_search.visible import visible


def read(name: str, file) -> pd.DataFrame:
    """The rows of an export, as pandas reads them."""
    if name == "zip":
        with zipfile.ZipFile(file) as parts, parts.open("table.csv") as table:
            return read("csv", table)
    if name == "csv":
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig", lineterminator=None)
        frame.columns = [as_it_was(column) for column in frame.columns]
        return frame.map(as_it_was)
    if name == "jsonl":
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")[1:] if line]
        return pd.DataFrame([{"id": one["id"], "rank": one["rank"], "title": one["payload"]["title"]} for one in lines])
    if name == "parquet":
        return pd.read_parquet(file)
    frame = pd.read_excel(file, sheet_name="Hits", dtype=str, keep_default_na=False)
    return frame.map(unescape)  # control characters as XML can write them, which spreadsheets read back


TABLES = {"csv": ".csv", "jsonl": ".jsonl", "parquet": ".parquet", "xlsx": ".xlsx", "zip": ".zip"}


@pytest.mark.parametrize("name", TABLES)
def test_every_hit_leaves_whole(name, found, tmp_path):
    """Each record that may leave is there once, in order, with its title as it was."""
    target = tmp_path / f"set{TABLES[name]}"
    told = export(found, target)
    assert (told.format, told.records, told.left_out) == (name, 499, {"sensitive": 1})
    frame = read(name, target)
    assert list(frame["id"]) == [hit.id for hit in found if hit.id != "r3"]
    wanted = {hit.id: hit.payload["title"] for hit in found}
    for record, title in zip(frame["id"], frame["title"], strict=True):
        assert title == wanted[record]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", TABLES)
def test_only_what_is_open_leaves(name, found, tmp_path):
    """With only_open what is not licensed openly stays, and is counted; a sensitive record leaves if it is named."""
    told = export(found, tmp_path / f"set{TABLES[name]}", only_open=True, sensitive=["r3"])
    assert told.left_out == {"licence": 250}
    assert told.records == 250
    assert "r3" in set(read(name, told.target)["id"])


class Titles(HTMLParser):
    """The titles under the plates of a catalogue, then those of the records listed after them."""

    def __init__(self, text):
        super().__init__()
        self.titles: list[str] = []
        self.scripts: list[str | None] = []
        self._open = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """A title is the text of the spans that may run from right to left."""
        self.scripts += [dict(attrs).get("type")] if tag == "script" else []
        self._open += (1 if dict(attrs).get("dir") == "auto" and tag == "span" else 0) + (self._open > 0)
        self.titles += [""] if self._open == 1 else []

    def handle_endtag(self, tag):
        """The end of a title, or of what is in it."""
        self._open -= self._open > 0

    def handle_data(self, data):
        """A text within a title."""
        if self._open:
            self.titles[-1] += data


@pytest.mark.parametrize("number", [0, 3, 500])
def test_a_web_page_shows_every_title(number, found, tmp_path):
    """Each title is shown letter by letter, signs that cannot be seen as escapes; none of them becomes an element."""
    export(found, tmp_path / "set.html", settings={"number": number, "pictures": "none"})
    read = Titles((tmp_path / "set.html").read_text(encoding="utf-8"))
    assert read.titles == [visible(hit.payload["title"], lines=True) for hit in found if hit.id != "r3"]
    assert read.scripts == ["application/json"]


@pytest.mark.parametrize("number", [0, 40])
def test_a_pdf_shows_every_title(number, found, tmp_path):
    """Each title stands in the pages, plate or list: no sign of it was an order to the typesetter."""
    export(found, tmp_path / "set.pdf", settings={"number": number, "pictures": "none"})
    with pypdf.PdfReader(tmp_path / "set.pdf") as read:
        text = _letters("".join(page.extract_text() for page in read.pages))
        assert not {"/JavaScript", "/OpenAction", "/AA"} & {*read.root_object}
    for hit in found:
        assert hit.id == "r3" or _letters(visible(hit.payload["title"], lines=True)) in text, hit.payload["title"]


def _letters(text):
    """A text without what a typesetter may change: spaces, breaks, and signs that no font may have."""
    return "".join(one for one in text if one.isprintable() and not one.isspace() and ord(one) < 0x2000)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_failure_leaves_nothing(name, found, tmp_path):
    """Where the writing fails half-way, what was there before stays, and nothing else is there."""
    target, folder = tmp_path / "set", EXPORTS[name].folder
    if not folder:
        target.write_text("before")

    def fail(done, total):
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(found, target, name, overwrite=not folder, progress=fail)
    assert folder or target.read_text() == "before"
    assert [*tmp_path.rglob("*")] == ([] if folder else [target])


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_there_is_somebodys(name, few, tmp_path):
    """A file is replaced only if that is said, a folder never, with or without something in it; nor is one made."""
    target, beside = tmp_path / "set", [tmp_path / f"set{ending}" for ending in EXPORTS[name].beside]
    for there in (target, *beside):
        there.write_text("mine")
        with pytest.raises(InvalidInputError, match="is there already"):
            export(few, target, name)
        assert there.read_text() == "mine"
        if not EXPORTS[name].folder:
            export(few, target, name, overwrite=True)
            assert target.read_bytes() != b"mine"
        for one in (target, *beside):
            one.unlink(missing_ok=True)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "notes.txt").write_text("mine")
    for folder in (tmp_path / "thesis", tmp_path, Path(), Path("..")):
        with pytest.raises(InvalidInputError, match="no export replaces a folder"):
            export(few, folder, name, overwrite=True)
    assert (tmp_path / "thesis" / "notes.txt").read_text() == "mine"
    for lost, why in ((tmp_path / "nowhere" / "set", "does not exist"), (tmp_path / "file" / "set", "is no folder")):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(InvalidInputError, match=why):
            export(few, lost, name)
    assert {one.name for one in tmp_path.iterdir()} == {"thesis", "file"}


def test_who_is_named_as_sensitive_is_there(found, tmp_path):
    """An id that no record of the set has cannot be let out: it is told, and nothing is written."""
    with pytest.raises(UnknownNameError, match="No record of this set has the id 'NOPE'"):
        export(found, tmp_path / "set.csv", sensitive=["NOPE"])
    assert not [*tmp_path.iterdir()]


def made(found, name, folder):
    """An export in a format, under a name with its ending."""
    ending = (*EXPORTS[name].endings, "")[0]
    target = folder / f"set{ending}"
    export(found, target, name, sensitive=[])
    return target


@pytest.mark.parametrize("name", EXPORTS)
def test_provenance_is_carried(name, found, tmp_path):
    """Plan, weights, who searched and the ranking that left are read out of an export, and follow the schema."""
    text = EXPORTS[name].carried(made(found, name, tmp_path))
    told = provenance.read(text, "the export")
    jsonschema.validate(json.loads(text), provenance.schema())
    assert told.provenance.who == "Ann"
    assert told.provenance.weights == HashEmbedder.checkpoint
    assert told.plan == to_json(found.plan)
    assert told.left_out == {"sensitive": 1}
    assert told.hits() == tuple(hit for hit in found.ranking if hit.id != "r3")
    assert '"r3"' not in text
    assert (told.only_open, told.sensitive, told.withheld) == (False, [], 0)


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize(
    "content", [b"", b"no export at all", b"PK\x03\x04 broken", b"\xff\xfe\x00", b"{}", b"PAR1xxxxPAR1"]
)
def test_what_carries_nothing_is_refused(name, content, tmp_path):
    """A file that is no export is refused in a sentence, whatever is in it, and so is one that is not there."""
    target = tmp_path / "set"
    with pytest.raises(InvalidInputError):
        provenance.read(EXPORTS[name].carried(target), "the export")
    target.write_bytes(content)
    with pytest.raises(InvalidInputError):
        provenance.read(EXPORTS[name].carried(target), "the export")


@pytest.mark.parametrize("name", EXPORTS)
def test_a_hostile_question_is_carried_as_it_was(name, found, hostile, tmp_path):
    """What was asked for comes back letter by letter: control characters, markup, escapes of other formats."""
    asked = "".join(hostile) + "_x0041_ --> ]]> */ \\ {\\x} % # @misc{a,} \u2028 \x85 \ufffe \r\n"
    odd_plan = replace(found.plan, query=Query((Example("text", asked), Example("text", "}" * 70))))
    odd = ResultSet(odd_plan, found.trace, found.holdings, lambda: found.provenance)
    told = provenance.read(EXPORTS[name].carried(made(odd, name, tmp_path)), "the export")
    assert told.plan == to_json(odd_plan)


def test_no_id_of_a_sensitive_record_leaves(found):
    """A sensitive record is not named either: not in the question, not as one that lies behind another."""
    query = Query((Example("record", "r3"), Example("region", "0,0,1,1@r3"), Example("record", "r4")))
    plan = replace(found.plan, query=query, steps=(*found.plan.steps, Feedback(liked=("r3", "r5"))))
    happened = replace(found.trace, stacks={"r3": ("r6",), "r7": ("r3", "r8"), "r9": ("r3",), "r10": ("unknown",)})
    odd = ResultSet(plan, happened, found.holdings, lambda: found.provenance)
    text = provenance.provenance(Outgoing(odd))
    told = provenance.read(text, "the export")
    assert '"r3"' not in text
    assert "@r3" not in text
    assert told.stacks == {"r7": ["r8"]}
    assert told.withheld == 1
    assert [one["value"] for one in told.plan["query"]["examples"]] == ["(left out)", "0,0,1,1@(left out)", "r4"]
    named = provenance.read(provenance.provenance(Outgoing(odd, sensitive=frozenset({"r3"}))), "the export")
    assert named.plan == to_json(plan)
    assert named.stacks == {"r3": ["r6"], "r7": ["r3", "r8"], "r9": ["r3"]}
    assert (named.withheld, named.sensitive) == (0, ["r3"])


def test_of_a_loaded_set_no_unknown_record_is_named(found, tmp_path):
    """A set that was read from a file knows only its hits: what else its question names does not leave."""
    plan = replace(found.plan, query=Query((Example("record", "elsewhere"), Example("record", "r4"))))
    saved = ResultSet(plan, found.trace, found.holdings, lambda: found.provenance).save(tmp_path / "set.json")
    told = provenance.read(provenance.provenance(Outgoing(ResultSet.load(saved))), "the export")
    assert [one["value"] for one in told.plan["query"]["examples"]] == ["(left out)", "r4"]


def test_long_provenance_fits_a_workbook(found, tmp_path):
    """No cell holds more letters than a spreadsheet reads, and together they are what was written."""
    long = replace(found.plan, query=Query((Example("text", "long " * 20_000),)))
    export(ResultSet(long, found.trace, found.holdings, lambda: found.provenance), tmp_path / "set.xlsx")
    cells = [row[0].value for row in openpyxl.load_workbook(tmp_path / "set.xlsx")["Provenance"].iter_rows()]
    assert max(map(len, cells)) < 32_767
    assert provenance.read(EXPORTS["xlsx"].carried(tmp_path / "set.xlsx"), "it").plan == to_json(long)


def test_a_workbook_computes_nothing(found, tmp_path):
    """No cell is a formula; the header is frozen and filtered; thumbnails and links are there."""
    export(found, tmp_path / "set.xlsx", settings={"pixels": 48})
    book = openpyxl.load_workbook(tmp_path / "set.xlsx")
    sheet = book["Hits"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref
    with zipfile.ZipFile(tmp_path / "set.xlsx") as parts:
        assert any(name.startswith("xl/media/") for name in parts.namelist())
    links = [cell.hyperlink.target for row in sheet.iter_rows(min_row=2) for cell in row if cell.hyperlink]
    assert sum(link.startswith("https://example.org/") for link in links) == 499
    others = {link for link in links if not link.startswith("https://example.org/")}
    assert others == {"http://creativecommons.org/licenses/by/4.0/"}


def test_formats_are_chosen_by_name_or_ending(tmp_path, found):
    """A name goes before an ending; what chooses none is told, with what there is."""
    assert format_of(tmp_path / "a.CSV") == "csv"
    assert format_of(tmp_path / "a.csv", "jsonl") == "jsonl"
    with pytest.raises(UnknownNameError, match=r"chooses no format: name one of .*csv \(\.csv\)"):
        format_of(tmp_path / "a.doc")
    with pytest.raises(UnknownNameError, match="No export format is called 'doc'"):
        export(found, tmp_path / "a.csv", "doc")
    with pytest.raises(InvalidInputError, match="pixels must be"):
        export(found, tmp_path / "a.xlsx", settings={"pixels": 1})


@pytest.mark.parametrize("name", ["csv", "parquet", "xlsx"])
def test_a_table_of_the_columns_that_are_wanted(name, found, tmp_path):
    """Named fields and columns are those of the table, in their order, behind ranks and id; others are refused."""
    export(found, tmp_path / f"set{TABLES[name]}", settings={"fields": ["material", "title"]})
    shown = [one for one in read(name, tmp_path / f"set{TABLES[name]}").columns if one != "picture"]
    assert shown == ["rank", "plain_rank", "score", "id", "material", "title"]
    with pytest.raises(UnknownNameError, match="'nothing'"):
        export(found, tmp_path / "other", name, settings={"fields": ["nothing"]})


def test_ranks_tell_what_is_left_out(found):
    """Ranks stay those of the result set, so that a gap shows where a record was left out."""
    outgoing = Outgoing(found)
    ranks = [rank for rank, _ in outgoing]
    assert len(ranks) == 499
    assert ranks[-1] in (499, 500)
    assert set(range(1, 501)) - set(ranks) == {found.ranks["r3"]}


def test_a_result_set_exports_itself(found, tmp_path):
    """A result set's own `export` writes what the function writes, and takes what it takes."""
    told = found.export(tmp_path / "one.csv", only_open=True)
    export(found, tmp_path / "two.csv", only_open=True)
    assert told.records == 499 - told.left_out["licence"]
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def written(target):
    """What an export wrote, in pieces, with what is packed in them unpacked."""
    for file in sorted(target.rglob("*")) if target.is_dir() else sorted(target.parent.glob(f"{target.name}*")):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as parts:
                yield from (parts.read(name) for name in parts.namelist())
        elif file.is_file():
            yield file.read_bytes()


WITHOUT_RECORDS = ("trec",)
"""Formats that hold no metadata of records."""
WITHOUT_ADDRESSES = ("csv", "geojson", "jsonl", "parquet")
"""Formats whose rows hold a licence as the archive does: by the name that stands for one address."""


@pytest.mark.parametrize("name", [one for one in EXPORTS if one not in WITHOUT_RECORDS])
def test_rights_travel_with_the_records(name, few, tmp_path):
    """The licence, whose the rights are, whom to credit, and the licence's address leave in every format."""
    export(few, tmp_path / "set", name)
    parts = list(written(tmp_path / "set"))
    if name == "pdf":
        parts = [page.extract_text().encode() for page in pypdf.PdfReader(tmp_path / "set").pages]
    if name == "parquet":
        parts = [str(pd.read_parquet(tmp_path / "set")[["licence", "rights_holder", "credit"]].to_dict()).encode()]
    text = " ".join(b" ".join(parts).decode("utf-8", "replace").split())
    for said in ("CC BY 4.0", "Museum A", "Foto: Ann"):
        assert said in text or (name == "iiif" and said == "CC BY 4.0")
    if name not in WITHOUT_ADDRESSES:
        assert "creativecommons.org/licenses/by/4.0/" in text.replace(" ", "")


@pytest.mark.parametrize("name", EXPORTS)
def test_nobody_learns_whose_computer_it_was(name, few, tmp_path):
    """Nothing that an export writes, nor a saved set, names a folder of the computer it was made on."""
    folder = few[0].payload["ingested_from"].encode()
    export(few, tmp_path / "set", name)
    assert [*written(tmp_path / "set")]
    assert not any(folder in one for one in written(tmp_path / "set"))
    assert folder not in few.save(tmp_path / "set.json").read_bytes()
