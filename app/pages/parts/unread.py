"""What the program did not understand of the metadata: dates without years, sizes, columns that fill no field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app import opened
from app.language import _, ngettext, number
from archive_search.archive import Archive

if TYPE_CHECKING:
    import pandas as pd

MOST = 500
"""So many are listed, the most frequent."""


def unread(archive: Archive) -> None:
    """Draw the lists by frequency."""
    import pandas as pd

    found = opened.contents(archive) if archive.generation is not None else None
    if found is None or not (found.dates or found.sizes or found.columns):
        return
    st.subheader(_("Not understood"), anchor=False)
    dates, columns = st.columns(2, gap="large")
    if found.dates:
        many = found.dates.total
        with dates:
            st.markdown(
                ngettext(
                    "**{count} date gave no years.** It is kept and shown as it is written.",
                    "**{count} dates gave no years.** They are kept and shown as they are written.",
                    many,
                ).format(count=number(many))
            )
            rows = list(found.dates.items())[:MOST]
            _list(pd.DataFrame(rows, columns=[_("Date as written"), _("Pictures")]))
    if found.sizes:
        many = found.sizes.total
        with dates:
            st.markdown(
                ngettext(
                    "**{count} measurement gave no size.** It is kept and shown as it is written.",
                    "**{count} measurements gave no size.** They are kept and shown as they are written.",
                    many,
                ).format(count=number(many))
            )
            rows = list(found.sizes.items())[:MOST]
            _list(pd.DataFrame(rows, columns=[_("Measurements as written"), _("Pictures")]))
    if found.columns:
        with columns if found.dates or found.sizes else dates:
            many = len(found.columns)
            st.markdown(
                ngettext(
                    "**{count} column fills no field.** It is kept with its records; map it to a field when you take "
                    "up the folder, or make it a field of its own.",
                    "**{count} columns fill no field.** They are kept with their records; map one to a field when you "
                    "take up the folder, or make it a field of its own.",
                    many,
                ).format(count=number(many))
            )
            some = [(name, one.records, one.example) for name, one in found.columns.items()][:MOST]
            _list(pd.DataFrame(some, columns=[_("Column"), _("Pictures"), _("For instance")]))


def _list(table: pd.DataFrame) -> None:
    st.dataframe(table, hide_index=True, width="stretch", height=min(35 * (len(table) + 1) + 3, 320))
