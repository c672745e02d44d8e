"""The rail of filters: what is known of the pictures, with counts; a drawer on a phone."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Any

import streamlit as st

from app import opened
from app.address import change, shown
from app.language import _, language, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.histogram import histogram
from app.state import UNKNOWN, State, filters
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.metadata.dates.reading import parse_years
from archive_search.metadata.facets import Facet
from archive_search.metadata.same_things import shown_as
from archive_search.metadata.wording import year_label
from archive_search.visible import visible

VALUES = 500
"""So many values of a facet can be chosen from, the most frequent."""
PILLS = 8
"""Up to so many values of a facet are shown at once; more are looked up by typing."""
UNFOLDED = 3
"""So many facets are unfolded from the beginning."""
NO_FILTERS: dict[str, Any] = {"facets": {}, "first": None, "last": None, "undated": True, "box": None}
"""What changes when all filters are dropped."""


def rail(archive: Archive, state: State) -> None:
    """Draw the filters with the counts of what the others leave."""
    counted = opened.counted(archive, filters(state), VALUES)
    with st.sidebar, st.container(key="rail", gap="xsmall"):
        st.markdown(f"**{_('Where it is known')}**")
        unfolded = 0
        for field, facet in counted.items():
            if facet.counts or state.facets.get(field):
                _facet(archive, state, field, facet, unfolded < UNFOLDED)
                unfolded += 1
        _years(archive, state)


def _facet(archive: Archive, state: State, field: str, facet: Facet, unfolded: bool) -> None:
    picked = state.facets.get(field, ())
    # values that mean one thing are one choice, unless an address asks for some of them only
    groups = {group[0]: group for group in facet.same if len(set(group) & set(picked)) in (0, len(group))}
    first = {value: group[0] for group in groups.values() for value in group}
    chosen = tuple(dict.fromkeys(first.get(value, value) for value in picked))
    counts = {value: count for value, count in facet.counts.items() if first.get(value, value) == value}
    counts |= {lead: facet.same[group] for lead, group in groups.items()}
    counts = dict(sorted(counts.items(), key=lambda one: -one[1]))
    counts |= {UNKNOWN: facet.unknown} if facet.unknown else {}
    options = [*counts, *(value for value in chosen if value not in counts)]
    ahead = list(dict.fromkeys([*chosen, *options]))[:PILLS]
    if UNKNOWN in options and UNKNOWN not in ahead:
        ahead.append(UNKNOWN)
    behind = [value for value in options if value not in ahead]

    def called(value: str) -> str:
        return shown_as(field, groups.get(value, (value,)), language())

    def pill(value: str) -> str:
        said = f"*{_('unknown')}*" if value == UNKNOWN else markdown(called(value))
        return f"{said} {number(counts.get(value, 0))}"

    def option(value: str) -> str:
        return f"{visible(called(value))} ({number(counts.get(value, 0))})"

    def changed(among: list[str], values: list[str]) -> None:
        now = shown().facets.get(field, ())
        kept = [value for value in now if first.get(value, value) not in among]
        wanted = [one for value in values for one in groups.get(value, (value,))]
        change(facets={**shown().facets, field: tuple(dict.fromkeys([*kept, *wanted]))})

    label = markdown(archive.fields.said(field, language()))
    with st.expander(label, expanded=unfolded or bool(chosen), key=f"open-{field}"):
        bound(
            st.pills,
            label,
            sorted(ahead, key=options.index),
            key=f"facet-{field}",
            value=[value for value in chosen if value in ahead],
            changed=partial(changed, ahead),
            selection_mode="multi",
            format_func=pill,
            label_visibility="collapsed",
        )
        if behind:
            bound(
                st.multiselect,
                _("More of {what}").format(what=label),
                behind,
                key=f"more-{field}",
                value=[],  # what is chosen moves among the pills
                changed=partial(changed, []),
                format_func=option,
                placeholder=ngettext("{count} more", "{count} more", len(behind)).format(count=number(len(behind))),
                label_visibility="collapsed",
            )


def _years(archive: Archive, state: State) -> None:
    scale = opened.year_scale(archive, filters(state))
    if scale is None:
        return
    edges, bars = scale
    first = state.first if state.first is not None else edges[0]
    last = state.last if state.last is not None else edges[-1]
    limited = state.first is not None or state.last is not None or not state.undated
    with st.expander(_("Years"), expanded=True, key="open-years"):
        histogram(
            bars,
            (_edge(edges, min(first, last)), _edge(edges, max(first, last))),
            [year_label(year, language()) for year in edges],
            (_("From this year"), _("To this year")),
            partial(_dragged, edges),
            key="years",
        )
        with st.container(horizontal=True, gap="xsmall"):
            _year(_("From"), "first", state.first, edges[0])
            _year(_("To"), "last", state.last, edges[-1])
        if refused := st.session_state.pop("year refused", ""):
            st.caption(markdown(refused))
        bound(
            st.checkbox,
            _("Keep what is undated"),
            key="undated",
            value=state.undated,
            changed=lambda undated: change(undated=undated),
        )
        if limited:
            st.button(_("Any year"), key="any-year", type="tertiary", on_click=_any_year)


def _year(label: str, end: str, year: int | None, least: int) -> None:
    bound(
        st.text_input,
        label,
        key=f"year-{end}",
        value="" if year is None else year_label(year, language()),
        changed=partial(_typed, end),
        placeholder=year_label(least, language()),
        width=110,
    )


def _typed(end: str, text: str) -> None:
    """A year as people write it: 490 BCE, 490 f.Kr., -490, 1650; nothing: open."""
    year = _read_year(text, end) if text.strip() else None
    if text.strip() and year is None:
        told = _("“{text}” is no year: write it as in 490 BCE, -490 or 1650.")
        st.session_state["year refused"] = told.format(text=text)
        return
    change(**{end: year})


def _read_year(text: str, end: str) -> int | None:
    with contextlib.suppress(ValueError):
        return int(text)
    span = parse_years(text)
    return None if span is None else span[0 if end == "first" else 1]


def _dragged(edges: list[int], low: int, high: int) -> None:
    change(first=None if low == 0 else edges[low], last=None if high == len(edges) - 1 else edges[high])


def _any_year() -> None:
    change(first=None, last=None, undated=True)


def _edge(edges: list[int], year: int) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - year))
