"""Makes docs/reference/steps.md from the registry of ranking steps."""

from __future__ import annotations

from archive_search.ranking import STEPS
from docs.making.markdown import docstring, settings

HEAD = """# Ranking steps

A plan is a list of steps. Each takes the ranking so far and gives the next. This page lists every step by the name
that plans use (`{"step": "gate", "count": 50}`), with its settings. [How ranking works](../explanation/ranking.md)
says what each was measured to be worth, [Write a strategy](../how-to/strategies.md) how to put steps together.

Made from the code by `python -m docs.making`.
"""


def text() -> str:
    """The page."""
    return HEAD + "".join(_section(name, step) for name, step in STEPS.items())


def _section(name: str, step: type) -> str:
    parts = (f"## {name}\n", f"{docstring(step)}\n", settings(step))
    return "\n" + "\n".join(part for part in parts if part)
