"""Judge: topics made of searches, and which pictures answer them, judged one at a time."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.address import current, pairs
from app.beside import beside, tell
from app.language import N_, _, number
from app.page import Page
from app.pages.parts.judging import judging
from app.pages.parts.name_box import name_box, named
from app.pages.parts.topics import RANKINGS, TOP, agreement, exchange, make_topic, topic_list
from app.state import checked, query, write
from app.who import may, who
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError
from archive_search.workspace.judgements import Judgements
from archive_search.workspace.topics import Topic


def page() -> None:
    """Draw the topic that the address names, or all of them."""
    archive = opened.archive()
    state, trouble = checked(current())
    told = beside("topic", "list")
    if trouble:
        st.warning(markdown(trouble), icon=":material/info:")
    kept = Judgements(archive.workspace)
    topics = kept.topics()
    wanted = told.get("topic", ("",))[-1]
    topic = next((one for one in topics if one.id == wanted), None)
    if topic is not None:
        after = topics[topics.index(topic) + 1 :]
        _judge(archive, topic, after[0].id if after else "")
        return
    st.title(_("Judge"), anchor=False)
    st.write(
        _(
            "A *topic* is a question with a name. Say of each which pictures fit; from that the program can measure "
            "which way of ranking finds them better."
        )
    )
    if wanted:
        st.warning(_("There is no topic {topic} in this archive.").format(topic=markdown(repr(wanted))))
    asked = query(state, archive.queries)
    if asked.examples:
        make_topic(kept, topics, asked)
    page_told = told.get("list", ("1",))[-1]
    topic_list(archive, kept, topics, int(page_told) if page_told.isdigit() and len(page_told) < 6 else 1)
    if topics:
        st.page_link(
            "pages/evaluate.py",
            label=_("Measure which ranking finds what fits"),
            icon=":material/straighten:",
            query_params=pairs(write(state)),
        )
        agreement(kept)
    if may("editor"):  # who takes files in speaks for others, and whoever takes them out sees what others say
        exchange(archive, kept, topics)


def _judge(archive: Archive, topic: Topic, following: str) -> None:
    with st.container(horizontal=True, key="judge-way"):
        st.button(_("All topics"), icon=":material/arrow_back:", key="all-topics", type="tertiary", on_click=_leave)
    st.title(markdown(topic.title), anchor=False)
    for said in filter(None, (topic.description, topic.narrative)):
        st.write(markdown(said))
    if not who():
        with st.form("judge-name", border=False, width=420):
            typed = name_box("judge")
            if st.form_submit_button(_("Begin")):
                named(typed)
                st.rerun()
        st.caption(_("Grades are kept under your name. Others judge the same pictures without seeing yours."))
        return
    try:
        order = opened.pooled(archive, topic, RANKINGS, TOP)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return
    if not order:
        st.write(_("Nothing was found for this topic."))
        return
    judging(archive, topic, who(), order, following)
    st.caption(
        _("The first {count} of every ranking, mixed, so that they do not tell which ranking found what.").format(
            count=number(TOP)
        )
    )


def _leave() -> None:
    tell(topic=())


PAGES = {"judge": Page(N_("Judge"), ":material/gavel:", 4, role="judge")}

if __name__ == "__main__":
    page()
