"""The map as a chart: a point for each picture in WebGL, coloured, with the names of groups and an outline to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import opened
from app.beside import kept_beside, tell
from app.language import _, language, ngettext, number
from archive_search.archive import Archive
from archive_search.metadata.fields import YEARS
from archive_search.metadata.wording import year_label
from archive_search.projection.kinds import OTHER, UNKNOWN, Kinds, kinds, scale
from archive_search.projection.maps import Map, map_time
from archive_search.projection.outline import Outline, outline_text, simplified
from archive_search.visible import visible

GROUPS = "groups"
"""Stands among the fields for what lies together on the map."""
HEIGHT = 620
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8a4b2a", "#6a51a3", "#5c8a00", "#c0392b")
"""Ten that are told apart on light and dark ground, also by most who are colour-blind (after Okabe and Ito)."""
FAINT = "rgba(128,128,128,0.28)"
GREY = "#8c8c8c"
BETWEEN = "#7d6f5f"
_INK = {"light": ("#16120f", "rgba(251,250,247,0.72)"), "dark": ("#ece7df", "rgba(28,26,24,0.72)")}
"""Colours of names and of the ground behind them, those of the theme."""
MOST_YEARS = (2, 98)
"""Years beyond these percentiles have the colours of the ends."""
_APART = 0.3
"""Groups of the same name that lie nearer than this have it once."""
_MARKED = "marked on the map"
"""Kept for a session: the outline or the record that the chart shows by itself, since it was chosen on it."""
_CLEARED = "map cleared"
"""Kept for a session: how often the chart was drawn anew, with nothing chosen on it."""


@dataclass(frozen=True)
class Chosen:
    """What the address says: the field that colours the map, an outline on it, a record or a group looked at."""

    by: str
    outline: Outline
    at: str
    group: int | None


def colourings(archive: Archive) -> dict[str, str]:
    """The fields that can colour the map, those with values, by what they are called; the likeliest comes first."""
    filled = opened.counted(archive, (), 1)
    found = {
        name: archive.fields.said(name, language())
        for name in archive.fields.facets
        if name in filled and filled[name].counts
    }
    if opened.year_scale(archive, ()) is not None:
        found[YEARS[0]] = _("Years")
    found[GROUPS] = _("Groups on the map")
    return found


def chart(archive: Archive, drawn: Map, chosen: Chosen, lit: frozenset[str] | None) -> None:
    """
    Draw the map.

    Args:
        lit: the records that stand out, all others being faint; None: all do.
    """
    figure = _figure(archive, drawn, chosen, lit)
    groups = ", ".join(group_name(drawn, number) for number in range(len(drawn.groups)))
    st.plotly_chart(
        figure,
        key=_key(drawn),
        on_select=lambda: _selected(drawn),
        selection_mode=("points", "lasso", "box"),
        height=HEIGHT,
        alt=_("Map of pictures, in groups: {groups}").format(groups=groups),
        config={
            "scrollZoom": True,
            "displaylogo": False,
            "displayModeBar": True,
            "modeBarButtonsToRemove": ["autoScale2d", "zoom2d", "toImage"],
        },
    )
    st.caption(_caption(drawn, lit))


def group_name(drawn: Map, at: int) -> str:
    """What a group is called, and how many pictures it holds."""
    group = drawn.groups[at]
    return f"{visible(', '.join(group.words)) or _('without a name')} ({number(group.count)})"


def group_of(drawn: Map, text: str) -> int | None:
    """The number of a group as an address writes it; None where there is none."""
    written = text.isascii() and text.isdigit() and len(text) < 6
    return int(text) if written and int(text) < len(drawn.groups) else None


def _caption(drawn: Map, lit: frozenset[str] | None) -> str:
    said = [
        ngettext("{count} picture", "{count} pictures", len(drawn.ids)).format(count=number(len(drawn.ids))),
        _("draw around some to look at them, click on one to see it and its neighbours"),
        _("scroll to zoom"),
    ]
    if lit is not None:
        there = len(lit.intersection(drawn.ids))
        found = ngettext("{count} stands out", "{count} stand out", there)
        said.insert(1, found.format(count=number(there)))
    return " · ".join(said)


# ------------------------------------------------------------------ what is drawn


def _figure(archive: Archive, drawn: Map, chosen: Chosen, lit: frozenset[str] | None) -> Any:
    import plotly.graph_objects as go

    texts = _texts(archive, drawn, *_made(archive, drawn))
    all_rows = np.arange(len(drawn.ids))
    shown = all_rows if lit is None else np.array([row for row, one in enumerate(drawn.ids) if one in lit], dtype=int)
    figure = go.Figure()
    if lit is not None:
        rest = np.setdiff1d(all_rows, shown)
        figure.add_trace(
            _points(go, drawn, rest, texts, _("the others"), {"color": FAINT, "size": _size(len(all_rows))})
        )
    size = _size(len(shown)) + (2 if lit is not None else 0)
    unknown = FAINT if lit is None else GREY
    if chosen.by == YEARS[0]:
        _years(go, figure, archive, drawn, shown, texts, size, unknown)
    else:
        _kinds(go, figure, archive, drawn, chosen.by, shown, texts, size, unknown)
    _names(figure, drawn)
    # Streamlit draws a chart anew, and forgets how it is zoomed, when its figure changes: what was chosen on it and
    # is marked there already is not in the figure
    here = st.session_state.get(_MARKED)
    if chosen.outline and chosen.outline != here:
        corners = [*chosen.outline, chosen.outline[0]]
        x, y = zip(*corners, strict=True)
        figure.add_trace(
            go.Scatter(x=x, y=y, mode="lines", line={"color": GREY, "dash": "dot"}, hoverinfo="skip", showlegend=False)
        )
    if chosen.at in drawn.ids and chosen.at != here:
        row = drawn.ids.index(chosen.at)
        ring = {"size": 18, "symbol": "circle-open", "color": "#d55e00", "line": {"width": 3}}
        figure.add_trace(
            go.Scatter(
                x=drawn.places[[row], 0], y=drawn.places[[row], 1], marker=ring, hoverinfo="skip", showlegend=False
            )
        )
    none: dict[str, Any] = {"visible": False}
    figure.update_layout(
        dragmode="lasso",
        hovermode="closest",
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        xaxis=none,
        yaxis=none,
        legend={"itemsizing": "constant", "orientation": "h", "yanchor": "top", "y": 0, "x": 0},
    )
    return figure


def _kinds(
    go: Any,
    figure: Any,
    archive: Archive,
    drawn: Map,
    by: str,
    shown: NDArray[np.int64],
    texts: NDArray[np.str_],
    size: float,
    unknown: str,
) -> None:
    """A trace for each kind, the rest and the unknown below them."""
    if by == GROUPS:
        called = [", ".join(one.words) or _("without a name") for one in drawn.groups]
        found = Kinds(tuple(called), drawn.numbers)
    else:
        found = _kinds_of(archive, drawn, *_made(archive, drawn), by)
    numbers = found.numbers[shown]
    for kind, name, colour in (
        (UNKNOWN, _("unknown"), unknown),
        (OTHER, _("other"), BETWEEN),
        *((place, name, COLOURS[place % len(COLOURS)]) for place, name in enumerate(found.names)),
    ):
        rows = shown[numbers == kind]
        if len(rows):
            label = f"{visible(name)} ({number(len(rows))})"
            figure.add_trace(
                _points(go, drawn, rows, texts, label, {"color": colour, "size": size}, legend=by != GROUPS)
            )


def _years(
    go: Any,
    figure: Any,
    archive: Archive,
    drawn: Map,
    shown: NDArray[np.int64],
    texts: NDArray[np.str_],
    size: float,
    unknown: str,
) -> None:
    """Colours along a scale of years; what is undated is faint."""
    first, last = (scale(opened.on_the_map(archive, drawn, year)) for year in YEARS)
    middle = (np.where(np.isnan(first), last, first) + np.where(np.isnan(last), first, last)) / 2
    dated = shown[~np.isnan(middle[shown])]
    undated = np.setdiff1d(shown, dated)
    figure.add_trace(_points(go, drawn, undated, texts, _("undated"), {"color": unknown, "size": size}))
    if not len(dated):
        return
    low, high = np.percentile(middle[dated], MOST_YEARS)
    ticks = np.linspace(low, high, 5).round(-1 if high - low > 100 else 0)
    marker = {
        "color": middle[dated].astype(np.float32),
        "cmin": low,
        "cmax": high,
        "colorscale": "Viridis",
        "size": size,
        "colorbar": {
            "tickvals": ticks,
            "ticktext": [year_label(int(one), language()) for one in ticks],
            "thickness": 12,
            "len": 0.8,  # the buttons stand above it
            "outlinewidth": 0,
        },
    }
    figure.add_trace(_points(go, drawn, dated, texts, _("dated"), marker, legend=False))


def _points(
    go: Any,
    drawn: Map,
    rows: NDArray[np.int64],
    texts: NDArray[np.str_],
    name: str,
    marker: dict[str, Any],
    legend: bool = True,
) -> Any:
    return go.Scattergl(
        x=drawn.places[rows, 0],
        y=drawn.places[rows, 1],
        text=texts[rows].tolist(),
        mode="markers",
        name=name,
        marker={"opacity": 0.85, **marker},
        hovertemplate="%{text}<extra></extra>",
        showlegend=legend,
        unselected={"marker": {"opacity": 0.25}},
    )


def _names(figure: Any, drawn: Map) -> None:
    """The names of groups, each on a patch of the ground so that it can be read over points."""
    ink, ground = _INK.get(st.context.theme.type or "light", _INK["light"])
    told: dict[frozenset[str], list[tuple[float, float]]] = {}
    for one in drawn.groups:
        others = told.setdefault(frozenset(one.words), [])
        if one.words and all(math.dist(one.place, other) > _APART for other in others):
            others.append(one.place)
            figure.add_annotation(
                x=one.place[0],
                y=one.place[1],
                text=f"<b>{_html(', '.join(one.words))}</b>",
                showarrow=False,
                bgcolor=ground,
                borderpad=1,
                font={"color": ink, "size": 12},
            )


def _made(archive: Archive, drawn: Map) -> tuple[str, str | None, str, int]:
    """What anything that is worked out of a map is kept under."""
    return str(archive.directory), archive.generation, drawn.space, map_time(archive, drawn.space)


@st.cache_resource(show_spinner=False, max_entries=3)
def _texts(_of: Archive, _map: Map, directory: str, generation: str | None, space: str, made: int) -> NDArray[np.str_]:
    titles = opened.on_the_map(_of, _map, "title")
    return np.array([visible(" ".join(str(one or _map.ids[row]).split()))[:80] for row, one in enumerate(titles)])


@st.cache_resource(show_spinner=False, max_entries=12)
def _kinds_of(_of: Archive, _map: Map, directory: str, generation: str | None, space: str, made: int, by: str) -> Kinds:
    return kinds(opened.on_the_map(_of, _map, by))


def _html(text: str) -> str:
    """Text that plotly, which reads some HTML, shows as it is written."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;")


def _size(count: int) -> float:
    """How large a point is drawn, in pixels."""
    return 9.0 if count < 500 else 7.0 if count < 3000 else 5.0 if count < 20_000 else 3.0


# ------------------------------------------------------------------ what is chosen on it


def clear() -> None:
    """Choose nothing any more."""
    st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + 1
    st.session_state.pop(_MARKED, None)
    tell(outline=[], at=[], group=[])


def _key(drawn: Map) -> str:
    return f"map-{drawn.space}-{st.session_state.get(_CLEARED, 0)}"


def _selected(drawn: Map) -> None:
    """Have the address tell the outline that was drawn, or the point that was clicked."""
    event: Any = st.session_state.get(_key(drawn)) or {}
    selection = event.get("selection", {})
    outline: Outline = ()
    if lassos := selection.get("lasso"):
        outline = simplified(lassos[-1].get("x", []), lassos[-1].get("y", []))
    elif boxes := selection.get("box"):
        outline = _corners(boxes[-1].get("x", []), boxes[-1].get("y", []))
    if len(outline) >= 3:
        st.session_state[_MARKED] = outline
        tell(outline=[outline_text(outline)], at=[], group=[])
    elif points := selection.get("points"):
        place = np.array([points[0].get("x", 0.0), points[0].get("y", 0.0)], dtype=np.float32)
        row = int(((drawn.places - place) ** 2).sum(axis=1).argmin())
        st.session_state[_MARKED] = drawn.ids[row]
        tell(at=[drawn.ids[row]], outline=[], group=[])
    elif kept_beside().get("outline") or kept_beside().get("at"):
        tell(outline=[], at=[])


def _corners(x: Sequence[float], y: Sequence[float]) -> Outline:
    if len(x) < 2 or len(y) < 2:
        return ()
    across, up = (min(x), max(x)), (min(y), max(y))
    return simplified([across[0], across[1], across[1], across[0]], [up[0], up[0], up[1], up[1]])
