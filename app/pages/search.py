"""Search: three questions, and the pictures found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import opened
from app.address import change, current, shown
from app.kept import note_in_history
from app.language import N_, _, ngettext, number, remarked
from app.page import Page
from app.pages.parts import numbers
from app.pages.parts.apart import tell
from app.pages.parts.bound import bound
from app.pages.parts.chip import replace
from app.pages.parts.empty import nothing
from app.pages.parts.gate import gate
from app.pages.parts.keep import collect, keep_menu, notice
from app.pages.parts.offers import offer_spelling, offer_stages, offer_words
from app.pages.parts.questions import Rows, answers, questions
from app.pages.parts.rail import rail
from app.pages.parts.ranked import explain
from app.pages.parts.ranked_by import ranked_by
from app.pages.parts.tiles import Action, Standing, Tiles, open_clicked
from app.pages.parts.views import VIEWS_DRAWN, choose_view
from app.state import LIMIT, PAGE_SIZE, State, browse_plan, checked, plan, strategy
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.plan import CHANCE, Trace, with_payloads
from archive_search.results import ResultSet
from archive_search.types import ArchiveSearchError, Hit, Match

WORDLESS = N_(
    "These pictures can be searched by a picture or a record, not by words: words are looked for in the catalogue. "
    "Begin with one of those below, or with one drawn at random."
)
COLLECT = "record to collect"
"""Kept until the page is drawn: the id of the record whose tile was chosen for a collection."""
DEMO = N_("Searched with the demo encoder, which knows only drawings like those of the sample archive.")


def page() -> None:
    """Draw the page that the address asks for."""
    archive = opened.archive()
    open_clicked()
    state, trouble = checked(current())
    with st.container(key="unseen"):  # what the page is, for those who hear it
        st.title(_("Search"), anchor=False)
    rows = questions(archive, state)
    if trouble:
        st.warning(markdown(trouble), icon=":material/info:")
    notice(archive)
    offer_spelling(archive, state)
    offer_stages(archive, state)
    numbers.offer(archive, state)
    rail(archive, state)  # before the search: the browser draws it meanwhile
    failed: ArchiveSearchError | None = None
    try:
        asked = plan(state, archive)
        found = opened.answer(archive, asked, strategy(state)) if asked.query.examples else None
    except ArchiveSearchError as error:
        failed = error
    places = answers(archive, state, rows)  # also where nothing could be searched: what is wrong can be dropped
    try:
        if failed is not None:
            raise failed
        with st.container(key="results", gap="xsmall"):
            if found is None:
                _browsed(archive, state)
            else:
                _ranked(archive, state, found, rows, places)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
    if chosen := st.session_state.pop(COLLECT, ""):
        collect([chosen])


# ------------------------------------------------------------------ results


def _ranked(archive: Archive, state: State, found: ResultSet, rows: Rows, places: Mapping[str, DeltaGenerator]) -> None:
    with rows.what:
        gate(archive, state, found.plan)
    _summary(archive, state, found, len(found))
    for note in _notes(archive, state, found.trace):
        st.caption(note)
    if not len(found):
        nothing(archive, state)
        return
    page = min(state.page, _pages(len(found)))
    first = (page - 1) * PAGE_SIZE
    hits = _framed(found, first)
    # ranks that chance has made, or that no plain search has, say nothing
    ranked = bool(found.plain) and not found.trace.chance
    VIEWS_DRAWN[state.view](
        archive,
        state,
        found,
        hits,
        Tiles(
            standings=_standings(found, hits) if ranked else {},
            views=_views(archive, hits),
            behind=_behind(archive, found.trace, hits),
            actions=_actions(state),
            sure=None if found.trace.cut is None else found.trace.cut - first,
            parts=state.parts,
        ),
    )
    _turn_pages(page, len(found))
    note_in_history(archive, found)
    tell(places, opened.refined(archive, found, PAGE_SIZE))
    with rows.tries:
        offer_words(archive, found)
    explain(found.plan, found.trace, tuple(hits), found.ranks, found.plain)


def _framed(found: ResultSet, first: int) -> list[Hit]:
    """The hits of a page; which part fits best is told of those only that stand out from the background."""
    until = len(found) if found.trace.cut is None else found.trace.cut
    hits = found[first : first + PAGE_SIZE]
    return [hit if rank < until else hit._replace(box=None) for rank, hit in enumerate(hits, first)]


def _browsed(archive: Archive, state: State) -> None:
    """What passes the filters, where nothing is asked that could be ranked."""
    asked = browse_plan(state, archive.queries, LIMIT)
    found = opened.answer(archive, asked)
    _summary(archive, state, found, archive.store.count(asked.query.where))
    if not len(found):
        nothing(archive, state)
        return
    if archive.choices() and not archive.reads_texts(state.space or archive.default_space()):
        st.caption(f":material/info: {_(WORDLESS)}")
    page = min(state.page, _pages(len(found)))
    hits = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    tiles = Tiles(views=_views(archive, hits), behind=_behind(archive, found.trace, hits))
    VIEWS_DRAWN[state.view](archive, state, found, hits, tiles)
    _turn_pages(page, len(found))


def _summary(archive: Archive, state: State, found: ResultSet, pictures: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="summary"):
        st.markdown(_found(archive, state, found, pictures), width="content")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key="how"):
            choose_view(state)
            if found.plan.query.examples:
                ranked_by(archive, state)
            keep_menu(archive, state, found)


def _found(archive: Archive, state: State, found: ResultSet, ranked: int) -> str:
    """How many pictures there are, and of how many objects."""
    total = archive.store.count()
    pictures = ranked + sum(map(len, found.trace.stacks.values())) if found.plan.query.examples else ranked
    if pictures < total:
        said = ngettext("{count} of {total} picture", "{count} of {total} pictures", total)
    else:
        said = ngettext("{count} picture", "{count} pictures", pictures)
    parts = [f"**{said.format(count=number(pictures), total=number(total))}**"]
    if found.trace.stacks and len(found) < LIMIT:
        objects = ngettext("{count} object", "{count} objects", len(found))
        parts.append(objects.format(count=number(len(found))))
    if pictures > len(found) and len(found) >= LIMIT:
        told = _("the best {count} shown") if found.plan.query.examples else _("the first {count} shown")
        parts.append(told.format(count=number(LIMIT)))
    return " · ".join(parts)


def _pages(count: int) -> int:
    return -(-count // PAGE_SIZE)


def _turn_pages(page: int, count: int) -> None:
    if (pages := _pages(count)) > 1:
        with st.container(horizontal_alignment="center"):
            bound(st.pagination, pages, key="page", value=page, changed=lambda wanted: change(page=wanted))


def _notes(archive: Archive, state: State, found: Trace) -> Iterator[str]:
    if found.chance:
        yield f":material/warning: **{_(CHANCE)}**"
    for remark in found.remarks[found.chance :]:
        yield f":material/info: {markdown(remarked(remark))}"
    if (state.space or archive.default_space()) == "demo":
        yield f":material/info: {_(DEMO)}"


def _standings(found: ResultSet, hits: Sequence[Hit]) -> dict[str, Standing]:
    best, worst = found.ranking[0].score, found.ranking[-1].score
    spread = best - worst or 1.0
    return {
        hit.id: Standing(found.ranks[hit.id], max((hit.score - worst) / spread, 0.02), found.plain.get(hit.id), LIMIT)
        for hit in hits
    }


def _views(archive: Archive, hits: Sequence[Hit]) -> dict[str, int]:
    objects = tuple({str(hit.payload["object_id"]) for hit in hits if hit.payload.get("object_id")})
    return archive.store.facet("object_id", (Match("object_id", objects),)) if objects else {}


def _behind(archive: Archive, trace: Trace, hits: Sequence[Hit]) -> Mapping[str, Sequence[Hit]]:
    """The other views of each hit's object."""
    wanted = [Hit(one, 0.0, {}) for hit in hits for one in trace.stacks.get(hit.id, ())]
    known = {hit.id: hit for hit in with_payloads(archive.store, tuple(wanted))}
    return {hit.id: [known[one] for one in trace.stacks.get(hit.id, ()) if one in known] for hit in hits}


def _actions(state: State) -> dict[str, Action]:
    return {
        "like": Action("thumb_up", _("More like this"), _judge("liked", "disliked"), frozenset(state.liked)),
        "dislike": Action("thumb_down", _("Less like this"), _judge("disliked", "liked"), frozenset(state.disliked)),
        "collect": Action("bookmark_add", _("Collect"), _wanted_in_a_collection),
    }


def _wanted_in_a_collection(record_id: str) -> None:
    st.session_state[COLLECT] = record_id  # a dialog is opened in a run, not in a callback


def _judge(field: str, other: str) -> Callable[[str], None]:
    def judged(record_id: str) -> None:
        state = shown()
        if record_id in getattr(state, field):
            replace(field, record_id, "")
            return
        others = tuple(one for one in getattr(state, other) if one != record_id)
        change(**{field: (*getattr(state, field), record_id), other: others})

    return judged


PAGES = {"search": Page(N_("Search"), ":material/search:", 1)}

if __name__ == "__main__":
    page()
