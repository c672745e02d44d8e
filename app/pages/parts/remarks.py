"""What people write about a record in a collection: their notes, each their own, and its tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app import kept
from app.language import _
from app.pages.parts.bound import bound
from app.pages.parts.keep import tell
from app.who import call_me, who
from app.wording import markdown, safe
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError
from archive_search.visible import visible
from archive_search.workspace.collections import Collection, Collections, Member, Note


def remarks(archive: Archive, collection: Collection, member: Member) -> None:
    """Draw what is written about an item of a collection, to be changed."""
    name, text = collection.id, member.item.text
    _notes(archive, member.notes, f"{name}-{text}", lambda kept, said: kept.note(name, said, member.item))
    known = dict.fromkeys(tag for one in collection.members for tag in one.tags)
    _tags(archive, member.tags, list(known), f"{name}-{text}", name, [member])


def remarks_on_the_whole(archive: Archive, collection: Collection) -> None:
    """Draw what is written about a collection itself, to be changed."""
    name = collection.id
    _notes(archive, collection.notes, name, lambda kept, said: kept.note(name, said))
    _tags(archive, collection.tags, list(collection.tags), name, name, [])


def ask_name(key: str) -> None:
    """Draw the box for the name of who writes, where none was given in this browser."""
    if not who():
        st.text_input(
            _("Your name"),
            key=f"who-{key}",
            max_chars=200,
            on_change=lambda: call_me(st.session_state[f"who-{key}"]),
            help=_("It stands beside what you write, and your undo goes by it. This browser remembers it."),
        )


def acted(act: Callable[[], object], said: str, acts: int = 1) -> None:
    """Do something to a collection and tell it, with its undo; or tell why it cannot be done."""
    try:
        act()
        tell(said, "collections", acts)
    except ArchiveSearchError as error:
        tell(markdown(error))


def _notes(archive: Archive, notes: Sequence[Note], key: str, write: Callable[[Collections, str], None]) -> None:
    others = [note for note in notes if note.who != who()]
    for note in others:
        st.html(f'<p class="note"><b>{safe(note.who or _("Somebody"))}</b> {safe(note.text)}</p>')
    mine = next((note.text for note in notes if note.who == who()), "")

    def changed(text: str) -> None:
        said = _("The note is written.") if text.strip() else _("The note is taken off.")
        acted(lambda: write(kept.collections(archive), text.strip()), said)

    bound(
        st.text_area, _("Your note") if others else _("Note"), key=f"note-{key}", value=mine, changed=changed, height=80
    )


def _tags(
    archive: Archive, tags: Sequence[str], known: list[str], key: str, name: str, members: Sequence[Member]
) -> None:
    items = [one.item for one in members]

    def changed(wanted: list[str]) -> None:
        new, gone = [one for one in wanted if one not in tags], [one for one in tags if one not in wanted]
        there = kept.collections(archive)

        def act() -> None:
            if new:
                there.tag(name, new, items)
            if gone:
                there.untag(name, gone, items)

        acted(act, _("The tags are changed."), bool(new) + bool(gone))

    bound(
        st.multiselect,
        _("Tags"),
        [*dict.fromkeys([*known, *tags])],
        key=f"tags-{key}",
        value=list(tags),
        changed=changed,
        accept_new_options=True,
        format_func=visible,
        placeholder=_("Type or choose"),
    )
