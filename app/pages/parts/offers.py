"""What the page offers to what was typed: the sentence as stages, another spelling."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from app import opened
from app.address import change, shown
from app.language import _, language
from app.state import State, refinement, said
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.metadata.wording import year_label
from archive_search.understanding.understood import Part, Understood


def offer_stages(archive: Archive, state: State) -> None:
    """Where a whole sentence was typed: offer it as stages, and show what was taken for what."""
    if not state.what:
        return
    understood = opened.understood(archive, state.what)
    if not understood:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="understood"):
        st.markdown(f":material/lightbulb: {_('Understood as')}", width="content")
        st.markdown(" · ".join(_parts(archive, understood)), width="content")
        st.button(_("Search it in stages"), key="take-stages", type="tertiary", on_click=_take, args=(understood,))


def _parts(archive: Archive, understood: Understood) -> Iterator[str]:
    for part in understood.parts:
        yield f"**{markdown(_told(archive, part))}**"
    if left := [one.value for one in understood.left if one.why != "empty"]:
        yield _("not asked: {words}").format(words=markdown(", ".join(left)))


def _told(archive: Archive, part: Part) -> str:
    if part.role == "category":
        return _("it is: {what}").format(what=part.value)
    if part.role == "more":
        return f"+ {part.value}"
    if part.role == "less":
        return f"− {part.value}"
    if part.role == "filter":
        return f"{archive.fields.said(part.field, language())}: {', '.join(part.values)}"
    first, last = (None if year is None else year_label(year, language()) for year in part.years or (None, None))
    return f"{first or '…'} – {last or '…'}"


def _take(understood: Understood) -> None:
    """Search the sentence in stages, beside what was asked already."""
    state = shown()
    apart = [*understood.refine, *(f"-{one}" for one in understood.exclude)]
    known = {said(one)[0] for one in state.apart}
    added = [text for one in apart if (text := refinement(one)) and said(text)[0] not in known]
    facets = {**state.facets, **{field: tuple(values) for field, values in understood.where.items()}}
    years = understood.years or (state.first, state.last)
    change(what=understood.category, apart=(*state.apart, *added), facets=facets, first=years[0], last=years[1])


def offer_spelling(archive: Archive, state: State) -> None:
    """Where a word is known to nobody here: offer those that are spelled almost alike."""
    texts = [("what", state.what), *(("apart", one) for one in state.apart)]
    for field, text in texts:
        words = said(text)[0] if field == "apart" else text
        for one in opened.misspelled(archive, words) if words else ():
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"spelled-{one.word}"):
                nobody = _("Nobody here writes “{word}”. Did you mean")
                st.markdown(f":material/spellcheck: {nobody.format(word=markdown(one.word))}", width="content")
                for meant in one.meant[:4]:
                    st.button(
                        markdown(meant),
                        key=f"meant-{one.word}-{meant}",
                        type="tertiary",
                        on_click=_correct,
                        args=(field, text, one.corrected(words, meant)),
                    )


def _correct(field: str, text: str, corrected: str) -> None:
    if field == "what":
        change(what=corrected)
        return
    less = "-" if said(text)[1] < 0 else ""
    change(apart=tuple(refinement(f"{less}{corrected}") if one == text else one for one in shown().apart))
