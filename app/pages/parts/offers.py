"""What the page offers to what was typed: the sentence as stages, another spelling."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from app import opened
from app.address import change, shown
from app.language import _, language, ngettext, number
from app.pages.parts.apart import add_refinement
from app.state import State, refinement, said
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.metadata.wording import year_label
from archive_search.results import ResultSet
from archive_search.understanding.suggestions import Suggestion
from archive_search.understanding.understood import Part, Understood

SHOWN = 2
"""So many of the values that a part stands for are named."""
MOST = 6
"""So many words are offered."""


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
        st.button(_("Search it in stages"), key="take-stages", on_click=_take, args=(understood,))


def _parts(archive: Archive, understood: Understood) -> Iterator[str]:
    for part in sorted(understood.parts, key=lambda one: one.role != "category"):
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
        more = len(part.values) - SHOWN
        others = ngettext("{count} more", "{count} more", more).format(count=number(more)) if more > 0 else ""
        values = " / ".join(filter(None, (*part.values[:SHOWN], others)))
        return f"{archive.fields.said(part.field, language())}: {values}"
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


def offer_words(archive: Archive, found: ResultSet) -> None:
    """Offer words that split what was found: as a refinement, or as a filter where the catalogue knows them."""
    words = opened.suggested(archive, found, language())[:MOST]
    if not words:
        return
    st.caption(_("try:"), width="content")
    for one in words:
        told = _("Fits {count} of the first {total}").format(count=number(one.fits), total=number(one.of))
        if one.field and one.source == "catalogue":
            field = archive.fields.said(one.field, language())
            told = _("{fits}. Filters by {field}").format(fits=told, field=markdown(field))
        st.button(
            markdown(one.word),
            key=f"try-{one.source}-{one.word}",
            type="tertiary",
            help=told,
            on_click=_take_word,
            args=(one,),
        )


def _take_word(one: Suggestion) -> None:
    if one.field and one.source == "catalogue":
        facets = shown().facets
        change(facets={**facets, one.field: tuple(dict.fromkeys((*facets.get(one.field, ()), *one.values)))})
    else:
        add_refinement(one.word)


def _correct(field: str, text: str, corrected: str) -> None:
    if field == "what":
        change(what=corrected)
        return
    less = "-" if said(text)[1] < 0 else ""
    change(apart=tuple(refinement(f"{less}{corrected}") if one == text else one for one in shown().apart))
