"""Where it is known: the filters that are set, a chip each, and what an empty list should be told to drop."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.address import change, shown
from app.language import _, language, number
from app.pages.parts.rail import VALUES
from app.state import UNKNOWN, State, filters
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.metadata.wording import year_label


def chosen_filters(archive: Archive, state: State) -> None:
    """Draw each filter that is set with a cross that drops it, and what of unknown it leaves out."""
    counted = opened.counted(archive, filters(state), VALUES) if state.facets else {}
    for field, values in state.facets.items():
        label = archive.fields.said(field, language())
        said = ", ".join(value or _("unknown") for value in values)
        drop(field, f"{label}: {said}")
        unknown = counted[field].unknown if field in counted else 0
        if unknown and UNKNOWN not in values and "where" not in state.off:
            told = _("{count} of unknown {field} left out: keep them")
            st.button(
                told.format(count=number(unknown), field=markdown(label).lower()),
                key=f"keep-{field}",
                type="tertiary",
                on_click=change,
                kwargs={"facets": {**state.facets, field: (*values, UNKNOWN)}},
            )
    if state.first is not None or state.last is not None or not state.undated:
        drop("years", years_said(state))
    if state.box:
        drop("box", _("Found within a part of the map"))


def years_said(state: State) -> str:
    """The years that are asked for, in words."""
    first, last = (None if one is None else year_label(one, language()) for one in (state.first, state.last))
    if first and last:
        years = f"{first} – {last}"
    elif first:
        years = _("from {year}").format(year=first)
    else:
        years = _("until {year}").format(year=last) if last else ""
    undated = "" if state.undated else _("dated")
    return ", ".join(one for one in (years, undated) if one)


def drop(field: str, label: str) -> None:
    """Draw a filter as a button that drops it."""
    st.button(
        f"{markdown(label)} :material/close:",
        key=f"drop-filter-{field}",
        help=_("Drop this filter"),
        on_click=drop_filter,
        args=(field,),
    )


def drop_filter(field: str) -> None:
    """Drop the filters on a field, on the years, or on a part of the globe."""
    if field == "years":
        change(first=None, last=None, undated=True)
    elif field in ("box", "point"):
        change(box=None)
    else:
        change(facets={name: values for name, values in shown().facets.items() if name != field})
