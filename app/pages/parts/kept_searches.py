"""The saved searches: opened again, looked at for what is new, renamed, deleted, brought back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import kept
from app.address import pairs, shown
from app.asked import in_words, state_of
from app.kept import note_in_history
from app.language import _, ngettext, number
from app.pages.parts.keep import tell
from app.pages.parts.tiles import grid
from app.state import PAGE_SIZE, write
from app.wording import markdown, safe
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError, Hit
from archive_search.workspace.searches import Look, SavedSearch

_LOOK = "looked at"
"""Kept for a session: the look at a saved search that is shown."""


def kept_searches(archive: Archive) -> None:
    """Draw the saved searches."""
    there = kept.searches(archive)
    st.title(_("Saved searches"), anchor=False)
    some = there.all()
    if not some:
        st.write(_("No search is saved yet. On the page of a search, Keep saves it; here you see later what is new."))
    for one in some:
        with st.container(border=True, key=f"search-{one.id}"):
            _row(archive, one, there.looked(one))
    if deleted := there.all(deleted=True):
        with st.expander(_("Deleted ({count})").format(count=number(len(deleted))), icon=":material/delete:"):
            for one in deleted:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(markdown(one.name), width="content")
                    st.button(
                        _("Bring back"),
                        key=f"bring-{one.id}",
                        icon=":material/restore_from_trash:",
                        type="tertiary",
                        on_click=_acted,
                        args=(lambda one=one: kept.searches(archive).bring_back(one.id), _("It is there again.")),
                    )


def _row(archive: Archive, one: SavedSearch, looked: str) -> None:
    st.markdown(f"**{markdown(one.name)}**")
    last = _("looked at on {day}").format(day=looked[:10]) if looked else _("you have not looked yet")
    told = [in_words(one.plan), one.who, last]
    st.caption(markdown(" · ".join(filter(None, told))))
    if one.note:
        st.html(f'<p class="note">{safe(one.note)}</p>')
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        asked = state_of(archive, one.plan, one.strategy, one.settings)
        if asked is not None:
            st.page_link("pages/search.py", label=_("Open"), icon=":material/search:", query_params=pairs(write(asked)))
        if st.button(_("What is new?"), icon=":material/update:", key=f"new-{one.id}", type="tertiary"):
            _look(archive, one)
        _rename(archive, one)
        st.button(
            _("Delete"),
            icon=":material/delete:",
            type="tertiary",
            key=f"delete-{one.id}",
            on_click=_acted,
            args=(
                lambda: kept.searches(archive).delete(one.id),
                _("The search **{name}** is deleted.").format(name=markdown(one.name)),
            ),
            help=_("Nothing is lost: it can be brought back"),
        )
    told_last: Look | None = st.session_state.get(_LOOK)
    if told_last and told_last.search.id == one.id:
        _shown(archive, told_last)


def _look(archive: Archive, one: SavedSearch) -> None:
    try:
        look = kept.searches(archive).look(one.id, archive)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return
    note_in_history(archive, look.found)
    st.session_state[_LOOK] = look


def _shown(archive: Archive, look: Look) -> None:
    count, of = len(look.new), len(look.found)
    if look.since:
        said = ngettext(
            "{count} of {of} records is new since {day}.", "{count} of {of} records are new since {day}.", count
        )
    else:
        said = ngettext(
            "It finds {of} record; you look for the first time.",
            "It finds {of} records; you look for the first time.",
            of,
        )
    st.markdown(said.format(count=number(count), of=number(of), day=f"{look.since[:16].replace('T', ' ')} UTC"))
    if look.gone:
        some = ", ".join(look.gone[:5])
        form = ngettext("{count} is no longer found: {some}", "{count} are no longer found: {some}", len(look.gone))
        more = " …" if len(look.gone) > 5 else ""
        st.caption(form.format(count=number(len(look.gone)), some=markdown(some)) + more)
    asked = state_of(archive, look.search.plan, look.search.strategy, look.search.settings) or shown()
    payloads = look.found.holdings.payloads(look.new[:PAGE_SIZE])
    grid([Hit(new, 0.0, payloads.get(new, {})) for new in look.new[:PAGE_SIZE]], write(asked), name="new")
    if count > PAGE_SIZE:
        st.caption(_("The first {count} are shown.").format(count=number(PAGE_SIZE)))


def _rename(archive: Archive, one: SavedSearch) -> None:
    with st.popover(_("Rename"), icon=":material/edit:", type="tertiary"), st.form(f"rename-{one.id}", border=False):
        name = st.text_input(_("Name"), value=one.name, key=f"called-{one.id}", max_chars=1000)
        sent = st.form_submit_button(_("Rename"))
    if sent:
        _acted(lambda: kept.searches(archive).rename(one.id, name), _("The search has another name."))
        st.rerun()


def _acted(act: Callable[[], object], said: str) -> None:
    try:
        act()
        tell(said, "searches")
    except ArchiveSearchError as error:
        tell(markdown(error))
