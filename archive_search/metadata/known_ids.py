"""Ids that people type: one that nobody has is refused, and the ones that are spelled almost alike are named."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import islice

from archive_search.metadata.numbers import numbered, spelled
from archive_search.types import Store, UnknownNameError

MOST = 3
"""Ids that a wrong one may have meant, at most."""
LOOKED = 20_000
"""Ids that are looked through for those spelled almost alike: all of a million would take half a minute."""
SHOWN = 5
"""Wrong ids that are told of, at most."""


def require_records(store: Store, ids: Sequence[str]) -> None:
    """Raise `unknown_records` where one of these ids is none."""
    held = {point.id for point in store.points(ids)}
    if unknown := [one for one in dict.fromkeys(ids) if one not in held]:
        raise unknown_records(store, unknown)


def unknown_records(store: Store, unknown: Sequence[str]) -> UnknownNameError:
    """The error for ids that no record has, naming the records that each may have meant."""
    said = [f"No record has the id {one!r} in this archive.{_meant(store, one)}" for one in unknown[:SHOWN]]
    if len(unknown) > SHOWN:
        said.append(f"Nor are there {len(unknown) - SHOWN} more of these ids.")
    return UnknownNameError(" ".join(said))


def almost_alike(wrong: str, names: Iterable[str]) -> tuple[str, ...]:
    """
    The names that are spelled most like a wrong one, at most `MOST`; () where none is near.

    Neither case nor marks nor spaces count; a letter or digit more, less or other does, and two that changed places:
    one of them in every three may differ.
    """
    from rapidfuzz.distance import OSA

    typed = spelled(wrong) or wrong
    most = max(1, len(typed) // 3)
    apart = ((OSA.distance(typed, spelled(name) or name, score_cutoff=most), name) for name in names)
    return tuple(name for _, name in heapq.nsmallest(MOST, (one for one in apart if one[0] <= most)))


def _meant(store: Store, wrong: str) -> str:
    """A sentence about what a wrong id may have meant; '' for an archive without records."""
    if called := [point.id for point in numbered(store, wrong, MOST)]:
        return f" The number stands in the record {' and in '.join(map(repr, called))}."
    ids = list(islice(store.ids(), LOOKED))
    if alike := almost_alike(wrong, ids):
        return f" Spelled like it: {', '.join(alike)}."
    none = "None" if len(ids) < LOOKED else f"None of the first {LOOKED:,}"
    return f" {none} is spelled like it; ids here look like {ids[0]!r}." if ids else ""
