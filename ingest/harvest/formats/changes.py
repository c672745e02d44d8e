"""IIIF Change Discovery 1.0: what a page of a stream of changes tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.harvest.formats.presentation import id_of

_GONE = ("delete", "remove")
_THERE = ("create", "update", "add")


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that was made, changed, or is gone; `kind` is 'manifest', 'collection' or '' where it is not said."""

    id: str
    kind: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a page, the latest first; `ended` says that what lies before them is known already."""

    changes: Sequence[Change]
    ended: bool = False


def read(page: Mapping[str, Any], since: str = "") -> Changes:
    """
    What a page tells of the time since then, the latest first.

    A `Refresh` ends a stream for who reads it the first time: behind it lies nothing that is not told again. A `Move`
    is the end of one resource and the beginning of another.
    """
    last = _moment(since)
    found: list[Change] = []
    for one in reversed(_list(page.get("orderedItems"))):
        if not isinstance(one, Mapping):
            continue
        kind, ended = str(one.get("type") or "").casefold(), _moment(one.get("endTime"))
        if last is not None and ended is not None and ended < last:
            return Changes(found, ended=True)
        if kind == "refresh" and last is None:
            return Changes(found, ended=True)
        if kind == "move":
            found += _change(one.get("target"), gone=False) + _change(one.get("object"), gone=True)
        elif kind in _GONE or kind in _THERE:
            found += _change(one.get("object"), gone=kind in _GONE)
    return Changes(found)


def last_page(stream: Mapping[str, Any]) -> str:
    """The address of the last page of a stream; of one that has none its own."""
    return id_of(stream.get("last")) or id_of(stream.get("first")) or id_of(stream)


def page_before(page: Mapping[str, Any]) -> str:
    """The address of the page with what came earlier; '' at the first."""
    return id_of(page.get("prev"))


def _change(resource: Any, gone: bool) -> list[Change]:
    id = id_of(resource)
    kind = str(resource.get("type") or "").rpartition(":")[2].casefold() if isinstance(resource, Mapping) else ""
    return [Change(id, kind, gone)] if id and kind in ("manifest", "collection", "") else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    """A moment in UTC; None where none is told that can be read."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=UTC)
