"""The table of fields, and that one more row is all that one more field takes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

import ingest
from app.pages.record import metadata
from app.state import filters, read
from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.metadata.facets import facets
from archive_search.metadata.fields import FIELDS, LOCATORS, STANDARD, SYSTEM_FIELDS, YEARS
from archive_search.metadata.table import LANGUAGES, OWN, Field, plain
from archive_search.metadata.words import document
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, Match, PluginError, UnknownNameError
from ingest.mapping import field_map, targets

FABRIC = Field(
    "fabric",
    {"en": "Fabric", "da": "Gods"},
    "term",
    {"en": "fabric ware", "da": "gods"},
    facet=True,
    words=2.0,
)


def test_rows_are_whole() -> None:
    """Every field has a name, a label in five languages, and names of columns in them, unless it is made here."""
    assert len({one.name for one in FIELDS}) == len(FIELDS)
    for one in FIELDS:
        assert re.fullmatch(r"[a-z][a-z_]*", one.name), one.name
        assert set(one.label) == set(LANGUAGES), one.name
        if one.name not in ("dated_by", "colours", "rights"):
            assert set(one.columns) == set(LANGUAGES), one.name
            assert set(one.standard) & {"lido", "dc", "iiif", "csl"}, one.name


def test_names_of_columns_are_distinct() -> None:
    """No column's name stands for two fields."""
    counts = Counter(name for one in (*LOCATORS, *FIELDS) for name in one.spellings)
    assert [name for name, count in counts.items() if count > 1] == []
    assert all(name == plain(name) for name in counts)


def test_names_of_own_fields_collide_with_none() -> None:
    """No field of the table or of the pipeline begins like those that an archive adds."""
    assert [name for name in (*STANDARD, *SYSTEM_FIELDS) if name.startswith(OWN)] == []


def test_names_as_written_elsewhere() -> None:
    """A column is known with the letters of its language, with those that stand for them, and without accents."""
    spellings = STANDARD["findspot"].spellings
    assert {"lieudedécouverte", "lieudedecouverte"} <= set(spellings)
    assert {"højde", "hoejde"} <= set(STANDARD["height_mm"].spellings)


def test_the_fields_of_the_design() -> None:
    """The fields that catalogues need are there."""
    wanted = """object_id title object_type description collection creator material technique period culture
        measurements height_mm width_mm depth_mm diameter_mm weight_g date date_from date_to dated_by findspot origin
        place location licence rights_holder credit sensitive source record_url image_url language"""
    assert set(wanted.split()) <= set(STANDARD)
    assert set(YEARS) <= set(STANDARD.numbers)


def test_a_field_is_named_as_people_say() -> None:
    """A field is found by its name and by its label in any language; another name is refused with those there are."""
    assert STANDARD.named("findspot") is STANDARD.named("Find-spot") is STANDARD.named("Fundort")
    assert STANDARD.named("FUNDSTED") is STANDARD["findspot"]
    with pytest.raises(UnknownNameError, match=r"no field 'colour': is 'colours' meant\? Known: object_id, title"):
        STANDARD.named("colour")


def test_a_field_is_there_once() -> None:
    """A row whose name is taken is refused, and the table is as it was afterwards."""
    with pytest.raises(PluginError, match="'title' is there already"), STANDARD.register(STANDARD["title"]):
        pass
    assert STANDARD["title"].words == 1.0


# ------------------------------------------------------------------ one more row


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    """Four pictures and a catalogue with a column that no field of the table takes."""
    for name in "abcd":
        Image.new("RGB", (32, 32), "red").save(tmp_path / f"{name}.png")
    rows = ["file,title,Ware", "a.png,Bowl,Arretine", "b.png,Cup,Arretine; slipped", "c.png,Jar,Coarse", "d.png,Lid,"]
    (tmp_path / "records.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_one_more_row_is_one_more_field(museum: Path, tmp_path: Path) -> None:
    """A row of the table is mapped, filtered, counted, found by words, shown and exported, without other code."""
    info = EmbedderInfo("hash", 64, HashEmbedder.modalities, "hashes", "none", HashEmbedder)
    with STANDARD.register(FABRIC), EMBEDDERS.register("hash", info):
        assert "fabric" in targets()
        assert field_map(["Ware"]) == {"fabric": ("Ware",)}
        archive = Archive.create(tmp_path / "archive")
        ingest.run(archive, ingest.Folder(museum, metadata=museum / "records.csv"), embedders=["hash"])
        store = archive.store

        payload = store.points(["b.png"])[0].payload
        assert payload["fabric"] == ["Arretine", "slipped"]
        assert "extra" not in payload
        assert facets(store)["fabric"].counts == {"Arretine": 2, "Coarse": 1, "slipped": 1}
        assert facets(store)["fabric"].unknown == 1
        assert [hit.id for hit in store.matching({"slipped": 1.0}, 9)] == ["b.png"]
        assert document({"fabric": "slip"}) != document({"title": "slip"})

        found = archive.search("bowl", where={"fabric": ["Arretine", None]}, strategy="nearest")
        assert {hit.id for hit in found} == {"a.png", "b.png", "d.png"}
        assert archive.search("bowl", where={"Fabric": "Coarse"})[0].id == "c.png"
        assert '"fabric":["Arretine","slipped"]' in "".join(found.json_lines())
        assert found.to_frame().set_index("id")["fabric"]["b.png"] == "Arretine; slipped"
        assert archive.to_frame().set_index("id")["fabric"]["c.png"] == "Coarse"

        assert filters(read({"fabric": ["Coarse"]})) == (Match("fabric", ("Coarse",)),)
        assert "<th scope=row>Fabric</th><td>Arretine, slipped</td>" in metadata(payload, archive.fields)
