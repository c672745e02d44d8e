"""A collection as a result set, and as it leaves."""

import json

import pandas as pd
import pytest

from archive_search.archive import Archive
from archive_search.exporting import EXPORTS, export
from archive_search.plan import from_json
from archive_search.rerun import rerun
from archive_search.results import ResultSet
from archive_search.settings import Settings
from archive_search.stores.file_copy import copy_tree
from archive_search.types import Point
from archive_search.workspace.chosen_remarks import REMARKS, in_language
from archive_search.workspace.chosen_set import chosen_set
from archive_search.workspace.collections import Collections
from archive_search.workspace.items import item


def published(archive: Archive, **payloads: dict) -> None:
    """Publish these records, and no others."""
    build = archive.index.begin({"own": 2})
    gone = [one for one in (build.store.ids() if archive.generation else ()) if one not in payloads]
    build.store.delete(gone)
    build.store.upsert([Point(one, {"own": [1.0, 0.0]}, {"id": one, **payload}) for one, payload in payloads.items()])
    build.publish()


@pytest.fixture(scope="module")
def museum(tmp_path_factory):
    """An archive of four records, one of them sensitive, one closed; only copied."""
    made = Archive.create(tmp_path_factory.mktemp("museum") / "a", Settings("Museum", languages=("en",)))
    published(
        made,
        a={"title": "Axe", "licence": "CC0", "extra": {"finder": "A. Finder"}},
        b={"title": "=BEAD()", "licence": "CC0"},
        c={"title": "Comb", "licence": "All rights reserved"},
        s={"title": "Skull", "licence": "CC0", "sensitive": "yes"},
    )
    return made.directory


@pytest.fixture
def archive(museum, tmp_path):
    """A copy of it."""
    return Archive.open(copy_tree(museum, tmp_path / "a"))


@pytest.fixture
def kept(archive):
    """Ann's collection of all of them, in an order of her own."""
    kept = Collections(archive.workspace, "ann")
    kept.create("finds")
    kept.add("finds", ["c", item("b", (0, 0, 0.5, 0.5)), "b", item("a", (0.1, 0.2, 0.3, 0.4)), "s"], archive.store)
    kept.note("finds", "=cmd|' /C calc'!A0", on=item("a", (0.1, 0.2, 0.3, 0.4)))
    kept.note("finds", "left one", on=item("b", (0, 0, 0.5, 0.5)))
    kept.tag("finds", ["blue", "small"], ["b"])
    kept.star("finds", ["c"])
    kept.note("finds", "for the paper")
    return kept


def test_a_collection_is_a_chosen_set(archive, kept):
    """Each record is there once, in the order of people, with what they wrote; it says that it is no ranking."""
    found = chosen_set(archive, kept.get("finds"), who="ann")
    assert [(hit.id, hit.score) for hit in found] == [("c", 0), ("b", 0), ("a", 0), ("s", 0)]
    frame = found.to_frame().set_index("id")
    assert frame.loc["b", "collected_note"] == "[0,0,0.5,0.5] ann: left one"
    assert frame.loc["b", "collected_tags"] == "blue; small"
    assert frame.loc["b", "collected_part"] == "0,0,0.5,0.5"
    assert frame.loc["c", "collected_star"]
    assert frame.loc["a", "finder"] == "A. Finder"
    assert found[2].box == (0.1, 0.2, 0.3, 0.4)
    assert "the collection 'finds', chosen by ann" in found.trace.remarks[0]
    assert "no ranking" in found.trace.remarks[0]
    assert "for the paper" in found.trace.remarks[1]
    assert (found.provenance.strategy, found.provenance.weights, found.provenance.who) == ("", "", "ann")


def test_it_is_saved_and_repeated(archive, kept, tmp_path):
    """It is saved and read again; its plan gives the same records in the same order."""
    found = chosen_set(archive, kept.get("finds"))
    again = ResultSet.load(found.save(tmp_path / "set.json"))
    assert [*again] == [*found]
    assert [hit.id for hit in archive.answer(again.plan)] == [hit.id for hit in found]


def test_an_empty_collection_is_an_empty_set(archive, kept):
    """A collection of nothing is a set of nothing."""
    kept.create("nothing")
    found = chosen_set(archive, kept.get("nothing"))
    assert [*found] == []
    assert [*archive.answer(found.plan)] == []


def test_what_has_vanished_is_in_it(archive, kept):
    """A record that is gone has its last title and says so; what was sensitive still is."""
    kept.see(archive.store)
    published(archive, b={"title": "=BEAD()"})
    found = chosen_set(archive, kept.get("finds"))
    frame = found.to_frame().set_index("id")
    assert list(frame["title"]) == ["Comb", "=BEAD()", "Axe", "Skull"]
    assert frame["collected_gone"].fillna(False).to_dict() == {"c": True, "b": False, "a": True, "s": True}
    assert frame.loc["s", "sensitive"] == "yes"
    assert found.trace.remarks[-1] == "No longer in the archive: 3 of its records."
    assert (found.trace.stages[0].kept, found.trace.stages[0].of) == (1, 4)


@pytest.mark.parametrize("gone", [False, True])
def test_what_must_not_leave_does_not(archive, kept, tmp_path, gone):
    """Sensitive records stay unless they are named, also when they have vanished; no file tells of them."""
    if gone:
        published(archive, c={"title": "Comb", "licence": "All rights reserved"})
    found = chosen_set(archive, kept.get("finds"))
    told = export(found, tmp_path / "set.jsonl")
    assert (told.records, told.left_out) == (3, {"sensitive": 1})
    assert "Skull" not in told.target.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in told.target.read_text(encoding="utf-8").split("\n") if line]
    assert lines[0]["plan"]["steps"][0]["ids"] == ["c", "b", "a"]
    assert lines[0]["withheld"] == 0
    again = export(archive.answer(from_json(lines[0]["plan"])), tmp_path / "again.jsonl")
    assert again.records == (1 if gone else 3)
    if not gone:
        assert rerun(archive, told.target).same  # what was kept back does not keep the others from being found again
    assert export(found, tmp_path / "named.jsonl", sensitive=["s"]).records == 4
    open_only = export(found, tmp_path / "open.jsonl", only_open=True)
    assert open_only.left_out == {"sensitive": 1, "licence": 3 if gone else 1}


def test_notes_and_tags_are_columns(archive, kept, tmp_path):
    """In a table what people wrote stands in columns, and no note is run by a spreadsheet."""
    told = export(chosen_set(archive, kept.get("finds")), tmp_path / "set.csv")
    frame = pd.read_csv(told.target, dtype=str, keep_default_na=False).set_index("id")
    assert list(frame.index) == ["c", "b", "a"]
    assert frame.loc["b", "collected_tags"] == "blue; small"
    assert frame.loc["a", "collected_note"] == "ann: =cmd|' /C calc'!A0"
    unnamed = Collections(archive.workspace)
    unnamed.note("finds", "=1+1", on="c")
    told = export(chosen_set(archive, kept.get("finds")), tmp_path / "set.csv", overwrite=True)
    frame = pd.read_csv(told.target, dtype=str, keep_default_na=False).set_index("id")
    assert frame.loc["c", "collected_note"] == "'=1+1"


@pytest.mark.parametrize("name", EXPORTS)
def test_every_format_takes_it(archive, kept, tmp_path, name):
    """Each format writes a collection whole, with records that are gone in it."""
    published(archive, b={"title": "=BEAD()", "licence": "CC0"})
    kind = EXPORTS[name]
    target = tmp_path / f"set{kind.endings[0] if kind.endings else ''}"
    assert export(chosen_set(archive, kept.get("finds")), target, name).records == 3


def test_its_citation_says_who_chose_it(archive, kept, tmp_path):
    """It is called no search: it was chosen by hand, by those who chose it, whoever exports it."""
    Collections(archive.workspace, "bo").note("finds", "more", on="c")
    found = chosen_set(archive, kept.get("finds"), who="eve")
    export(found, tmp_path / "set.csl.json")
    item = json.loads((tmp_path / "set.csl.json").read_text(encoding="utf-8"))[0]
    assert item["title"] == "finds: Records chosen by hand, Museum"
    assert item["genre"] == "Records chosen by hand"
    assert item["author"] == [{"literal": "ann"}, {"literal": "bo"}]
    assert "Chosen by hand by: ann, bo" in item["note"]
    export(found, tmp_path / "set.html", settings={"language": "da"})
    page = (tmp_path / "set.html").read_text(encoding="utf-8")
    assert "<span>Poster valgt i hånden</span>" in page
    assert "Valgt i hånden af" in page
    assert "Søgekatalog" not in page
    export(found, tmp_path / "crate", "ro-crate")
    crate = json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    parts = {one["@id"]: one for one in crate["@graph"]}
    assert [parts[one["@id"]]["name"] for one in parts["./"]["author"]] == ["ann", "bo"]


def test_what_it_says_of_itself_is_in_danish_too(archive, kept, tmp_path):
    """Every remark of a collection is in the language of the export, with the words of people as they are."""
    kept.tag("finds", ["axes"])
    kept.note("finds", "two\nlines")
    kept.see(archive.store)
    published(archive, b={"title": "=BEAD()"})
    found = chosen_set(archive, kept.get("finds"))
    assert len(found.trace.remarks) == 4
    assert all(in_language(one, "en") == one for one in found.trace.remarks)
    export(found, tmp_path / "set.html", settings={"language": "da"})
    page = (tmp_path / "set.html").read_text(encoding="utf-8").partition('<script type="application/json"')[0]
    for said in (
        "Dette er samlingen &#39;finds&#39;, valgt af ann, som den var den 20",
        *("Note om det hele: ann: two\nlines", "Mærker for det hele: axes", "3 af dens poster er ikke længere"),
    ):
        assert said in page
    assert not [one for one in ("This is the collection", "of the whole", "på engelsk") if one in page]
    assert in_language("In the catalogue 20 records say 'axe'.", "da") == ""


def test_every_remark_is_in_both_languages():
    """What is said in one language is said in the other, of as many things."""
    assert set(REMARKS["en"]) == set(REMARKS["da"])
    for kind, said in REMARKS["en"].items():
        assert said.count("{}") == REMARKS["da"][kind].count("{}"), kind


def test_a_part_that_a_person_chose_is_called_so(archive, kept, tmp_path):
    """In IIIF the part of a picture is the chosen one, and nothing is said of what fits best."""
    export(chosen_set(archive, kept.get("finds")), tmp_path / "set", "iiif")
    text = (tmp_path / "set" / "manifest.json").read_text(encoding="utf-8")
    assert '"value": "Chosen part"' in text
    assert "fits best" not in text


def test_a_plan_names_no_record_of_which_nothing_is_known(archive, kept, tmp_path):
    """Where a set's plan is run after a record has vanished, its id leaves in no file: it may have been sensitive."""
    plan = chosen_set(archive, kept.get("finds")).plan
    published(archive, a={"title": "Axe"})
    told = export(archive.answer(plan), tmp_path / "set.jsonl")
    head = json.loads(told.target.read_text(encoding="utf-8").partition("\n")[0])
    assert head["plan"]["steps"][0]["ids"] == ["a"]
