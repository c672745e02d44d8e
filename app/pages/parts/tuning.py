"""Tune: a ranking's settings chosen on the judged topics, and what that is worth on topics not seen."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any

import streamlit as st

from app.address import pairs, shown
from app.beside import kept_beside, tell
from app.language import _, decimal, number
from app.pages.parts.bound import bound
from app.pages.parts.compared import Compared, table
from app.pages.parts.download import download
from app.pages.parts.working import working
from app.rankings import called
from app.state import write
from app.wording import markdown
from app.work import works
from archive_search.archive import Archive
from archive_search.evaluation.tune import Tuned, candidates, strategy_file, tunable, tune
from archive_search.knobs import knobs
from archive_search.strategies import STRATEGIES
from archive_search.strategy_file import as_text, named_strategy
from archive_search.types import InvalidInputError
from archive_search.workspace.judgements import Qrels
from archive_search.workspace.topics import Topic

FOLDS = 5


def tuning(
    archive: Archive, topics: tuple[Topic, ...], qrels: Qrels, asked: Compared, space: str, key: Hashable
) -> None:
    """Draw what can be tuned, how far it is, and what came of it."""
    st.header(_("Tune"), anchor=False)
    offered = [ranking for ranking in asked.by if _tunable(ranking)]
    if not offered:
        st.write(_("None of these rankings has settings to tune."))
        return
    st.write(
        _(
            "Tries other settings on your topics, keeps those that are better, and measures what that is worth on "
            "topics that were not looked at for the choice."
        )
    )
    told = kept_beside()
    ranking = told.get("tuned", ("",))[-1]
    ranking = ranking if ranking in offered else offered[-1]
    known = tunable(named_strategy(ranking))
    chosen = [one for one in told.get("knob", ()) if one in known]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="tune-choose"):
        bound(
            st.selectbox,
            _("Begin with"),
            offered,
            key="tuned",
            value=ranking,
            changed=lambda name: tell(tuned=[name], knob=()),
            format_func=called,
            width=300,
        )
        bound(
            st.multiselect,
            _("Settings to try"),
            list(known),
            key="knob",
            value=chosen,
            changed=lambda names: tell(knob=names),
            format_func=lambda name: _(known[name][0].label),
            placeholder=_("all of them (takes minutes)"),
            width=460,
        )
    mine = ("tuned", key, ranking, tuple(sorted(chosen)), space)
    work = works().get(mine)
    if work is None or work.error:
        if work is not None:
            st.error(markdown(work.error), icon=":material/error:")
        grid = {name: candidates(*known[name]) for name in chosen} or None

        def begin() -> None:
            strategy = named_strategy(ranking)
            works().begin(
                mine,
                lambda progress: tune(
                    archive, topics, qrels, strategy, folds=FOLDS, grid=grid, space=space, progress=progress
                ),
            )

        st.button(_("Tune"), icon=":material/tune:", key="tune", on_click=begin)
    elif work.runs:
        working(work, _("Measuring settings"), at_most=True)
    else:
        _report(work.result, ranking, len(topics))


def _tunable(ranking: str) -> bool:
    try:
        return bool(tunable(named_strategy(ranking)))
    except InvalidInputError:
        return False


def verdict(found: Tuned) -> str:
    """What tuning came to, as Markdown."""
    if not found.changed:
        return _("**Tuning did not help**: no other settings are better on all topics together. Keep these.")
    if found.helped:
        return _("**Tuning helped**: topics not looked at for the choice are found better, by more than chance.")
    if found.interval is not None and found.interval[1] < 0:
        return _("**Tuning did harm**: topics not looked at for the choice are found worse. Keep the settings.")
    return _(
        "**Tuning did not help**: on topics that were not looked at for the choice, the gain cannot be told from "
        "chance. Keep the settings."
    )


def _report(found: Tuned, ranking: str, many: int) -> None:
    st.markdown(verdict(found))
    before, held_out = (_mean(values) for values in (found.before, found.held_out))
    low, high = (decimal(one, 3, signed=True) for one in found.interval or (0.0, 0.0))
    ends = f" [{low}, {high}]" if found.interval else ""
    gain = decimal(found.difference, 3, signed=True)
    judged = f"{decimal(found.judged_before, 2)} → {decimal(found.judged_after, 2)}"
    st.html(
        table(
            ("", found.measure),
            (
                (_("before"), decimal(before, 3)),
                (_("tuned, on topics not seen"), decimal(held_out, 3)),
                (
                    _("difference on topics not seen"),
                    f"{gain}{ends}, p = {decimal(found.p, 3)}",
                ),
                (_("difference on topics seen (too hopeful)"), decimal(found.on_seen, 3, signed=True)),
                (_("judged among the first ten"), judged),
            ),
        )
    )
    labels = {name: _(knob.label) for name, (knob, _value) in knobs(named_strategy(ranking)).items()}
    rows = [
        (
            labels.get(name, name),
            _said(value),
            _said(found.settings[name]),
            ", ".join(_said(one) for one in dict.fromkeys(fold[name] for fold in found.fold_settings)),
        )
        for name, value in found.start.items()
        if len({value, found.settings[name], *(fold[name] for fold in found.fold_settings)}) > 1
    ]
    if rows:
        st.html(table((_("Setting"), _("before"), _("tuned"), _("chosen by the parts")), rows))
    if not found.changed:
        return
    kind: Any = STRATEGIES[found.strategy]
    tuned = as_text(kind(**found.settings))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="tuned-out"):
        state = shown()
        st.page_link(
            "pages/compare.py",
            label=_("Compare before and after"),
            icon=":material/compare_arrows:",
            query_params=[*pairs(write(state)), ("by", ranking), ("by", tuned)],
        )
        download(
            _("Settings as a file"),
            json.dumps(strategy_file(found), ensure_ascii=False, indent=1) + "\n",
            "tuned.json",
            key="out-tuned",
            about=_("For --strategy on the command line, with {count} topics as the reason.").format(
                count=number(many)
            ),
        )


def _mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
