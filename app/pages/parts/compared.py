"""Which rankings are compared: chosen, and told apart in words and numbers."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import streamlit as st

from app import opened
from app.beside import kept_beside, tell
from app.language import N_, _, decimal, ngettext, number, percent
from app.pages.parts.bound import bound, popover
from app.pages.parts.knob_form import knob_form
from app.rankings import all_rankings, called, settings_said, short, strategy_called
from app.state import LIMIT, State, strategy
from app.wording import markdown, safe
from archive_search.archive import Archive
from archive_search.evaluation.compare import Alike, Comparison
from archive_search.metadata.wording import title_of
from archive_search.plan import to_json
from archive_search.strategies import STRATEGIES
from archive_search.strategy_file import as_text, named_strategy
from archive_search.types import ArchiveSearchError, Query

MOST = 4
"""More rankings do not fit side by side."""
TOPS = (5, 10, 20, 50)
ALIKE = (
    (0.9, N_("Nearly the same")),
    (0.65, N_("Much alike")),
    (0.35, N_("Partly alike")),
    (0.0, N_("Very different")),
)
"""How a rank-biased overlap from so much on is said."""


@dataclass(frozen=True)
class Compared:
    """
    What the address of the page tells of itself.

    `by` names the rankings, each with its settings; `blind` is the seed of a blind comparison, `marks` what was said of
    its pictures: '1' fits, '0' does not, '-' not said.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("by", "top", "blind", "marks", "revealed")

    by: tuple[str, ...]
    top: int = 10
    blind: int | None = None
    marks: str = ""
    revealed: bool = False

    @classmethod
    def read(cls, params: Mapping[str, Sequence[str]], state: State) -> tuple[Compared, str]:
        """What the address tells, and what of it had to be left out."""
        by: list[str] = []
        refused = ""
        for text in params.get("by", ()):
            try:
                by.append(as_text(named_strategy(text)))
            except ArchiveSearchError as error:
                refused = str(error)
        by = list(dict.fromkeys([*by, *usual(state)]))[: max(2, min(len(dict.fromkeys(by)), MOST))]
        one = {name: values[-1] for name, values in params.items() if values}
        top, seed = one.get("top", ""), one.get("blind", "")
        return cls(
            tuple(by),
            int(top) if top in map(str, TOPS) else cls.top,
            int(seed) if seed.isascii() and seed.isdigit() and len(seed) < 10 else None,
            one.get("marks", ""),
            bool(one.get("revealed")),
        ), refused


def usual(state: State) -> list[str]:
    """The rankings that are compared where none are named: plain search, and the one that the question asks for."""
    return list(dict.fromkeys(["nearest", as_text(strategy(state)), "staged"]))


def choose(asked: Compared) -> None:
    """Draw what is compared, each ranking with its settings, and what else can be."""
    is_blind = asked.blind is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="choose"):
        choose_rankings(asked, more=not is_blind)
        if not is_blind:
            bound(
                st.segmented_control,
                _("How many of each"),
                TOPS,
                key="top",
                value=asked.top,
                changed=lambda top: tell(top=[str(top)] if top and top != Compared.top else []),
                label_visibility="collapsed",
                format_func=lambda top: _("first {count}").format(count=top),
            )
            st.button(
                _("Compare blind"),
                icon=":material/visibility_off:",
                key="blind",
                help=_(
                    "One mixed list of two rankings, without saying whose pictures they are: judge first, then see."
                ),
                on_click=start_blind,
                args=(asked.by[:2],),
            )
        else:
            st.button(
                _("Side by side"), icon=":material/view_column:", key="open-eyes", on_click=tell, kwargs=NOT_BLIND
            )


def choose_rankings(asked: Compared, more: bool = True) -> None:
    """Draw the rankings, each with its settings, and, where there can be `more`, what else could be beside them."""
    for place, ranking in enumerate(asked.by):
        _ranking(asked, place, ranking)
    if len(asked.by) < MOST and more:
        _add(asked)


NOT_BLIND: dict[str, Sequence[str]] = {"blind": (), "marks": (), "revealed": ()}
"""What the address no longer tells when both rankings are looked at side by side."""


def start_blind(by: Sequence[str]) -> None:
    """Begin a blind comparison of two rankings, with a list that nobody has seen."""
    tell(by=by, blind=[str(random.randrange(1, 10**6))], marks=(), revealed=())


def _ranking(asked: Compared, place: int, ranking: str) -> None:
    name = ranking.partition(":")[0]
    letter = short(asked.by)[ranking]
    label = f"{letter} · {called(ranking)}" if len(letter) == 1 else called(ranking)
    with popover(markdown(label), key=f"by-{place}"):
        bound(
            st.selectbox,
            _("Ranked by"),
            list(STRATEGIES),
            key=f"by-name-{place}",
            value=name,
            changed=lambda other: _put(asked, place, other),
            format_func=strategy_called,
        )
        made = named_strategy(ranking)
        st.caption(markdown(_(made.summary)))

        def turned(setting: str, value: Any) -> None:
            _put(asked, place, as_text(dataclasses.replace(made, **{setting: value})))  # type: ignore[type-var]

        knob_form(made, f"by-knob-{place}.{name}", turned)
        if len(asked.by) > 2:
            st.button(
                _("Take it out"),
                icon=":material/close:",
                key=f"by-out-{place}",
                on_click=tell,
                kwargs={"by": [one for one in asked.by if one != ranking], **NOT_BLIND},
            )


def _add(asked: Compared) -> None:
    offered = [one for one in all_rankings() if one not in asked.by]
    with popover(_("Add"), icon=":material/add:", key="by-more"):
        st.caption(_("One more ranking beside these; 0 switches a part off, to see what it does."))
        for one in offered:
            st.button(
                markdown(called(one)),
                key=f"by-add-{one}",
                type="tertiary",
                on_click=tell,
                kwargs={"by": [*asked.by, one]},
            )


def _put(asked: Compared, place: int, ranking: str) -> None:
    """Have a ranking in a place; where another place has it already, the two change places."""
    by = list(kept_beside().get("by") or asked.by)
    by += asked.by[len(by) :]
    if ranking in by:
        by[by.index(ranking)] = by[place]
    by[place] = ranking
    tell(by=by, marks=(), revealed=())


# ------------------------------------------------------------------ in words and numbers


def alike(found: Comparison) -> None:
    """Say how alike the rankings are, and what moved farthest."""
    st.markdown(" ".join(sentences(found)))


def sentences(found: Comparison) -> list[str]:
    """What the comparison comes to, as Markdown."""
    names = list(found.rankings)
    quoted = {ranking: f"“{markdown(name)}”" if len(name) > 1 else name for ranking, name in short(names).items()}
    said = []
    if len(names) == 2:
        said.append(_of_two(found, found.alike[0]))
    else:
        least, most = (end(found.alike, key=lambda one: one.rbo) for end in (min, max))
        shared = len(found.shared())
        said.append(
            ngettext(
                "{count} picture is among the first {k} of all of them.",
                "{count} pictures are among the first {k} of all of them.",
                shared,
            ).format(count=number(shared), k=found.k)
        )
        said.append(
            _("Most alike are {first} and {second}, least {third} and {fourth}.").format(
                first=quoted[most.first],
                second=quoted[most.second],
                third=quoted[least.first],
                fourth=quoted[least.second],
            )
        )
    for name in names[1:]:
        if (moved := found.farthest(name)) is not None and moved[1] > 1:
            record = moved[0]
            title = next(title_of(hit.payload) for hit in found.rankings[name][: found.k] if hit.id == record)
            said.append(
                _("{ranking} raises most: {title}, from {before} to {now}.").format(
                    ranking=quoted[name],
                    title=f"*{markdown(title)}*",
                    before=number(found.rank(names[0], record) or 0),
                    now=number(found.rank(name, record) or 0),
                )
            )
    return said


def _of_two(found: Comparison, one: Alike) -> str:
    k = max(len(ranking[: found.k]) for ranking in found.rankings.values())
    shared = len(found.shared())
    if shared == k:
        tops = [[hit.id for hit in ranking[:k]] for ranking in found.rankings.values()]
        if tops[0] == tops[1]:
            return _("**No difference**: both show the same {k} pictures first, in the same order.").format(k=k)
        return _("**{how}**: both show the same {k} pictures first, in another order.").format(how=how_alike(one), k=k)
    return _("**{how}**: {count} of the first {k} pictures are the same.").format(
        how=how_alike(one), count=number(shared), k=k
    )


def how_alike(one: Alike) -> str:
    """How alike two rankings are, in words."""
    return next(_(words) for least, words in ALIKE if one.rbo >= least)


def numbers(found: Comparison) -> None:
    """Draw the numbers behind the words."""
    with st.expander(_("The numbers"), icon=":material/numbers:", key="numbers"):
        head = (_("Ranking"), _("and"), _("same among the first {k}").format(k=found.k), _("rank-biased overlap"))
        rows = [
            (called(one.first), called(one.second), percent(one.overlap), decimal(one.rbo, 2)) for one in found.alike
        ]
        st.html(table(head, rows))
        st.caption(
            _(
                "Rank-biased overlap is 1 for the same order and 0 where nothing is shared; the first ranks count most "
                "(p = 0.9, the first ten have 86 % of the weight), and it looks {depth} ranks deep."
            ).format(depth=number(LIMIT))
        )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as HTML, of texts that may come from outside."""
    top = "".join(f'<th scope="col">{safe(one)}</th>' for one in head)
    body = "".join(
        f'<tr><th scope="row">{safe(row[0])}</th>{"".join(f"<td>{safe(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    drawn = f'<table class="figures"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sideways">{drawn}</div>'


# ------------------------------------------------------------------ how it was made


@st.fragment
def how_made(archive: Archive, asked: Compared, wanted: Query, state: State) -> None:
    """Draw how each ranking came about, once somebody opens it."""
    opener = st.expander(_("How was each made?"), icon=":material/filter_list:", key="made", on_change="rerun")
    if not opener.open:
        return
    with opener:
        for ranking, tab in zip(asked.by, st.tabs([markdown(called(one)) for one in asked.by]), strict=True):
            made = named_strategy(ranking)
            with tab:
                st.caption(markdown(_(made.summary)))
                for said in settings_said(ranking):
                    st.caption(markdown(said))
                plan = made.plan(wanted, LIMIT, state.space)
                stages = opened.answer(archive, plan, made).trace.stages
                rows = [
                    (stage.name.replace("_", " "), number(stage.of), number(stage.kept), number(stage.raised))
                    for stage in stages
                ]
                st.html(table((_("Stage"), _("looked at"), _("kept"), _("raised")), rows))
                st.caption(_("The plan repeats this ranking: the command line and the library read it."))
                st.json(to_json(plan), expanded=False)
