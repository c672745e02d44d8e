"""`archive-search embedders`: the models that can fill a space."""

from __future__ import annotations

import typer


def embedders() -> None:
    """List the embedders: dimensions, what they read, whether they can be used now."""
    from archive_search.embedders import EMBEDDERS

    for name, info in EMBEDDERS.items():
        typer.echo(
            f"{name}: {info.dim} dimensions, reads {' and '.join(sorted(info.modalities))}, licence {info.licence}"
        )
        typer.echo(f"    {info.summary}")
        typer.echo(f"    {info.missing() or 'ready'}")
