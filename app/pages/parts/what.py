"""What is it: words, a picture of one's own, a number, one drawn at random; and what was chosen to be looked like."""

from __future__ import annotations

import streamlit as st

from app.address import change, shown
from app.language import _
from app.pages.parts.bound import bound, popover
from app.pages.parts.chip import chip
from app.pages.parts.numbers import look_up
from app.pages.parts.paste import paste
from app.state import State, filters, weighted, with_weight
from app.wording import markdown, part_address, query_address, thumbnail_address
from archive_search.archive import Archive
from archive_search.metadata.wording import title_of
from archive_search.pictures.query_pictures import keep_query
from archive_search.types import ArchiveSearchError
from archive_search.workspace.items import read_item

REFUSED = "refused"
"""Kept until the page is drawn: why a picture that was brought cannot be searched with."""

LINK = "link to a picture"
"""Kept for a session: the link that was typed last and led to no picture."""


def what(archive: Archive, state: State) -> None:
    """Draw the box for words and the other ways to say what is looked for."""
    bound(
        st.text_input,
        _("1 · What is it?"),
        key="q",
        value=state.what,
        changed=lambda text: change(what=text.strip()),
        type="search",
        placeholder=_("words, a sentence, a number"),
        label_visibility="collapsed",
    )
    brought = st.session_state.get("pictures brought", 0)  # a new one each time: it is closed
    with popover(
        _("Picture"), icon=":material/image:", help=_("Search with a picture of your own"), key=f"bring-{brought}"
    ):
        st.file_uploader(
            _("A picture to search with"),
            key=f"upload-{brought}",
            type=["jpg", "jpeg", "png", "webp", "tif", "tiff", "gif", "bmp"],
            on_change=_uploaded,
            args=(archive, f"upload-{brought}"),
        )
        bound(
            st.text_input,
            _("Link to a picture"),
            key=f"link-{brought}",
            value=st.session_state.get(LINK, ""),
            changed=lambda link: _linked(archive, link.strip()),
            max_chars=4000,
            placeholder="https://",
        )
        st.caption(_("A picture from the clipboard can be pasted anywhere on this page."))
    look_up(archive)
    st.button(
        _("Random"),
        key="random",
        icon=":material/shuffle:",
        on_click=_random,
        args=(archive, state),
        help=_("Show what resembles a picture drawn at random"),
    )
    paste(lambda data: _brought(archive, data, _("The picture that you pasted")), _too_large)
    if message := st.session_state.pop(REFUSED, ""):
        st.error(markdown(message), icon=":material/error:")


def examples(archive: Archive, state: State) -> None:
    """Draw what was chosen to be looked like, liked and disliked, each as a chip that can be weighed and dropped."""
    for one in state.like:
        record_id, _weight = weighted(one)
        picture, title = _record(archive, record_id)
        chip("like", one, record_id, picture, _("Like {what}").format(what=title))
    for one in state.picture:
        key, _weight = weighted(one)
        chip("picture", one, key, query_address(key), _("Like the picture you brought"))
    for one in state.region:
        value, _weight = weighted(one)
        chip("region", one, value, _part(archive, value), _("Like this part"))
    for field, ids in (("liked", state.liked), ("disliked", state.disliked)):
        for record_id in ids:
            picture, title = _record(archive, record_id)
            told = _("You like {what}") if field == "liked" else _("You dislike {what}")
            chip(field, record_id, record_id, picture, told.format(what=title), weighs=False)


def _record(archive: Archive, record_id: str) -> tuple[str, str]:
    found = archive.store.points([record_id])
    if not found:
        return "", record_id
    return thumbnail_address(found[0].payload), title_of(found[0].payload)


def _part(archive: Archive, value: str) -> str:
    try:
        item = read_item(value)
    except ArchiveSearchError:
        return ""
    key = item.record.removeprefix(f"{archive.queries.name}/")
    return query_address(key) if key != item.record or item.box is None else part_address(item.record, item.box, 200)


def _uploaded(archive: Archive, key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    _brought(archive, file.getvalue(), file.name)


def _linked(archive: Archive, link: str) -> None:
    st.session_state[LINK] = link
    if not link:
        return
    from archive_search.pictures.linked import fetch_picture  # what connects is loaded when something is fetched

    try:
        data = fetch_picture(link)
    except ArchiveSearchError as error:
        st.session_state[REFUSED] = str(error)
        return
    _brought(archive, data, link)


def _too_large() -> None:
    st.session_state[REFUSED] = _("What you pasted is too large, or no picture: save it and upload it.")


def _brought(archive: Archive, data: bytes, name: str) -> None:
    """Search with a picture; `name` names it where it cannot be read."""
    try:
        kept = keep_query(archive.queries, data, name)
    except ArchiveSearchError as error:
        st.session_state[REFUSED] = str(error)
        return
    st.session_state[LINK] = ""
    st.session_state["pictures brought"] = st.session_state.get("pictures brought", 0) + 1
    change(picture=tuple(dict.fromkeys((*shown().picture, kept))))


def _random(archive: Archive, state: State) -> None:
    found = archive.store.sample(filters(state))
    if found:
        change(like=(with_weight(found, 1),), what="", picture=(), region=(), apart=(), off=())
