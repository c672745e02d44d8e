"""Keep what was found: save a search, put records into a collection, export; from any page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app.address import pairs, shown
from app.kept import all_collections, collections, searches
from app.language import N_, _, ngettext, number
from app.opened import archive as opened_archive
from app.pages.parts.export_form import export_dialog, in_words
from app.pages.parts.name_box import name_box, named
from app.state import PAGE_SIZE, State, strategy, write
from app.who import may
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.results import ResultSet
from archive_search.types import ArchiveSearchError
from archive_search.visible import visible
from archive_search.workspace.items import Item, item

SAVE, COLLECT, EXPORT = N_("Save this search"), N_("Collect these records"), N_("Export")
_ICONS = {SAVE: ":material/bookmark_add:", COLLECT: ":material/library_add:", EXPORT: ":material/download:"}
_NOTICE = "kept last"
"""Kept for a session until another page is opened: what was kept last, to be told and taken back."""
_LAST = "collected into"
"""Kept for a session: the collection that was used last."""


@dataclass(frozen=True)
class Notice:
    """What was done last: a sentence, how many acts of which journal take it back, where it is seen, where it was."""

    said: str
    journal: Literal["", "collections", "searches"]
    acts: int
    link: Mapping[str, str]
    address: Mapping[str, Sequence[str]]


# ------------------------------------------------------------------ on the page


def keep_menu(archive: Archive, state: State, found: ResultSet | Callable[[], ResultSet]) -> None:
    """
    Draw the menu of what can be done with what a search found.

    Args:
        archive: that was searched.
        state: the search, for its strategy.
        found: what it found, or what makes it once it is wanted.
    """
    wanted = st.menu_button(
        _("Keep"),
        [SAVE, COLLECT, EXPORT] if may("judge") else [EXPORT],
        key="keep",
        icon=":material/bookmark:",
        format_func=lambda one: f"{_ICONS[one]} {_(one)}",
        help=_("Save this search, collect what it found, or write it to a file"),
    )
    if wanted == SAVE:
        save_search(archive, state, found)
    elif wanted == COLLECT:
        collect([hit.id for hit in _set(found).ranking], PAGE_SIZE)
    elif wanted == EXPORT:
        export_dialog(found)


def notice(archive: Archive) -> None:
    """Draw what was kept last, with its undo, for as long as the page is the one on which it was done."""
    told: Notice | None = st.session_state.get(_NOTICE)
    if told is None or told.address != _address():
        forget_notice()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="kept-notice"):
        st.markdown(f":material/check: {told.said}", width="content")
        if told.link:
            st.page_link(
                "pages/collections.py",
                label=_("Show"),
                icon=":material/arrow_forward:",
                query_params=[*pairs(write(shown())), *told.link.items()],
            )
        if told.journal:
            st.button(
                _("Undo"), icon=":material/undo:", type="tertiary", key="kept-undo", on_click=_undo, args=(archive,)
            )
        st.button(
            ":material/close: " + _("Close this message"),
            type="tertiary",
            key="sign-close-notice",
            on_click=forget_notice,
        )


def tell(
    said: str,
    journal: Literal["", "collections", "searches"] = "",
    acts: int = 1,
    link: Mapping[str, str] | None = None,
) -> None:
    """
    Have the page tell what was done.

    Args:
        said: a sentence, as Markdown.
        journal: where it can be taken back, '' where it cannot.
        acts: how many acts it was.
        link: parameters of the page of collections that shows it.
    """
    st.session_state[_NOTICE] = Notice(said, journal, acts, link or {}, _address())


def _address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def forget_notice() -> None:
    """Tell no more of what was kept last."""
    st.session_state.pop(_NOTICE, None)


def _undo(archive: Archive) -> None:
    told: Notice = st.session_state[_NOTICE]
    kept = collections(archive) if told.journal == "collections" else searches(archive)
    try:
        events = [kept.undo() for _act in range(told.acts)]
        tell(_("Taken back.") if any(events) else _("There is nothing of yours to take back."))
    except ArchiveSearchError as error:
        tell(markdown(error))


# ------------------------------------------------------------------ save a search


def save_search(archive: Archive, state: State, found: ResultSet | Callable[[], ResultSet]) -> None:
    """Open the form in which a search is saved under a name."""
    st.dialog(_("Save this search"))(save_form)(archive, state, found)


def save_form(archive: Archive, state: State, found: ResultSet | Callable[[], ResultSet]) -> None:
    """Draw the form in which a search is saved; what it finds now counts as looked at."""
    answer = _set(found)
    with st.form("save-search", border=False):
        name = st.text_input(_("Name"), value=visible(in_words(answer)), key="save-name", max_chars=1000)
        note = st.text_area(_("Note"), key="save-note", height=80, help=_("What it is for, if you like."))
        replace = st.checkbox(_("Replace the saved search of this name, if there is one"), key="save-replace")
        typed = name_box("save")
        sent = st.form_submit_button(_("Save"), type="primary")
    st.caption(
        ngettext(
            "It finds {count} record now. Later the page Collections tells what is new.",
            "It finds {count} records now. Later the page Collections tells what is new.",
            len(answer),
        ).format(count=number(len(answer)))
    )
    if sent:
        try:
            named(typed)
            kept = searches(archive)
            saved = kept.save(name, answer.plan, strategy(state), replace, note)
            kept.saw(saved.id, answer)
        except ArchiveSearchError as error:
            st.error(markdown(error), icon=":material/error:")
            return
        said = _("The search **{name}** is saved.").format(name=markdown(saved.name))
        tell(said, "searches", link={"show": "searches"})
        st.rerun()


# ------------------------------------------------------------------ collect


def collect(ids: Sequence[str | Item], suggested: int = 0) -> None:
    """
    Open the form in which records are put into a collection; call it in the run in which that was asked for.

    Args:
        ids: of records, in the order in which they are put in; a part of a picture as an `Item`.
        suggested: so many from the top unless a person wants more or fewer; 0: all, without asking.
    """
    items = [item(one) if isinstance(one, str) else one for one in ids]
    st.dialog(_("Collect"))(collect_form)(items, suggested)


def collect_form(items: Sequence[Item], suggested: int = 0) -> None:
    """Draw the form in which records, or parts of pictures, are put into a collection, which may be new."""
    archive = opened_archive()
    if not items:
        st.write(_("No record was chosen."))
        return
    known = [one.name for one in all_collections(archive)]
    last = st.session_state.get(_LAST, "")
    with st.form("collect", border=False):
        into = None
        if known:
            into = st.selectbox(
                _("Collection"),
                known,
                index=known.index(last) if last in known else 0,
                key="collect-into",
                format_func=visible,
            )
        label = _("Or a new one, called") if known else _("Name of the new collection")
        new = st.text_input(label, key="collect-new", max_chars=1000)
        count = len(items)
        if suggested and count > 1:
            count = st.number_input(
                _("Records from the top"), 1, len(items), min(suggested, len(items)), key="collect-first"
            )
            label = _("Collect")
        else:
            label = ngettext("Collect {count} record", "Collect {count} records", count).format(count=number(count))
        typed = name_box("collect")
        sent = st.form_submit_button(label, type="primary")
    if sent:
        try:
            named(typed)
            _collected(archive, new.strip() or into or "", items[:count])
        except ArchiveSearchError as error:
            st.error(markdown(error), icon=":material/error:")
            return
        st.rerun()


def _collected(archive: Archive, name: str, items: Sequence[Item]) -> None:
    kept = collections(archive)
    made = None if kept.has(name) else kept.create(name)
    try:
        new = kept.add(made.id if made else name, items, archive.store)
    except ArchiveSearchError:
        if made:
            kept.undo()
        raise
    found = kept.get(made.id if made else name)
    st.session_state[_LAST] = found.name
    said = ngettext(
        "{count} record is in **{name}** now.", "{count} records are in **{name}** now.", len(items)
    ).format(count=number(len(items)), name=markdown(found.name))
    if there := len(items) - new:
        said += " " + ngettext("{count} was there already.", "{count} were there already.", there).format(
            count=number(there)
        )
    tell(said, "collections" if new else "", 2 if made else 1, {"collection": found.id})


def _set(found: ResultSet | Callable[[], ResultSet]) -> ResultSet:
    return found if isinstance(found, ResultSet) else found()
