"""A plain table on the terminal, as wide as the window, whole where there is none."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence

from app.terminal import say
from app.visible import visible


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = (), widest: str = "title"
) -> None:
    """Print rows below a header; on a terminal the `widest` column is shortened so that a row fits on a line."""
    table = [[visible(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[i]) for row in table) for i in range(len(header))]
    if sys.stdout.isatty() and widest in header:
        column = header.index(widest)
        room = shutil.get_terminal_size().columns - sum(widths) - 2 * (len(widths) - 1) + widths[column]
        widths[column] = max(min(widths[column], room), 12)
    for row in table:
        cells = [_fit(cell, width, header[i] in right) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        say("  ".join(cells).rstrip())


def _fit(text: str, width: int, right: bool) -> str:
    if _width(text) > width:
        text = text[: width - 1] + "…"
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
