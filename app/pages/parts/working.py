"""How far a piece of long work is, with its rate, the time left, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from app.language import _, number
from app.work import Work
from archive_search.counted import clock

_EVERY_S = 1.0


@st.fragment(run_every=_EVERY_S)
def working(work: Work, what: str, at_most: bool = False) -> None:
    """
    Draw how far the work is, anew every second; once it has ended, the whole page.

    Args:
        work: what is done.
        what: what it does, in words.
        at_most: whether it becomes faster towards its end.
    """
    if not work.runs:
        st.rerun()
    st.progress(min(work.done / work.total, 1.0) if work.total else 0.0, text=far(work, what, at_most))
    st.button(_("Stop"), icon=":material/stop:", key="stop-work", on_click=work.stop)


def far(work: Work, what: str, at_most: bool = False) -> str:
    """How far it is, in one line."""
    said = [what]
    if work.total:
        said.append(_("{done} of {total}").format(done=number(work.done), total=number(work.total)))
    if work.rate:
        said.append(_("{rate} a second").format(rate=number(round(work.rate, 1))))
    if work.left_s is not None:
        left = _("at most {time} left") if at_most else _("{time} left")
        said.append(left.format(time=clock(work.left_s)))
    return " · ".join(said)
