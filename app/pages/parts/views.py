"""How results are shown: as pictures, as a list, on a map of find-spots, along the years."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import streamlit as st

from app import opened
from app.address import change
from app.language import N_, _, language, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.find_spots import find_spots
from app.pages.parts.tiles import Tiles, grid
from app.state import VIEWS, State, filters, write
from archive_search.archive import Archive
from archive_search.metadata.wording import span
from archive_search.results import ResultSet
from archive_search.types import Hit

View: TypeAlias = Callable[[Archive, State, ResultSet, Sequence[Hit], Tiles], None]
NAMES = {"grid": N_("Pictures"), "list": N_("List"), "places": N_("Find-spots"), "time": N_("Years")}
ICONS = {"grid": "grid_view", "list": "view_list", "places": "map", "time": "timeline"}
ALONG = 240
"""So many of the best are shown along the years."""
FEWEST = 48
"""So many of the best are shown on a map and along the years where fewer stand out: a page of tiles."""


def choose_view(state: State) -> None:
    """Draw the choice of how results are shown; what the archive knows nothing of is not offered."""
    known = opened.known(opened.archive())
    offered = [
        name
        for name in VIEWS
        if name in ("grid", "list", state.view)
        or (name == "places" and known.points)
        or (name == "time" and known.dates)
    ]
    bound(
        st.segmented_control,
        _("Show as"),
        offered,
        key="view",
        value=state.view,
        changed=lambda view: change(view=view or state.view),
        format_func=lambda view: f":material/{ICONS[view]}: {_(NAMES[view])}",
        label_visibility="collapsed",
    )


def _grid(archive: Archive, state: State, found: ResultSet, hits: Sequence[Hit], how: Tiles) -> None:
    grid(hits, write(state), how)


def _list(archive: Archive, state: State, found: ResultSet, hits: Sequence[Hit], how: Tiles) -> None:
    grid(hits, write(state), dataclasses.replace(how, as_list=True))


def _places(archive: Archive, state: State, found: ResultSet, hits: Sequence[Hit], how: Tiles) -> None:
    find_spots(archive, found.ranking[: worth_a_look(found.trace.cut, len(found))])
    grid(hits, write(state), how)


def _time(archive: Archive, state: State, found: ResultSet, hits: Sequence[Hit], how: Tiles) -> None:
    """The best along the years, the oldest first, below headings of round years."""
    scale = opened.year_scale(archive, filters(state))
    edges = scale[0] if scale else []
    dated: dict[int, list[Hit]] = {}
    shown = min(worth_a_look(found.trace.cut, len(found)), ALONG)
    for hit in found[:shown]:
        dated.setdefault(_bin(edges, hit), []).append(hit)
    ordered = [
        hit
        for place in sorted(dated)
        for hit in sorted(dated[place], key=lambda one: one.payload.get("date_from") or 0)
    ]
    headings: dict[str, str] = {}
    for place, there in sorted(dated.items()):
        years = span(edges[place], edges[place + 1] - 1, language()) if place < len(edges) - 1 else _("undated")
        first = next(hit for hit in ordered if hit in there)
        count = ngettext("{count} picture", "{count} pictures", len(there)).format(count=number(len(there)))
        headings[first.id] = f"{years} · {count}"
    if len(found) > shown:
        st.caption(_("The best {count} along the years").format(count=number(shown)))
    grid(ordered, write(state), dataclasses.replace(how, headings=headings, sure=None, standings={}))


def worth_a_look(standing_out: int | None, found: int) -> int:
    """How many hits stand out, `FEWEST` where fewer do; all where none does or nobody can tell."""
    return max(standing_out, min(FEWEST, found)) if standing_out else found


def _bin(edges: Sequence[int], hit: Hit) -> int:
    """The place of the bin in which a record's dating begins; behind all where it is undated."""
    year = hit.payload.get("date_from", hit.payload.get("date_to"))
    if not isinstance(year, int | float) or not edges:
        return len(edges)
    return max(place for place, edge in enumerate(edges[:-1]) if edge <= max(year, edges[0]))


VIEWS_DRAWN: Mapping[str, View] = {"grid": _grid, "list": _list, "places": _places, "time": _time}
