"""
The catalogues of translations: which texts there are, and which still lack a translation.

Texts come from the code of the pages (`_`, `ngettext`, `N_`), and from what the library says there: its remarks on a
search, the settings of strategies, formats and sources, what they are about. `python -m app.catalogues` brings the
files up to date.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import archive_search
from app.language import CATALOGUES, LANGUAGES
from archive_search.exporting import EXPORTS
from archive_search.knobs import knobs
from archive_search.plan import CHANCE
from archive_search.strategies import STRATEGIES
from ingest.source import summary_of
from ingest.sources import SOURCES

HERE = Path(__file__).parent
_LIBRARY = Path(archive_search.__file__).parent
_KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2, "Remark": 1}
"""The functions that mark a text, and how many of their first arguments are it."""


def texts() -> Catalog:
    """Every text of the pages, in English."""
    catalog = Catalog()
    for package in (HERE, _LIBRARY):
        for file in sorted(package.rglob("*.py")):
            for message, line in _of_code(file.read_text(encoding="utf-8")):
                catalog.add(message, None, [(file.relative_to(package.parent).as_posix(), line)])
    for place, text in _of_plugins():
        if text:
            catalog.add(text, None, [(place, 1)])
    return catalog


def catalogue(language: str) -> Catalog:
    """The translations into a language, as they stand in its file."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring the file of every language up to date: new texts without translation, texts that are gone taken out."""
    for language in list(LANGUAGES)[1:]:
        file = CATALOGUES / f"{language}.po"
        translated = catalogue(language) if file.is_file() else Catalog(locale=language)
        translated.update(texts(), no_fuzzy_matching=True)
        translated.obsolete.clear()
        with file.open("wb") as opened:
            write_po(opened, translated, width=120, sort_output=True, no_location=True, omit_header=True)


def _of_code(code: str) -> Iterator[tuple[str | tuple[str, ...], int]]:
    """
    The texts that code marks, each with its line.

    Babel's own extractor passes over what stands within an f-string.
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            some = node.args[: _KEYWORDS[node.func.id]]
            said = [one.value for one in some if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if said and len(said) == len(some):
                yield said[0] if len(said) == 1 else tuple(said), node.lineno


def _of_plugins() -> Iterator[tuple[str, str]]:
    yield "archive_search.plan", CHANCE
    for registry in (STRATEGIES, EXPORTS, SOURCES):
        for name in registry:
            plugin = registry[name]
            yield plugin.__module__, getattr(plugin, "summary", "") or summary_of(plugin)
            for knob, _default in knobs(plugin).values():
                yield plugin.__module__, knob.label
                yield plugin.__module__, knob.help


if __name__ == "__main__":
    update()
