"""Makes docs/reference/formats.md from the registry of export formats."""

from __future__ import annotations

from archive_search.exporting import EXPORTS, Export
from docs.making.markdown import docstring, settings

HEAD = """# Formats of exports

A result set leaves in one of these formats: `archive-search search ... --export FILE` and `archive-search export`
choose one by the ending of the file or by its name, and `--set NAME=VALUE` gives a setting, as does
`export(found, file, settings={...})` in Python. Values of a setting that takes several stand with commas between.
`archive-search formats` lists them. How to choose: [Export a result set](../how-to/export.md).

Made from the code by `python -m docs.making`.
"""


def text() -> str:
    """The page."""
    return HEAD + "".join(_section(name, kind) for name, kind in EXPORTS.items())


def _section(name: str, kind: type[Export]) -> str:
    endings = ", ".join(f"`{one}`" for one in kind.endings)
    chosen = f"In one line: {kind.summary}. Chosen by {endings or 'its name only'}."
    parts = (f"## {name}\n", f"{chosen}\n", f"{docstring(kind)}\n", settings(kind))
    return "\n" + "\n".join(part for part in parts if part)
