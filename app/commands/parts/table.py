"""A plain table on the terminal, as wide as the window, whole where there is none."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from app.commands.parts.terminal import say
from archive_search.visible import visible

_WHOLE = 100_000


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = (), widest: str = "title"
) -> None:
    """Print rows below a header; on a terminal the `widest` column is shortened so that a row fits on a line."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="")
    for name in header:
        # rich narrows columns that may wrap before any other; their cells are cut with an ellipsis instead
        least = 12 if name == widest else None
        justify = "right" if name in right else "left"
        table.add_column(Text(visible(name)), justify=justify, no_wrap=name != widest, min_width=least)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(visible(cell), no_wrap=True, overflow="ellipsis") for cell in row))
    text = io.StringIO()
    width = None if sys.stdout.isatty() else _WHOLE
    Console(file=text, width=width or Console().width, color_system=None).print(table)
    for line in text.getvalue().splitlines():
        say(line.rstrip())
