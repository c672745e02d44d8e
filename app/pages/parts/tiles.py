"""Tiles: a picture whole on neutral ground, what is known of it, and how it was ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from app import opened
from app.address import open_record, pairs
from app.opened import Known
from app.wording import alternative, markdown, safe, thumbnail_address
from archive_search.counted import count
from archive_search.metadata.wording import date_of, number_beside, place_of, text_of, title_of
from archive_search.types import Hit

DETAIL = '<div class="detail" title="It fits better than the picture as a whole">The framed part fits best</div>'


@dataclass(frozen=True)
class Standing:
    """How a record was ranked: its rank, its share of the best score (0 to 1), and its rank in the plain search."""

    rank: int
    share: float
    plain: int | None
    plain_limit: int


def grid(
    hits: Sequence[Hit],
    params: Mapping[str, Sequence[str]],
    standings: Mapping[str, Standing] | None = None,
    views: Mapping[str, int] | None = None,
    name: str = "found",
    in_place: bool = False,
) -> None:
    """
    Draw hits as a grid of tiles that open the record's page.

    Args:
        hits: with their payloads.
        params: the search's address, which a record's page keeps for going on and back.
        standings: by record id; left out where nothing was ranked.
        views: how many pictures there are of an object, by object id.
        name: of this grid among those of the page.
        in_place: on a record's own page, which then shows another record.
    """
    known = opened.known(opened.archive())
    with st.container(key=f"tiles-{name}"):
        cells = st.grid(min_column_width=170, gap="small")
        for hit in hits:
            with cells.cell():
                _picture(hit, params, name if in_place else "")
                st.html(_caption(hit, (standings or {}).get(hit.id), views or {}, known))


def _picture(hit: Hit, params: Mapping[str, Sequence[str]], in_place: str) -> None:
    """The picture of a record; a click opens its page, or shows it in the place of the one whose grid is named."""
    thumbnail = thumbnail_address(hit.payload, hit.box)
    name = markdown(alternative(hit.payload))
    label = f"![{name}]({thumbnail})" if thumbnail else f"No picture of {name}"
    if in_place:
        # a link to the page that is shown would change what it shows, but not the address
        st.button(label, key=f"{in_place}-{hit.id}", on_click=open_record, args=(hit.id, params), width="stretch")
    else:
        st.page_link("pages/record.py", label=label, query_params=pairs({"id": [hit.id], **params}), width="stretch")


def _caption(hit: Hit, standing: Standing | None, views: Mapping[str, int], known: Known) -> str:
    more = views.get(text_of(hit.payload, "object_id"), 1) - 1
    beside = [safe(number_beside(hit.payload)), f"+{count(more, 'view')}" if more > 0 else ""]
    lines = [
        f'<div class="title">{safe(title_of(hit.payload))}</div>',
        f'<div class="number">{" · ".join(filter(None, beside))}</div>' if any(beside) else "",
        _known(date_of(hit.payload), "undated" if known.dates else ""),
        _known(place_of(hit.payload), "place unknown" if known.places else ""),
    ]
    if standing:
        lines.append(
            f'<div class="bar" aria-hidden="true"><div style="width:{standing.share:.0%}"></div></div>'
            f'<div class="rank"><span>{standing.rank}.</span><span title="Score">{hit.score:.3f}</span>'
            f"{_shift(standing)}</div>"
        )
        lines += [DETAIL] if hit.box else []
    return f'<div class="tile">{"".join(lines)}</div>'


def _known(text: str, unknown: str) -> str:
    said = f"<span>{safe(text)}</span>" if text else f'<span class="unknown">{unknown}</span>' if unknown else ""
    return f"<div>{said}</div>" if said else ""


def _shift(standing: Standing) -> str:
    if standing.plain is None:
        title = f"Plain search does not have it among its first {standing.plain_limit:,}"
        return f'<span class="up" title="{title}">▲ new</span>'
    title = f"Number {standing.plain} in the plain search"
    moved = standing.plain - standing.rank
    if moved == 0:
        return f'<span class="same" title="{title}">=</span>'
    way, arrow = ("up", "▲") if moved > 0 else ("down", "▼")
    return f'<span class="{way}" title="{title}">{arrow}{abs(moved):,}</span>'
