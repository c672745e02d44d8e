"""`archive-search embedders`: the models that can fill a space."""

from __future__ import annotations

from app.commands.parts.terminal import say


def embedders() -> None:
    """List the embedders: dimensions, what they read, whether they can be used now."""
    from archive_search.embedders import EMBEDDERS

    for name, info in EMBEDDERS.items():
        say(f"{name}: {info.dim} dimensions, reads {' and '.join(sorted(info.modalities))}, licence {info.licence}")
        say(f"    {info.summary}")
        say(f"    {info.missing() or 'ready'}")


COMMANDS = {"embedders": embedders}
