"""
What an ingest measures against neutral phrases, and never at the cost of a picture.

New records are measured while their vectors are in hand, against the phrases that the archive has; the ledger notes by
which. What other phrases measured, or none, is measured before the next generation is published: all records at the
first ingest and once the archive has doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from archive_search.calibration.hubness import measure, update
from archive_search.calibration.phrase_bank import PhraseBank, bank_of, read_bank
from archive_search.stores.checks import held_each
from archive_search.types import Embedder, Point, Vectors, WritableStore
from ingest.ledger import Ledger
from ingest.work import Written
from ingest.writing import Finish, InHand

_CHUNK = 2048


class Banks:
    """The phrase banks of one archive for one ingest: each is looked up, or drawn, once."""

    def __init__(self, directory: Path, ledger: Ledger) -> None:
        self.directory, self.ledger = directory, ledger
        self._found: dict[str, PhraseBank | None] = {}
        self._kept: dict[str, PhraseBank | None] = {}

    def kept(self, embedder: Embedder) -> PhraseBank | None:
        """The bank that the archive has; None before the first, or where nothing can be measured against it."""
        if embedder.name not in self._kept:
            bank = read_bank(self._file(embedder), embedder) if "text" in embedder.modalities else None
            self._kept[embedder.name] = bank if bank is not None and bank.phrases else None
        return self._kept[embedder.name]

    def of(self, embedder: Embedder, store: WritableStore) -> PhraseBank | None:
        """The bank for what a store holds; None without a text tower or enough known phrases, or if it fails."""
        if "text" not in embedder.modalities:
            return None
        if embedder.name not in self._found:
            try:
                bank = bank_of(store, embedder, self._file(embedder))
                self._found[embedder.name] = bank if bank.phrases else None
            except Exception:  # whatever a text tower raises must not cost the pictures; a search says what is missing
                self._found[embedder.name] = None
        return self._found[embedder.name]

    def to_measure(self, store: WritableStore, space: str, version: str) -> Iterator[Point]:
        """The points of a space that were not measured by the phrases of this version."""
        if not self.ledger.measured_by(space, version):  # all of them
            yield from store.scan((), space)
            return
        for ids in chunks_of(self.ledger.unmeasured(space, version)):
            yield from store.points(ids, space)

    def noted(self, space: str, version: str) -> Callable[[], None]:
        """A function, for when the generation is published: notes that these phrases measured every record."""
        return lambda: self.ledger.note_measured(space, version)

    def _file(self, embedder: Embedder) -> Path:
        return self.directory / f"{embedder.name}.npz"


def hubs_in_hand(embedder: Embedder, banks: Banks) -> InHand:
    """Work that measures how near new records are to texts at large, before they are written."""

    def measured(batch: Sequence[Written], _: Collection[str]) -> Sequence[Written]:
        bank = banks.kept(embedder)
        return batch if bank is None else with_hubs(batch, embedder.name, bank.vectors, bank.version)

    return measured


def hub_correction(embedder: Embedder, banks: Banks) -> Finish:
    """Work that stores how near records are to texts at large that the archive's phrases have not measured yet."""

    def measured(store: WritableStore) -> Callable[[], None] | None:
        bank = banks.of(embedder, store)
        if bank is None:
            return None
        update(store, embedder.name, bank.vectors, banks.to_measure(store, embedder.name, bank.version))
        return banks.noted(embedder.name, bank.version)

    return measured


def with_hubs(batch: Sequence[Written], space: str, bank: Vectors, version: str) -> list[Written]:
    """Records measured against a bank where they have a vector of a space, or surely have none."""
    rows = in_hand(batch, space)
    hubs = dict(zip(rows, measure(np.stack(list(rows.values())), bank).tolist(), strict=True)) if rows else {}
    return [
        as_measured(
            replace(one, hubs={**one.hubs, space: hubs[one.row.id]}) if one.row.id in hubs else one, space, version
        )
        if one.whole or one.row.id in hubs
        else one
        for one in batch
    ]


def in_hand(batch: Sequence[Written], space: str) -> dict[str, Vectors]:
    """What records are about to hold in a space, as a store keeps it, by id."""
    there = {one.row.id: one.vectors[space] for one in batch if space in one.vectors}
    dim = next((np.shape(one)[-1] for one in there.values()), 0)
    return dict(zip(there, held_each(list(there.values()), space, dim), strict=True)) if there else {}


def as_measured(one: Written, space: str, version: str) -> Written:
    """A record of which the ledger is to note which phrases measured it."""
    return replace(one, row=replace(one.row, measured={**one.row.measured, space: version}))


def chunks_of(ids: Iterator[str]) -> Iterator[list[str]]:
    """Ids in lists of a size that is handled at once."""
    while some := list(islice(ids, _CHUNK)):
        yield some
