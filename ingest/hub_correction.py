"""What an ingest measures against neutral phrases before it publishes, and never at the cost of a picture."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from archive_search.calibration.hubness import update
from archive_search.calibration.phrase_bank import PhraseBank, bank_of, write_bank
from archive_search.types import Embedder, Point, WritableStore
from ingest.writing import Changed, Finish

_CHUNK = 2048


class Banks:
    """The phrase banks of one archive for one ingest: each is looked up, or drawn, once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._found: dict[str, PhraseBank | None] = {}

    def of(self, embedder: Embedder, store: WritableStore) -> PhraseBank | None:
        """The bank of an embedder; None without a text tower or enough known phrases, or if it fails."""
        if "text" not in embedder.modalities:
            return None
        if embedder.name not in self._found:
            try:
                bank = bank_of(store, embedder, self._file(embedder))
                self._found[embedder.name] = bank if bank.phrases else None
            except Exception:  # whatever a text tower raises must not cost the pictures; a search says what is missing
                self._found[embedder.name] = None
        return self._found[embedder.name]

    def to_measure(self, bank: PhraseBank, store: WritableStore, space: str, changed: Changed) -> Iterator[Point]:
        """The points of a space that the bank has not met: those that have changed, or all for a new bank."""
        if not bank.complete:
            yield from store.scan((), space)
            return
        for ids in chunks_of(changed()):
            yield from store.points(ids, space)

    def seal(self, embedder: Embedder) -> Callable[[], None]:
        """A function, for when the generation is published: from then on only what changes is measured."""

        def complete() -> None:
            bank = self._found.get(embedder.name)
            if bank is not None and not bank.complete:
                self._found[embedder.name] = dataclasses.replace(bank, complete=True)
                write_bank(self._file(embedder), embedder, dataclasses.replace(bank, complete=True))

        return complete

    def _file(self, embedder: Embedder) -> Path:
        return self.directory / f"{embedder.name}.npz"


def hub_correction(embedder: Embedder, banks: Banks) -> Finish:
    """
    Work that stores how near each changed record is to texts at large.

    Nothing is noted in the ledger: a build that is interrupted there is measured again before it is published.
    """

    def measure(store: WritableStore, changed: Changed) -> Callable[[], None] | None:
        bank = banks.of(embedder, store)
        if bank is None:
            return None
        update(store, embedder.name, bank.vectors, banks.to_measure(bank, store, embedder.name, changed))
        return banks.seal(embedder)

    return measure


def chunks_of(ids: Iterator[str]) -> Iterator[list[str]]:
    """Ids in lists of a size that is handled at once."""
    while some := list(islice(ids, _CHUNK)):
        yield some
