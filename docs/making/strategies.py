"""Makes docs/reference/strategies.md from the registry of strategies."""

from __future__ import annotations

from archive_search.strategies import DEFAULT, STRATEGIES, Strategy
from docs.making.markdown import docstring, settings

HEAD = f"""# Strategies

A strategy turns what is asked into a plan, a list of [steps](steps.md). `archive-search strategies` lists them,
`--strategy NAME` chooses one, and `{DEFAULT}` is taken where none is named. Settings are given in a file
(`{{"strategy": "staged", "settings": {{"diffusion": 0}}}}`: [Write a strategy](../how-to/strategies.md)), on the
page, or from Python (`archive.search("axe", settings={{"diffusion": 0}})`). How defaults were chosen: [How ranking
works](../explanation/ranking.md).

Made from the code by `python -m docs.making`.
"""


def text() -> str:
    """The page."""
    return HEAD + "".join(_section(name, one) for name, one in STRATEGIES.items())


def _section(name: str, strategy: type[Strategy]) -> str:
    parts = (f"## {name}\n", f"In one line: {strategy.summary}.\n", f"{docstring(strategy)}\n", settings(strategy))
    return "\n" + "\n".join(part for part in parts if part)
