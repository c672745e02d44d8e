"""Groups of a map: what lies together (k-means on the places), and by which words it differs from all else."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.metadata.filters import values_of
from archive_search.metadata.table import Fields
from archive_search.metadata.vocabularies import concepts
from archive_search.metadata.words import tokens
from archive_search.projection.layout import SEED, Places
from archive_search.types import NotInstalledError, Payload

MOST = 30
"""So many groups at most: more names than that are not read."""
TELLING = 2
"""So many words name a group at most."""
_SHARE = 0.15
"""A word names a group only where so many of its records have it."""
_SURE = 1.96
"""So many standard deviations must a word's odds differ."""
_SAME = 0.8
"""Words whose records overlap by more than this (Jaccard) tell the same."""
_TITLES = "title"
_LEFT_OUT = ("place", "findspot", "location", "licence", "colours", "language")
"""Fields of terms that say nothing about what a picture looks like."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its telling words (none where nothing tells it from the rest), its middle, how many it holds."""

    words: tuple[str, ...]
    place: tuple[float, float]
    count: int


def grouped(found: Places) -> NDArray[np.int16]:
    """
    The number of each place's group, by size: 0 is the largest.

    k-means covers every place, and gives as many groups as are asked for; HDBSCAN left up to a third out, and made one
    group of 98 % of an archive (docs/explanation/map.md).

    Raises:
        NotInstalledError: If scikit-learn is not installed.
    """
    many = how_many(len(found))
    if many < 2:
        return np.zeros(len(found), dtype=np.int16)
    try:
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning
    except ImportError as error:
        raise NotInstalledError("A map needs the package scikit-learn: pip install 'archive-search[map]'.") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different places than groups
        numbers = KMeans(many, n_init=3, random_state=SEED).fit_predict(found)
    order = np.argsort(-np.bincount(numbers, minlength=many), kind="stable")
    return np.argsort(order, kind="stable")[numbers].astype(np.int16)  # type: ignore[no-any-return]


def how_many(records: int) -> int:
    """How many groups so many records are divided into."""
    wanted = round(3 * math.sqrt(math.sqrt(records)))
    return min(MOST, max(1, wanted), max(records, 1))


def named(found: Places, numbers: NDArray[np.int16], words: Sequence[AbstractSet[str]]) -> list[Group]:
    """
    The groups with the words that are most telling of each.

    By the log-odds ratio with an informative Dirichlet prior (Burt Monroe, Michael Colaresi and Kevin Quinn, "Fightin'
    Words", 2008) of records that have a word, in the group against all others.

    Args:
        found: the place of each record.
        numbers: the number of its group.
        words: what is said of it.
    """
    overall: Counter[str] = Counter()
    held: list[Counter[str]] = [Counter() for _ in range(int(numbers.max(initial=-1)) + 1)]
    for number, some in zip(numbers.tolist(), words, strict=True):
        overall.update(some)
        held[number].update(some)
    taken: set[tuple[str, ...]] = set()
    groups = []
    for number, counts in enumerate(held):
        mine = np.flatnonzero(numbers == number)
        telling = _telling(counts, overall, len(mine), len(words))
        chosen = _different(telling, [words[row] for row in mine.tolist()])
        said = tuple(chosen[:TELLING])
        if said in taken:  # one word more tells it from the other group of that name
            said = tuple(chosen[: TELLING + 1])
        taken.add(said)
        x, y = np.median(found[mine], axis=0)
        groups.append(Group(said, (float(x), float(y)), len(mine)))
    return groups


def words_of(payload: Payload, fields: Fields) -> set[str]:
    """What is said of a record that may name a group: its terms, and the words of its title."""
    terms = {
        str(value).casefold()
        for key in fields.terms
        if key not in _LEFT_OUT
        for value in values_of(payload, key)
        if isinstance(value, str)
    }
    number = {word for key in ("object_id", "id") for word in tokens(str(payload.get(key, "")))}
    titles = (word for title in values_of(payload, _TITLES) for word in tokens(str(title)))
    return terms | {word for word in titles if len(word) > 2 and word.isalpha() and word not in number}


def _telling(counts: Mapping[str, int], overall: Mapping[str, int], size: int, whole: int) -> list[str]:
    """Words by how surely they are commoner in the group than elsewhere, the surest first."""
    rest = whole - size
    scores = {}
    for word, count in counts.items():
        if count < max(2, _SHARE * size):
            continue
        prior = overall[word] / whole * 10  # as if ten more records had been seen, like the archive
        inside = (count + prior) / (size - count + 10 - prior + 0.01)
        elsewhere = overall[word] - count
        outside = (elsewhere + prior) / (rest - elsewhere + 10 - prior + 0.01)
        deviation = math.sqrt(1 / (count + prior) + 1 / (elsewhere + prior))
        scores[word] = math.log(inside / outside) / deviation
    return [word for word, score in sorted(scores.items(), key=lambda one: (-one[1], one[0])) if score > _SURE]


def _different(telling: Sequence[str], words: Sequence[AbstractSet[str]]) -> list[str]:
    """Those that neither mean the same as one before them, in whatever language, nor are said of the same records."""
    chosen: list[tuple[str, set[int]]] = []
    for word in telling:
        rows = {row for row, some in enumerate(words) if word in some}
        alike = (len(rows & other) / len(rows | other) for _, other in chosen)
        same = any(
            word in said.split() or said in word.split() or set(concepts(word)) & set(concepts(said))
            for said, _ in chosen
        )
        if not same and all(share < _SAME for share in alike):
            chosen.append((word, rows))
        if len(chosen) > TELLING:
            break
    return [word for word, _ in chosen]
