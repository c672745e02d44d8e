"""Where a record was found, as a place on a map."""

from __future__ import annotations

from archive_search.geometry import Place
from archive_search.metadata.filters import place_of
from archive_search.types import Payload


def find_spot(payload: Payload) -> Place | None:
    """Latitude and longitude; None where a record has none, or none on this earth."""
    place = place_of(payload.get("point"))
    return place if place is not None and abs(place[0]) <= 90 and abs(place[1]) <= 180 else None
