"""Tiles: a picture whole on neutral ground, what is known of it, how it was ranked, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app import opened
from app.address import open_record, pairs
from app.language import _, decimal, language, ngettext, number
from app.opened import Known
from app.wording import alternative, part_address, safe, thumbnail_address
from archive_search.metadata.fields import SAME_PICTURE
from archive_search.metadata.wording import credit_of, date_of, number_beside, place_of, text_of, title_of
from archive_search.pictures.framing import frames
from archive_search.types import Hit

OPEN = "record to open"
"""Kept until the page is drawn anew: the id of the record whose tile was clicked, and the part of it."""
STRIP = 6
"""So many other views of an object are shown on its tile."""
_drawn = st.components.v2.component(
    "tiles",
    html='<div class="tiles-box"></div>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Standing:
    """How a record was ranked: its rank, its share of the best score (0 to 1), and its rank in the plain search."""

    rank: int
    share: float
    plain: int | None
    plain_limit: int


@dataclass(frozen=True)
class Action:
    """
    What a click on a tile's button does, and on which records it was done already.

    `icon` names one of Google's Material symbols; `label` is what it does, for who hears it and who asks the pointer.
    `pressed` are the ids of records on which it is switched on; None: it is no switch.
    """

    icon: str
    label: str
    done: Callable[[str], object]
    pressed: frozenset[str] | None = None


@dataclass(frozen=True)
class Tiles:
    """
    How hits are shown as tiles.

    `standings` are by record id, left out where nothing was ranked; `views` counts the pictures of an object by its id;
    `behind` are other views of a hit's object by the hit's id, shown small on its tile. After the first `sure` hits a
    line tells that what follows may be chance. `parts`: where a part fits best it is shown instead of the whole.
    `headings` stand before the hits of these ids.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict)
    views: Mapping[str, int] = field(default_factory=dict)
    behind: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    sure: int | None = None
    parts: bool = False
    as_list: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)


def grid(
    hits: Sequence[Hit],
    params: Mapping[str, Sequence[str]],
    how: Tiles | None = None,
    name: str = "found",
    in_place: bool = False,
) -> None:
    """
    Draw hits as a grid of tiles that open the record's page; the page calls `open_clicked` before it draws anything.

    Args:
        hits: with their payloads.
        params: the search's address, which a record's page keeps for going on and back.
        how: they are shown.
        name: of this grid among those of the page.
        in_place: on a record's own page, which then shows another record.
    """
    how = how or Tiles()
    known, key = opened.known(opened.archive()), f"tiles-{name}"
    listed = [f"{_heading(how.headings.get(hit.id, ''))}{_tile(hit, params, how, known)}" for hit in hits]
    if how.sure is not None and 0 < how.sure < len(listed):
        listed.insert(how.sure, f'<li class="cut" role="separator"><span>{safe(_said_at_the_cut())}</span></li>')
    data = {
        "name": name,
        "html": f'<ul class="{"rows" if how.as_list else "tiles"}">{"".join(listed)}</ul>',
        "done": st.session_state.get(f"{key} done", 0),
    }
    go = partial(open_record, params=params) if in_place else partial(_open, params)
    _drawn(key=key, data=data, on_pressed_change=partial(_pressed, key, how.actions, go))


def open_clicked() -> None:
    """Show the record whose tile was clicked, if one was."""
    if clicked := st.session_state.pop(OPEN, None):
        st.switch_page("pages/record.py", query_params=clicked)


def open_record_of(record_id: str, params: Mapping[str, Sequence[str]] | None = None) -> None:
    """Show a record's page, as if its tile was clicked; `params` are the search that it was found by."""
    _open(params or {}, record_id)


def _open(params: Mapping[str, Sequence[str]], record_id: str) -> None:
    # not as pairs: of several values of a parameter Streamlit would keep the last only
    st.session_state[OPEN] = {"id": [record_id], **{name: list(values) for name, values in params.items()}}


def _pressed(key: str, actions: Mapping[str, Action], go: Callable[[str], object]) -> None:
    said: dict[str, Any] = dict(st.session_state.get(key) or {})
    done = st.session_state.get(f"{key} done", 0)
    for press in said.get("pressed") or []:
        if not isinstance(press, dict) or not isinstance(press.get("number"), int) or press["number"] <= done:
            continue
        done, does, record_id = press["number"], str(press.get("does")), str(press.get("id") or "")
        if does == "open":
            go(record_id)
        elif does in actions:
            actions[does].done(record_id)
    st.session_state[f"{key} done"] = done


def _tile(hit: Hit, params: Mapping[str, Sequence[str]], how: Tiles, known: Known) -> str:
    lines = [
        f'<div class="title" title="{safe(title_of(hit.payload))}">{safe(title_of(hit.payload))}</div>',
        _line("number", _number(hit, how)),
        _known(date_of(hit.payload, language()), _("undated") if known.dates else ""),
        _known(place_of(hit.payload), _("place unknown") if known.places else ""),
    ]
    standing = how.standings.get(hit.id)
    if standing:
        lines.append(
            f'<div class="bar" aria-hidden="true"><div style="width:{standing.share:.0%}"></div></div>'
            f'<div class="rank"><span>{number(standing.rank)}.</span>'
            f'<span title="{safe(_("Score"))}">{decimal(hit.score, 3)}</span>{_shift(standing)}</div>'
        )
        if hit.box:
            told = safe(_("A part of it") if how.parts else _("The framed part fits best"))
            large = safe(part_address(hit.id, hit.box))
            lines.append(f'<div class="detail"><a href="{large}" target="_blank" data-plain>{told}</a></div>')
    alone = hit.box if how.parts else None
    picture = _picture(
        hit.id,
        thumbnail_address(hit.payload, alone, how.parts),
        alternative(hit.payload),
        params,
        frame="" if alone else _frame(hit),
    )
    about = f'<div class="about"{_credit(hit)}>{"".join(lines)}</div>'
    return (
        f'<li class="tile" data-id="{safe(hit.id)}">{picture}'
        f"{about}{_strip(hit, params, how)}{_buttons(hit, how.actions)}</li>"
    )


def _picture(
    record_id: str,
    address: str,
    shows: str,
    params: Mapping[str, Sequence[str]],
    small: bool = False,
    frame: str = "",
) -> str:
    href = safe(f"/record?{urlencode(pairs({'id': [record_id], **params}))}")
    told = safe(shows)
    inside = (
        f'<img src="{safe(address)}" alt="{told}">{frame}'
        if address
        else f'<span class="none">{safe(_("No picture of {what}").format(what=shows))}</span>'
    )
    title = f' title="{told}"' if small else ""
    return f'<a class="picture" href="{href}" data-opens="{safe(record_id)}"{title}>{inside}</a>'


def _frame(hit: Hit) -> str:
    """A frame around the part that fits best, drawn over the picture: that is the same one whatever part is framed."""
    width, height = (hit.payload.get(side) for side in ("width", "height"))
    if hit.box is None or not (isinstance(width, int) and isinstance(height, int) and width and height):
        return ""
    return f'<svg class="part" viewBox="0 0 {width} {height}" aria-hidden="true">{frames(hit.box, width, height)}</svg>'


def _strip(hit: Hit, params: Mapping[str, Sequence[str]], how: Tiles) -> str:
    others = how.behind.get(hit.id, ())
    small = [
        _picture(
            one.id,
            thumbnail_address(one.payload),
            _beside(hit, one).format(what=", ".join(dict.fromkeys((title_of(one.payload), one.id)))),
            params,
            small=True,
        )
        for one in others[:STRIP]
    ]
    return f'<div class="strip">{"".join(small)}</div>' if small else ""


def _beside(hit: Hit, other: Hit) -> str:
    """What a picture behind another is to it."""
    picture = text_of(hit.payload, SAME_PICTURE)
    alike = picture and picture == text_of(other.payload, SAME_PICTURE)
    return _("The same picture: {what}") if alike else _("Another view: {what}")


def _number(hit: Hit, how: Tiles) -> str:
    more = how.views.get(text_of(hit.payload, "object_id"), 1) - 1
    views = ngettext("+{count} view", "+{count} views", more).format(count=number(more)) if more > 0 else ""
    return " · ".join(filter(None, (safe(number_beside(hit.payload)), safe(views))))


def _credit(hit: Hit) -> str:
    """Whose picture it is and what may be done with it, for who points at what is said of it."""
    said = credit_of(hit.payload)
    return f' title="{safe(said)}"' if said else ""


def _buttons(hit: Hit, actions: Mapping[str, Action]) -> str:
    title = title_of(hit.payload)
    buttons = [
        f'<button type="button" data-does="{safe(name)}"{_switched(hit.id, one)}'
        f' title="{safe(one.label)}" aria-label="{safe(f"{one.label}: {title}")}">'
        f'<span class="symbol" aria-hidden="true">{safe(one.icon)}</span></button>'
        for name, one in actions.items()
    ]
    return f'<div class="does">{"".join(buttons)}</div>' if buttons else ""


def _switched(record_id: str, action: Action) -> str:
    return "" if action.pressed is None else f' aria-pressed="{str(record_id in action.pressed).lower()}"'


def _heading(text: str) -> str:
    return f'<li class="heading"><h3>{safe(text)}</h3></li>' if text else ""


def _line(kind: str, inside: str) -> str:
    return f'<div class="{kind}">{inside}</div>' if inside else ""


def _known(text: str, unknown: str) -> str:
    said = f"<span>{safe(text)}</span>" if text else f'<span class="unknown">{safe(unknown)}</span>' if unknown else ""
    return f"<div>{said}</div>" if said else ""


def _shift(standing: Standing) -> str:
    if standing.plain is None:
        title = _("Plain search does not have it among its first {count}").format(count=number(standing.plain_limit))
        return f'<span class="up" title="{safe(title)}">▲ {safe(_("new"))}</span>'
    title = safe(_("Number {rank} in the plain search").format(rank=number(standing.plain)))
    moved = standing.plain - standing.rank
    if moved == 0:
        return f'<span class="same" title="{title}">=</span>'
    way, arrow = ("up", "▲") if moved > 0 else ("down", "▼")
    return f'<span class="{way}" title="{title}">{arrow}{number(abs(moved))}</span>'


def _said_at_the_cut() -> str:
    return _("Likely what you look for above · uncertain below")
