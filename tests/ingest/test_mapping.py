"""Which columns fill which field, and what one row becomes."""

from __future__ import annotations

from typing import Any

import pytest

from archive_search.metadata.dates.periods import periods_of
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.table import Field
from archive_search.types import InvalidInputError, MetadataError, UnknownNameError
from ingest.mapping import dated_anew, field_map, fields_of, parse_pairs, text_of


def made(cells: dict[str, Any], *pairs: str) -> dict[str, Any]:
    """The fields of a row under the mapping that its columns suggest, but for these pairs."""
    return fields_of(cells, field_map(tuple(cells), parse_pairs(pairs)))


def test_pairs() -> None:
    """Pairs are read in order; a field named twice takes both columns, one without a column takes none."""
    assert parse_pairs(["title=Titel", "place = Sogn", "place=Amt", "id="]) == {
        "title": ("Titel",),
        "place": ("Sogn", "Amt"),
        "id": (),
    }
    assert parse_pairs(["title=a=b"]) == {"title": ("a=b",)}


def test_wrong_pairs() -> None:
    """A pair without `=`, or of a field that does not exist, is refused with what would be right."""
    with pytest.raises(InvalidInputError, match="field=column, such as title=Titel; got 'Titel'"):
        parse_pairs(["Titel"])
    with pytest.raises(UnknownNameError, match=r"no field 'colour' to map to\. Known: id, file, object_id, title"):
        parse_pairs(["colour=Farve"])
    with pytest.raises(UnknownNameError, match="no field 'colour'"):
        field_map(["Farve"], {"colour": ("Farve",)})


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Titel", "title"),
        ("TITLE", "title"),
        ("Inventarnr.", "object_id"),
        ("accession_number", "object_id"),
        ("accessionNumber", "object_id"),
        ("Objektnummer", "object_id"),
        ("Genstand", "object_type"),
        ("Object Name", "object_type"),
        ("Materiale", "material"),
        ("materials", "material"),
        ("Teknik", "technique"),
        ("Periode", "period"),
        ("Zeitstellung", "period"),
        ("Kultur", "culture"),
        ("Findested", "findspot"),
        ("find-spot", "findspot"),
        ("Fundort", "findspot"),
        ("Lieu de découverte", "findspot"),
        ("Vindplaats", "findspot"),
        ("country_of_origin", "origin"),
        ("Country", "place"),
        ("Standort", "location"),
        ("N° inventaire", "object_id"),
        ("Inventarisnummer", "object_id"),
        ("Matière", "material"),
        ("Kuenstler", "creator"),
        ("Bredde", "width_mm"),
        ("credit_line", "credit"),
        ("Rettighedshaver", "rights_holder"),
        ("human remains", "sensitive"),
        ("imageURL", "image_url"),
        ("Année", "date"),
        ("Beskrivelse", "description"),
        ("Datering", "date"),
        ("År", "date"),
        ("date_start", "date_from"),
        ("objectEndDate", "date_to"),
        ("Rights", "licence"),
        ("source_url", "record_url"),
        ("Filnavn", "file"),
        ("Record ID", "id"),
    ],
)
def test_resembling(column: str, field: str) -> None:
    """Columns of English, Danish, German, French and Dutch museums are known by their names, however written."""
    assert field_map([column]) == {field: (column,)}


def test_explicit_holds() -> None:
    """An explicit mapping holds, takes its column from other fields, and can leave a field empty."""
    columns = ["Title", "Caption", "Materiale", "Sogn"]
    assert field_map(columns, {"title": ("Caption",)}) == {"title": ("Caption",), "material": ("Materiale",)}
    assert field_map(columns, {"description": ("Title",), "material": ()}) == {
        "description": ("Title",),
        "title": ("Caption",),
    }


def test_missing_column() -> None:
    """A mapped column that does not exist is refused with those that do."""
    with pytest.raises(MetadataError, match=r"title is mapped to a column 'Titel', .* Columns: Navn, Sted\."):
        field_map(["Navn", "Sted"], {"title": ("Titel",)})


def test_likeliest_first() -> None:
    """For a text the likelier column comes first and others stand in; a facet takes the likeliest only."""
    assert field_map(["caption", "title"])["title"] == ("title", "caption")
    assert field_map(["country", "place"]) == {"place": ("place",)}


def test_a_known_licence_is_called_by_its_name() -> None:
    """Whatever a museum writes of one licence is one value; what it wrote is kept. What is not known stays."""
    written = [
        "http://creativecommons.org/licenses/by-sa/4.0/",
        "Attribution-ShareAlike 4.0 International",
        "cc-by-sa 4.0",
    ]
    for one in written:
        assert made({"Licence": one}) == {"licence": "CC BY-SA 4.0", "rights": one}
    assert made({"Licence": "CC BY-SA 4.0"}) == {"licence": "CC BY-SA 4.0"}
    assert made({"Licence": "All rights reserved"}) == {"licence": "All rights reserved"}


def test_first_filled() -> None:
    """The first filled column makes a text; what was not used stays verbatim in `extra`."""
    assert made({"title": "Axe", "caption": "Fig. 1"}) == {"title": "Axe", "extra": {"caption": "Fig. 1"}}
    assert fields_of({"caption": "Fig. 1"}, {"title": ("title", "caption")}) == {"title": "Fig. 1"}


def test_description() -> None:
    """Several columns of a description become its paragraphs."""
    found = made({"a": "Thin.", "b": "Broken."}, "description=a", "description=b")
    assert found == {"description": "Thin.\n\nBroken."}


def test_facets() -> None:
    """A facet is split at semicolons and bars, never at commas; one term is a text, several a list without repeats."""
    assert made({"material": "wood; silver|glass;; wood"}) == {"material": ["wood", "silver", "glass"]}
    assert made({"material": "wood, silver"}) == {"material": "wood, silver"}
    assert made({"period": "Bronze Age, early (?)"})["period"] == "Bronze Age, early (?)"
    assert made({"material": ["wood", "silver; gilt"]}) == {"material": ["wood", "silver", "gilt"]}
    assert made({"Sogn": "Lejre", "Land": "Danmark"}, "place=Sogn", "place=Land") == {"place": ["Lejre", "Danmark"]}
    assert made({"title": "Axe; broken"}) == {"title": "Axe; broken"}


def test_texts_from_data() -> None:
    """A list in a text field is joined; of an object its label or name is taken, or else all of it."""
    assert text_of(["a", "b"]) == "a; b"
    assert text_of({"id": "1", "label": "Bronze"}) == "Bronze"
    assert text_of({"x": "æ"}) == '{"x": "æ"}'
    assert made({"material": [{"name": "wood"}, {"name": "silver"}]}) == {"material": ["wood", "silver"]}


def test_extra() -> None:
    """Columns without a field are kept verbatim; those named as left out are not."""
    cells = {"Titel": "Økse", "Hylde": "7 b", "tags": ["a", "b"], "fil": "a.jpg"}
    found = fields_of(cells, field_map(tuple(cells)), without=["fil"])
    assert found == {"title": "Økse", "extra": {"Hylde": "7 b", "tags": ["a", "b"]}}


def test_places_are_told_apart() -> None:
    """Where it was found, where it was made, where it is now, and a place of which nobody says which, are four."""
    cells = {"Findested": "Ribe", "Herkunft": "Rhineland", "Land": "Danmark", "museum": "Sydvestjyske Museer"}
    assert made(cells) == {
        "findspot": "Ribe",
        "origin": "Rhineland",
        "place": "Danmark",
        "location": "Sydvestjyske Museer",
    }


def test_numbers_and_flags() -> None:
    """A number is read with point or comma, a flag is "yes" or nothing; what cannot be read stays verbatim."""
    beads = Field("beads", {"en": "Beads"}, "number", {"en": "beads"})
    with STANDARD.register(beads):
        assert made({"beads": "12,5", "human_remains": "Ja"}) == {"beads": 12.5, "sensitive": "yes"}
        assert made({"beads": "many", "sensitive": "no"}) == {"extra": {"beads": "many", "sensitive": "no"}}


# ------------------------------------------------------------------ years


def test_year_columns() -> None:
    """Numbers in columns of years hold against the date's words, which are kept."""
    found = made({"date": "5th century BC", "date_from": "-490", "date_to": "-480.0"})
    assert found == {"date": "5th century BC", "date_from": -490, "date_to": -480, "dated_by": "columns"}
    assert made({"date_from": "1850"}) == {"date_from": 1850, "date_to": 1850, "dated_by": "columns"}
    assert made({"date_from": "−664", "date_to": "-712"}) == {"date_from": -712, "date_to": -664, "dated_by": "columns"}
    assert made({"Fra": "490 f.Kr.", "Til": "480 f.Kr."}) == {"date_from": -490, "date_to": -480, "dated_by": "columns"}


def test_year_zero() -> None:
    """A 0 in a column of years is no year; the date's words are asked instead, and the 0 is kept in `extra`."""
    found = made({"date": "1850", "date_from": "0", "date_to": "0"})
    assert (found["date_from"], found["date_to"], found["dated_by"]) == (1850, 1850, "date")
    assert found["extra"] == {"date_from": "0", "date_to": "0"}


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("-500", "0", (-500, -1)),
        ("0", "400", (1, 400)),
        ("-500.0", "0.0", (-500, -1)),
        ("1850", "0", (1850, 1850)),
        ("", "0", None),
        ("0", "0", None),
    ],
)
def test_year_zero_ends_a_range(first: str, last: str, years: tuple[int, int] | None) -> None:
    """A 0 after a year BC is 1 BC, before a year AD it is AD 1; the range stays. Elsewhere a 0 says nothing."""
    found = made({column: cell for column, cell in (("date_from", first), ("date_to", last)) if cell})
    assert (found.get("date_from"), found.get("date_to")) == (years or (None, None))


def test_written_years_win() -> None:
    """Years written anywhere in date or period count before those that the table gives a name, in any term."""
    for cells in (
        {"period": "Late Bronze Age (1550-1200 BC)"},
        {"period": "Late Bronze Age; 1550-1200 BC"},
        {"date": "Late Bronze Age", "period": "1550-1200 BC"},
        {"date": "1550-1200 BC", "period": "Late Bronze Age"},
        {"period": "Hallstatt; Late Bronze Age, 1550-1200 BC"},
    ):
        found = made(cells)
        assert (found["date_from"], found["date_to"]) == (-1550, -1200), cells
        assert "1550" in found[found["dated_by"]] or any("1550" in one for one in found[found["dated_by"]])


def test_names_in_columns_of_years() -> None:
    """A name of a period in a column of years is no number: the table of the archive's region decides, not another."""
    found = fields_of(
        {"date_from": "Bronze Age", "period": "Bronze Age"}, field_map(("date_from", "period")), periods_of("britain")
    )
    assert (found["date_from"], found["date_to"], found["dated_by"]) == (-2600, -700, "period")


def test_date_words() -> None:
    """Without columns of years the date's words give them."""
    assert made({"Datering": "c. 3400-2900 BC"}) == {
        "date": "c. 3400-2900 BC",
        "date_from": -3400,
        "date_to": -2900,
        "dated_by": "date",
    }


def test_period() -> None:
    """Without a date, or with one that is not understood, the period gives the years; several periods span them."""
    assert made({"period": "Vikingetid"}) == {
        "period": "Vikingetid",
        "date_from": 800,
        "date_to": 1050,
        "dated_by": "period",
    }
    assert made({"period": "Bronzealder; Jernalder"})["date_to"] == 800
    assert made({"period": "Vikingetid", "date": "980"})["date_from"] == 980
    assert made({"period": "Vikingetid", "date": "ukendt"})["dated_by"] == "period"
    assert made({"period": "Bronzealder; Hallstatt"}) == {"period": ["Bronzealder", "Hallstatt"]}


def test_column_named_year() -> None:
    """In a column called year a small number is one, which elsewhere says nothing."""
    assert made({"year": "69"})["date_from"] == 69
    assert made({"date": "69"}) == {"date": "69"}


def test_undated() -> None:
    """A record without years has none of the three fields, and its words are kept."""
    assert made({"date": "n.d."}) == {"date": "n.d."}


def test_periods_within_each_other() -> None:
    """Of names within each other the narrowest counts; a name of many meanings has that of the region with them all."""

    def dated(*terms: str) -> tuple[object, object]:
        found = fields_of({"period": list(terms)}, {"period": ("period",)})
        return found.get("date_from"), found.get("date_to")

    assert dated("New Kingdom", "Dynasty 18", "Joint reign of Hatshepsut and Thutmose III") == (-1479, -1425)
    assert dated("Late Period", "Dynasty 26–29") == (-664, -380)
    assert dated("Bronze Age", "Early Bronze Age") == (-1700, -1100)
    assert dated("Neolithic", "Late Neolithic", "Bronze Age") == (-3900, -500)
    assert dated("Late Period") == dated("Late Period", "Roman") == (None, None)
    assert dated("Dynasty 18", "something else") == (None, None)


def test_dated_anew() -> None:
    """Other names of periods change the years of names, and no year that is written or stands in a column."""

    def years(region: str, **said: object) -> tuple[object, object, object]:
        found = fields_of(said, {name: (name,) for name in said})
        anew = dated_anew(found, periods_of(region))
        assert {**anew, "date_from": 0, "date_to": 0, "dated_by": ""} == {
            **found,
            "date_from": 0,
            "date_to": 0,
            "dated_by": "",
        }
        return anew.get("date_from"), anew.get("date_to"), anew.get("dated_by")

    assert years("britain", period="Bronze Age") == (-2600, -700, "period")
    assert years("greece", period="Classical") == (-480, -323, "period")
    assert years("none", period="Bronze Age") == (None, None, None)
    assert years("britain", date="Iron Age", period="Bronze Age") == (-800, 43, "date")
    assert years("britain", period="Bronze Age, 900 BC") == (-900, -900, "period")
    assert years("britain", date="1850", period="Bronze Age") == (1850, 1850, "date")
    assert years("britain", date_from="-900", period="Bronze Age") == (-900, -900, "columns")
    assert years("britain", title="Axe") == (None, None, None)
