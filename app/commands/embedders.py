"""`archive-search embedders`: the models that can fill a space."""

from __future__ import annotations


def embedders() -> None:
    """List the embedders: name, dimensions, what they read, whether they can be used now."""
    from app.table import print_table
    from archive_search.embedders import EMBEDDERS

    rows = [
        (name, str(info.dim), ", ".join(sorted(info.modalities)), info.summary, info.missing() or "ready")
        for name, info in EMBEDDERS.items()
    ]
    print_table(("name", "dim", "reads", "summary", "state"), rows, right=("dim",), widest="summary")
