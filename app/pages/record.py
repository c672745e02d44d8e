"""Record: one picture large, everything known of it, its other views, what resembles it, and why it is here."""

from __future__ import annotations

import dataclasses

import streamlit as st

from app import opened
from app.address import current, open_record, pairs
from app.kept import all_collections
from app.language import N_, _, language, ngettext, number
from app.page import Page
from app.pages.parts.keep import collect, notice
from app.pages.parts.metadata import besides, metadata
from app.pages.parts.picture import picture
from app.pages.parts.remarks import ask_name, remarks
from app.pages.parts.steps import steps
from app.pages.parts.tiles import grid
from app.pages.parts.why import why
from app.state import PAGE_SIZE, State, checked, plan, weighted, with_weight, write
from app.who import may
from app.wording import alternative, markdown, picture_address, safe
from archive_search.archive import Archive
from archive_search.embedders import auxiliary_embedders
from archive_search.metadata.fields import SAME_PICTURE
from archive_search.metadata.wording import date_of, number_beside, title_of
from archive_search.plan import run
from archive_search.results import ResultSet
from archive_search.spaces import BOXES, tile_space
from archive_search.strategies import STRATEGIES
from archive_search.types import ArchiveSearchError, Box, Example, Hit, InvalidInputError, Match, Payload, Point, Query
from archive_search.workspace.items import item, read_item

ALIKE = 12  # so many similar pictures are shown below a record
NEARLY_ALL = 0.75
"""A part of this share of a picture is no part to be pointed at."""
ALIKE_BY = {"palette": N_("Alike in colour")}
"""What likeness in a space is called, where its name does not say it."""


def page() -> None:
    """Draw the record that the address names."""
    archive = opened.archive()
    state = checked(current())[0]
    record_id = st.query_params.get("id", "")
    points = archive.store.points([record_id])
    found = _found(archive, state)
    _way(found, state, record_id)
    if not points:
        st.title(_("Record"), anchor=False)
        st.error(
            _("No record has the id {id} in this archive.").format(id=markdown(repr(record_id))),
            icon=":material/error:",
        )
        return
    hit = Hit(points[0].id, 0.0, points[0].payload)
    notice(archive)
    _title(hit)
    shown, known = st.columns([3, 2], gap="medium")
    with shown:
        _whole(archive, state, hit, found)
        _copies(archive, state, hit)
        _views(archive, state, hit)
    with known:
        _known(archive, state, hit)
        try:
            why(archive, plan(state, archive), hit.id)
        except ArchiveSearchError as error:
            st.caption(markdown(error))
        _collected(archive, hit)
    _alike(archive, state, hit)
    with st.expander(_("All else that the catalogue says"), icon=":material/table_rows:"):
        st.html(besides(hit.payload, archive.fields))


# ------------------------------------------------------------------ the way through the results


def _found(archive: Archive, state: State) -> ResultSet | None:
    """What the search that the address tells finds; None where it cannot be asked."""
    try:
        return opened.answer(archive, plan(state, archive))
    except ArchiveSearchError:
        return None


def _way(found: ResultSet | None, state: State, record_id: str) -> None:
    """Back to the results, to the one before and the one after; another view goes by the one that stands for it."""
    ranking = found.ranks if found else {}
    stacks = found.trace.stacks if found else {}
    rank = ranking.get(record_id) or next((ranking.get(one) for one, some in stacks.items() if record_id in some), None)
    back = write(dataclasses.replace(state, page=-(-rank // PAGE_SIZE)) if rank else state)
    with st.container(horizontal=True, vertical_alignment="center", key="way"):
        st.page_link("pages/search.py", label=_("All results"), icon=":material/grid_view:", query_params=pairs(back))
        if rank is None:
            return
        order = list(ranking)
        steps(rank, len(order), lambda wanted: open_record(order[wanted - 1], back))


def _fresh(state: State) -> State:
    """A new search that is ranked like this one."""
    return State(strategy=state.strategy, knobs=state.knobs, space=state.space)


# ------------------------------------------------------------------ the picture


def _whole(archive: Archive, state: State, hit: Hit, found: ResultSet | None) -> None:
    """The picture with its parts, or the film or recording with its player."""
    if hit.payload.get("modality") in ("video", "audio"):
        st.html(player(hit))
        return
    wanted = picture(hit, _boxes(archive, state, hit.payload), _best(state, hit, found), may("judge"))
    if wanted is None:
        return
    part = item(hit.id, wanted.box)
    if wanted.act == "collect":
        if may("judge"):
            collect([part])
    else:
        asked = dataclasses.replace(_fresh(state), region=(with_weight(part.text, 1),))
        st.switch_page("pages/search.py", query_params=pairs(write(asked)))


def _boxes(archive: Archive, state: State, payload: Payload) -> list[Box]:
    """The parts of the picture that an ingest made vectors of, but for those that are nearly all of it."""
    tiled = tile_space(state.space or archive.default_space())
    boxes = [Box(*one) for one in dict(payload.get(BOXES) or {}).get(tiled, [])]
    return [one for one in boxes if (one.right - one.left) * (one.bottom - one.top) < NEARLY_ALL]


def _best(state: State, hit: Hit, found: ResultSet | None) -> Box | None:
    """The part that fits the search best, or that is searched by."""
    for one in state.region:
        try:
            asked = read_item(weighted(one)[0])
        except InvalidInputError:
            continue
        if asked.record == hit.id:
            return asked.box
    rank = found.ranks.get(hit.id) if found else None
    return found[rank - 1].box if found and rank else None


def player(hit: Hit) -> str:
    """A film or recording with its player; what a browser cannot play can be opened by another program."""
    address, shows = safe(picture_address(hit.id)), safe(alternative(hit.payload))
    still = safe(f"/thumbnail/{hit.payload.get('thumbnail', '')}")
    if hit.payload.get("modality") == "video":
        shown = f'<video class="whole" controls preload="metadata" poster="{still}" src="{address}">{shows}</video>'
        said = _("Open the film alone")
    else:
        sound = f'<audio controls preload="metadata" src="{address}">{shows}</audio>'
        shown = f'<div class="whole"><img src="{still}" alt="{shows}">{sound}</div>'
        said = _("Open the recording alone")
    return f'{shown}<p class="alone"><a href="{address}" target="_blank">{safe(said)}</a></p>'


def _views(archive: Archive, state: State, hit: Hit) -> None:
    """Other pictures of the same object, beside the picture and before all text."""
    if not (owner := hit.payload.get("object_id")):
        return
    points = archive.store.scan((Match("object_id", (str(owner),)),))
    others = [Hit(point.id, 0.0, point.payload) for point in points if point.id != hit.id and not _copy(hit, point)]
    if others:
        count = len(others)
        said = ngettext("{count} other view of this object", "{count} other views of this object", count)
        st.subheader(said.format(count=number(count)), anchor=False)
        grid(sorted(others, key=lambda one: one.id), write(state), name="views", in_place=True)


def _copies(archive: Archive, state: State, hit: Hit) -> None:
    """Other records that show the same picture, of whatever source."""
    if not (picture := hit.payload.get(SAME_PICTURE)):
        return
    points = archive.store.scan((Match(SAME_PICTURE, (str(picture),)),))
    others = [Hit(point.id, 0.0, point.payload) for point in points if point.id != hit.id]
    if others:
        count = len(others)
        said = ngettext("{count} other record with this picture", "{count} other records with this picture", count)
        st.subheader(said.format(count=number(count)), anchor=False)
        grid(sorted(others, key=lambda one: one.id), write(state), name="copies", in_place=True)


def _copy(hit: Hit, other: Hit | Point) -> bool:
    """Whether another record shows the same picture."""
    picture = hit.payload.get(SAME_PICTURE)
    return bool(picture) and other.payload.get(SAME_PICTURE) == picture


# ------------------------------------------------------------------ what is known


def _title(hit: Hit) -> None:
    said = [part for part in (number_beside(hit.payload), date_of(hit.payload, language())) if part]
    with st.container(key="record-title", gap=None):
        st.title(markdown(title_of(hit.payload)), anchor=False)
        if said:
            st.html(f'<p class="beside">{safe(" · ".join(said))}</p>')


def _known(archive: Archive, state: State, hit: Hit) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="record-acts"):
        st.page_link(
            "pages/search.py",
            label=_("More like this"),
            icon=":material/image_search:",
            query_params=pairs(write(dataclasses.replace(_fresh(state), like=(with_weight(hit.id, 1),)))),
        )
        if may("judge") and st.button(
            _("Collect"), icon=":material/library_add:", key="collect-record", type="tertiary"
        ):
            collect([hit.id])
        address = str(hit.payload.get("record_url") or "")
        if address.startswith(("https://", "http://")):
            st.link_button(_("At the museum"), address, icon=":material/open_in_new:", type="tertiary")
    st.html(metadata(hit.payload, archive.fields))


def _collected(archive: Archive, hit: Hit) -> None:
    """What is written about it in the collections that it is in."""
    there = [
        (collection, member)
        for collection in all_collections(archive)
        for member in collection.members
        if member.item.record == hit.id
    ]
    if not there or not may("judge"):
        return
    st.subheader(_("In collections"), anchor=False)
    for place, (collection, member) in enumerate(there):
        part = f" · {_('a part of it')}" if member.item.box else ""
        with st.expander(
            f"{markdown(collection.name)}{part}", icon=":material/folder_special:", expanded=len(there) < 3
        ):
            if not place:
                ask_name("record")
            remarks(archive, collection, member)


# ------------------------------------------------------------------ what resembles it


def _alike(archive: Archive, state: State, hit: Hit) -> None:
    """The nearest records in one of the spaces, which is chosen."""
    beside = [one for one in auxiliary_embedders() if one in archive.store.spaces]
    spaces = [*archive.choices(), *beside]
    if not spaces:
        return
    first = state.space if state.space in spaces else archive.default_space()
    st.subheader(_("Records like this one") if "modality" in hit.payload else _("Pictures like this one"), anchor=False)
    chosen = first
    if len(spaces) > 1:
        alone = len(archive.choices()) == 1
        chosen = (
            st.segmented_control(
                _("Alike by"),
                spaces,
                default=first if first in spaces else spaces[0],
                required=True,
                key="alike-by",
                label_visibility="collapsed",
                format_func=lambda one: _in_space(one, alone),
            )
            or first
        )
    owner = hit.payload.get("object_id")
    asked = STRATEGIES["nearest"]().plan(Query((Example("record", hit.id),)), 3 * ALIKE, chosen)
    try:
        others = [one for one in run(asked, archive) if one.id != hit.id]
        # other views of the object and copies of the picture stand above already
        found = [one for one in others if not _copy(hit, one) and (not owner or one.payload.get("object_id") != owner)][
            :ALIKE
        ]
    except ArchiveSearchError as error:
        st.caption(markdown(error))
        return
    if found:
        like = dataclasses.replace(
            _fresh(state), like=(with_weight(hit.id, 1),), space=chosen if chosen != first else state.space
        )
        grid(found, write(like), name="alike", in_place=True)


def _in_space(space: str, alone: bool) -> str:
    """What likeness in a space is called, where it is the only one of the pictures, or one of several."""
    if space in ALIKE_BY:
        return _(ALIKE_BY[space])
    return _("Alike to look at") if alone else _("Alike by {space}").format(space=markdown(space))


PAGES = {"record": Page(N_("Record"), ":material/image:", 2, offered=False, under="search")}

if __name__ == "__main__":
    page()
