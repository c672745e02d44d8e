"""Filters as Qdrant Edge reads them."""

from __future__ import annotations

from typing import Any

import qdrant_edge as edge

from archive_search.geometry import Bounds, covering_box, narrow
from archive_search.stores import checks
from archive_search.types import Filter, Match, Missing, Near, Range, Within


def condition(one: Filter) -> Any:
    """The condition that the points which pass a filter fulfil."""
    key = checks.field_path(one.field)
    empty = edge.IsEmptyCondition(key)
    if isinstance(one, Missing):
        return empty
    return edge.Filter(should=[_holds(one, key), empty]) if one.unknown == "keep" else _holds(one, key)


def _holds(one: Match | Range | Near | Within, key: str) -> Any:
    if isinstance(one, Match):
        return edge.FieldCondition(key, match=edge.MatchAny(list(one.values)))
    if isinstance(one, Range):
        return edge.FieldCondition(key, range=edge.RangeFloat(gte=one.low, lte=one.high))
    if isinstance(one, Near):
        centre = edge.GeoPoint(one.longitude, one.latitude)
        near = edge.FieldCondition(key, geo_radius=edge.GeoRadius(centre, 1000 * one.km))
        around = covering_box((one.latitude, one.longitude), one.km)
        # its index for circles loses points in the south, that for boxes none: "not not near" is never looked up in it
        return edge.Filter(must=[_in_box(key, around)] if around else None, must_not=[edge.Filter(must_not=[near])])
    if one.box is not None:
        return _in_box(key, one.box)
    ring = [edge.GeoPoint(longitude, latitude) for latitude, longitude in (*one.polygon, one.polygon[0])]
    return edge.FieldCondition(key, geo_polygon=edge.GeoPolygon(ring))


def _in_box(key: str, box: Bounds) -> Any:
    pieces = [
        edge.GeoBoundingBox(top_left=edge.GeoPoint(west, north), bottom_right=edge.GeoPoint(east, south))
        for south, west, north, east in narrow(box)
    ]
    return edge.Filter(should=[edge.FieldCondition(key, geo_bounding_box=one) for one in pieces])
