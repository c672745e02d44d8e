"""Blind comparison: one mixed list, judged without knowing whose pictures they are, then revealed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app import opened
from app.address import pairs
from app.beside import kept_beside, tell
from app.language import _, decimal, language, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.compared import Compared, start_blind
from app.rankings import called
from app.state import State, write
from app.who import call_me, may, who
from app.wording import alternative, markdown, safe, thumbnail_address
from archive_search.archive import Archive
from archive_search.evaluation.compare import Comparison
from archive_search.evaluation.interleave import Credit, Interleaved, credit, preference, team_draft
from archive_search.metadata.wording import date_of, number_beside, title_of
from archive_search.types import Hit, Query
from archive_search.workspace.ballots import Ballot, Ballots
from archive_search.workspace.topics import topic_id

LENGTH = 10
"""Pictures in a mixed list."""


def blind(archive: Archive, wanted: Query, asked: Compared, state: State) -> None:
    """Draw the mixed list of the first two rankings, to be judged or judged."""
    found = opened.compared(archive, wanted, asked.by[:2], LENGTH, state)
    hits = {hit.id: hit for ranking in found.rankings.values() for hit in ranking[:LENGTH]}
    first, second = ([hit.id for hit in ranking[:LENGTH]] for ranking in found.rankings.values())
    drafted = team_draft(first, second, LENGTH, asked.blind or 0)
    if not drafted.ids:
        st.write(_("Nothing was found: drop a filter, or ask something else."))
        return
    marks = [asked.marks[place] if place < len(asked.marks) else "-" for place in range(len(drafted.ids))]
    if asked.revealed:
        _revealed(archive, wanted, asked, found, drafted, marks)
    else:
        _to_judge(asked)
    cells = st.grid(min_column_width=190, gap="small")
    for place, record in enumerate(drafted.ids):
        with cells.cell():
            with st.container(key=f"tiles-blind-{place}", gap="xxsmall"):
                _tile(hits[record], state)
            if asked.revealed:
                _whose(found, drafted, place, record, marks[place])
            else:
                bound(
                    st.segmented_control,
                    _("Does {title} fit?").format(title=markdown(title_of(hits[record].payload))),
                    ["1", "0"],
                    key=f"mark-{asked.blind}-{place}",
                    value=marks[place] if marks[place] in ("0", "1") else None,
                    changed=partial(_mark, place, len(drafted.ids)),
                    format_func=lambda mark: _("fits") if mark == "1" else _("does not"),
                    label_visibility="collapsed",
                )
    if asked.revealed:
        st.button(
            _("Another question"),
            icon=":material/refresh:",
            key="blind-next",
            on_click=_another,
            args=(asked,),
            help=_("Ask something else, and judge its mixed list: only several questions together say something."),
        )
    else:
        _when_judged(archive, wanted, asked, drafted, marks)


def _to_judge(asked: Compared) -> None:
    st.markdown(
        _(
            "**Which of these pictures fit your question?** Half of them come from {first}, half from {second}; which, "
            "you see afterwards."
        ).format(first=f"“{markdown(called(asked.by[0]))}”", second=f"“{markdown(called(asked.by[1]))}”")
    )
    if not who():
        bound(
            st.text_input,
            _("Your name, so that this comparison is kept"),
            key="name",
            value="",
            changed=call_me,
            width=320,
        )


def _when_judged(archive: Archive, wanted: Query, asked: Compared, drafted: Interleaved, marks: Sequence[str]) -> None:
    left = sum(mark == "-" for mark in marks)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="reveal-row"):
        st.button(
            _("Show whose they are"),
            key="reveal",
            disabled=left > 0,
            on_click=_reveal,
            args=(archive, wanted, asked, drafted),
        )
        if left:
            st.caption(
                ngettext("{count} is left", "{count} are left", left).format(count=number(left)), width="content"
            )


def _mark(place: int, many: int, mark: str | None) -> None:
    marks = list("".join(kept_beside().get("marks", ("",))).ljust(many, "-")[:many])
    marks[place] = mark or "-"
    tell(marks=["".join(marks)])


def _reveal(archive: Archive, wanted: Query, asked: Compared, drafted: Interleaved) -> None:
    marks = "".join(kept_beside().get("marks", ("",)))
    liked = _liked(drafted, marks)
    counted = credit(drafted, liked)
    if who() and may("judge"):
        Ballots(archive.workspace).cast(
            Ballot(
                who(),
                topic_id(wanted),
                asked.by[0],
                asked.by[1],
                asked.blind or 0,
                liked,
                counted.first,
                counted.second,
            )
        )
    tell(revealed=["1"])


def _liked(drafted: Interleaved, marks: Sequence[str]) -> tuple[str, ...]:
    return tuple(record for record, mark in zip(drafted.ids, marks, strict=False) if mark == "1")


def _revealed(
    archive: Archive,
    wanted: Query,
    asked: Compared,
    found: Comparison,
    drafted: Interleaved,
    marks: Sequence[str],
) -> None:
    counted = credit(drafted, _liked(drafted, marks))
    names = [f"“{markdown(called(name))}”" for name in found.rankings]
    st.markdown(f"**{_won(names, counted)}** {_means(archive, asked, names, counted)}")


def _another(asked: Compared) -> None:
    start_blind(asked.by[:2])
    st.session_state["state"] = State()
    tell(State())


def _won(names: Sequence[str], counted: Credit) -> str:
    said = {"first": counted.first, "second": counted.second}
    if counted.winner is None:
        return _("A draw: of the pictures that fit, {count} came from either.").format(count=number(counted.first))
    winner, loser = (0, 1) if counted.winner == "first" else (1, 0)
    keys = ("first", "second")
    return _("{winner} wins here: of the pictures that fit it gave {more}, {loser} gave {fewer}.").format(
        winner=names[winner], loser=names[loser], more=number(said[keys[winner]]), fewer=number(said[keys[loser]])
    )


def _means(archive: Archive, asked: Compared, names: Sequence[str], counted: Credit) -> str:
    """What this comparison says together with the person's earlier ones."""
    is_kept = bool(who()) and may("judge")
    kept = Ballots(archive.workspace).of(who(), *asked.by[:2]) if is_kept else ()
    by_question = {one.topic: one for one in kept}  # a question asked again is no second witness
    together = preference([Credit(one.first_liked, one.second_liked) for one in by_question.values()] or [counted])
    many = together.first + together.second + together.draws
    if together.winner is not None:
        winner = names[0 if together.winner == "first" else 1]
        return _("In your {count} comparisons of the two, {winner} is ahead by more than chance (p = {p}).").format(
            count=number(many), winner=winner, p=decimal(together.p, 3)
        )
    needed = ngettext(
        "One question alone says little: {needed} more like it, all won by the same side, would be the least from "
        "which one can be called better.",
        "So far {first} : {second} in your {count} comparisons, which chance could give: at least {needed} more, all "
        "won by the side ahead, before one can be called better.",
        many,
    )
    said = needed.format(
        needed=number(together.needed), count=number(many), first=number(together.first), second=number(together.second)
    )
    return said if is_kept else f"{said} {_('This one is not kept under any name.')}"


def _whose(found: Comparison, drafted: Interleaved, place: int, record: str, mark: str) -> None:
    names = list(found.rankings)
    gave = names[0 if drafted.teams[place] == "first" else 1]
    other = names[1 if drafted.teams[place] == "first" else 0]
    there = found.rank(other, record)
    also = _("the other has it at {rank}").format(rank=number(there)) if there is not None else _("the other lacks it")
    fits = _("✓ fits") if mark == "1" else _("✗ does not fit") if mark == "0" else ""
    st.html(
        f'<div class="tile"><div><span class="own">{safe(called(gave))}</span></div>'
        f'<div class="number">{safe(also)}</div><div>{safe(fits)}</div></div>'
    )


def _tile(hit: Hit, state: State) -> None:
    thumbnail = thumbnail_address(hit.payload)
    said = markdown(alternative(hit.payload))
    label = f"![{said}]({thumbnail})" if thumbnail else _("No picture of {what}").format(what=said)
    st.page_link("pages/record.py", label=label, query_params=[("id", hit.id), *pairs(write(state))], width="stretch")
    beside = " · ".join(filter(None, (number_beside(hit.payload), date_of(hit.payload, language()))))
    st.html(
        f'<div class="tile"><div class="title">{safe(title_of(hit.payload))}</div>'
        f'<div class="number">{safe(beside)}</div></div>'
    )
