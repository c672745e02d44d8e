"""Record: one picture large, everything known of it, its other views, and what resembles it."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from app import opened
from app.address import current, open_record, pairs
from app.language import N_
from app.page import Page
from app.pages.parts.steps import steps
from app.pages.parts.tiles import grid
from app.state import PAGE_SIZE, State, checked, plan, with_weight, write
from app.wording import alternative, as_html, degrees, markdown, picture_address, safe
from archive_search.archive import Archive
from archive_search.counted import count
from archive_search.metadata.fields import SYSTEM_FIELDS, YEARS
from archive_search.metadata.filters import place_of, values_of
from archive_search.metadata.table import Field, Fields
from archive_search.metadata.wording import date_of, number_beside, span, title_of
from archive_search.plan import run
from archive_search.strategies import STRATEGIES
from archive_search.types import ArchiveSearchError, Example, Hit, Match, Payload, Query

ALIKE = 12  # so many similar pictures are shown below a record
SHOWN_ELSEWHERE = ("title", YEARS[1], "dated_by")
HOW_DATED = {"date": "(read from the date)", "period": "(from the period)"}  # columns of years need no remark


def page() -> None:
    """Draw the record that the address names."""
    archive = opened.archive()
    state, _ = checked(current())
    record_id = st.query_params.get("id", "")
    found = archive.store.points([record_id])
    _way(archive, state, record_id)
    if not found:
        st.error(f"No record has the id {markdown(repr(record_id))} in this archive.", icon=":material/error:")
        return
    hit = Hit(found[0].id, 0.0, found[0].payload)
    picture, known = st.columns([3, 2], gap="medium")
    with picture:
        st.html(whole(hit))
    with known:
        st.header(markdown(title_of(hit.payload)), anchor=False)
        said = [part for part in (number_beside(hit.payload), date_of(hit.payload)) if part]
        if said:
            st.caption(markdown(" · ".join(said)))
        st.page_link(
            "pages/search.py",
            label="More like this",
            icon=":material/image_search:",
            query_params=pairs(write(dataclasses.replace(_fresh(state), like=(with_weight(hit.id, 1),)))),
        )
        st.html(metadata(hit.payload, archive.fields))
    _views(archive, state, hit)
    _alike(archive, state, hit)


def _way(archive: Archive, state: State, record_id: str) -> None:
    """Back to the results, to the one before and the one after."""
    try:
        ranking = opened.answer(archive, plan(state, archive)).ranks
    except ArchiveSearchError:
        ranking = {}
    rank = ranking.get(record_id)
    back = write(dataclasses.replace(state, page=-(-rank // PAGE_SIZE)) if rank else state)
    with st.container(horizontal=True, vertical_alignment="center", key="way"):
        st.page_link("pages/search.py", label="All results", icon=":material/grid_view:", query_params=pairs(back))
        if rank is None:
            return
        order = list(ranking)
        steps(rank, len(order), lambda wanted: open_record(order[wanted - 1], back))


def whole(hit: Hit) -> str:
    """A record's picture, film or recording; what a browser cannot play can be opened by another program."""
    address, shows = safe(picture_address(hit.id)), safe(alternative(hit.payload))
    still = safe(f"/thumbnail/{hit.payload.get('thumbnail', '')}")
    kind = hit.payload.get("modality")
    if kind == "video":
        player = f'<video class="whole" controls preload="metadata" poster="{still}" src="{address}">{shows}</video>'
        return f'{player}<p class="alone"><a href="{address}" target="_blank">Open the film alone</a></p>'
    if kind == "audio":
        player = f'<audio controls preload="metadata" src="{address}">{shows}</audio>'
        return (
            f'<div class="whole"><img src="{still}" alt="{shows}">{player}</div>'
            f'<p class="alone"><a href="{address}" target="_blank">Open the recording alone</a></p>'
        )
    return (
        f'<a class="whole" href="{address}" target="_blank" title="Open the picture alone">'
        f'<img src="{address}" alt="{shows}"></a>'
    )


def metadata(payload: Payload, fields: Fields) -> str:
    """All that is known of a record, as a table."""
    rows: list[tuple[str, Any]] = []
    for key, field in fields.items():
        if key == YEARS[0]:
            years = span(payload.get(YEARS[0]), payload.get(YEARS[1]))
            how = HOW_DATED.get(payload.get("dated_by", ""), "")
            rows += [("Years", f"{years} {how}".strip())] if years else []
        elif key not in SHOWN_ELSEWHERE and values_of(payload, key):
            value = payload[key]
            rows.append((field.said(), _said(field, value)))
    extra = payload.get("extra")
    rows += (
        [(name, value) for name, value in extra.items() if value not in (None, "")] if isinstance(extra, dict) else []
    )
    known = {*fields, *SYSTEM_FIELDS}
    rows += [(name, value) for name, value in payload.items() if name not in known and value not in (None, "")]
    rows.append(("Record", payload.get("id", "")))
    rows += [("File", payload["file"])] if payload.get("file") else []
    rows += [("Pixels", f"{payload['width']} × {payload['height']}")] if _has_pixels(payload) else []
    body = "".join(f"<tr><th>{safe(label)}</th><td>{as_html(value)}</td></tr>" for label, value in rows)
    return f'<table class="metadata">{body}</table>'


def _said(field: Field, value: Any) -> Any:
    """A value as people write it: a number with its unit, a point in degrees."""
    if field.kind == "number" and isinstance(value, int | float):
        return f"{value:g} {field.unit}".strip()
    if place := place_of(value):
        return degrees(*place)
    return value


def _has_pixels(payload: Payload) -> bool:
    """Whether its size says anything: the picture that stands for a recording is drawn by the ingest."""
    return bool(payload.get("width")) and payload.get("modality") != "audio"


def _views(archive: Archive, state: State, hit: Hit) -> None:
    """Other pictures of the same object."""
    if not (number := hit.payload.get("object_id")):
        return
    points = archive.store.scan((Match("object_id", (str(number),)),))
    others = [Hit(point.id, 0.0, point.payload) for point in points if point.id != hit.id]
    if others:
        st.subheader(f"{count(len(others), 'other view')} of this object", anchor=False)
        grid(sorted(others, key=lambda one: one.id), write(state), name="views", in_place=True)


def _alike(archive: Archive, state: State, hit: Hit) -> None:
    asked = STRATEGIES["nearest"]().plan(Query((Example("record", hit.id),)), ALIKE + 1, state.space)
    try:
        found = [one for one in run(asked, archive) if one.id != hit.id][:ALIKE]
    except ArchiveSearchError as error:
        st.caption(markdown(error))
        return
    if found:
        st.subheader("Records like this one" if "modality" in hit.payload else "Pictures like this one", anchor=False)
        grid(
            found,
            write(dataclasses.replace(_fresh(state), like=(with_weight(hit.id, 1),))),
            name="alike",
            in_place=True,
        )


def _fresh(state: State) -> State:
    """A new search that is ranked like this one."""
    return State(strategy=state.strategy, knobs=state.knobs, space=state.space)


PAGES = {"record": Page(N_("Record"), ":material/image:", 2, offered=False)}

if __name__ == "__main__":
    page()
