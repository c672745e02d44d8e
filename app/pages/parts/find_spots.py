"""The find-spots of what was found, on a map; a part of it that is drawn becomes a filter."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from app.address import change
from app.language import _, ngettext, number
from app.pages.parts.land import land
from app.state import POINT
from archive_search.archive import Archive
from archive_search.geometry import Bounds
from archive_search.metadata.filters import place_of
from archive_search.metadata.wording import title_of
from archive_search.plan import with_payloads
from archive_search.types import Ranking
from archive_search.visible import visible

HEIGHT = 460


def find_spots(archive: Archive, found: Ranking) -> None:
    """Draw where these records were found."""
    rows: list[dict[str, Any]] = [
        {"latitude": at[0], "longitude": at[1], "title": visible(title_of(hit.payload)), "rank": rank}
        for rank, hit in enumerate(with_payloads(archive.store, found), 1)
        if (at := place_of(hit.payload.get(POINT)))
    ]
    if not rows:
        st.caption(_("None of these pictures has a known find-spot."))
        return
    without = len(found) - len(rows)
    bounds = _bounds([float(row["latitude"]) for row in rows], [float(row["longitude"]) for row in rows])
    st.altair_chart(_map(rows, bounds), key="find-spots", on_select=_drawn, selection_mode="part", theme="streamlit")
    told = ngettext("{count} find-spot", "{count} find-spots", len(rows)).format(count=number(len(rows)))
    more = _("{count} without one").format(count=number(without)) if without else ""
    st.caption(" · ".join(filter(None, (told, more, _("draw a frame on the map to search within it")))))


def _map(rows: list[dict[str, Any]], bounds: Bounds) -> Any:
    import altair as alt
    import pandas as pd

    south, west, north, east = bounds
    outlines = pd.DataFrame(
        [
            {"longitude": x, "latitude": y, "ring": ring, "order": order}
            for ring, points in enumerate(land(bounds))
            for order, (x, y) in enumerate(points)
        ],
        columns=["longitude", "latitude", "ring", "order"],
    )
    across = alt.X("longitude:Q", scale=alt.Scale(domain=[west, east], nice=False), axis=None)
    up = alt.Y("latitude:Q", scale=alt.Scale(domain=[south, north], nice=False), axis=None)
    ground = (
        alt.Chart(outlines)
        .mark_line(interpolate="linear-closed", filled=True, fill="#8886", stroke="#8889", strokeWidth=0.6, clip=True)
        .encode(across, up, detail="ring:N", order="order:Q")
    )
    spots = (
        alt.Chart(pd.DataFrame(rows))
        .mark_circle(size=70, color="#8a4b2a", stroke="white", strokeWidth=0.7, opacity=0.85, clip=True)
        .encode(across, up, tooltip=[alt.Tooltip("title:N", title=_("Title")), alt.Tooltip("rank:Q", title=_("Rank"))])
        .add_params(alt.selection_interval(name="part"))
    )
    # a degree across is shorter than one up, the more so the further north
    stretched = math.cos(math.radians((south + north) / 2))
    width = max(240, min(1100, int(HEIGHT * (east - west) * stretched / (north - south))))
    return alt.layer(ground, spots).properties(width=width, height=HEIGHT)


def _bounds(latitudes: list[float], longitudes: list[float]) -> Bounds:
    """What lies around the find-spots, with room at the edges and some land to know it by."""
    south, north, west, east = min(latitudes), max(latitudes), min(longitudes), max(longitudes)
    up, across = max((north - south) * 0.15, 0.6), max((east - west) * 0.15, 1.0)
    return max(south - up, -90.0), max(west - across, -180.0), min(north + up, 90.0), min(east + across, 180.0)


def _drawn() -> None:
    part = (st.session_state["find-spots"] or {}).get("selection", {}).get("part", {})
    across, up = part.get("longitude"), part.get("latitude")
    if across and up and across[0] < across[1] and up[0] < up[1]:
        change(box=tuple(round(float(end), 4) for end in (up[0], across[0], up[1], across[1])))
