"""Topics: made of a search, listed with how far they are judged, agreed upon, taken out and in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import opened
from app.beside import tell
from app.language import N_, _, decimal, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.compared import table
from app.pages.parts.download import download
from app.pages.parts.name_box import name_box, named
from app.who import who
from app.wording import markdown, safe
from archive_search.archive import Archive
from archive_search.evaluation.agreement import Agreement, agreements
from archive_search.evaluation.qrels import read_csv, read_qrels, write_csv, write_qrels
from archive_search.types import ArchiveSearchError, Query
from archive_search.workspace.judgements import Judgement, Judgements, from_qrels
from archive_search.workspace.topics import Topic, read_topics, topic_id, topic_to_data, words

RANKINGS = ("nearest", "staged")
"""Whose first pictures are judged."""
TOP = 10
"""So many of each."""
PAGE = 15
"""Topics on a page."""
AGREED = (
    (0.8, N_("almost always")),
    (0.6, N_("mostly")),
    (0.4, N_("often")),
    (0.2, N_("sometimes")),
    (-1.0, N_("hardly ever")),
)
"""How a kappa from so much on is said."""
FEW = 10
"""Of fewer pictures no agreement is told."""
_SAID = "said of topics"


def make_topic(kept: Judgements, topics: Sequence[Topic], asked: Query) -> None:
    """Draw the form that makes a topic of the search; where it is one already, the way to it."""
    there = next((one for one in topics if one.query == asked), None)
    with st.container(border=True, key="new-topic"):
        if there is not None:
            st.write(_("This search is a topic already: {title}").format(title=f"**{markdown(there.title)}**"))
            st.button(_("Judge it"), key="judge-this", on_click=tell, kwargs={"topic": [there.id]})
            return
        st.header(_("Make a topic of this search"), anchor=False)
        with st.form("new-topic-form", border=False):
            key = topic_id(asked)
            title = st.text_input(_("Title"), value=words(asked), key=f"title-{key}", max_chars=200)
            description = st.text_input(
                _("What is looked for, in a sentence"), key=f"description-{key}", max_chars=1000
            )
            narrative = st.text_area(
                _("What counts as an answer, and what does not"),
                key=f"narrative-{key}",
                max_chars=4000,
                height=80,
                help=_("So that others judge as you do, and you in a month as you do today."),
            )
            typed = name_box("topic")
            if st.form_submit_button(_("Keep this topic, and judge"), icon=":material/gavel:"):
                named(typed)
                made = Topic(key, asked, "", title.strip() or words(asked), description.strip(), narrative.strip())
                kept.add_topics([made])
                tell(topic=[made.id])
                st.rerun()


def topic_list(archive: Archive, kept: Judgements, topics: Sequence[Topic], page: int) -> None:
    """Draw the topics with how far they are judged, by oneself and by others."""
    if not topics:
        st.header(_("No topics yet"), anchor=False)
        st.write(
            _("Search for something, then come here: the search becomes a topic. Or take in topics from a file below.")
        )
        return
    st.header(ngettext("{count} topic", "{count} topics", len(topics)).format(count=number(len(topics))), anchor=False)
    pages = -(-len(topics) // PAGE)
    page = max(1, min(page, pages))
    shown = topics[(page - 1) * PAGE : page * PAGE]
    mine, others = _judged(kept)
    for topic in shown:
        _row(archive, topic, mine.get(topic.id, set()), others.get(topic.id, set()))
    if pages > 1:
        bound(st.pagination, pages, key="list", value=page, changed=lambda wanted: tell(list=[str(wanted)]))


def _judged(kept: Judgements) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By topic what oneself has judged, and who else has judged anything."""
    mine: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for one in kept.present():
        if one.judge == who():
            mine.setdefault(one.topic, set()).add(one.record)
        else:
            others.setdefault(one.topic, set()).add(one.judge)
    return mine, others


def _row(archive: Archive, topic: Topic, mine: set[str], others: set[str]) -> None:
    try:
        order = opened.pooled(archive, topic, RANKINGS, TOP)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return
    done = len(mine.intersection(order))
    said = [_("{done} of {of} judged by you").format(done=number(done), of=number(len(order)))]
    if others:
        said.append(_("also judged by {names}").format(names=", ".join(sorted(others))))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"topic-row-{topic.id}"):
        share = done / len(order) if order else 0
        told = f'<div class="title">{safe(topic.title)}</div><div class="number">{safe(" · ".join(said))}</div>'
        bar = f'<div class="bar" aria-hidden="true"><div style="width:{share:.0%}"></div></div>'
        st.html(f'<div class="tile">{told}{bar}</div>', width="stretch")
        st.button(
            _("Look") if order and done == len(order) else _("Go on") if done else _("Judge"),
            key=f"judge-{topic.id}",
            help=markdown(topic.title),
            on_click=tell,
            kwargs={"topic": [topic.id]},
        )


def agreement(kept: Judgements) -> None:
    """Say how well those agree who have judged the same pictures."""
    found = agreements(kept.present())
    st.header(_("Do the judges agree?"), anchor=False)
    if not found:
        st.write(_("That can be said once two people have judged the same pictures of the same topics."))
        return
    for one in found:
        st.write(agreement_said(one))
    with st.expander(_("The numbers"), icon=":material/numbers:", key="agreement-numbers"):
        head = (
            _("Judges"),
            _("judged by all"),
            _("same grade"),
            _("kappa"),
            _("kappa by distance"),
            _("kappa of fits or not"),
        )
        rows = [
            (
                ", ".join(one.judges),
                number(one.items),
                decimal(one.observed, 2),
                *("–" if value is None else decimal(value, 2) for value in (one.kappa, one.weighted, one.binary)),
            )
            for one in found
        ]
        st.html(table(head, rows))
        st.caption(
            _("Kappa (Cohen's for two, Fleiss' for all of more): 1 is full agreement, 0 what chance would give.")
        )


def agreement_said(one: Agreement) -> str:
    """How well judges agree, as a sentence in Markdown."""
    names = ", ".join(f"**{markdown(judge)}**" for judge in one.judges)
    pictures = ngettext("{count} picture", "{count} pictures", one.items).format(count=number(one.items))
    if one.binary is None:
        return _(
            "{names} have judged the same {pictures}, but all of them alike: whether they agree by more than chance "
            "cannot be told."
        ).format(names=names, pictures=pictures)
    if one.items < FEW:
        return _("{names} have judged the same {pictures}: too few to say how well they agree.").format(
            names=names, pictures=pictures
        )
    how = next(_(said) for least, said in AGREED if one.binary >= least)
    sure = "" if one.items >= 30 else " " + _("With so few pictures that may change.")
    return (
        _("On {pictures} that all of them judged, {names} agree {how} on what fits, beyond chance.").format(
            pictures=pictures, names=names, how=how
        )
        + sure
    )


# ------------------------------------------------------------------ out and in


def exchange(archive: Archive, kept: Judgements, topics: Sequence[Topic]) -> None:
    """Draw what takes topics and judgements out of the archive, and in."""
    with st.expander(_("Files: take topics and judgements out, or in"), icon=":material/swap_vert:", key="exchange"):
        with st.container(horizontal=True, gap="small"):
            for label, name, made in (
                (_("Judgements as CSV"), "judgements.csv", lambda: write_csv(kept.present())),
                (_("Judgements as TREC qrels"), "qrels.txt", lambda: write_qrels(kept.qrels())),
                (_("Topics"), "topics.jsonl", lambda: _lines(topics)),
            ):
                download(label, made, name, key=f"out-{name}")
        with st.form("in", border=False):
            judged = st.file_uploader(
                _("Judgements: CSV with topic, record, grade, judge, or TREC qrels"), key="in-judgements"
            )
            asked = st.file_uploader(_("Topics: JSON lines or CSV"), key="in-topics")
            judge = st.text_input(_("Who judged, where the file does not say"), value=who(), key="in-judge", width=320)
            skip = st.checkbox(_("Leave out what names records or topics that are not known"), key="in-skip")
            if st.form_submit_button(_("Take them in"), icon=":material/upload:"):
                _take_in(archive, kept, judged, asked, judge.strip(), skip)
        if said := st.session_state.pop(_SAID, ""):
            st.success(said)


def _lines(topics: Sequence[Topic]) -> str:
    return "".join(json.dumps(topic_to_data(one), ensure_ascii=False) + "\n" for one in topics)


def _take_in(archive: Archive, kept: Judgements, judged: Any, asked: Any, judge: str, skip: bool) -> None:
    if judged is None and asked is None:
        st.warning(_("Choose a file first."))
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            topics = () if asked is None else read_topics(_written(asked, Path(folder) / "topics"))
            found = [] if judged is None else _read(_written(judged, Path(folder) / "judged"), judge)
            made = kept.take_in(found, archive.store, topics, skip)
    except ArchiveSearchError as error:
        st.error(markdown(str(error).replace(folder, "")), icon=":material/error:")
        return
    st.session_state[_SAID] = _("{added} judgements were added, {known} known already, {skipped} left out.").format(
        added=number(made.added), known=number(made.known), skipped=number(made.skipped)
    )
    st.rerun()


def _read(file: Path, judge: str) -> list[Judgement]:
    return [*read_csv(file, judge)] if file.suffix == ".csv" else [*from_qrels(read_qrels(file), judge)]


def _written(upload: Any, folder: Path) -> Path:
    """An uploaded file on the disk, under its own name."""
    folder.mkdir()
    file = folder / f"file{Path(upload.name).suffix.lower()}"
    file.write_bytes(upload.getvalue())
    return file
