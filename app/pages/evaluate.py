"""Evaluate: which ranking finds what was judged to fit, and whether that is more than chance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable

import streamlit as st

from app import opened
from app.address import current, pairs, shown
from app.beside import beside, tell
from app.language import N_, _, ngettext, number
from app.page import Page
from app.pages.parts.bound import bound
from app.pages.parts.compared import Compared, choose_rankings
from app.pages.parts.evaluated import evaluated
from app.pages.parts.tuning import tuning
from app.pages.parts.working import working
from app.state import checked, write
from app.wording import markdown
from app.work import works
from archive_search.archive import Archive
from archive_search.evaluation.evaluate import evaluate
from archive_search.strategy_file import named_strategy
from archive_search.workspace.judgements import Judgements, Qrels
from archive_search.workspace.topics import Topic, topic_to_data


def page() -> None:
    """Draw the evaluation that the address asks for."""
    archive = opened.archive()
    state, trouble = checked(current())
    told = beside("by", "measure", "judge", "order", "knob", "tuned")
    asked, refused = Compared.read(told, state)
    st.title(_("Evaluate"), anchor=False)
    for said in filter(None, (trouble, refused)):
        st.warning(markdown(said), icon=":material/info:")
    kept = Judgements(archive.workspace)
    topics, judges = kept.topics(), kept.judges()
    chosen = [one for one in told.get("judge", ()) if one in judges]
    qrels = kept.qrels(chosen or None)
    many = sum(1 for topic in topics if any(qrels.get(topic.id, {}).values()))
    params = pairs(write(shown()))
    st.page_link("pages/judge.py", label=_("Topics and judging"), icon=":material/gavel:", query_params=params)
    if not many:
        st.write(
            _(
                "Nothing can be measured yet: which ranking is better is counted on topics of which somebody has said "
                "which pictures fit. Judge some first."
            )
        )
        return
    st.write(
        ngettext(
            "Measured on **{count} topic** of which a picture was judged to fit.",
            "Measured on **{count} topics** of which a picture was judged to fit.",
            many,
        ).format(count=number(many))
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="choose"):
        choose_rankings(asked)
        if len(judges) > 1:
            bound(
                st.multiselect,
                _("Judged by"),
                list(judges),
                key="judge",
                value=chosen,
                changed=lambda names: tell(judge=names),
                placeholder=_("everybody"),
                width=320,
            )
    key = _key(archive, topics, qrels)
    _measured(archive, topics, qrels, asked, state.space, key)
    tuning(archive, topics, qrels, asked, state.space, key)


def _measured(
    archive: Archive, topics: tuple[Topic, ...], qrels: Qrels, asked: Compared, space: str, key: Hashable
) -> None:
    mine = ("measured", key, asked.by, space)
    work = works().get(mine)
    if work is None or work.error:
        if work is not None:
            st.error(markdown(work.error), icon=":material/error:")

        def begin() -> None:
            rankings = {name: named_strategy(name) for name in asked.by}
            works().begin(
                mine, lambda progress: evaluate(archive, topics, qrels, rankings, space=space, progress=progress)
            )

        st.button(_("Measure"), icon=":material/straighten:", key="measure", on_click=begin)
    elif work.runs:
        working(work, _("Ranking every topic"))
    else:
        evaluated(archive, work.result, asked)


def _key(archive: Archive, topics: tuple[Topic, ...], qrels: Qrels) -> Hashable:
    """What a measurement depends on besides the rankings: the archive as it is, the topics, the judgements."""
    data = json.dumps([[topic_to_data(topic) for topic in topics], qrels], sort_keys=True)
    return str(archive.directory), archive.generation, hashlib.sha256(data.encode()).hexdigest()


PAGES = {"evaluate": Page(N_("Evaluate"), ":material/straighten:", 5, offered=False, role="judge", under="judge")}

if __name__ == "__main__":
    page()
