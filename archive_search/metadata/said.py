"""What a record says, field by field, as people read it."""

from __future__ import annotations

from typing import Any

from archive_search.metadata.fields import SYSTEM_FIELDS, YEARS
from archive_search.metadata.filters import place_of
from archive_search.metadata.rows import cell
from archive_search.metadata.table import Fields
from archive_search.metadata.wording import span
from archive_search.types import Payload

_YEARS = {"en": "Years", "da": "År"}
_FILE = {"en": "File", "da": "Fil"}
_HOW = {
    "en": {"date": " (read from the date)", "period": " (from the period)"},
    "da": {"date": " (læst af dateringen)", "period": " (af perioden)"},
}
"""How years were found that no column says."""


def said(payload: Payload, fields: Fields, language: str = "en") -> dict[str, str]:
    """
    The fields of a record by label, then the columns that fill none by their names; what is empty is left out.

    First and last year are one span, numbers have their units, several values stand in one text.
    """
    found: dict[str, str] = {}
    for key, value in payload.items():
        if key == YEARS[0] or (key == YEARS[1] and YEARS[0] not in payload):
            years = span(payload.get(YEARS[0]), payload.get(YEARS[1]), language)
            how = _of(_HOW, language).get(str(payload.get("dated_by", "")), "")
            found[_of(_YEARS, language)] = f"{years}{how}" if years else ""
        elif key == "file":
            found[_of(_FILE, language)] = str(value)
        elif key not in (*YEARS, "dated_by", *SYSTEM_FIELDS):
            unit = fields[key].unit if key in fields else ""
            found[fields.said(key, language)] = _text(value, unit)
    for key, value in dict(payload.get("extra") or {}).items():
        found[f"{key} (column)" if key in found else str(key)] = _text(value)
    return {label: text for label, text in found.items() if text}


def _of(words: Any, language: str) -> Any:
    return words.get(language, words["en"])


def _text(value: Any, unit: str = "") -> str:
    if (place := place_of(value)) is not None:
        return f"{place[0]:g}, {place[1]:g}"
    if isinstance(value, float):
        value = f"{value:.6f}".rstrip("0").rstrip(".")
    told = cell(value)
    return "" if told is None else f"{told} {unit}".strip() if str(told) else ""
