"""Who moved where: a line for each picture from its place in one ranking to that in the next, and a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from app.language import _, number
from app.pages.parts.compared import table
from app.pages.parts.ink import ink
from app.rankings import called
from archive_search.evaluation.compare import Comparison
from archive_search.metadata.wording import title_of
from archive_search.visible import visible

if TYPE_CHECKING:
    import altair as alt


LABEL = 120
"""So many pixels of a title stand beside a line."""
LOWER = 2
"""So far below the last rank shown lies everything that a ranking has further down."""


def bump(found: Comparison) -> None:
    """Draw the lines, and the table for those who cannot see them."""
    st.header(_("Which picture moved where"), anchor=False)
    rows = moves(found)
    st.altair_chart(_chart(found, rows), width="stretch", key="bump")
    with st.expander(_("The same as a table"), icon=":material/table_rows:", key="bump-table"):
        head = [_("Picture"), *(called(name) for name in found.rankings)]
        by_record: dict[str, list[str]] = {}
        for row in rows:
            named = row["title"] if row["title"] == row["record"] else f"{row['title']} ({row['record']})"
            by_record.setdefault(named, []).append(row["rank"])
        st.html(table(head, [(title, *ranks) for title, ranks in by_record.items()]))


def moves(found: Comparison) -> list[dict[str, Any]]:
    """A row for every picture and ranking: where the picture stands there, drawn not lower than just below the rest."""
    payloads = {hit.id: hit.payload for ranking in found.rankings.values() for hit in ranking[: found.k]}
    names = list(found.rankings)
    rows = []
    for record in found.union():
        places = [found.rank(name, record) for name in names]
        last, first = places[-1] or 10**6, places[0] or 10**6
        moved = _("rises") if last < first else _("falls") if last > first else _("stays")
        for name, place in zip(names, places, strict=True):
            rows.append(
                {
                    "record": record,
                    "title": visible(title_of(payloads[record])),
                    "ranking": visible(called(name)),
                    "place": min(place or 10**6, found.k + LOWER),
                    "rank": _("not found") if place is None else number(place),
                    "moved": moved,
                }
            )
    return rows


def _data(rows: list[dict[str, Any]]) -> alt.Data:
    import altair as alt

    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _chart(found: Comparison, rows: list[dict[str, Any]]) -> alt.LayerChart:
    import altair as alt

    names = [visible(called(name)) for name in found.rankings]
    over = alt.selection_point(fields=["record"], on="pointerover", empty=False)
    step = 1 if found.k <= 20 else 5
    ticks = [*range(1, found.k + 1, step), found.k + LOWER]
    lower = _("lower")
    base = alt.Chart(_data(rows)).encode(
        x=alt.X(
            "ranking:N", sort=names, title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=260, ticks=False)
        ),
        y=alt.Y(
            "place:Q",
            title=_("Rank"),
            scale=alt.Scale(domain=[0.5, found.k + LOWER + 0.5], reverse=True, nice=False, zero=False),
            axis=alt.Axis(
                values=ticks,
                labelExpr=f"datum.value > {found.k} ? '{lower}' : datum.value",
                grid=False,
                labelOverlap=False,
            ),
        ),
        detail="record:N",
        color=alt.Color(
            "moved:N",
            title=None,
            scale=alt.Scale(domain=[_("rises"), _("falls"), _("stays")], range=["#23916b", "#c4533a", "#8a8a8a"]),
            legend=alt.Legend(orient="bottom"),
        ),
        tooltip=[
            alt.Tooltip("title:N", title=_("Picture")),
            alt.Tooltip("ranking:N", title=_("Ranking")),
            alt.Tooltip("rank:N", title=_("Rank")),
        ],
    )
    wide = alt.condition(over, alt.value(5), alt.value(2))
    lines = base.mark_line(point=False).encode(strokeWidth=wide)
    dots = base.mark_point(filled=True, size=90, opacity=1).add_params(over)
    before, after = (
        alt.Chart(_data([row for row in rows if row["ranking"] == name and row["place"] <= found.k])).encode(
            x=alt.X("ranking:N", sort=names), y="place:Q", text="title:N", opacity=alt.value(0.85)
        )
        for name in (names[0], names[-1])
    )
    first = before.mark_text(align="right", dx=-10, limit=LABEL, fontSize=12, color=ink())
    last = after.mark_text(align="left", dx=10, limit=LABEL, fontSize=12, color=ink())
    drawn: alt.LayerChart = lines + dots + first + last
    return drawn.properties(height=max(300, 26 * (min(found.k, 20) + LOWER) + 70))
