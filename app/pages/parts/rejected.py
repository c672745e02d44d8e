"""What was rejected and why, and trying it again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import streamlit as st

from app.language import N_, _, ngettext, number
from app.pages.parts.taking_up import begin, can_begin
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError
from ingest.rejections import Reason, by_reason
from ingest.request import Request, read_request
from ingest.source import Rejected
from ingest.status import Origin, Progressed

if TYPE_CHECKING:
    import pandas as pd

REASONS = 25
"""So many kinds are listed, the most frequent."""
STAGES = {
    "record": N_("in the catalogue"),
    "opened": N_("when the file was opened"),
    "prepared": N_("when it was made ready for the model"),
    "encoded": N_("by the model"),
    "stored": N_("when it was stored"),
}


def rejected(archive: Archive, work: Progressed) -> None:
    """Draw the reasons with their records."""
    if not work.rejected:
        return
    many = len(work.rejected)
    st.subheader(
        ngettext("{count} not taken up", "{count} not taken up", many).format(count=number(many)), anchor=False
    )
    st.caption(
        _(
            "Mend the file or the row and take it up again: what has changed is tried again by itself. "
            "Links are tried again by the button below."
        )
    )
    reasons = by_reason(work.rejected)
    for place, reason in enumerate(reasons[:REASONS]):
        _reason(reason, place)
    if len(reasons) > REASONS:
        more = len(reasons) - REASONS
        st.caption(ngettext("and {count} other reason", "and {count} other reasons", more).format(count=number(more)))
    _again(archive, work)


def _reason(reason: Reason, place: int) -> None:
    said = f"**{number(len(reason.rejected))}** · {markdown(reason.said)}"
    with st.expander(said, key=f"reason-{place}"):
        st.caption(_("Rejected {where}").format(where=_(STAGES[reason.stage])))
        st.dataframe(_table(reason.rejected), hide_index=True, width="stretch")


def _table(some: tuple[Rejected, ...]) -> pd.DataFrame:
    import pandas as pd

    columns = _("Record"), _("Picture"), _("Reason")
    return pd.DataFrame([(one.id, one.image, one.reason) for one in some], columns=list(columns))


def _again(archive: Archive, work: Progressed) -> None:
    requests = [(one, request) for one in work.origins if (request := _request(one)) is not None]
    if not requests or not can_begin(archive):
        return
    with st.container(horizontal=True):
        for place, (origin, request) in enumerate(requests):
            label = _("Try them all again") if len(requests) == 1 else _("Try those of {folder} again")
            wanted = dataclasses.replace(request, options={**request.options, "retry": True})
            st.button(
                label.format(folder=markdown(origin.name)),
                icon=":material/refresh:",
                key=f"retry-{place}",
                on_click=begin,
                args=(archive, wanted),
            )


def _request(origin: Origin) -> Request | None:
    try:
        return read_request(origin.last.request) if origin.last is not None and origin.last.request else None
    except ArchiveSearchError:
        return None
