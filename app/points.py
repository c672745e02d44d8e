"""What the browser asks of a map beside the page: where its points lie, and what one of them is."""

from __future__ import annotations

from typing import Any

from app import opened
from app.language import _, language
from app.wording import alternative, thumbnail_address
from archive_search.archive import Archive
from archive_search.metadata.fields import YEARS
from archive_search.metadata.wording import date_of, number_beside, place_of, text_of, title_of
from archive_search.projection.maps import Map, map_time
from archive_search.types import Payload
from archive_search.visible import visible


def mapped(archive: Archive, space: str, made: str) -> Map | None:
    """The map of a space, if it is still the one that was made then (see `map_time`): in another, numbers differ."""
    return opened.drawn_map(archive, space) if made == str(map_time(archive, space)) else None


def places(drawn: Map) -> bytes:
    """Where each point lies: x and y as little-endian float32, in the order of the map."""
    return drawn.places.astype("<f4").tobytes()


def told(archive: Archive, drawn: Map, row: int, by: str) -> dict[str, Any] | None:
    """
    What a person who points at a point is told of its record, as texts that are no HTML; None where it is gone.

    Args:
        row: of the record on the map.
        by: the field that colours the map, which is told too.
    """
    if not 0 <= row < len(drawn.ids):
        return None
    found = archive.store.points([drawn.ids[row]])
    if not found:
        return None
    payload = found[0].payload
    lines = (number_beside(payload), date_of(payload, language()), place_of(payload), _coloured(archive, payload, by))
    return {
        "id": found[0].id,
        "title": visible(title_of(payload)),
        "picture": thumbnail_address(payload),
        "shows": visible(alternative(payload)),
        "lines": [visible(line) for line in dict.fromkeys(lines) if line],
    }


def _coloured(archive: Archive, payload: Payload, by: str) -> str:
    if by not in archive.fields.facets or by == YEARS[0]:  # the date is told anyway
        return ""
    return f"{archive.fields.said(by, language())}: {text_of(payload, by) or _('unknown')}"
