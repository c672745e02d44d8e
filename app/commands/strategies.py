"""`archive-search strategies`: the ways to rank."""

from __future__ import annotations

from app.commands.parts.terminal import say


def strategies() -> None:
    """List the ranking strategies with one line each."""
    from archive_search.strategies import STRATEGIES

    width = max(len(name) for name in STRATEGIES)
    for name, strategy in STRATEGIES.items():
        say(f"{name:<{width}}  {strategy.summary}")


COMMANDS = {"strategies": strategies}
