"""Makes docs/reference/embedders.md from the registry of embedders."""

from __future__ import annotations

from archive_search.embedders import EMBEDDERS
from docs.making.markdown import table

HEAD = """# Embedders

An embedder turns pictures and texts into vectors; each fills a space of its own name. `archive-search embedders`
lists them with what each lacks on this machine, `--embedder NAME` chooses one. Weights, and which model is good for
what: [Models and weights](../how-to/models.md).

Texts in other languages than those it reads are [put into English](../how-to/vocabulary.md) first.

Made from the code by `python -m docs.making`.

"""


def text() -> str:
    """The page."""
    rows = [
        (
            f"`{name}`",
            str(one.dim),
            ", ".join(sorted(one.modalities)),
            ", ".join(one.languages) if "text" in one.modalities else "",
            one.licence,
            one.summary,
        )
        for name, one in EMBEDDERS.items()
    ]
    return HEAD + table(("embedder", "dimensions", "reads", "languages", "licence", "what it is"), rows)
