"""The three questions of a search: what is it, what sets it apart, and where it is known."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import opened
from app.address import change, shown
from app.pages.parts.bound import bound, popover
from app.pages.parts.numbers import look_up
from app.state import UNKNOWN, State, filters, refinement, weighted, with_weight
from app.wording import markdown, query_address, thumbnail_address
from archive_search.archive import Archive
from archive_search.metadata.facets import Facet
from archive_search.metadata.wording import title_of, year_label
from archive_search.pictures.query_pictures import keep_query
from archive_search.types import ArchiveSearchError
from archive_search.visible import visible

PILLS = 24
"""Up to so many values of a facet are shown at once; more are looked up by typing."""
VALUES = 500
"""So many values of a facet can be chosen from, the most frequent."""
CHOSEN = ":material/check:"
"""Stands before a filter that is set."""
NO_FILTERS: dict[str, Any] = {"facets": {}, "first": None, "last": None, "undated": True}
"""What changes when all filters are dropped."""


def questions(archive: Archive, state: State) -> None:
    """Draw the three questions with the answers that the address tells."""
    with st.container(key="questions", gap="small"):
        _what(archive, state)
        _apart(state)
        _where(archive, state)


# ------------------------------------------------------------------ 1 what is it


def _what(archive: Archive, state: State) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="what"):
        bound(
            st.text_input,
            "1 · What is it?",
            key="q",
            value=state.what,
            changed=lambda text: change(what=text.strip()),
            type="search",
            placeholder="flint axe",
        )
        with popover("Picture", icon=":material/image:", help="Search with a picture of your own"):
            st.file_uploader(
                "A picture to search with",
                key="upload",
                type=["jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp"],
                on_change=_uploaded,
                args=(archive,),
            )
        look_up(archive)
        st.button(
            "Random",
            icon=":material/shuffle:",
            on_click=_random,
            args=(archive, state),
            help="Show what resembles a picture drawn at random",
        )
    if message := st.session_state.pop("refused", ""):
        st.error(markdown(message), icon=":material/error:")
    for number, one in enumerate(state.like):
        _like(archive, one, number)
    for number, one in enumerate(state.picture):
        address = query_address(weighted(one)[0])
        _chip(address, "Like the picture you brought", "The picture that you brought", "picture", one, number)


def _like(archive: Archive, one: str, number: int) -> None:
    record_id = weighted(one)[0]
    found = archive.store.points([record_id])
    title = title_of(found[0].payload) if found else record_id
    _chip(thumbnail_address(found[0].payload) if found else "", f"More like: {title}", title, "like", one, number)


def _chip(picture: str, label: str, alternative: str, field: str, one: str, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"chip-{field}-{number}"):
        image = f"![{markdown(alternative)}]({picture}) " if picture else ""
        st.markdown(f"{image}{markdown(label)}", width="content")
        st.button(
            f":material/close: Drop {markdown(alternative)}",
            key=f"drop-{field}-{number}",
            type="tertiary",
            on_click=_dropped,
            args=(field, one),
        )


def _dropped(field: str, one: str) -> None:
    change(**{field: tuple(other for other in getattr(shown(), field) if other != one)})


def _uploaded(archive: Archive) -> None:
    file = st.session_state["upload"]
    if file is None:
        return
    try:
        change(picture=(keep_query(archive.queries, file.getvalue(), file.name),))
    except ArchiveSearchError as error:
        st.session_state["refused"] = str(error)


def _random(archive: Archive, state: State) -> None:
    found = archive.store.sample(filters(state))
    if found:
        change(like=(with_weight(found, 1),), what="", picture=(), region=(), apart=())


# ------------------------------------------------------------------ 2 what sets it apart


def _apart(state: State) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="apart"):
        bound(
            st.text_input,
            "2 · What sets it apart?",
            key="add",
            value="",  # each becomes a refinement beside the box
            changed=_added,
            placeholder="polished   or   -drawing",
            help="One at a time. A minus before it asks for less like this.",
            width=340,
        )
        for number, one in enumerate(state.apart):
            _refinement(number, one)


def _refinement(number: int, one: str) -> None:
    words, less = one.removeprefix("-"), one.startswith("-")
    with st.container(horizontal=True, gap=None, width="content", key=f"refinement-{number}"):
        st.button(
            f"**−** {markdown(words)}" if less else f"**+** {markdown(words)}",
            key=f"turn-{one}",
            help="Less like this. Click: more like it" if less else "More like this. Click: less like it",
            on_click=_replace,
            args=(one, words if less else f"-{words}"),
        )
        st.button(f":material/close: Remove {markdown(words)}", key=f"remove-{one}", on_click=_replace, args=(one, ""))


def _replace(one: str, other: str) -> None:
    # of what is shown now: a word may have been added by the same click that left its box
    apart = (other if there == one else there for there in shown().apart)
    change(apart=tuple(dict.fromkeys(there for there in apart if there)))


def _added(typed: str) -> None:
    if text := refinement(typed):
        others = [one for one in shown().apart if one.removeprefix("-") != text.removeprefix("-")]
        change(apart=(*others, text))


# ------------------------------------------------------------------ 3 where it is known


def _where(archive: Archive, state: State) -> None:
    where = filters(state)
    counted = opened.counted(archive, where, VALUES)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="where"):
        st.markdown("3 · Where it is known", width="content")
        for field, facet in counted.items():
            if facet.counts or state.facets.get(field):
                _facet(state, field, archive.fields.said(field), facet)
        span = opened.years(archive)
        if span and span[0] < span[1]:
            _years(state, span)
        for field, values in state.facets.items():
            unknown = counted[field].unknown if field in counted else 0
            if unknown and UNKNOWN not in values:
                st.button(
                    f"{unknown:,} of unknown {markdown(archive.fields.said(field)).lower()} left out: keep them",
                    key=f"keep-{field}",
                    type="tertiary",
                    on_click=change,
                    kwargs={"facets": {**state.facets, field: (*values, UNKNOWN)}},
                )
        if where:
            st.button(
                "Clear",
                icon=":material/filter_alt_off:",
                type="tertiary",
                help="Drop all of these filters",
                on_click=change,
                kwargs=NO_FILTERS,
            )


def _facet(state: State, field: str, label: str, facet: Facet) -> None:
    chosen = state.facets.get(field, ())
    counts = {**facet.counts, **({UNKNOWN: facet.unknown} if facet.unknown else {})}
    options = [*counts, *(value for value in chosen if value not in counts)]

    def pill(value: str) -> str:
        return f"{'*unknown*' if value == UNKNOWN else markdown(value)} {counts.get(value, 0):,}"

    def option(value: str) -> str:
        return f"{visible(value) or 'unknown'} ({counts.get(value, 0):,})"

    said = ", ".join(value or "unknown" for value in chosen)
    with popover(f"{label}: {markdown(said)}" if said else label, icon=CHOSEN if said else None, key=f"open-{field}"):
        told: dict[str, Any] = {
            "key": f"facet-{field}",
            "value": list(chosen),
            "changed": lambda values: change(facets={**shown().facets, field: tuple(values)}),
        }
        if len(options) <= PILLS:
            bound(st.pills, label, options, selection_mode="multi", format_func=pill, **told)
        else:
            bound(st.multiselect, label, options, format_func=option, placeholder="Type or choose", **told)


def _years(state: State, span: tuple[int, int]) -> None:
    first, last = state.first if state.first is not None else span[0], state.last if state.last is not None else span[1]
    options = sorted({*_scale(*span), first, last})
    limited = state.first is not None or state.last is not None or not state.undated
    said = markdown(f"{year_label(first)} – {year_label(last)}") if limited else "Years"
    with popover(said, icon=CHOSEN if limited else None, key="open-years"):
        bound(
            st.select_slider,
            "Made in these years",
            options,
            key="years",
            value=(min(first, last), max(first, last)),
            changed=lambda ends: _dated(span, *ends),
            format_func=year_label,
            width=380,
        )
        bound(
            st.checkbox,
            "Keep what is undated",
            key="undated",
            value=state.undated,
            changed=lambda undated: change(undated=undated),
        )


def _scale(first: int, last: int) -> list[int]:
    """Round years between the first and the last, at most some two hundred, both ends included."""
    step = next(
        step for size in range(8) for step in (10**size, 2 * 10**size, 5 * 10**size) if (last - first) / step <= 200
    )
    return [first, *range((first // step + 1) * step, last, step), last]


def _dated(span: tuple[int, int], first: int, last: int) -> None:
    change(first=None if first <= span[0] else first, last=None if last >= span[1] else last)
