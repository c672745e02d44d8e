"""Shares of a whole as a table: a name, a bar, a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from app.language import number, percent
from app.wording import safe


def shares(rows: Iterable[tuple[str, int]], whole: int, what: str, written: Callable[[int], str] = number) -> None:
    """
    Draw how much of a whole each row is.

    Args:
        rows: names and numbers.
        whole: what the bars are measured against.
        what: for screen readers: what the table tells.
        written: how a number is written.
    """
    drawn = "".join(
        f'<tr><th scope="row">{safe(name)}</th>'
        f'<td class="share" aria-hidden="true"><div style="width:{100 * part / max(whole, 1):.2f}%"></div></td>'
        f'<td class="count">{safe(written(part))}</td><td class="count">{_percent(part, whole)}</td></tr>'
        for name, part in rows
    )
    st.html(f'<table class="shares"><caption>{safe(what)}</caption><tbody>{drawn}</tbody></table>')


def _percent(part: int, whole: int) -> str:
    """A share that is never rounded to nothing or to all."""
    share = part / max(whole, 1)
    if 0 < share < 0.01:
        return f"< {percent(0.01)}"
    return percent(min(share, 0.99) if part < whole else share)
