"""The map as a chart: a point for each picture, coloured, with the names of groups and outlines to draw."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import opened
from app.address import pairs, shown
from app.beside import tell
from app.language import _, language, ngettext, number
from app.pages.parts.tiles import open_record_of
from app.state import write
from archive_search.archive import Archive
from archive_search.metadata.fields import YEARS
from archive_search.metadata.wording import year_label
from archive_search.projection.kinds import Kinds, kinds, scale
from archive_search.projection.maps import Map, map_time
from archive_search.projection.outline import Outline, outline_text, simplified
from archive_search.visible import visible

GROUPS = "groups"
"""Stands among the fields for what lies together on the map."""
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8a4b2a", "#6a51a3", "#5c8a00", "#c0392b")
"""Ten that are told apart on light and dark ground, also by most who are colour-blind (after Okabe and Ito)."""
GREY = "#8c8c8c"
BETWEEN = "#7d6f5f"
SCALE = ("#414487", "#3b518b", "#2c718e", "#21908d", "#27ad81", "#5cc863", "#7ad151")
"""Along a scale: the middle of Viridis, whose ends cannot be seen on dark or on light ground."""
STEPS = 60
"""So many colours lie along a scale."""
LIT = 128
"""Added to the number of a colour where the record stands out."""
FIRST = 2
"""The number of the first colour; before it come those of what is unknown and of what is neither."""
MOST_YEARS = (2, 98)
"""Years beyond these percentiles have the colours of the ends."""
MOST_RINGED = 3000
"""So many points that stand out have a ring each; more rings would hide the colours."""
_APART = 0.3
"""Groups of the same name that lie nearer than this have it once."""
_CORNERS = 1000
"""So many corners of an outline are read at most."""
_HERE = Path(__file__)
_HTML = """<div class="map-chart">
<div class="field" tabindex="0" role="group"><canvas aria-hidden="true"></canvas><svg aria-hidden="true"><path class="chosen"/><path class="drawn"/><circle class="at"/><circle class="near"/></svg><div class="names" aria-hidden="true"></div><a class="card" hidden></a></div>
<div class="tools" role="toolbar"></div>
<div class="below"><div class="legend" role="group"></div><span class="in-sight" role="status"></span></div>
</div>"""  # noqa: E501
_drawn = st.components.v2.component(
    "map_chart",
    html=_HTML,
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    # one module for the browser, one file for each of its ideas
    js="\n".join(
        _HERE.with_name(f"{name}.js").read_text(encoding="utf-8")
        for name in ("map_points", "map_nearest", "map_gestures", "map_chart")
    ),
    isolate_styles=False,
)


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

    The browser fetches the places of the points by an address of their own, once for each map; from here it gets a
    byte for each point, which is its colour.

    Args:
        lit: the records that stand out, all others being faint; None: all do.
    """
    stands_out = np.ones(len(drawn.ids), dtype=bool) if lit is None else np.array([one in lit for one in drawn.ids])
    coloured = _coloured(archive, drawn, chosen.by, stands_out, faint=lit is None)
    asked = {"space": drawn.space, "made": map_time(archive, drawn.space)}
    told = {**asked, "by": chosen.by, "language": language()}
    key, places = f"map-{drawn.space}", f"/points?{urlencode(asked)}"
    data = {
        "places": places,
        "told": urlencode(told),
        "by": chosen.by,
        "colours": base64.b64encode((coloured.numbers + LIT * stands_out.astype(np.uint8)).tobytes()).decode("ascii"),
        "palette": coloured.palette,
        "legend": coloured.legend,
        "scale": coloured.scale,
        "others": _("the others ({count})").format(count=number(int((~stands_out).sum()))) if lit is not None else "",
        "sizes": [_size(len(drawn.ids)), _size(int(stands_out.sum())) + (2 if lit is not None else 0)],
        "ringed": lit is not None and int(stands_out.sum()) <= MOST_RINGED,
        "names": _names(drawn),
        "outline": chosen.outline,
        "at": drawn.ids.index(chosen.at) if chosen.at in drawn.ids else -1,
        "asked": urlencode(pairs(write(shown()))),
        "language": language(),
        "texts": {**_texts(), "map": _said(drawn)},
    }
    _drawn(key=key, data=data, on_picked_change=partial(_picked, key, drawn, places))
    st.caption(_caption(drawn, lit))


def group_name(drawn: Map, at: int) -> str:
    """What a group is called, and how many pictures it holds."""
    group = drawn.groups[at]
    return f"{visible(', '.join(group.words)) or _('without a name')} ({number(group.count)})"


def group_of(drawn: Map, text: str) -> int | None:
    """The number of a group as an address writes it; None where there is none."""
    written = text.isascii() and text.isdigit() and len(text) < 6
    return int(text) if written and int(text) < len(drawn.groups) else None


def clear() -> None:
    """Choose nothing any more."""
    tell(outline=[], at=[], group=[])


# ------------------------------------------------------------------ what is said


def _caption(drawn: Map, lit: frozenset[str] | None) -> str:
    said = [ngettext("{count} picture", "{count} pictures", len(drawn.ids)).format(count=number(len(drawn.ids)))]
    if lit is not None:
        there = len(lit.intersection(drawn.ids))
        said.append(ngettext("{count} stands out", "{count} stand out", there).format(count=number(there)))
    said += [
        _("drag to move, scroll or pinch to zoom, click on a point to open it"),
        _("draw around some to look at them: by the buttons, or with Shift"),
    ]
    return " · ".join(said)


def _said(drawn: Map) -> str:
    groups = ", ".join(group_name(drawn, at) for at in range(len(drawn.groups)))
    keys = _("plus and minus zoom, 0 shows all, the arrow keys move, L draws around, B draws a box")
    return f"{_('Map of pictures, in groups: {groups}').format(groups=groups)}; {keys}"


def _texts() -> dict[str, str]:
    return {
        "tools": _("Tools of the map"),
        "in": _("Zoom in"),
        "out": _("Zoom out"),
        "whole": _("Show all"),
        "lasso": _("Draw around pictures"),
        "box": _("Draw a box around pictures"),
        "legend": _("Colours: only those that are pressed stand out"),
        "inSight": _("In sight: {count} of {total}"),
        "zoomed": _("{times} times as large"),
        "failed": _("The map could not be fetched. Load the page anew."),
    }


def _names(drawn: Map) -> list[tuple[float, float, str]]:
    """The names of groups, the largest first, and where they stand."""
    told: dict[str, list[tuple[float, float]]] = {}
    names = []
    for one in drawn.groups:
        name = visible(", ".join(one.words))
        others = told.setdefault(name, [])
        if name and all(math.dist(one.place, other) > _APART for other in others):
            others.append(one.place)
            names.append((*one.place, name))
    return names


# ------------------------------------------------------------------ in which colours


@dataclass(frozen=True)
class _Coloured:
    """
    The number of each point's colour in a palette, and what the colours mean.

    `legend` names numbers and counts their points that stand out; `scale` has the years along those after `FIRST`.
    """

    numbers: NDArray[np.uint8]
    palette: list[str]
    legend: list[tuple[int, str]]
    scale: list[tuple[float, str]]


def _coloured(archive: Archive, drawn: Map, by: str, stands_out: NDArray[np.bool_], faint: bool) -> _Coloured:
    unknown = f"{GREY}48" if faint else GREY
    if by == YEARS[0]:
        return _years(archive, drawn, stands_out, unknown)
    if by == GROUPS:
        found = Kinds(tuple(", ".join(one.words) for one in drawn.groups), drawn.numbers)
    else:
        found = _kinds_of(archive, drawn, *_made(archive, drawn), by)
    numbers = (found.numbers + FIRST).astype(np.uint8)  # UNKNOWN and OTHER are the two numbers before the first
    counts = np.bincount(numbers[stands_out], minlength=FIRST + len(found.names)).tolist()
    names = (_("unknown"), _("other"), *found.names)
    colours = [COLOURS[place % len(COLOURS)] for place in range(len(found.names))]
    legend = [
        (place, f"{visible(name)} ({number(count)})")
        for place, (name, count) in enumerate(zip(names, counts, strict=True))
        if count and by != GROUPS
    ]
    return _Coloured(numbers, [unknown, BETWEEN, *colours], legend, [])


def _years(archive: Archive, drawn: Map, stands_out: NDArray[np.bool_], unknown: str) -> _Coloured:
    """Colours along a scale of years; what is undated has none of them."""
    first, last = (scale(opened.on_the_map(archive, drawn, year)) for year in YEARS)
    middle = (np.where(np.isnan(first), last, first) + np.where(np.isnan(last), first, last)) / 2
    dated = ~np.isnan(middle)
    numbers = np.zeros(len(middle), dtype=np.uint8)
    legend = []
    if undated := int((stands_out & ~dated).sum()):
        legend.append((0, f"{_('undated')} ({number(undated)})"))
    if not (stands_out & dated).any():
        return _Coloured(numbers, [unknown, BETWEEN, *_along(STEPS)], legend, [])
    low, high = np.percentile(middle[stands_out & dated], MOST_YEARS)
    wide = max(float(high - low), 1.0)
    numbers[dated] = FIRST + np.clip((middle[dated] - low) / wide * STEPS, 0, STEPS - 1).astype(np.uint8)
    ticks = np.unique(np.linspace(low, low + wide, 5).round(-1 if wide > 100 else 0))
    said = [(float(np.clip((tick - low) / wide, 0, 1)), year_label(int(tick), language())) for tick in ticks]
    return _Coloured(numbers, [unknown, BETWEEN, *_along(STEPS)], legend, said)


def _along(steps: int) -> list[str]:
    """So many colours along the scale."""
    ends = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in SCALE])
    places = np.linspace(0, len(SCALE) - 1, steps)
    parts = [np.interp(places, np.arange(len(SCALE)), ends[:, part]).round().astype(int) for part in range(3)]
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in zip(*parts, strict=True)]


def _made(archive: Archive, drawn: Map) -> tuple[str, str | None, str, int]:
    """What anything that is worked out of a map is kept under."""
    return str(archive.directory), archive.generation, drawn.space, map_time(archive, drawn.space)


@st.cache_resource(show_spinner=False, max_entries=12)
def _kinds_of(_of: Archive, _map: Map, directory: str, generation: str | None, space: str, made: int, by: str) -> Kinds:
    return kinds(opened.on_the_map(_of, _map, by))


def _size(count: int) -> float:
    """How large a point is drawn, in pixels."""
    return 9.0 if count < 500 else 7.0 if count < 3000 else 5.0 if count < 20_000 else 3.0


# ------------------------------------------------------------------ what is chosen on it


def _picked(key: str, drawn: Map, places: str) -> None:
    """Have the address tell the outline that was drawn or the point that was chosen, or open a record."""
    said: dict[str, Any] = dict(st.session_state.get(key) or {})
    picked = said.get("picked")
    if not isinstance(picked, dict) or picked.get("places") != places:  # of another map
        return
    row, corners = picked.get("row"), _corners(picked.get("outline"))
    if len(corners) >= 3:
        x, y = zip(*corners, strict=True)
        tell(outline=[outline_text(simplified(x, y))], at=[], group=[])
    elif isinstance(row, int) and 0 <= row < len(drawn.ids):
        if picked.get("open"):
            open_record_of(drawn.ids[row], write(shown()))
        else:
            tell(at=[drawn.ids[row]], outline=[], group=[])


def _corners(told: Any) -> Sequence[tuple[float, float]]:
    """Corners as the browser sent them; () where they are none."""
    try:
        found = [(float(x), float(y)) for x, y in list(told or ())[:_CORNERS]]
    except (TypeError, ValueError):
        return ()
    return found if all(math.isfinite(one) for corner in found for one in corner) else ()
