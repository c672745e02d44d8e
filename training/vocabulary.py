"""The words that the demo encoder is taught, and what else people may write for them in English or Danish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive_search.models.demo_words import Vocabulary

ALIASES = Path(__file__).with_name("aliases.txt")

BROADER: dict[str, tuple[str, ...]] = {
    "vessel": ("pot", "bowl"),
    "weapon": ("sword", "arrowhead"),
    "tool": ("axe", "comb"),
    "jewellery": ("brooch", "bead"),
    "metal": ("bronze", "iron", "silver", "gold", "copper"),
    "animal": ("horse", "bird", "boar"),
}
"""Broader words, and what each is true of."""


def vocabulary(facts: Sequence[str]) -> Vocabulary:
    """
    Make the vocabulary that covers these facts.

    Args:
        facts: Every fact that a caption can state (see `training.captions.FACTS`), in words.

    Raises:
        ValueError: If an alias hides a word of the facts, means a word that no fact uses, or has two meanings.
    """
    words = tuple(sorted({word for fact in facts for word in fact.split()}))
    aliases: dict[str, str] = {}
    for alias, meaning in _aliases():
        if alias in words:
            raise ValueError(f"The alias {alias!r} hides a word.")
        if strange := set(meaning.split()) - set(words):
            raise ValueError(f"The alias {alias!r} means {', '.join(sorted(strange))}, which no fact uses.")
        if aliases.setdefault(alias, meaning) != meaning:
            raise ValueError(f"The alias {alias!r} has two meanings: {aliases[alias]!r} and {meaning!r}.")
    return Vocabulary(words, aliases)


def _aliases() -> Iterator[tuple[str, str]]:
    """Read the file: each alias with its meaning."""
    for line in ALIASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meaning, _, written = line.partition(":")
            yield from ((alias.strip(), meaning.strip()) for alias in written.split(","))
