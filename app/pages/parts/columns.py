"""Rankings side by side: a column each, with small pictures, what is shared and what is one ranking's own."""

from __future__ import annotations

import streamlit as st

from app.address import pairs
from app.language import _, language, ngettext, number
from app.rankings import settings_said, short, strategy_called
from app.state import State, write
from app.wording import alternative, markdown, safe, thumbnail_address
from archive_search.evaluation.compare import Comparison
from archive_search.metadata.wording import date_of, number_beside, title_of
from archive_search.types import Hit


def columns(found: Comparison, state: State) -> None:
    """Draw the top of every ranking; on a phone they are pushed sideways."""
    names = list(found.rankings)
    params = pairs(write(state))
    with st.container(key="compared"):
        for place, (name, column) in enumerate(zip(names, st.columns(len(names), gap="medium"), strict=True)):
            with column:
                own = len(found.only(name))
                st.header(_title(list(found.rankings), name), anchor=False)
                said = [*settings_said(name)]
                said.append(ngettext("{count} only here", "{count} only here", own).format(count=number(own)))
                st.caption(markdown(" · ".join(said)))
                for rank, hit in enumerate(found.rankings[name][: found.k], 1):
                    _row(found, place, rank, hit, params)


def _title(names: list[str], name: str) -> str:
    called = markdown(strategy_called(name.partition(":")[0]))
    letter = short(names)[name]
    return f"{letter} · {called}" if len(letter) == 1 else called


def _row(found: Comparison, place: int, rank: int, hit: Hit, params: list[tuple[str, str]]) -> None:
    name = list(found.rankings)[place]
    own = "own" if hit.id in found.only(name) else "shared"
    with st.container(horizontal=True, gap="small", key=f"rank-{own}-{place}-{rank}"):
        thumbnail = thumbnail_address(hit.payload)
        said = markdown(alternative(hit.payload))
        label = f"![{said}]({thumbnail})" if thumbnail else _("No picture of {what}").format(what=said)
        st.page_link("pages/record.py", label=label, query_params=[("id", hit.id), *params], width=88)
        beside = " · ".join(filter(None, (number_beside(hit.payload), date_of(hit.payload, language()))))
        where = "".join(f"<div>{one}</div>" for one in _elsewhere(found, name, rank, hit.id))
        st.html(
            f'<div class="tile"><div class="title">{rank}. {safe(title_of(hit.payload))}</div>'
            f'<div class="number">{safe(beside)}</div><div class="where">{where}</div></div>',
            width="stretch",
        )


def _elsewhere(found: Comparison, name: str, rank: int, record: str) -> list[str]:
    """Where the other rankings have a record, as HTML."""
    names = short(list(found.rankings))
    said = [f'<span class="own">{safe(_("only here"))}</span>'] if record in found.only(name) else []
    where = []
    for other in found.rankings:
        there = found.rank(other, record)
        if other == name:
            continue
        if there is None:
            where.append(_("{ranking}: not found").format(ranking=safe(names[other])))
            continue
        moved = ""
        if other == next(iter(found.rankings)) and there != rank:
            moved = f" ▲{number(there - rank)}" if there > rank else f" ▼{number(rank - there)}"
        where.append(_("{ranking}: number {rank}").format(ranking=safe(names[other]), rank=number(there)) + moved)
    return [*said, " · ".join(where)]
