"""From what a person says (words, a picture, a record, what is known) to a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import years as year_filters
from archive_search.metadata.table import Field, Fields
from archive_search.pictures.media import medium
from archive_search.types import (
    Example,
    ExampleKind,
    Filter,
    InvalidInputError,
    Match,
    Missing,
    Near,
    Query,
    Range,
)

Wanted: TypeAlias = str | float | Sequence[str | float | None] | None
"""
A value that a field must hold, or several of which one suffices; None: the field is empty.

Of a number or a year: the number, or the first and the last as a text (`"80..120"`, `"80.."`).
"""
Refinement: TypeAlias = str | tuple[str, float]
"""Words, or words with a weight above 0."""
Region: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom of a part of a picture, as shares of its width and height."""


def question(
    text: str = "",
    *,
    refine: Iterable[Refinement] = (),
    exclude: Iterable[Refinement] = (),
    image: str | Path | None = None,
    like: str | None = None,
    region: Region | None = None,
    where: Mapping[str, Wanted] | Sequence[Filter] = (),
    years: tuple[float | None, float | None] | None = None,
    undated: Literal["keep", "drop"] = "keep",
    near: tuple[float, float, float] | None = None,
    fields: Fields = STANDARD,
) -> Query:
    """
    Make a query of what a person says.

    Args:
        text: what it is.
        refine: what sets it apart.
        exclude: what it should be less like.
        image: a file to search by: a picture, film or recording.
        like: a record's id to search by.
        region: the part of `image` or `like` that counts.
        where: what is known, such as `{"material": ["flint", None]}`, or filters.
        years: first and last, BCE negative, None is open; keeps what was dated to any time in between.
        undated: what becomes of undated records, with `years`.
        near: latitude, longitude and kilometres: found less far from there;
            what has no known find-spot is left out.
        fields: those of the archive; `where` names them by name or label.

    Raises:
        InvalidInputError: On an empty or weightless refinement, a region of no picture or of two, years the wrong way
            round, or a number that is none.
        UnknownNameError: For a field that does not exist.
    """
    examples = [Example("text", text)] if text.strip() else []
    if image is not None:
        if not Path(image).is_file():
            raise InvalidInputError(f"There is no picture file {image}.")
        examples.append(_whole_or_region(medium(Path(image).name), str(Path(image).resolve()), region))
    if like is not None:
        examples.append(_whole_or_region("record", like, region))
    if region is not None and (image is None) == (like is None):
        raise InvalidInputError("A region is a part of one picture: name that picture, as a file or by a record's id.")
    for sign, some in ((1.0, refine), (-1.0, exclude)):
        examples += [_refinement(one, sign) for one in ([some] if isinstance(some, str) else some)]
    known: tuple[Filter, ...]
    if isinstance(where, Mapping):
        known = tuple(_filter(fields.named(name), one) for name, one in where.items())
    else:
        known = tuple(where)
    around = () if near is None else (Near("point", *near),)
    return Query(tuple(examples), (*known, *around, *_years(years, undated)))


def _whole_or_region(kind: ExampleKind, value: str, region: Region | None) -> Example:
    if region is None:
        return Example(kind, value)
    return Example("region", f"{','.join(format(share, '.10g') for share in region)}@{value}")


def _refinement(one: Refinement, sign: float) -> Example:
    words, weight = (one, 1.0) if isinstance(one, str) else one
    if not words.strip():
        raise InvalidInputError(f"A refinement needs words, got {words!r}.")
    if not 0 < weight <= 100:
        raise InvalidInputError(
            f"A refinement's weight must be above 0 and at most 100, got {weight:g}; exclude what is not wanted."
        )
    return Example("text", words.strip(), sign * weight)


def _filter(field: Field, wanted: Wanted) -> Filter:
    values = (wanted,) if wanted is None or isinstance(wanted, str | int | float) else tuple(wanted)
    named = tuple(value for value in values if value is not None and value != "")
    if not named:
        return Missing(field.key)
    unknown: Literal["keep", "drop"] = "keep" if len(named) < len(values) else "drop"
    if field.kind == "point":
        raise InvalidInputError(f"{field.name} is a place: ask for what is near one, or for none.")
    if field.kind in ("year", "number"):
        return _range(field, named, unknown)
    return Match(field.key, tuple(str(value) for value in named), unknown)


def _range(field: Field, named: Sequence[str | float], unknown: Literal["keep", "drop"]) -> Range:
    """The numbers from the first to the last: "80..120", "80..", "..120", 80."""
    said = str(named[0]) if len(named) == 1 else ""
    first, dots, last = (part.strip().replace("−", "-").replace(",", ".") for part in said.partition(".."))
    try:
        low, high = (float(one) if one else None for one in (first, last if dots else first))
    except ValueError:
        low = high = None
    if (low, high) == (None, None) or (low is not None and high is not None and low > high):
        raise InvalidInputError(
            f"{field.name} is a number: ask for one, or from one to another as in {field.name}=80..120; "
            f"got {', '.join(map(str, named))!r}."
        )
    return Range(field.key, low, high, unknown)


def _years(years: tuple[float | None, float | None] | None, undated: str) -> tuple[Filter, ...]:
    if undated not in ("keep", "drop"):
        raise InvalidInputError(f"Undated records are either 'keep' or 'drop', got {undated!r}.")
    first, last = years or (None, None)
    filters = year_filters(first, last, undated)
    if first is not None and last is not None and first > last:
        raise InvalidInputError(f"The first year {first:g} is later than the last, {last:g}; years BCE are negative.")
    return filters
