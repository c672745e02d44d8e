"""Languages: the words by which a sentence says how its other words belong together, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from archive_search.registry import Registry

Cue: TypeAlias = Literal[
    "not", "but", "and", "from", "of", "with", "by", "before", "after", "until", "since", "later", "earlier", "skip"
]
"""
What a phrase says of the words behind it: not this; after a "not", this again; one more; where or when it is from; what
it is of; what it has; who made it; four ways in which years are open. `later` and `earlier` say of a year before them
that it is open; `skip` says nothing.
"""


@dataclass(frozen=True, eq=False)
class Grammar:
    """
    The plain grammar of one language.

    `cues` are phrases, separated by bars, by what they say; those that are `sure` count in a sentence of another
    language too. `endings` are those by which forms of one word differ; `joins` what may stand between the parts of a
    compound, where things have compounds for names. Where they have several words instead ("battle axe"), `describing`
    and `describing_endings` tell adjectives from nouns. `derived` makes an adjective of a period's name.
    """

    cues: Mapping[Cue, str]
    sure: str
    endings: tuple[str, ...]
    letters: str = ""
    joins: tuple[str, ...] = ()
    umlauts: bool = False
    describing: str = ""
    describing_endings: tuple[str, ...] = ()
    derived: tuple[str, ...] = field(default=())

    @cached_property
    def phrases(self) -> Mapping[tuple[str, ...], Cue]:
        """Its phrases, as words, with what they say."""
        return {
            tuple(phrase.split()): cue
            for cue, phrases in self.cues.items()
            for phrase in phrases.split("|")
            if phrase.strip()
        }

    @cached_property
    def longest(self) -> int:
        """How many words its longest phrase has."""
        return max(map(len, self.phrases))


GRAMMARS: Registry[Grammar] = Registry("archive_search.understanding.languages", "GRAMMARS", "grammar")
"""The languages that sentences are understood in, by their code."""
