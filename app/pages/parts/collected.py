"""The collections: all of them, or one that is open, with what was chosen, in its order, with notes and tags."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import streamlit as st

from app import kept
from app.address import pairs, shown
from app.address import tell as tell_address
from app.kept import all_collections
from app.language import _, language, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.export_form import export_button
from app.pages.parts.keep import tell
from app.pages.parts.name_box import name_box, named
from app.pages.parts.order import order
from app.pages.parts.remarks import acted, ask_name, remarks, remarks_on_the_whole
from app.pages.parts.shelf import COLLECTION, at, show
from app.state import PAGE_SIZE, write
from app.who import who
from app.wording import alternative, markdown, safe, thumbnail_address
from archive_search.archive import Archive
from archive_search.metadata.wording import date_of, number_beside, place_of, title_of
from archive_search.types import ArchiveSearchError, Payload
from archive_search.workspace.chosen_set import chosen_set
from archive_search.workspace.collections import Collection, Collections, Member, Note
from archive_search.workspace.items import Item

PREVIEWS = 6
"""So many pictures show what is in a collection."""


def collected(archive: Archive) -> None:
    """Draw every collection, or the one that the address names."""
    wanted = at(COLLECTION)
    found = next((one for one in all_collections(archive) if one.id == wanted), None)
    if wanted and found is None:
        st.warning(_("This collection is not there, or was deleted."), icon=":material/info:")
    if found is None:
        _all(archive)
    else:
        _open(archive, found)


# ------------------------------------------------------------------ all


def _all(archive: Archive) -> None:
    st.title(_("Collections"), anchor=False)
    some = all_collections(archive)
    if not some:
        st.write(
            _(
                "There is no collection yet. A collection holds records that you choose, in your order, with notes and "
                "tags. Collect what a search found, or a record on its own page; or begin with an empty one here."
            )
        )
    _make(archive)
    for one in some:
        with st.container(border=True, key=f"collection-{one.id}"):
            _row(archive, one)
    _taken_back(kept.collections(archive))
    if deleted := kept.collections(archive).all(deleted=True):
        with st.expander(_("Deleted ({count})").format(count=number(len(deleted))), icon=":material/delete:"):
            for one in deleted:
                _bring_back(archive, one.id, one.name)


def _make(archive: Archive) -> None:
    with (
        st.form("make-collection", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(_("New collection"), key="make-name", max_chars=1000, placeholder=_("Axes to draw"))
        typed = name_box("make")
        sent = st.form_submit_button(_("Make"), icon=":material/add:")
    if sent:
        named(typed)
        acted(lambda: kept.collections(archive).create(name), _("The collection is made."))
        st.rerun()


def _row(archive: Archive, one: Collection) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _star(archive, one)
        st.button(
            f"**{markdown(one.name)}**",
            key=f"open-{one.id}",
            type="tertiary",
            on_click=show,
            args=("collections", one.id),
            help=_("Open"),
        )
        count = len(one.members)
        told = [ngettext("{count} item", "{count} items", count).format(count=number(count)), *one.people[:3]]
        st.caption(markdown(" · ".join([*told, one.changed[:10]])), width="content")
    if about := _written(one.notes, one.tags):
        st.html(f'<div class="tile about">{about}</div>')
    pictures = _pictures(archive, one.members[:PREVIEWS])
    if pictures:
        st.html(f'<div class="previews">{pictures}</div>')


def _pictures(archive: Archive, members: Sequence[Member]) -> str:
    payloads = {point.id: point.payload for point in archive.store.points([one.item.record for one in members])}
    shown = [(payloads.get(one.item.record, {}), one.item.box) for one in members]
    return "".join(
        f'<img src="{safe(thumbnail_address(payload, box))}" alt="{safe(alternative(payload))}" loading="lazy">'
        for payload, box in shown
        if payload.get("thumbnail")
    )


def _star(archive: Archive, one: Collection, member: Member | None = None) -> None:
    """The star of a collection, or of an item in it."""
    starred = member.starred if member else one.starred
    items = [member.item] if member else []
    name = member.item.text if member else one.id
    said = _("Take the star off") if starred else _("Star it")
    with st.container(key=f"{'filled' if starred else 'empty'}-star-{name}", width="content"):
        st.button(
            f":material/star: {said}",
            key=f"sign-star-{name}",
            type="tertiary",
            help=None if member else _("What is starred stands first"),
            on_click=acted,
            args=(lambda: kept.collections(archive).star(one.id, items, not starred), _("The star is changed.")),
        )


def _bring_back(archive: Archive, name: str, called: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(markdown(called), width="content")
        st.button(
            _("Bring back"),
            key=f"bring-{name}",
            icon=":material/restore_from_trash:",
            type="tertiary",
            on_click=acted,
            args=(lambda: kept.collections(archive).bring_back(name), _("It is there again.")),
        )


def _taken_back(there: Collections) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            _("Undo"),
            key="undo",
            icon=":material/undo:",
            type="tertiary",
            on_click=_turn,
            args=(there.undo, _("Taken back."), _("There is nothing of yours to take back.")),
            help=_("Take back what you did last to any collection; nobody else's acts"),
        )
        st.button(
            _("Redo"),
            key="redo",
            icon=":material/redo:",
            type="tertiary",
            on_click=_turn,
            args=(there.redo, _("Done again."), _("There is nothing to do again.")),
        )


def _turn(act: Callable[[], object], done: str, nothing: str) -> None:
    try:
        tell(done if act() else nothing)
    except ArchiveSearchError as error:
        tell(markdown(error))


# ------------------------------------------------------------------ one


def _open(archive: Archive, one: Collection) -> None:
    there = kept.collections(archive)
    st.button(
        _("All collections"),
        icon=":material/arrow_back:",
        type="tertiary",
        key="all",
        on_click=show,
        args=("collections",),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="collection-head"):
        st.title(markdown(one.name), anchor=False, width="content")
        _star(archive, one)
    count = len(one.members)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        said = ngettext("{count} item", "{count} items", count).format(count=number(count))
        people = _("by {people}").format(people=", ".join(one.people)) if one.people else ""
        st.caption(markdown(" · ".join(filter(None, [said, people]))), width="content")
        if count:
            export_button(lambda: chosen_set(archive, one, who()), one.name)
        _rename(archive, one)
        st.button(
            _("Delete"),
            icon=":material/delete:",
            type="tertiary",
            key="delete",
            on_click=_delete,
            args=(archive, one),
            help=_("Nothing is lost: it can be brought back"),
        )
    if about := _written(one.notes, one.tags):
        st.html(f'<div class="tile about">{about}</div>')
    with st.expander(_("Note and tags of the whole"), icon=":material/edit_note:"):
        ask_name("collection")
        remarks_on_the_whole(archive, one)
    if not count:
        st.write(_("Nothing is in it yet: collect what a search found, or a record on its own page."))
    else:
        _members(archive, one, there)
    _taken_back(there)


def _rename(archive: Archive, one: Collection) -> None:
    with st.popover(_("Rename"), icon=":material/edit:", type="tertiary"), st.form("rename", border=False):
        name = st.text_input(_("Name"), value=one.name, key=f"rename-{one.id}", max_chars=1000)
        sent = st.form_submit_button(_("Rename"))
    if sent:
        acted(lambda: kept.collections(archive).rename(one.id, name), _("The collection has another name."))
        st.rerun()


def _delete(archive: Archive, one: Collection) -> None:
    show("collections")
    said = _("The collection **{name}** is deleted.").format(name=markdown(one.name))
    acted(lambda: kept.collections(archive).delete(one.id), said)


def _members(archive: Archive, one: Collection, there: Collections) -> None:
    gone = there.gone(one, archive.store)
    if gone:
        count = len(gone)
        said = ngettext(
            "{count} record is no longer in the archive; its last title stands here.",
            "{count} records are no longer in the archive; their last titles stand here.",
            count,
        )
        st.caption(f":material/info: {said.format(count=number(count))}")
    arranging = st.toggle(_("Put in order"), key=f"arrange-{one.id}", help=_("Drag, or move with the arrow keys"))
    pages = -(-len(one.members) // PAGE_SIZE)
    if arranging:
        _arrange(archive, one)
        return
    chosen = min(shown().page, pages)
    some = one.members[(chosen - 1) * PAGE_SIZE : chosen * PAGE_SIZE]
    payloads = {point.id: point.payload for point in archive.store.points([member.item.record for member in some])}
    with st.container(key="collected"):
        cells = st.grid(min_column_width=170, gap="small")
        for member in some:
            with cells.cell():
                _tile(archive, one, member, payloads.get(member.item.record))
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            bound(st.pagination, pages, key="member-page", value=chosen, changed=_turn_page)


def _turn_page(wanted: int) -> None:
    state = dataclasses.replace(shown(), page=wanted)
    tell_address(state, {**write(state), COLLECTION: [at(COLLECTION)]})


def _tile(archive: Archive, one: Collection, member: Member, payload: Payload | None) -> None:
    record, text = member.item.record, member.item.text
    if payload is None:
        st.html(f'<div class="tile gone">{safe(_("No longer in the archive"))}</div>')
    else:
        picture = thumbnail_address(payload, member.item.box)
        said = markdown(alternative(payload))
        label = f"![{said}]({picture})" if picture else _("No picture of {what}").format(what=said)
        st.page_link(
            "pages/record.py", label=label, query_params=pairs({"id": [record], **write(shown())}), width="stretch"
        )
    st.html(_caption(member, payload))
    with st.container(horizontal=True, gap=None, key=f"acts-{text}"):
        _star(archive, one, member)
        if st.button(
            f":material/edit_note: {_('Note and tags')}",
            key=f"sign-note-{text}",
            type="tertiary",
            help=_("Note and tags"),
        ):
            st.dialog(_("Note and tags"), on_dismiss="rerun")(_remarks)(archive, one.id, member.item)
        st.button(
            f":material/close: {_('Take out')}",
            key=f"sign-out-{text}",
            type="tertiary",
            on_click=acted,
            args=(lambda: kept.collections(archive).remove(one.id, [member.item]), _("It is taken out.")),
            help=_("Take it out of the collection"),
        )


def _remarks(archive: Archive, name: str, item: Item) -> None:
    """Note and tags of an item, as they are now."""
    found = next((one for one in all_collections(archive) if one.id == name), None)
    member = next((one for one in found.members if one.item == item), None) if found else None
    if found and member:
        st.markdown(f"**{markdown(member.title or item.record)}**")
        ask_name("item")
        remarks(archive, found, member)


def _caption(member: Member, payload: Payload | None) -> str:
    known = payload or {"id": member.item.record, "title": member.title}
    lines = [f'<div class="title">{safe(title_of(known))}</div>']
    beside = [number_beside(known), _("a part of it") if member.item.box else ""]
    lines += [f'<div class="number">{safe(" · ".join(filter(None, beside)))}</div>'] if any(beside) else []
    lines += [f"<div>{safe(said)}</div>" for said in (date_of(known, language()), place_of(known)) if said]
    return f'<div class="tile">{"".join(lines)}{_written(member.notes, member.tags)}</div>'


def _written(notes: Sequence[Note], tags: Sequence[str]) -> str:
    """Notes and tags, to be read."""
    lines = []
    for note in notes:
        by = f"<b>{safe(note.who)}</b> " if note.who else ""
        lines.append(f'<p class="note">{by}{safe(note.text)}</p>')
    if tags:
        lines.append(f'<div class="tags">{"".join(f"<span>{safe(tag)}</span>" for tag in tags)}</div>')
    return "".join(lines)


def _arrange(archive: Archive, one: Collection) -> None:
    points = archive.store.points(one.records())
    payloads = {point.id: point.payload for point in points}
    tiles = []
    for member in one.members:
        payload = payloads.get(member.item.record, {"id": member.item.record, "title": member.title})
        tiles.append(
            {
                "item": member.item.text,
                "title": title_of(payload),
                "picture": thumbnail_address(payload, member.item.box),
                "note": " ".join(note.text for note in member.notes)[:200],
            }
        )

    def moved(wanted: str, before: str | None) -> None:
        items = {member.item.text: member.item for member in one.members}
        place = None if before is None else items[before]
        acted(lambda: kept.collections(archive).move(one.id, [items[wanted]], place), _("The order is changed."))

    order(tiles, f"order-{one.id}", moved)
