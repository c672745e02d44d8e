"""One picture at a time, large, with what is known of it: judged by one key, as quickly as the keys are pressed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.beside import tell
from app.language import N_, _, language
from app.pages.parts.metadata import metadata
from app.wording import alternative, markdown, picture_address, safe, thumbnail_address
from archive_search.archive import Archive
from archive_search.metadata.table import Fields
from archive_search.metadata.wording import date_of, number_beside, title_of
from archive_search.types import ArchiveSearchError, Payload
from archive_search.workspace.judgements import GRADES, Judgements
from archive_search.workspace.topics import Topic

KEY = "judging"
AHEAD = 12
"""So many records are told to the browser at once: who judges is shown the next one without waiting."""
GRADES_SAID = {0: N_("does not fit"), 1: N_("fits a little"), 2: N_("fits"), 3: N_("exactly what is asked")}
"""What a grade says to those who judge."""
_HANDLED, _SKIPPED, _TROUBLE = "presses dealt with", "records put off", "trouble with judging"
_BUTTONS = "".join(
    f'<button type="button" data-grade="{grade}" aria-keyshortcuts="{grade}"><kbd>{grade}</kbd><span></span></button>'
    for grade in GRADES
)
_HTML = f"""<section class="judging">
<div class="judging-picture"></div>
<div class="judging-side">
<div class="judging-grades">{_BUTTONS}</div>
<div class="judging-more">
<button type="button" data-act="undo" aria-keyshortcuts="u"><kbd>U</kbd><span></span></button>
<button type="button" data-act="skip" aria-keyshortcuts="s"><kbd>S</kbd><span></span></button>
</div>
<progress class="judging-bar" max="1" value="0" aria-hidden="true"></progress>
<p class="judging-status" role="status"></p>
<div class="judging-known"></div>
</div>
</section>"""
_drawn = st.components.v2.component(
    KEY, html=_HTML, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


@st.fragment
def judging(archive: Archive, topic: Topic, judge: str, order: Sequence[str], following: str) -> None:
    """
    Draw what this judge has not judged of a topic, the first record of it large; nobody's other grades are shown.

    Streamlit's own buttons do not do: of two presses that come together one is lost, and one that comes while the page
    is drawn would grade a picture that nobody has seen.

    Args:
        order: the records to judge.
        following: the id of the topic that comes after it; '' where none does.
    """
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.error(markdown(trouble), icon=":material/error:")
    kept = Judgements(archive.workspace)
    mine = {one.record for one in kept.present(topic.id, [judge])}
    put_off = _put_off(topic.id)
    left = [record for record in order if record not in mine]
    left = [*(one for one in left if one not in put_off), *(one for one in put_off if one in left)]
    payloads = {point.id: point.payload for point in archive.store.points(left[:AHEAD])}
    given = (st.session_state.get(KEY) or {}).get("given") or []
    data = {
        "topic": f"{topic.id}\n{judge}",
        "items": [_item(record, payloads[record], archive.fields) for record in left[:AHEAD] if record in payloads],
        "done": len(mine.intersection(order)),
        "of": len(order),
        "handled": [one["key"] for one in given if one.get("key") in _handled()],
        "grades": list(GRADES),
        "labels": {
            **{str(grade): _(said) for grade, said in GRADES_SAID.items()},
            "undo": _("undo"),
            "skip": _("skip for now"),
        },
        "texts": {
            "progress": _("{done} of {of} judged by you"),
            "over": _("You have judged everything that was found for this topic."),
        },
        "language": language(),
    }
    _drawn(key=KEY, data=data, on_given_change=lambda: _given(archive, topic, judge, frozenset(order)))
    if not left and following and st.button(_("Next topic"), icon=":material/arrow_forward:", key="next-topic"):
        tell(topic=[following])
        st.rerun()


def _given(archive: Archive, topic: Topic, judge: str, order: frozenset[str]) -> None:
    """Keep what was pressed; a press that cannot be kept comes again with the next one."""
    kept = Judgements(archive.workspace)
    for press in (st.session_state[KEY] or {}).get("given") or []:
        if press["key"] in _handled():
            continue
        try:
            _deal_with(kept, topic, judge, order, press)
        except ArchiveSearchError as error:
            st.session_state[_TROUBLE] = str(error)
            return
        _handled().add(press["key"])


def _deal_with(kept: Judgements, topic: Topic, judge: str, order: frozenset[str], press: dict[str, Any]) -> None:
    record, grade, put_off = press.get("record"), press.get("grade"), _put_off(topic.id)
    if press["act"] == "undo" and record is None:
        kept.take_back(judge, topic.id)
    elif record not in order:
        return  # of another generation: it is not shown any more
    elif press["act"] == "grade":
        kept.judge(topic.id, record, judge, grade)
    elif press["act"] == "skip":
        put_off.append(record)
    elif press["act"] == "undo" and grade is not None:
        kept.judge(topic.id, record, judge, None)
    elif press["act"] == "undo" and record in put_off:
        put_off.remove(record)


def _handled() -> set[str]:
    handled: set[str] = st.session_state.setdefault(_HANDLED, set())
    return handled


def _put_off(topic: str) -> list[str]:
    put_off: dict[str, list[str]] = st.session_state.setdefault(_SKIPPED, {})
    return put_off.setdefault(topic, [])


def _item(record: str, payload: Payload, fields: Fields) -> dict[str, str]:
    """What the browser must know of a record; texts are safe as HTML."""
    is_picture = payload.get("modality", "image") == "image"
    picture = picture_address(record) if is_picture else thumbnail_address(payload)
    return {"id": record, "picture": picture, "alt": alternative(payload), "known": _known(payload, fields)}


def _known(payload: Payload, fields: Fields) -> str:
    beside = " · ".join(filter(None, (number_beside(payload), date_of(payload, language()))))
    called = f'<h2>{safe(title_of(payload))}</h2><p class="number">{safe(beside)}</p>'
    return called + metadata(payload, fields)
