"""Search: three questions, a strategy, and the pictures found."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import streamlit as st

from app import opened
from app.address import change, current, shown
from app.language import N_
from app.page import Page
from app.pages.parts import numbers
from app.pages.parts.bound import bound, popover
from app.pages.parts.knob_form import knob_form
from app.pages.parts.questions import NO_FILTERS, questions
from app.pages.parts.ranked import explain, narrowed
from app.pages.parts.tiles import Standing, grid
from app.state import LIMIT, PAGE_SIZE, State, browse_plan, checked, filters, plan, strategy, with_weight, write
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.counted import count
from archive_search.knobs import knobs, to_data
from archive_search.metadata.facets import without_each
from archive_search.plan import CHANCE, Plan, Trace
from archive_search.results import ResultSet
from archive_search.strategies import STRATEGIES
from archive_search.types import ArchiveSearchError, Hit, Match

WORDLESS = (
    "These pictures can be searched by a picture or a record, not by words: words are looked for in the catalogue. "
    "Begin with one of those below, or with one drawn at random."
)
MOVED = "▲▼ how far the stages moved a picture against plain search"
DEMO = "Searched with the demo encoder, which knows only drawings like those of the sample archive."


def page() -> None:
    """Draw the page that the address asks for."""
    archive = opened.archive()
    if found := st.session_state.pop(numbers.OPEN, ""):
        st.switch_page("pages/record.py", query_params={"id": found})
    state, trouble = checked(current())
    questions(archive, state)
    if trouble:
        st.warning(markdown(trouble), icon=":material/info:")
    numbers.offer(archive, state)
    try:
        _results(archive, state)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")


# ------------------------------------------------------------------ how it is ranked


def _ranked_by(archive: Archive, state: State) -> None:
    bound(
        st.selectbox,
        "Ranked by",
        list(STRATEGIES),
        key="strategy",
        value=state.strategy,
        changed=lambda name: change(strategy=name, knobs={}),
        label_visibility="collapsed",
        format_func=lambda name: f"Ranked by {name}",
        width=210,
    )
    spaces = archive.choices()
    chosen = strategy(state)
    if len(spaces) < 2 and not knobs(chosen):
        return
    with popover("Settings", icon=":material/tune:"):
        st.caption(f"{state.strategy}: {chosen.summary}")
        knob_form(chosen, f"knob.{state.strategy}", _set_knob)
        if len(spaces) > 1:
            space = state.space if state.space in spaces else archive.default_space()
            bound(
                st.selectbox, "Searched in", spaces, key="space", value=space, changed=lambda name: change(space=name)
            )


def _set_knob(name: str, value: Any) -> None:
    changed = dataclasses.replace(strategy(shown()), **{name: value})  # type: ignore[type-var]
    change(knobs={name: str(value) for name, value in to_data(changed).items()})


# ------------------------------------------------------------------ results


def _results(archive: Archive, state: State) -> None:
    asked = plan(state, archive)
    if not asked.query.examples:
        _browsed(archive, state, asked)
        return
    found = opened.answer(archive, asked, strategy(state))
    _summary(archive, state, found.trace.stages[-1].kept, ranked=True)
    with st.container(gap="xxsmall"):
        for note in _notes(archive, state, asked, found.trace):
            st.caption(note)
    if not len(found):
        _nothing(archive, state)
        return
    number = min(state.page, _pages(len(found)))
    hits = _framed(found, (number - 1) * PAGE_SIZE)
    # ranks that chance has made, or that no plain search has, say nothing
    ranked = bool(found.plain) and not found.trace.chance
    grid(hits, write(state), _standings(found, hits) if ranked else None, _views(archive, hits))
    _turn_pages(number, len(found))
    explain(asked, found.trace, tuple(hits), found.ranks, found.plain)


def _framed(found: ResultSet, first: int) -> list[Hit]:
    """The hits of a page; which part fits best is told of those only that stand out from the background."""
    until = len(found) if found.trace.cut is None else found.trace.cut
    hits = found[first : first + PAGE_SIZE]
    return [hit if rank < until else dataclasses.replace(hit, box=None) for rank, hit in enumerate(hits, first)]


def _browsed(archive: Archive, state: State, asked: Plan) -> None:
    """What passes the filters, where nothing is asked that could be ranked: one page of it, and how many there are."""
    count = archive.store.count(asked.query.where)
    _summary(archive, state, count, ranked=False)
    if not count:
        _nothing(archive, state)
        return
    if archive.choices() and not archive.reads_texts(state.space or archive.default_space()):
        st.caption(f":material/info: {WORDLESS}")
    shown = min(count, LIMIT)
    number = min(state.page, _pages(shown))
    until = min(number * PAGE_SIZE, shown)
    found = opened.answer(archive, browse_plan(state, archive.queries, until))
    hits = found[(number - 1) * PAGE_SIZE :]
    grid(hits, write(state), None, _views(archive, hits))
    _turn_pages(number, shown)


def _summary(archive: Archive, state: State, found: int, ranked: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="summary"):
        st.markdown(_found(found, archive.store.count(), ranked), width="content")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
            _ranked_by(archive, state)


def _pages(count: int) -> int:
    return -(-count // PAGE_SIZE)


def _turn_pages(number: int, count: int) -> None:
    if (pages := _pages(count)) > 1:
        with st.container(horizontal_alignment="center"):
            bound(st.pagination, pages, key="page", value=number, changed=lambda page: change(page=page))


def _notes(archive: Archive, state: State, asked: Plan, found: Trace) -> Iterator[str]:
    if found.chance:
        yield f":material/warning: **{markdown(CHANCE)}**"
    elif found.ranking:
        told = narrowed(asked, found)
        yield f"{markdown(told)} · {MOVED}" if told else MOVED
    if found.cut is not None and 0 < found.cut < len(found.ranking):
        yield f"The first {found.cut:,} stand out from the background; what follows may be chance."
    for remark in found.remarks[found.chance :]:
        yield f":material/info: {markdown(remark)}"
    if (state.space or archive.default_space()) == "demo":
        yield f":material/info: {DEMO}"


def _found(found: int, total: int, ranked: bool) -> str:
    said = f"**{found:,} of {count(total, 'picture')}**" if found < total else f"**{count(found, 'picture')}**"
    return f"{said}, the {'best' if ranked else 'first'} {LIMIT:,} shown" if found > LIMIT else said


def _standings(found: ResultSet, hits: Sequence[Hit]) -> dict[str, Standing]:
    best, worst = found.ranking[0].score, found.ranking[-1].score
    spread = best - worst or 1.0
    return {
        hit.id: Standing(
            found.ranks[hit.id],
            max((hit.score - worst) / spread, 0.02),
            found.plain.get(hit.id),
            LIMIT,
        )
        for hit in hits
    }


def _views(archive: Archive, hits: Sequence[Hit]) -> dict[str, int]:
    objects = tuple({str(hit.payload["object_id"]) for hit in hits if hit.payload.get("object_id")})
    return archive.store.facet("object_id", (Match("object_id", objects),)) if objects else {}


def _nothing(archive: Archive, state: State) -> None:
    where = filters(state)
    if not where and archive.store.count():
        st.markdown("#### Nothing found")
        st.write("No record says these words.")
        with st.container(horizontal=True):
            st.button("Browse all", key="browse-all", on_click=change, kwargs={"what": "", "apart": ()})
            st.button("Draw one at random", key="draw", on_click=_draw, args=(archive,))
        return
    st.markdown("#### Nothing is left")
    if not archive.store.count():
        st.write("This archive holds no pictures yet.")
        return
    st.write("No picture passes all of these filters. Drop one:")
    for field, left in without_each(archive.store, where).items():
        if not left:
            continue
        label = "the years" if field == "years" else archive.fields.said(field).lower()
        st.button(
            f"Drop {label}: brings back {count(left, 'picture')}",
            key=f"without-{field}",
            on_click=_drop,
            args=(field,),
        )
    st.button(
        f"Drop all filters: brings back {count(archive.store.count(), 'picture')}",
        key="without-all",
        on_click=change,
        kwargs=NO_FILTERS,
    )


def _draw(archive: Archive) -> None:
    if found := archive.store.sample():
        change(like=(with_weight(found, 1),), what="", picture=(), region=(), apart=())


def _drop(field: str) -> None:
    if field == "years":
        change(first=None, last=None, undated=True)
    else:
        change(facets={name: values for name, values in shown().facets.items() if name != field})


PAGES = {"search": Page(N_("Search"), ":material/search:", 1)}

if __name__ == "__main__":
    page()
