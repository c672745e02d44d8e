"""The generations of an index: finished ones are read by everybody, one at a time is built."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from archive_search.stores.precision import Choice
from archive_search.stores.recast import Tell
from archive_search.types import ArchiveError, FieldTable, Store, WritableStore

GENERATION = re.compile(r"gen-(\d{6,})")
"""How a generation is called: `gen-` and its number, six digits at least."""


class Build(Protocol):
    """
    A generation being built: a writable copy of the published one.

    What was written counts as kept once `store.flush()` has returned; after a crash a resumed build may hold some of
    what was written later, never less than what was flushed.
    """

    @property
    def store(self) -> WritableStore:
        """The points of this generation, for writing and reading."""
        ...

    @property
    def generation(self) -> str:
        """Its name, `gen-000007`."""
        ...

    @property
    def resumed(self) -> bool:
        """Whether an unfinished build was found and is continued; False: it holds exactly what is published."""
        ...

    def publish(self, tell: Tell | None = None) -> None:
        """
        Flush, optimise, make this the published generation in one step; besides, only the one before it is kept.

        `tell` is told how far it is where all vectors are written once more, since they are many or few now.
        """
        ...

    def discard(self) -> None:
        """Remove this generation; the published one stays."""
        ...

    def close(self) -> None:
        """Flush and leave the build unfinished, to be resumed by the next `begin`; nothing to do once published."""
        ...


class Index(Protocol):
    """The generations of one archive: one is published, one may be unfinished."""

    fields: FieldTable
    """What the payloads of the stores hold that are opened, and of the builds that are begun, from now on."""
    choice: Choice
    """How the vectors of builds that are begun from now on are kept, by their number."""

    def generation(self) -> str | None:
        """The name of the published generation, None before the first; cheap enough to ask at every search."""
        ...

    def generations(self) -> list[str]:
        """The published generation and those before it that are still there, newest first."""
        ...

    def open(self, generation: str = "") -> Store:
        """
        Open a generation for reading, the published one unless another is named; several processes may at once.

        Raises:
            ArchiveError: If nothing was published yet, or that generation is not there, saying which are.
            StoreError: If it is damaged, or cannot be opened or reached; what to do is said.
        """
        ...

    def remark(self) -> str:
        """What is wrong with the index although it can be read, for people; '' where nothing is."""
        ...

    def restore(self) -> str:
        """
        Before an ingest: where what is published is lost or damaged, go back to the newest generation that is whole.

        Returns what was done, for people; '' where all is well.

        Raises:
            ArchiveError: If another living process is building, saying which.
            StoreError: If nobody can tell what was published, or the index cannot be read, written or reached.
        """
        ...

    def building(self) -> str | None:
        """The name of the unfinished generation, None if there is none."""
        ...

    def begin(self, spaces: Mapping[str, int], expected: int = 0) -> Build:
        """
        Resume the unfinished build, or start one from the published generation; then `spaces` (name: dimension) exist.

        An unfinished build that a crash left unreadable is discarded and started anew, with `resumed` False. `expected`
        is how many points a first generation will hold, as far as that is known.

        Raises:
            ArchiveError: If another living process is building, saying which.
            InvalidInputError: If a space exists with another dimension.
            StoreError: If the index cannot be read, written or reached.
        """
        ...


def check_there(generation: str, there: Sequence[str]) -> None:
    """Raise ArchiveError where a generation is not there, saying which are."""
    if generation not in there:
        known = f"there are {', '.join(there)}" if there else "there is none"
        raise ArchiveError(f"The generation {generation!r} is not there (any more): {known}.")


def generation_name(number: int) -> str:
    """The name of the generation with this number."""
    return f"gen-{number:06d}"


def generation_number(name: str) -> int:
    """The number in a generation's name, 0 where the name is none."""
    found = GENERATION.fullmatch(name)
    return int(found.group(1)) if found else 0
