"""What is known of a record, as tables: its fields under plain labels, then what the catalogue says besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.language import N_, _, language, number
from app.wording import as_html, degrees, safe
from archive_search.metadata.fields import SYSTEM_FIELDS, YEARS
from archive_search.metadata.filters import place_of, values_of
from archive_search.metadata.licences import address_of
from archive_search.metadata.table import OWN, Field, Fields
from archive_search.metadata.wording import date_of, span, text_of
from archive_search.types import Payload

SHOWN_ELSEWHERE = ("title", YEARS[1], "dated_by", "record_url")
HOW_DATED = {"date": N_("(read from the date)"), "period": N_("(from the period)")}
"""Columns of years need no remark."""


def metadata(payload: Payload, fields: Fields) -> str:
    """The fields of a record, as a table."""
    rows: list[tuple[str, str]] = []
    for key, field in fields.items():
        if key == YEARS[0]:
            years = span(payload.get(YEARS[0]), payload.get(YEARS[1]), language())
            how = HOW_DATED.get(payload.get("dated_by", ""), "")
            rows += [(_("Years"), safe(f"{years} {_(how) if how else ''}".strip()))] if years else []
        elif key == "date" and date_of(payload, language()) != text_of(payload, "date"):
            continue  # bare numbers, which the years say in words
        elif key not in SHOWN_ELSEWHERE and values_of(payload, key):
            rows.append((field.said(language()), _said(field, payload[key])))
    return _table(rows)


def besides(payload: Payload, fields: Fields) -> str:
    """What the catalogue says in columns that fill no field, and which file the picture is, as a table."""
    extra = payload.get("extra")
    rows = [*extra.items()] if isinstance(extra, dict) else []
    known = {*fields, *SYSTEM_FIELDS}
    rows += [(name, value) for name, value in payload.items() if name not in known]
    told = [(readable(str(name)), as_html(value)) for name, value in rows if value not in (None, "", [], {})]
    told.append((_("Record"), safe(payload.get("id", ""))))
    told += [(_("File"), safe(payload["file"]))] if payload.get("file") else []
    if _has_pixels(payload):
        told.append((_("Pixels"), f"{number(payload['width'])} × {number(payload['height'])}"))
    return _table(told)


def readable(name: str) -> str:
    """The name of a column as people read it: `shape_and_ornament` is 'Shape and ornament'."""
    words = " ".join(name.removeprefix(OWN).replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _said(field: Field, value: Any) -> str:
    """A value as people write it, as HTML: a number with its unit, a point in degrees, a licence with its address."""
    if field.kind == "number" and isinstance(value, int | float):
        return safe(f"{number(value)} {field.unit}".strip())
    if place := place_of(value):
        return safe(degrees(*place))
    address = address_of(value) if field.key == "licence" and isinstance(value, str) else ""
    if address and "://" not in value:
        return f'<a href="{safe(address)}" target="_blank" rel="noreferrer">{safe(value)}</a>'
    return as_html(value)


def _has_pixels(payload: Payload) -> bool:
    """Whether its size says anything: the picture that stands for a recording is drawn by the ingest."""
    return bool(payload.get("width")) and payload.get("modality") != "audio"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(f"<tr><th scope=row>{safe(label)}</th><td>{value}</td></tr>" for label, value in rows)
    return f'<table class="metadata">{body}</table>'
