"""Maps that are not there yet: what is missing, drawing one with progress, drawing one anew."""

from __future__ import annotations

import importlib.util

import streamlit as st

from app import opened
from app.language import _, ngettext, number
from app.who import may
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.projection.maps import Map

NEEDED = ("openTSNE", "sklearn")
"""What draws maps; one that is drawn is shown without."""
INSTALL = "pip install 'archive-search[map]'"
SECONDS = 264 / 100_000
"""So long each picture takes, measured on two busy cores (docs/explanation/map.md)."""


def offer_to_draw(archive: Archive, space: str) -> None:
    """Draw a button that has the map of a space made, or how far it is."""
    making = opened.map_making().state(archive, space)
    if making is not None and making.running:
        _live(archive, space)
        return
    if making is not None and making.error:
        st.error(markdown(making.error), icon=":material/error:")
    st.write(
        _(
            "A map shows every picture near those that resemble it, so that kinds of things lie together, and what "
            "belongs nowhere stands alone. It is drawn once and kept."
        )
    )
    count = archive.store.count()
    if not count:
        st.write(_("This archive holds no pictures yet."))
        return
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        st.write(_("Maps need a few more packages. Install them with this command and start the program again:"))
        st.code(INSTALL, language=None)
        return
    pictures = ngettext("{count} picture", "{count} pictures", count).format(count=number(count))
    minutes = round(count * SECONDS / 60)
    about = ngettext("about {count} minute", "about {count} minutes", minutes).format(count=number(minutes))
    st.caption(f"{pictures} · {about if minutes else _('less than a minute')}")
    if not may("editor"):
        st.caption(_("It is drawn by those who may edit."))
        return
    st.button(
        _("Draw the map"),
        type="primary",
        icon=":material/bubble_chart:",
        key="draw-map",
        on_click=opened.map_making().begin,
        args=(archive, space),
    )


def draw_anew(archive: Archive, drawn: Map) -> None:
    """Tell that a map is not of the pictures that are there now, with a button that draws it anew."""
    if drawn.generation == archive.generation:
        return
    making = opened.map_making().state(archive, drawn.space)
    if making is not None and making.running:
        _live(archive, drawn.space)
        return
    there = set(archive.store.ids())
    new = len(there.difference(drawn.ids))
    with st.container(horizontal=True, vertical_alignment="center"):
        if new:
            told = ngettext(
                "The map was drawn before {count} picture was added.",
                "The map was drawn before {count} pictures were added.",
                new,
            ).format(count=number(new))
        else:
            told = _("The map was drawn of an earlier state of the archive.")
        st.caption(told, width="content")
        if not may("editor"):
            return
        st.button(
            _("Draw it anew"),
            icon=":material/refresh:",
            key="draw-anew",
            on_click=opened.map_making().begin,
            args=(archive, drawn.space),
        )


@st.fragment(run_every=1.0)
def _live(archive: Archive, space: str) -> None:
    making = opened.map_making().state(archive, space)
    if making is None or not making.running:
        st.rerun()
    said = {
        "reading": _("Reading the vectors …"),
        "placing": _("Finding each picture its place: {done} of {total} steps").format(
            done=number(making.done), total=number(making.total)
        ),
        "naming": _("Naming the groups …"),
    }
    share = making.done / max(making.total, 1) if making.what == "placing" else float(making.what == "naming")
    st.progress(min(share, 1.0), text=said[making.what])
    st.caption(_("Searches go on meanwhile."))
    st.button(
        _("Stop"), icon=":material/stop:", key="stop-map", on_click=opened.map_making().stop, args=(archive, space)
    )
