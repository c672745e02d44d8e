"""The columns of a museum's own as fields: found by themselves, said in archive.toml, filtered by everywhere."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import ingest
from app.pages.record import metadata
from app.state import filters, read
from archive_search.archive import Archive
from archive_search.metadata.facets import facets
from archive_search.metadata.own import OwnField
from archive_search.settings import Settings, read_settings
from archive_search.stores.edge_build import BuildStore
from archive_search.types import ArchiveError, Match, StoreError, UnknownNameError
from ingest import own_columns
from ingest.ledger import Ledger
from ingest.own_columns import MOST_FIELDS, MOST_VALUES, OwnColumns, in_shape
from ingest.pipeline import Options

STYLES = ["Ribe; plain", "Jelling", "Mammen", "Urnes"]
Museum = Callable[..., Path]


@pytest.fixture
def museum(tmp_path: Path, hashes: None) -> Museum:
    """Makes folders of pictures with a catalogue of columns, from a heading and a function of the row's number."""

    def make(name: str = "museum", rows: int = 24, **columns: Callable[[int], str]) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        lines = [",".join(["file", "title", *columns])]
        for number in range(rows):
            Image.new("RGB", (16, 16), (number, 0, len(name))).save(folder / f"{name}{number:02}.png")
            cells = (f"{name}{number:02}.png", f"Find {number}", *(one(number) for one in columns.values()))
            lines.append(",".join(cells))
        (folder / "records.csv").write_text("\n".join(lines), encoding="utf-8")
        return folder

    return make


def style(number: int) -> str:
    """A style to every picture but the last."""
    return STYLES[number % 4] if number < 23 else ""


def kind(number: int) -> str:
    """One of two kinds to every picture."""
    return ("Kniv", "Syl")[number % 2]


def bring(archive: Path, folder: Path, **more: object) -> ingest.Summary:
    """One ingest with the catalogue of a folder."""
    source = ingest.Folder(folder, metadata=folder / "records.csv")
    return ingest.run(archive, source, embedders=["hash"], **more)  # type: ignore[arg-type]


def said(archive: Path, before: str, after: str) -> None:
    """Change archive.toml as a person does."""
    file = archive / "archive.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


# ------------------------------------------------------------------ by themselves


def test_a_column_becomes_a_field_by_itself(museum: Museum, tmp_path: Path) -> None:
    """A column of styles is a field without a word in the settings: counted, filtered, found, shown and exported."""
    folder = museum(Stil=style)
    summary = bring(tmp_path / "a", folder)
    assert summary.own == {"stil": "Stil"}
    archive = Archive.open(tmp_path / "a")
    assert read_settings(archive.directory / "archive.toml").own == {"stil": OwnField("Stil", "Stil")}

    payload = archive.store.points(["museum00.png"])[0].payload
    assert payload["own_stil"] == ["Ribe", "plain"]
    assert "extra" not in payload
    counted = facets(archive.store)["own_stil"]
    assert counted.counts == {"Jelling": 6, "Mammen": 6, "Ribe": 6, "plain": 6, "Urnes": 5}
    assert counted.unknown == 1
    assert "own_stil" in archive.store.fields.terms
    assert len(archive.store.matching({"jelling": 1.0}, 99)) == 6

    found = archive.search("find", where={"stil": ["Jelling", None]}, strategy="nearest")
    assert len(found) == 7
    assert len(archive.search(where={"Stil": "Urnes"})) == 5
    assert found.to_frame()["stil"].notna().sum() == 6
    assert archive.to_frame(where={"stil": "Ribe"}).set_index("id")["stil"]["museum00.png"] == "Ribe; plain"
    assert '"own_stil":"Jelling"' in "".join(found.json_lines())
    found.export(tmp_path / "found.csv")
    assert (tmp_path / "found.csv").read_text(encoding="utf-8-sig").splitlines()[0].endswith("stil")
    found.export(tmp_path / "found.html", settings={"fields": ["stil"], "pictures": "none"})
    page = (tmp_path / "found.html").read_text(encoding="utf-8").partition("<script")[0]
    assert "Jelling or unknown" in page
    assert "own_stil" not in page
    assert filters(read({"own_stil": ["Jelling"]})) == (Match("own_stil", ("Jelling",)),)
    assert "<th scope=row>Stil</th><td>Ribe, plain</td>" in metadata(payload, archive.fields)


def test_again_changes_nothing(museum: Museum, tmp_path: Path) -> None:
    """The ingest after the one that made fields finds every record unchanged and publishes nothing."""
    folder = museum(Stil=style)
    bring(tmp_path / "a", folder)
    again = bring(tmp_path / "a", folder)
    assert (again.unchanged, again.relabelled, again.published, again.own) == (24, 0, False, {})


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Fabric", lambda n: "Athenian"),
        ("Antal", lambda n: str(n % 3)),
        ("Fundet", lambda n: f"19{n % 3}0-01-01"),
        ("Rum", lambda n: f"A{n % 3}12"),
        ("Udstillet", lambda n: ("ja", "nej")[n % 2]),
        ("Noter", lambda n: ("En lang bemærkning om fundet. " * 4, "Og en anden af samme slags. " * 4)[n % 2]),
        ("Henvisning", lambda n: f"https://example.org/{n % 2}"),
        ("Billedsti", lambda n: ("static/img/a.jpg", "static/img/b.jpg")[n % 2]),
        ("Guid", lambda n: ("1565bfd2-ac47-4fea-9cd9-aaaaaaaaaaaa", "a565bfd2-ac47-4fea-9cd9-aaaaaaaaaaaa")[n % 2]),
        ("Finder", lambda n: f"Person {'abcdefgh'[n % 8]}"),
        ("Mrk", lambda n: ("", "Ribe", "Urnes")[n % 3] if n < 9 else ""),
        ("Unika", lambda n: f"Ting {chr(97 + n)}"),
        ("Næsten altid", lambda n: "Almindelig; Sjælden" if n < 2 else "Almindelig"),
        ("En gang", lambda n: "Sjælden" if n == 3 else "Almindelig"),
    ],
)
def test_what_sorts_nothing_is_no_field(
    museum: Museum, tmp_path: Path, heading: str, cell: Callable[[int], str]
) -> None:
    """One value, numbers, dates, codes, yes and no, sentences, links, file names, ids, too many, too few: no field."""
    folder = museum(**{heading: cell})
    assert bring(tmp_path / "a", folder).own == {}
    assert Archive.open(tmp_path / "a").store.points(["museum03.png"])[0].payload.get("extra", {}).keys() <= {heading}


def test_only_so_many_fields_come_by_themselves(museum: Museum, tmp_path: Path) -> None:
    """Of many columns that sort the records the best filled become fields, and no more than people would read."""
    columns = {
        f"Kolonne {chr(97 + at)}": lambda n, at=at: ("Ribe", "Urnes")[n % 2] if n >= at else "" for at in range(10)
    }
    summary = bring(tmp_path / "a", museum(**columns))
    assert list(summary.own) == [f"kolonne_{chr(97 + at)}" for at in range(MOST_FIELDS)]


def test_names_of_fields(museum: Museum, tmp_path: Path) -> None:
    """A field is called as its column is, in plain letters, unless another field is called so."""
    columns = dict.fromkeys(["Værksted", "artistStyle", "hubness", "Stil/Periode", "stil_periode"], style)
    archive = tmp_path / "a"
    assert bring(archive, museum(**columns)).own == {
        "vaerksted": "Værksted",
        "artist_style": "artistStyle",
        "hubness_column": "hubness",
        "stil_periode": "Stil/Periode",
        "stil_periode_2": "stil_periode",
    }
    fields = Archive.open(archive).fields
    assert [fields.said(f"own_{one}") for one in ("artist_style", "stil_periode")] == ["Artist Style", "Stil/Periode"]
    assert len(Archive.open(archive).search(where={"Værksted": "Urnes"})) == 5


def test_what_is_counted_is_bounded() -> None:
    """Of a column with ever other values no more are kept than a field may have."""
    own = OwnColumns(settle=lambda found: (found, None))  # type: ignore[arg-type, return-value]
    for number in range(5000):
        own.shape({"extra": {"Sag": "abc" + "".join(chr(97 + int(one)) for one in str(number)), f"k{number}": "Ribe"}})
    assert all(len(one.values or ()) <= MOST_VALUES for one in own._columns.values())
    assert len(own._columns) <= 500


@pytest.fixture
def rewritten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the records that get other fields when an ingest ends; what becomes fields is guessed after eight."""
    monkeypatch.setattr(own_columns, "_LOOKED_AT", (8, 20))
    monkeypatch.setattr(own_columns, "_FILLED", 4)
    ids: list[str] = []
    reached = BuildStore.set_payload

    def noted(self: BuildStore, some: Any, payloads: Any) -> None:
        before = {one.id: own_keys(one.payload) for one in self.points(some)}
        ids.extend(one for one, said in zip(some, payloads, strict=True) if before[one] != own_keys(said))
        reached(self, some, payloads)

    monkeypatch.setattr(BuildStore, "set_payload", noted)
    return ids


def own_keys(payload: Any) -> list[str]:
    """The fields of the archive's own that a record has."""
    return [key for key in payload if key.startswith("own_")]


def payloads(archive: Path) -> dict[str, Any]:
    """What every record holds, but for where it came from."""
    scanned = Archive.open(archive).store.scan()
    return {one.id: {key: one.payload[key] for key in one.payload if key != "ingested_from"} for one in scanned}


def test_few_records_of_a_first_ingest_are_written_twice(museum: Museum, tmp_path: Path, rewritten: list[str]) -> None:
    """Records have the fields already that the ingest will end with; only those before the first look have not."""
    folder = museum(Stil=kind)
    assert bring(tmp_path / "a", folder, options=Options(batch=2, threads=1)).own == {"stil": "Stil"}
    assert len(rewritten) == 7
    archive = Archive.open(tmp_path / "a")
    assert facets(archive.store)["own_stil"].counts["Kniv"] == 12
    assert archive.store.holding("kniv") == 12
    assert bring(tmp_path / "a", folder).unchanged == 24


def test_a_field_that_was_guessed_and_is_none(museum: Museum, tmp_path: Path, rewritten: list[str]) -> None:
    """A column that only began like one that sorts the records stays a column, in every record."""
    folder = museum(Stil=kind, Kasse=lambda n: "AB"[n % 2] if n < 12 else "Kasse " + "abcdefghijklmnopq"[n - 12 :])
    assert bring(tmp_path / "a", folder).own == {"stil": "Stil"}
    found = payloads(tmp_path / "a")
    assert {one["extra"]["Kasse"] for one in found.values()} >= {"A", "B"}
    assert not any("own_kasse" in one for one in found.values())
    assert Archive.open(tmp_path / "a").store.holding("syl") == 12


def test_an_ingest_with_a_guess_that_is_killed(
    museum: Museum, tmp_path: Path, rewritten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written with guessed fields before a kill, and is made anew from the log, is what it would have been."""
    folder, count = museum(Stil=kind), 0
    reached = BuildStore.upsert

    def failing(self: BuildStore, points: Any) -> None:
        nonlocal count
        count += len(points)
        if count > 14:
            raise StoreError("the disk is gone")
        reached(self, points)

    with monkeypatch.context() as broken:
        broken.setattr(BuildStore, "upsert", failing)
        with pytest.raises(StoreError, match="the disk is gone"):
            bring(tmp_path / "a", folder, options=Options(batch=1, threads=1, keep_s=0))
    (tmp_path / "a" / "index" / "gen-000001.json").unlink()  # as a kill leaves it
    assert bring(tmp_path / "a", folder).own == {"stil": "Stil"}
    assert len(rewritten) == 7
    bring(tmp_path / "b", folder)
    assert payloads(tmp_path / "a") == payloads(tmp_path / "b")
    assert [Archive.open(tmp_path / one).store.holding("kniv") for one in "ab"] == [12, 12]


def test_a_stopped_ingest_decides_nothing(museum: Museum, tmp_path: Path) -> None:
    """An ingest that was stopped makes no fields; the one that goes on and comes to the end does, of all records."""
    folder, stop = museum(Stil=style), threading.Event()

    def halt(progress: object) -> None:
        stop.set()

    stopped = bring(tmp_path / "a", folder, stop=stop, on_progress=halt, options=Options(batch=4))
    assert stopped.stopped
    assert stopped.own == {}
    assert bring(tmp_path / "a", folder).own == {"stil": "Stil"}
    assert facets(Archive.open(tmp_path / "a").store)["own_stil"].unknown == 1


def test_an_ingest_that_fails_while_it_makes_a_field(
    museum: Museum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the store fails halfway through, nothing is published; the next ingest gives every record its field."""
    folder, count = museum(Stil=style), 0
    reached = own_columns.in_shape

    def failing(*of: Any) -> dict[str, Any]:
        nonlocal count
        count += len(of) > 2  # what is stored already, and is brought into another shape
        if count > 12:
            raise StoreError("the disk is gone")
        return reached(*of)

    monkeypatch.setattr(own_columns, "in_shape", failing)
    with pytest.raises(StoreError, match="the disk is gone"):
        bring(tmp_path / "a", folder)
    assert Archive.open(tmp_path / "a").generation is None
    monkeypatch.undo()
    assert bring(tmp_path / "a", folder).published
    assert facets(Archive.open(tmp_path / "a").store)["own_stil"].unknown == 1


def test_an_index_that_goes_back(museum: Museum, tmp_path: Path) -> None:
    """Where the generation that made a field is damaged, the next ingest gives the records of the one before theirs."""
    archive, folder = tmp_path / "a", museum(rows=8, Stil=style)
    assert bring(archive, folder).own == {}
    folder = museum(Stil=style)
    assert bring(archive, folder).own == {"stil": "Stil"}
    shutil.rmtree(archive / "index" / "gen-000002" / "segments")
    bring(archive, folder)
    opened = Archive.open(archive)
    assert facets(opened.store)["own_stil"].unknown == 1
    assert not any("extra" in point.payload for point in opened.store.scan())


# ------------------------------------------------------------------ as a person says


def test_what_a_person_wrote_is_never_overruled(museum: Museum, tmp_path: Path) -> None:
    """A field that was switched off stays off, a label that was changed stays changed, also when metadata change."""
    archive, folder = tmp_path / "a", museum(Stil=style)
    bring(archive, folder)
    said(archive, 'label = "Stil"', 'label = { en = "Style", da = "Stilart" }')
    said(archive, "facet = true", "facet = false")
    museum(Stil=lambda n: STYLES[(n + 1) % 4])
    assert bring(archive, folder).own == {}
    opened = Archive.open(archive)
    assert opened.settings.own["stil"] == OwnField("Stil", {"en": "Style", "da": "Stilart"}, facet=False)
    assert "own_stil" not in facets(opened.store)
    assert opened.fields["own_stil"].said("da") == "Stilart"
    assert len(opened.search(where={"Style": "Jelling"})) == 6


def test_fields_that_come_stand_behind_those_that_are_there(museum: Museum, tmp_path: Path) -> None:
    """A column that appears later becomes a field as well, behind those there are."""
    bring(tmp_path / "a", museum(Stil=style))
    assert bring(tmp_path / "a", museum(Stil=style, Art=lambda n: ("Kniv", "Syl")[n % 2])).own == {"art": "Art"}
    archive = Archive.open(tmp_path / "a")
    assert list(archive.settings.own) == ["stil", "art"]
    assert list(facets(archive.store, fields=archive.fields.facets))[-2:] == ["own_stil", "own_art"]


def test_fields_that_a_person_chose(museum: Museum, tmp_path: Path) -> None:
    """Sections written beforehand make fields of any column and kind, also of one that another field would take."""
    own = {
        "count": OwnField("Antal", "How many", "number", facet=False, words=0.0),
        "heading": OwnField(("Mangler", "title"), kind="text", facet=False),
    }
    archive = Archive.create(tmp_path / "a", Settings("a", own=own))
    bring(archive.directory, museum(Antal=lambda n: str(n)))
    assert archive.store.ends("own_count") == (0, 23)
    assert len(archive.search(where={"count": "5..7"})) == 3
    payload = archive.store.points(["museum05.png"])[0].payload
    assert (payload["own_heading"], payload["own_count"], payload.get("title")) == ("Find 5", 5, None)


def test_sections_that_come_later_hold_for_all_records(museum: Museum, tmp_path: Path) -> None:
    """A section added, changed or removed holds after the next ingest for every record, of other folders as well."""
    archive, other = tmp_path / "a", museum("other", Ware=style, Antal=str)
    bring(archive, other)
    bring(archive, museum(Antal=str))
    said(archive, "[fields.own.ware]", '[fields.own.gods]\ncolumn = "Antal"\nkind = "number"\n\n[fields.own.ware]')
    again = bring(archive, museum(Antal=str))
    assert (again.unchanged, again.relabelled, again.published) == (24, 0, True)
    opened = Archive.open(archive)
    assert opened.store.ends("own_gods") == (0, 23)
    assert sum(facets(opened.store)["own_ware"].counts.values()) == 29
    payload = opened.store.points(["other00.png"])[0].payload
    assert (payload["own_gods"], payload["own_ware"]) == (0, ["Ribe", "plain"])

    said(archive, '[fields.own.gods]\ncolumn = "Antal"', '[fields.own.gods]\ncolumn = "Andet"')
    said(archive, 'column = "Ware"', 'column = "Andet"')
    bring(archive, museum(Antal=str))
    payload = Archive.open(archive).store.points(["other00.png"])[0].payload
    assert payload["extra"] == {"Antal": "0", "Ware": "Ribe; plain"}
    assert not [key for key in payload if key.startswith("own_")]


def test_a_change_is_not_lost_with_the_ledger(museum: Museum, tmp_path: Path) -> None:
    """Where the ledger was lost, the records of all folders have their fields again after the next ingest."""
    archive, folder = tmp_path / "a", museum(Ware=style)
    bring(archive, folder)
    bring(archive, museum("other", Antal=str))
    for file in archive.glob("ledger.sqlite*"):
        file.unlink()
    said(archive, "words = 1.0", "words = 0.0")
    bring(archive, folder)
    opened = Archive.open(archive)
    assert sum(facets(opened.store)["own_ware"].counts.values()) == 29
    assert opened.store.matching({"jelling": 1.0}, 9) == ()
    with Ledger(archive / "ledger.sqlite") as ledger:
        assert json.loads(ledger.own or "")["mixed"] is False


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[fields.own.title]\ncolumn = 'T'", "'title' is a field of every archive"),
        ("[fields.own.style]\nfacet = true", r"\[fields\.own\.style\].*column"),
        ("[fields.own.style]\ncolumn = ''", "needs the name of a column"),
        ("[fields.own.style]\ncolumn = 'S'\nkind = 'colour'", r"\[fields\.own\.style\]: kind"),
        ("[fields.own.style]\ncolumn = 'S'\nfacets = true", "no field 'facets'. Known: column, label, kind, facet"),
        ("[fields.own.style]\ncolumn = 'S'\nwords = -1", "words must be between 0"),
        ("[fields.own.'a b']\ncolumn = 'S'", "letters, digits and _ only"),
    ],
)
def test_wrong_sections_are_refused(tmp_path: Path, section: str, message: str) -> None:
    """A section that cannot be is refused by its name, with what is possible."""
    (tmp_path / "archive.toml").write_text(f"name = 'x'\n{section}", encoding="utf-8")
    with pytest.raises(ArchiveError, match=message):
        Archive.open(tmp_path)


def test_settings_with_own_fields_survive_the_file(tmp_path: Path) -> None:
    """Mapping and fields of its own are read back as they were written."""
    own = {"style": OwnField(("Stil", "Style"), {"en": "Style", "da": "Stil"}, "text", False, 2.5), "b": OwnField("B")}
    archive = Archive.create(tmp_path / "a", Settings("x", fields={"title": "Titel"}, own=own))
    assert Archive.open(archive.directory).settings == archive.settings
    with pytest.raises(UnknownNameError, match="no field 'stile'"):
        archive.fields.named("stile")


def test_an_open_archive_follows_its_settings(museum: Museum, tmp_path: Path) -> None:
    """An archive that is open while a person switches a field off stops offering it."""
    bring(tmp_path / "a", museum(Stil=style))
    archive = Archive.open(tmp_path / "a")
    assert "own_stil" in facets(archive.store)
    said(archive.directory, "facet = true", "facet = false")
    assert "own_stil" not in facets(archive.store)


# ------------------------------------------------------------------ laws

WORDS = st.from_regex("[abcæøå]{1,4}( [abcæøå]{1,4})?", fullmatch=True)
TERMS = st.lists(WORDS, min_size=1, max_size=3, unique=True).map("; ".join)
OWNS = st.dictionaries(
    st.sampled_from(["x", "y", "z"]),
    st.builds(OwnField, st.sampled_from(["A", "B", "C"]), kind=st.sampled_from(["term", "text", "place", "id"])),
)


@given(st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), TERMS), OWNS, OWNS)
def test_shapes_lose_nothing(extra: dict[str, str], first: dict[str, OwnField], then: dict[str, OwnField]) -> None:
    """A record brought from one set of fields to another is as if it had had the other at once, and back again."""
    payload = {"title": "t", **({"extra": extra} if extra else {})}
    once = in_shape(payload, first)
    assert in_shape(once, first) == once
    assert in_shape(once, {}, first) == payload
    columns = [one.column for one in then.values()]
    if len(set(columns)) == len(columns):
        assert in_shape(once, then, first) == in_shape(payload, then)
