"""From the columns of a metadata file to the fields that archive-search understands."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from archive_search.metadata.dates.periods import NO_PERIODS, Periods, Span, usual
from archive_search.metadata.dates.reading import Dating, parse_dating, parse_years, turn_of_era
from archive_search.metadata.fields import COORDINATES, LOCATORS, STANDARD, YEARS
from archive_search.metadata.licences import licence_of
from archive_search.metadata.table import Field, Fields, plain
from archive_search.types import InvalidInputError, MetadataError, UnknownNameError
from ingest.measurements import Size, read_size, read_sizes, unit_of
from ingest.points import read_pair, read_point

FieldMap: TypeAlias = Mapping[str, tuple[str, ...]]
"""Columns by field, in the order in which they are asked."""

YEAR_COLUMNS = ("year", "years", "år", "årstal", "aarstal", "jahr", "année", "annee", "jaar")
"""Columns of dates in which the number 69 is a year."""
NO_FIELD = "extra"
"""What a column is mapped to that fills no field, whatever it is called; one that is not there is no error."""
YES = ("yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "vrai", "sandt", "waar")
"""What says in a column of a flag that it holds."""


# ------------------------------------------------------------------ which column is what


def targets(fields: Fields = STANDARD) -> dict[str, Field]:
    """Everything that a column can be mapped to, by name: what finds a picture, the fields, the halves of a point."""
    return {one.name: one for one in (*LOCATORS, *fields.values(), *COORDINATES) if one.columns}


def parse_pairs(pairs: Iterable[str], fields: Fields = STANDARD) -> dict[str, tuple[str, ...]]:
    """
    Read `field=column` pairs; a field named again takes that column too, in the order given; `field=` takes none.

    `extra=column` says that the column fills no field: it is kept as it is.

    Raises:
        InvalidInputError: On a pair without `=`.
        UnknownNameError: On a field that does not exist.
    """
    known = targets(fields)
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals:
            raise InvalidInputError(f"A mapping is written field=column, such as title=Titel; got {pair!r}.")
        if field != NO_FIELD:
            _check_target(field, known)
        found[field] = (*found.get(field, ()), *([column] if column else []))
    return found


def field_map(
    columns: Sequence[str], mapped: FieldMap | None = None, fields: Fields = STANDARD
) -> dict[str, tuple[str, ...]]:
    """
    Say which columns fill which field.

    What is mapped explicitly holds (an empty tuple: nothing fills the field). A field not mentioned takes the columns
    that are called as the table of fields says and are mapped to nothing else: all of them in order of likelihood where
    the first filled one counts, one only where several would be joined (see `fields_of`).

    Raises:
        MetadataError: If a mapped column does not exist.
        UnknownNameError: If a mapped field does not exist.
    """
    mapped, known = mapped or {}, targets(fields)
    taken = {column for chosen in mapped.values() for column in chosen}
    found: dict[str, tuple[str, ...]] = {}
    for name, chosen in mapped.items():
        if name == NO_FIELD:
            continue
        _check_target(name, known)
        for column in chosen:
            if column not in columns:
                raise MetadataError(
                    f"{name} is mapped to a column {column!r}, which does not exist. Columns: {', '.join(columns)}."
                )
        found[name] = chosen
    free: dict[str, str] = {}
    for column in columns:
        if column not in taken:
            free.setdefault(plain(column), column)
    sized = {plain(bare): column for column in free.values() for bare, unit in [unit_of(column)] if unit}
    for name, field in known.items():
        if name not in mapped:
            like = [free.pop(spelling) for spelling in field.spellings if spelling in free]
            if field.unit or name == "measurements":
                measured = [sized[spelling] for spelling in field.spellings if spelling in sized]
                like = [*(column for column in measured if free.pop(plain(column), "")), *like]
            found[name] = tuple(like[:1] if _is_joined(field) else like)
    return {name: chosen for name, chosen in found.items() if chosen}


def _check_target(name: str, known: Mapping[str, Field]) -> None:
    if name not in known:
        raise UnknownNameError(f"There is no field {name!r} to map to. Known: {', '.join(known)}.")


def _is_joined(field: Field) -> bool:
    """Whether several columns fill it together: terms side by side, paragraphs of a description."""
    return field.is_terms or field.name == "description"


# ------------------------------------------------------------------ one row


def fields_of(
    cells: Mapping[str, Any],
    mapping: FieldMap,
    periods: Periods | None = None,
    without: Iterable[str] = (),
    fields: Fields = STANDARD,
    meant: Collection[str] = (),
) -> dict[str, Any]:
    """
    The payload fields of one row.

    Where several columns fill one field: terms and places of all are taken, a description gets their texts as
    paragraphs, any other field the first that is filled. Terms are split at `;` and `|`, never at commas; one stays a
    text, several become a list. A number or a point is one that can be read, a flag is "yes" or nothing. Whatever fills
    nothing, or cannot be read as what its field holds, is kept verbatim under `extra`.

    Sizes are millimetres and grams: from columns of their own, else from the text of the measurements, see
    `ingest.measurements`. What columns of sizes say stays as it is written: where no text of the measurements is
    given, it is put together from them, each with its heading ("Længde 12,5 cm"), else it is kept under `extra`.

    A licence that is known (see `archive_search.metadata.licences`) is called by its name, and what the museum wrote is
    kept as `rights`; any other stays as it is written.

    Years: `date_from` and `date_to` columns hold where they have a number; otherwise the years that are written in the
    date, or in the period; otherwise those that the table of periods gives the date, or the period. `dated_by` tells
    which (`columns`, `date` or `period`). Without any of it the record is undated and has none of the three. A 0 is the
    turn of the era after a year BC or before a year AD (-500 to 0, 0 to 400), and no year elsewhere.

    Args:
        periods: what names of periods mean, see `archive_search.metadata.dates.periods`; the usual ones by themselves.
        without: columns to leave out altogether, such as the one that names the file.
        fields: those of the archive.
        meant: fields that a person mapped: numbers without a unit are in theirs.
    """
    known = targets(fields)
    found: dict[str, Any] = {}
    used = set(without)
    for name, columns in mapping.items():
        filled = [column for column in columns if column in cells]
        if name not in YEARS and filled and known[name].key in fields:
            value, read = value_of(known[name], cells, filled, name in meant)
            if value is not None:
                found[known[name].key] = value
                used.update(read)
    if "point" not in found and (halves := _halves(cells, mapping)) and (point := _point(*halves.values())):
        found["point"] = point
        used.update(halves)
    if said := next((column for column in mapping.get("measurements", ()) if column in cells), ""):
        for size, value in read_sizes(text_of(cells[said]), unit_of(said)[1]).items():
            found.setdefault(size, value)
    if "measurements" in fields and (written := _written_sizes(cells, mapping, known, used)):
        if "measurements" in found:
            used.difference_update(written)
        else:
            found["measurements"] = "; ".join(f"{column} {said}" for column, said in written.items())
    if (named := licence_of(said := str(found.get("licence", "")))) is not None and said != named.name:
        found |= {"licence": named.name, "rights": said}
    years, used_years = _dated(cells, mapping, found, usual() if periods is None else periods)
    found.update(years)
    extra = {column: value for column, value in cells.items() if column not in used | used_years}
    if extra:
        found["extra"] = extra
    return found


def value_of(
    field: Field, cells: Mapping[str, Any], filled: Sequence[str], meant: bool = False
) -> tuple[Any, Sequence[str]]:
    """What a field holds of these columns, None where nothing of it can be read, and those it was read from."""
    if field.is_terms:
        terms = list(dict.fromkeys(term for column in filled for term in terms_of(cells[column])))
        return (terms[0] if len(terms) == 1 else terms or None), filled
    if field.unit in ("mm", "g") and not field.own:
        for column in filled:
            unit = unit_of(column)[1] or (field.unit if meant else "")
            size = read_size(text_of(cells[column]), cast(Size, field.name), unit)
            if size is not None:
                return size, [column]
        return None, []
    if field.kind in ("number", "year"):
        return next(((number, [one]) for one in filled if (number := _number(cells[one])) is not None), (None, []))
    if field.kind == "point":
        return next(((point, [one]) for one in filled if (point := _point(cells[one])) is not None), (None, []))
    if field.kind == "flag":
        said = text_of(cells[filled[0]]).strip().casefold() in YES
        return ("yes" if said else None), filled[:1]
    chosen = filled if _is_joined(field) else filled[:1]
    return "\n\n".join(text_of(cells[column]) for column in chosen), chosen


def unread_sizes(
    cells: Mapping[str, Any], mapping: FieldMap, fields: Fields = STANDARD, meant: Collection[str] = ()
) -> list[tuple[str, str]]:
    """The fields of sizes that a row leaves empty only because their numbers tell no unit, each with its column."""
    known = targets(fields)
    found = []
    for name, columns in mapping.items():
        field, filled = known[name], [column for column in columns if column in cells]
        if field.unit not in ("mm", "g") or field.own or name in meant:
            continue
        if value_of(field, cells, filled)[0] is None:
            bare = (one for one in filled if not unit_of(one)[1] and _number(cells[one]) is not None)
            found += [(name, one) for one in bare if value_of(field, cells, [one], meant=True)[0] is not None]
    return found


def _written_sizes(
    cells: Mapping[str, Any], mapping: FieldMap, known: Mapping[str, Field], used: Collection[str]
) -> dict[str, str]:
    """What columns of sizes say, by column, unless it is the bare number that the field holds."""
    sizes = [name for name in mapping if known[name].unit in ("mm", "g") and not known[name].own]
    columns = {column: known[name].unit for name in sizes for column in mapping[name] if column in used}
    written = {column: text_of(cells[column]).strip() for column in columns if column in cells}
    return {
        column: said
        for column, said in written.items()
        if _number(said) is None or unit_of(column)[1] not in ("", columns[column])
    }


def refused_point(cells: Mapping[str, Any], mapping: FieldMap, fields: Fields = STANDARD) -> str:
    """Why a row gives no point although it gives numbers for one; '' where it gives one, or none at all."""
    halves = _halves(cells, mapping)
    columns = [column for key in fields.points for column in mapping.get(fields[key].name, ())]
    for cell in (*((cells[column],) for column in columns if column in cells), *([halves.values()] if halves else [])):
        try:
            _read_point(*cell)
        except InvalidInputError as error:
            return str(error)
    return ""


def _halves(cells: Mapping[str, Any], mapping: FieldMap) -> dict[str, Any]:
    """The cells of latitude and longitude by column, where there are both."""
    columns = [next((one for one in mapping.get(half.name, ()) if one in cells), "") for half in COORDINATES]
    return {column: cells[column] for column in columns} if all(columns) else {}


def _point(*cell: Any) -> dict[str, float] | None:
    try:
        return _read_point(*cell)
    except InvalidInputError:
        return None


def _read_point(*cell: Any) -> dict[str, float] | None:
    """The point that one cell holds, or two of latitude and longitude."""
    return read_pair(*cell) if len(cell) == 2 else read_point(*cell)


def _number(value: Any) -> float | None:
    found = re.fullmatch(r"[-+]?\d{1,12}(?:[.,]\d{1,6})?", text_of(value).strip().replace("−", "-"))
    return float(found[0].replace(",", ".")) if found else None


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


def terms_of(value: Any) -> list[str]:
    """The terms of a cell: divided at semicolons and bars, never at commas."""
    texts = [text_of(one) for one in value] if isinstance(value, list) else [text_of(value)]
    return [term.strip() for text in texts for term in re.split(r"[;|]", text) if term.strip()]


# ------------------------------------------------------------------ years


def _dated(
    cells: Mapping[str, Any], mapping: FieldMap, found: Mapping[str, Any], periods: Periods
) -> tuple[dict[str, Any], set[str]]:
    """The years of a row with `dated_by`, and the columns they came from."""
    years: dict[str, Span] = {}
    used: set[str] = set()
    for field in YEARS:
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
    if said["date"] is None and plain(bare) in YEAR_COLUMNS and (span := _column_years(cells[bare])):
        said["date"] = Dating(span, written=True)
    return _first_dated(said), used


def _first_dated(said: Mapping[str, Dating | None]) -> dict[str, Any]:
    """The years of the first field that has any; what is written comes before what a name stands for."""
    for field, one in sorted(said.items(), key=lambda item: item[1] is None or not item[1].written):
        if one is not None:
            return {"date_from": one.years[0], "date_to": one.years[1], "dated_by": field}
    return {}


def dated_anew(metadata: Mapping[str, Any], periods: Periods) -> dict[str, Any]:
    """A record's fields with the years that other names of periods give it; years that are written stay."""
    by = str(metadata.get("dated_by", ""))
    if by and (by not in ("date", "period") or not _by_name(metadata[by])):
        return dict(metadata)
    kept = {key: value for key, value in metadata.items() if key not in (*YEARS, "dated_by")}
    said = {field: _spanning(metadata.get(field), periods) for field in ("date", "period")}
    return {**kept, **_first_dated(said)}


def _by_name(value: Any) -> bool:
    """Whether it gives years only by a name: the number of a column of years, such as 69, is none."""
    dating = _spanning(value, usual())
    return (dating is None or not dating.written) and not re.fullmatch(r"\s*-?\d+\s*", text_of(value))


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
    return parse_years(text, NO_PERIODS)


def _spanning(value: Any, periods: Periods) -> Dating | None:
    """
    The years that all terms together span; None where one of them is not understood.

    Where some are written in figures, those alone count. Of names, "New Kingdom" says nothing more beside "Dynasty 18",
    which lies in it.
    """
    if value is None:
        return None
    terms = value if isinstance(value, list) else [value]
    datings = [parse_dating(one, periods) for one in terms]
    written = [one.years for one in datings if one is not None and one.written]
    counted = written or _narrowest([one.years for one in _named(terms, datings, periods)])
    if not counted:
        return None
    return Dating((min(low for low, _ in counted), max(high for _, high in counted)), bool(written))


def _named(terms: Sequence[str], datings: Sequence[Dating | None], periods: Periods) -> list[Dating]:
    """The datings of names if each has one, as it is or in the one region that knows them all."""
    read = [one for one in datings if one is not None]
    if not read or len(read) == len(terms):
        return read
    regional = [[parse_dating(term, one) for term in terms] for one in periods.regions]
    whole = [[one for one in found if one is not None] for found in regional if None not in found]
    return whole[0] if len(whole) == 1 else []


def _narrowest(spans: list[Span]) -> list[Span]:
    """The one that lies within all others, where there is one."""
    inner = [one for one in spans if all(low <= one[0] and high >= one[1] for low, high in spans)]
    return inner or spans
