"""From the columns of a metadata file to the fields that archive-search understands."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from archive_search.metadata.fields import TERMS, TEXT_FIELDS, YEAR_FIELDS
from archive_search.types import InvalidInputError, MetadataError, UnknownNameError
from ingest.dates.periods import SOUTHERN_SCANDINAVIA, Periods, Span
from ingest.dates.reading import Dating, parse_dating, parse_years, turn_of_era

FieldMap: TypeAlias = Mapping[str, tuple[str, ...]]
"""Columns by field, in the order in which they are asked."""

LOCATORS = {"id": "the record's id", "file": "the picture's file"}
"""What a column can also be mapped to: it finds the picture and names the record, and is no field of the payload."""

TARGETS = (*LOCATORS, *TEXT_FIELDS, *YEAR_FIELDS)
"""Everything a column can be mapped to."""

_KNOWN = {
    "id": "id record_id record_no image_id picture_id photo_id media_id asset_id uuid guid billed_id foto_id bild_id",
    "file": """file filename file_name fil filnavn datei dateiname image image_file image_filename billede billedfil
        billednavn picture photo foto bild bilddatei image_path filepath file_path path sti pfad""",
    "title": """title titel object_title objekttitel main_title hovedtitel name navn genstandsnavn caption billedtekst
        bildunterschrift""",
    "object_id": """object_id objectid object_no object_nr object_number genstand_id genstandsnr genstandsnummer
        objekt_id objektnr objektnummer accession_number accession_no accession_nr accession accessionsnr
        accessionsnummer inventory_number inventory_no inventory_nr inventory_id inv_no inv_nr inventarnr inventarnummer
        museumsnr museumsnummer museum_number museum_no museum_id sagsnr registration_number reg_no catalogue_number
        catalog_number cat_no katalognr katalognummer find_number find_no fund_nr x_nr""",
    "object_type": """object_type object_name objecttype objektart objekttyp objekttype objektbezeichnung genstand
        genstandstype genstandsart genstandsbetegnelse type artifact_type artefact_type artefakttype find_type fundart
        classification klassifikation sachgruppe category kategori kategorie""",
    "material": """material materials material_term material_terms material_titles primary_material materiale materialer
        materialien werkstoff medium medium_display""",
    "technique": "technique techniques technique_titles teknik teknikker technik herstellungstechnik method metode",
    "period": """period periods periode perioder broadperiod broad_period main_period hovedperiode tidsperiode
        zeitstellung epoche kulturstufe""",
    "culture": "culture cultures kultur kulturer kulturgruppe cultural_context culture_group kulturkreis",
    "place": """place find_spot findspot find_place place_found findested fundsted findsted fundort site site_name
        lokalitet fundstelle provenience place_of_origin origin sted ort stednavn country land location""",
    "description": """description descriptions beskrivelse beschreibung desc short_description physical_description
        object_description genstandsbeskrivelse objektbeschreibung""",
    "date": """date dating datering datierung date_display display_date dates object_date date_text date_made
        creation_date production_date dato datum year years år årstal aarstal jahr""",
    "language": "language languages language_code lang sprog sprogkode sprache metadata_language record_language",
    "licence": """licence license licens lizenz image_licence image_license rights_statement rightsstatement rights
        rettigheder rechte""",
    "record_url": """record_url object_url source_url record_link url link weblink permalink webadresse""",
    "date_from": """date_from from_date year_from from_year date_start start_date start_year date_begin begin_date
        begin_year object_begin_date date_earliest earliest_date earliest not_before fra fra_år år_fra datering_fra
        dateret_fra von datierung_von jahr_von early_bce_ce numdate1""",
    "date_to": """date_to to_date year_to to_year date_end end_date end_year object_end_date date_latest latest_date
        latest not_after til til_år år_til datering_til dateret_til bis datierung_bis jahr_bis late_bce_ce numdate2""",
}


def _plain(name: str) -> str:
    """A column's name without case, accents of writing, spaces and signs: `Inventar-Nr.` is `inventarnr`."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name).casefold())


SYNONYMS = {field: tuple(dict.fromkeys(_plain(one) for one in names.split())) for field, names in _KNOWN.items()}
"""Names of columns that are taken for a field unless mapped otherwise, the likeliest first."""


# ------------------------------------------------------------------ which column is what


def parse_pairs(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """
    Read `field=column` pairs; a field named again takes that column too, in the order given; `field=` takes none.

    Raises:
        InvalidInputError: On a pair without `=`.
        UnknownNameError: On a field that does not exist.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals:
            raise InvalidInputError(f"A mapping is written field=column, such as title=Titel; got {pair!r}.")
        if field not in TARGETS:
            raise UnknownNameError(f"There is no field {field!r} to map to. Known: {', '.join(TARGETS)}.")
        found[field] = (*found.get(field, ()), *([column] if column else []))
    return found


def field_map(columns: Sequence[str], mapped: FieldMap | None = None) -> dict[str, tuple[str, ...]]:
    """
    Say which columns fill which field.

    What is mapped explicitly holds (an empty tuple: nothing fills the field). A field not mentioned takes the columns
    whose names resemble it (see `SYNONYMS`) and are mapped to nothing else: all of them in order of likelihood where
    the first filled one counts, one only where several would be joined (see `fields_of`).

    Raises:
        MetadataError: If a mapped column does not exist.
        UnknownNameError: If a mapped field does not exist.
    """
    mapped = mapped or {}
    taken = {column for chosen in mapped.values() for column in chosen}
    found: dict[str, tuple[str, ...]] = {}
    for field, chosen in mapped.items():
        if field not in TARGETS:
            raise UnknownNameError(f"There is no field {field!r} to map to. Known: {', '.join(TARGETS)}.")
        for column in chosen:
            if column not in columns:
                raise MetadataError(
                    f"{field} is mapped to a column {column!r}, which does not exist. Columns: {', '.join(columns)}."
                )
        found[field] = chosen
    free: dict[str, str] = {}
    for column in columns:
        if column not in taken:
            free.setdefault(_plain(column), column)
    for field, names in SYNONYMS.items():
        if field not in mapped:
            like = [free.pop(name) for name in names if name in free]
            found[field] = tuple(like[:1] if field in _JOINED else like)
    return {field: chosen for field, chosen in found.items() if chosen}


_JOINED = (*TERMS, "description")
_YEAR_NAMES = ("year", "years", "år", "årstal", "aarstal", "jahr")
"""Columns of dates in which the number 69 is a year."""


# ------------------------------------------------------------------ one row


def fields_of(
    cells: Mapping[str, Any], mapping: FieldMap, periods: Periods = SOUTHERN_SCANDINAVIA, without: Iterable[str] = ()
) -> dict[str, Any]:
    """
    The payload fields of one row.

    Where several columns fill one field: a facet takes the terms of all, a description their texts as paragraphs, any
    other field the first that is filled. A facet's text is split at `;` and `|`, never at commas; one term stays a
    text, several become a list. Whatever fills nothing is kept verbatim under `extra`.

    Years: `date_from` and `date_to` columns hold where they have a number; otherwise the years that are written in the
    date, or in the period; otherwise those that the table of periods gives the date, or the period. `dated_by` tells
    which (`columns`, `date` or `period`). Without any of it the record is undated and has none of the three. A 0 is the
    turn of the era after a year BC or before a year AD (-500 to 0, 0 to 400), and no year elsewhere.

    Args:
        periods: what names of periods mean, see `ingest.dates.periods`.
        without: columns to leave out altogether, such as the one that names the file.
    """
    found: dict[str, Any] = {}
    used = set(without)
    for field, columns in mapping.items():
        if field in LOCATORS or field in YEAR_FIELDS:
            continue
        filled = [column for column in columns if column in cells]
        if field in TERMS:
            terms = list(dict.fromkeys(term for column in filled for term in _terms(cells[column])))
            if terms:
                found[field] = terms[0] if len(terms) == 1 else terms
        elif filled:
            filled = filled if field in _JOINED else filled[:1]
            found[field] = "\n\n".join(text_of(cells[column]) for column in filled)
        used.update(filled)
    years, used_years = _dated(cells, mapping, found, periods)
    found.update(years)
    extra = {column: value for column, value in cells.items() if column not in used | used_years}
    if extra:
        found["extra"] = extra
    return found


def text_of(value: Any) -> str:
    """A cell as one text; the items of a list stand with semicolons, of an object its name or label."""
    if isinstance(value, list):
        return "; ".join(text_of(one) for one in value)
    if isinstance(value, dict):
        named = next(
            (value[key] for key in ("label", "name", "prefLabel", "term", "title", "value") if key in value), None
        )
        return text_of(named) if named is not None else json.dumps(value, ensure_ascii=False)
    return str(value)


def _terms(value: Any) -> list[str]:
    texts = [text_of(one) for one in value] if isinstance(value, list) else [text_of(value)]
    return [term.strip() for text in texts for term in re.split(r"[;|]", text) if term.strip()]


# ------------------------------------------------------------------ years


def _dated(
    cells: Mapping[str, Any], mapping: FieldMap, found: Mapping[str, Any], periods: Periods
) -> tuple[dict[str, Any], set[str]]:
    """The years of a row with `dated_by`, and the columns they came from."""
    years: dict[str, Span] = {}
    used: set[str] = set()
    for field in YEAR_FIELDS:
        for column in mapping.get(field, ()):
            span = _column_years(cells.get(column))
            if span is not None:
                years[field] = span
                used.add(column)
                break
    if years:
        used |= _turned(cells, mapping, years)
        low = years.get("date_from", years.get("date_to", (0, 0)))[0]
        high = years.get("date_to", years.get("date_from", (0, 0)))[1]
        return {"date_from": min(low, high), "date_to": max(low, high), "dated_by": "columns"}, used
    said = {field: _spanning(found.get(field), periods) for field in ("date", "period")}
    bare = next((column for column in mapping.get("date", ()) if column in cells), "")
    if said["date"] is None and _plain(bare) in _YEAR_NAMES and (span := _column_years(cells[bare])):
        said["date"] = Dating(span, written=True)
    # what is written comes before what a name stands for, wherever either is
    for field, one in sorted(said.items(), key=lambda item: item[1] is None or not item[1].written):
        if one is not None:
            return {"date_from": one.years[0], "date_to": one.years[1], "dated_by": field}, used
    return {}, used


def _turned(cells: Mapping[str, Any], mapping: FieldMap, years: dict[str, Span]) -> set[str]:
    """Fill the end that is 0 with the turn of the era, where the other end lies on its side; the column it was in."""
    missing, other = ("date_to", "date_from") if "date_from" in years else ("date_from", "date_to")
    before = missing == "date_to"
    if missing in years or (years[other][0] < 0) != before:
        return set()  # 1850 to 0: there the 0 says that nothing is known
    zero = (column for column in mapping.get(missing, ()) if _ZERO.fullmatch(text_of(cells.get(column, ""))))
    column = next(zero, None)
    if column is None:
        return set()
    years[missing] = (turn_of_era(before), turn_of_era(before))
    return {column}


_ZERO = re.compile(r"[-+]?0+(?:\.0+)?")


def _column_years(value: Any) -> Span | None:
    """A year column's number; 0 is none by itself: it stands in many databases for "unknown"."""
    if value is None:
        return None
    text = text_of(value).replace("−", "-")
    number = re.fullmatch(r"([-+]?\d{1,7})(?:\.0+)?", text)
    if number:
        year = int(number[1])
        return (year, year) if year else None
    return parse_years(text, {})


def _spanning(value: Any, periods: Periods) -> Dating | None:
    """
    The years that all terms together span; None where one of them is not understood.

    Where some are written in figures, those alone count.
    """
    if value is None:
        return None
    datings = [parse_dating(one, periods) for one in (value if isinstance(value, list) else [value])]
    written = [one for one in datings if one is not None and one.written]
    if not written and None in datings:
        return None
    counted = [one.years for one in written or datings if one is not None]
    return Dating((min(low for low, _ in counted), max(high for _, high in counted)), bool(written))
