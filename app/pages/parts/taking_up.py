"""Taking up pictures from the page: a folder, its catalogue, the models; how far it is; stopping it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from app import opened
from app.hosts import is_this_machine
from app.language import N_, _, ngettext, number
from app.pages.parts.other_sources import other_sources
from app.sharing import shared
from app.who import may
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.counted import clock
from archive_search.embedders import EMBEDDERS, default_embedder
from archive_search.types import ArchiveSearchError
from ingest.background import State
from ingest.metadata_files import likely_table, metadata_files, readable_folder
from ingest.request import Request, read_request
from ingest.status import Progressed

_TROUBLE = "taking up: trouble"
"""Kept until the page is drawn: why an ingest was not begun."""
_EVERY_S = 1.0
_NEWS_S = 24 * 3600
"""So long it is told how the last ingest went."""
COUNTS = {
    "added": N_("{count} added"),
    "changed": N_("{count} with another picture"),
    "extended": N_("{count} with vectors of another model"),
    "moved": N_("{count} taken over from another folder"),
    "relabelled": N_("{count} with other metadata"),
    "restored": N_("{count} with a thumbnail again"),
    "unchanged": N_("{count} unchanged"),
    "rejected": N_("{count} rejected"),
    "still_rejected": N_("{count} rejected before"),
}
"""What an ingest did to records, by the names of its summary."""


def taking_up(archive: Archive, work: Progressed) -> None:
    """Draw the form, or how far the ingest is that runs."""
    st.subheader(_("Take up pictures"), anchor=False)
    if not _here():
        if shared() is not None:
            st.write(_("Pictures are taken up by those who may edit."))
            return
        st.write(
            _("Pictures are taken up on the machine where the archive lies: in a browser there, or with this command.")
        )
        st.code(f"archive-search ingest folder PICTURES --archive {shlex.quote(str(archive.directory))}", language=None)
        return
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.error(markdown(trouble), icon=":material/error:")
    state = opened.background().state(archive.directory)
    if state is not None and state.running:
        _live(archive)
        return
    if state is not None and not (state.phase == "stopped" and work.building):
        _ended(state)
    if work.building:
        st.info(
            ngettext(
                "Not finished: {count} picture is read and kept; searches find it once the rest is read too.",
                "Not finished: {count} pictures are read and kept; searches find them once the rest is read too.",
                work.pending,
            ).format(count=number(work.pending)),
            icon=":material/pause_circle:",
        )
    _known(archive, work, state)
    _form(archive)


def can_begin(archive: Archive) -> bool:
    """Whether an ingest can be begun from this browser now."""
    state = opened.background().state(archive.directory)
    return _here() and not (state is not None and state.running)


def begin(archive: Archive, request: Request) -> None:
    """Begin an ingest; what is against it is told when the page is drawn."""
    try:
        opened.background().start(archive.directory, request)
    except ArchiveSearchError as error:
        st.session_state[_TROUBLE] = str(error)


def _here() -> bool:
    """Whether who sits before the page may choose folders: on this machine, or an editor who has logged in."""
    if shared() is not None:
        return may("editor")
    return is_this_machine(st.context.headers.get("Host", ""), st.context.ip_address)


# ------------------------------------------------------------------ while it runs


@st.fragment(run_every=_EVERY_S)
def _live(archive: Archive) -> None:
    background = opened.background()
    state = background.state(archive.directory)
    if state is None or not state.running:
        st.rerun()
    now = state.progress
    done, total = now.get("done", 0), now.get("total")
    st.progress(min(done / total, 1.0) if total else 0.0, text=_far(state, done, total))
    st.caption(_("Searches go on meanwhile; they find the new pictures once all are read and published."))
    if not background.ours(archive.directory):
        st.caption(_("Another program began this: it can be stopped there."))
    elif background.stopping(archive.directory):
        st.caption(_("Stopping after the pictures at hand …"))
        st.button(_("End at once"), key="end", on_click=background.end, args=(archive.directory, 0.0))
    else:
        label = _("Stop; what is read is kept")
        st.button(label, icon=":material/stop:", key="stop", on_click=background.stop, args=(archive.directory,))
    _remarks(state)


def _far(state: State, done: int, total: int | None) -> str:
    if state.phase == "starting":
        return _("Reading the catalogue and loading the models …")
    if state.phase == "publishing":
        return _("All are read; publishing …")
    if state.phase == "repacking":
        far = _("{done} of {total}").format(done=number(done), total=number(total or 0))
        return _("All are read; the index is packed anew for its size …") + f" {far}"
    amount = _("{done} of {total}").format(done=number(done), total=number(total)) if total else number(done)
    said = [amount]
    if rate := state.progress.get("rate"):
        said.append(_("{rate} a second").format(rate=number(round(rate, 1 if rate < 10 else None))))
    if (left := state.progress.get("left_s")) is not None:
        said.append(_("{time} left").format(time=clock(left)))
    if rejected := state.progress.get("rejected"):
        said.append(_(COUNTS["rejected"]).format(count=number(rejected)))
    return " · ".join(said)


# ------------------------------------------------------------------ when it has ended


def _ended(state: State) -> None:
    if time.time() - state.at > _NEWS_S:
        return
    if state.phase == "failed":
        st.error(markdown(state.error), icon=":material/error:")
        return
    said = [_(COUNTS[name]).format(count=number(count)) for name in COUNTS if (count := state.summary.get(name, 0))]
    told = ", ".join(said) or _("no pictures")
    if state.phase == "stopped":
        st.info(_("Stopped: {what} so far.").format(what=told), icon=":material/pause_circle:")
    else:
        st.success(_("Done: {what}.").format(what=told), icon=":material/check_circle:")
    _remarks(state)


def _remarks(state: State) -> None:
    if state.remarks:
        with st.expander(_("How the catalogue was understood"), key="understood"):
            for remark in state.remarks:
                st.caption(markdown(remark))


def _known(archive: Archive, work: Progressed, state: State | None) -> None:
    """Buttons that do again what was asked before."""
    asked: dict[str, Request] = {}
    if state is not None and state.phase != "done" and (last := state.asked) is not None:
        asked[_place(last)] = last
    for one in work.origins:
        if one.last is not None and one.last.request:
            try:
                asked.setdefault(one.name, read_request(one.last.request))
            except ArchiveSearchError:  # a setting that there is no more
                continue
    failed = state is not None and state.phase == "failed"
    unfinished = work.building is not None or (state is not None and state.phase == "stopped")
    for place, (folder, request) in enumerate(asked.items()):
        going_on = (unfinished or failed) and place == 0
        label = _("Look for what is new in {folder}")
        if going_on:
            label = _("Go on with {folder}") if unfinished else _("Try {folder} again")
        st.button(
            label.format(folder=markdown(folder)),
            icon=":material/play_arrow:" if going_on else ":material/sync:",
            type="primary" if going_on else "secondary",
            key=f"again-{place}",
            on_click=begin,
            args=(archive, request),
        )


def _place(request: Request) -> str:
    """What a request takes up, by the name that its source has."""
    if "folder" in request.settings:
        return str(request.settings["folder"])
    try:
        return request.made().origin
    except ArchiveSearchError:
        return request.source


# ------------------------------------------------------------------ the form


@st.fragment
def _form(archive: Archive) -> None:
    with st.expander(_("Take up a folder"), icon=":material/create_new_folder:", expanded=archive.generation is None):
        typed = st.text_input(
            _("Folder of pictures on this machine"),
            key="folder",
            placeholder=str(Path.home() / "pictures"),
            help=_("The whole path. Pictures in it and in every folder below are read; none is changed or copied."),
        )
        folder = _told(readable_folder, typed) if typed.strip() else None
        files = metadata_files(folder) if folder else []
        metadata = st.selectbox(
            _("Catalogue that describes them"),
            [None, *files],
            index=files.index(likely) + 1 if (likely := likely_table(files)) else 0,
            format_func=lambda one: _("none: pictures alone") if one is None else one.name,
            key=f"metadata-{folder}",
            disabled=folder is None,
            help=_("A table in the folder or beside it: CSV, TSV, Excel, JSON, Parquet."),
        )
        chosen, tiles = _models(archive)
        st.button(
            _("Take up"),
            type="primary",
            key="take-up",
            disabled=folder is None or not chosen,
            on_click=_begin,
            args=(archive, folder, metadata, chosen, tiles),
        )
    other_sources(archive, _models, begin)
    if opened.background().ours(archive.directory) or _TROUBLE in st.session_state:
        st.rerun()


def _models(archive: Archive, key: str = "") -> tuple[tuple[str, ...], bool]:
    """Draw which models see the pictures, and whether in parts too; what was chosen."""
    before = f"{key}-" if key else ""
    ready = [name for name, one in EMBEDDERS.items() if not one.auxiliary and not one.missing()]
    usual = [name for name in archive.settings.embedders if name in ready] or [default_embedder()]
    chosen = st.multiselect(_("Models that see the pictures"), ready, default=usual, key=f"{before}embedders")
    tiles = st.toggle(
        _("Small details too"),
        value=archive.settings.tiles,
        key=f"{before}tiles",
        help=_("Parts of every picture are seen one by one as well. It takes several times as long."),
    )
    return tuple(chosen), tiles


def _begin(archive: Archive, folder: Path, metadata: Path | None, chosen: tuple[str, ...], tiles: bool) -> None:
    settings: dict[str, Any] = {"folder": str(folder), **({"metadata": str(metadata)} if metadata else {})}
    begin(archive, Request("folder", settings, chosen, tiles))


def _told(read: Callable[[str], Path], typed: str) -> Path | None:
    try:
        return read(typed)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return None
