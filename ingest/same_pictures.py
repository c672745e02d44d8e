"""
Which records show the same picture: found when an ingest ends, named in the payload, never at the cost of a record.

Pictures are linked where their files are equal, or where their pixels are (see `archive_search.pictures.sameness`).
Linked pictures, each with all its records, are a group, which has the name of its first record. A link depends on two
pictures alone, so groups do not depend on what came first, and an ingest looks only at what has changed and at what
that touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archive_search.metadata.fields import SAME_PICTURE
from archive_search.pictures.media import medium
from archive_search.pictures.sameness import BITS, TURNED, Look, look, same
from archive_search.types import Missing, Store, WritableStore
from ingest.ledger import Ledger
from ingest.thumbnails import Thumbnails
from ingest.writing import Finish

_CHUNK = 2048
_ONE_BIT = np.array([0, *(1 << bit for bit in range(16))])
"""What makes a word of 16 bits the same, or another in one bit."""
_AT_ONCE = 1 << 19
"""So many pairs of fingerprints are compared at once: some 30 MB."""
_LOOKS = 512
"""So many pictures are kept in memory to be compared: some 60 MB."""


def same_pictures(ledger: Ledger, thumbnails: Thumbnails) -> Finish:
    """
    Work that names the groups of the records that have changed, and mends those that they were in.

    Nothing is noted in the ledger before the build is published: one that is interrupted there is looked at again.
    """

    def group(store: WritableStore) -> Callable[[], None]:
        whole = _fingerprint_the_rest(ledger, thumbnails)
        pictures = Pictures(ledger, thumbnails)
        any_named = store.count((Missing(SAME_PICTURE),)) < store.count()
        groups = _groups(pictures, store)
        while some := list(islice(groups, _CHUNK)):
            _name(store, some, any_named)
        return lambda: ledger.grouped(whole)

    return group


class Fingerprints:
    """
    Fingerprints in memory, found by any of their four words: two of at most `BITS` bits' difference have one in which
    they differ by one bit or none.

    A million pictures take some 90 MB.
    """

    def __init__(self, found: Iterable[tuple[int, int, int]]) -> None:
        table = np.fromiter(chain.from_iterable(found), dtype=np.int64).reshape(-1, 3)  # number, whole, inside
        two = table[table[:, 1] != table[:, 2]]
        self._numbers = table[:, 0]
        self._each = table[:, 1:].view(np.uint64)
        self._owners = np.concatenate([table[:, 0], two[:, 0]])
        self._values = np.ascontiguousarray(np.concatenate([table[:, 1], two[:, 2]])).view(np.uint64)
        self._bands = [_band(self._values, word) for word in range(4)]

    def near(self, number: int) -> list[int]:
        """The numbers of the pictures, in order, that this one is to be compared with, upright and upside down."""
        return self.near_each([number])[number]

    def near_each(self, numbers: Sequence[int]) -> dict[int, list[int]]:
        """What `near` gives for each of these pictures; none for one that shows nothing."""
        found: dict[int, set[int]] = {number: set() for number in numbers}
        wanted = np.fromiter(found, dtype=np.int64, count=len(found))
        there = np.isin(wanted, self._numbers)
        each = self._each[np.searchsorted(self._numbers, wanted[there])]
        upright = np.concatenate([each[:, 0], each[:, 1]])
        owners = np.tile(wanted[there], 2)
        different = np.concatenate([np.ones(len(each), dtype=bool), each[:, 0] != each[:, 1]])
        values = np.concatenate([upright[different], upright[different] ^ np.uint64(TURNED)])
        owners = np.tile(owners[different], 2)
        for word, (order, starts) in enumerate(self._bands):
            keys = (values >> np.uint64(16 * word) & np.uint64(0xFFFF)).astype(np.int64)[:, None] ^ _ONE_BIT
            first, counts = starts[keys], starts[keys + 1] - starts[keys]
            for some in _shares(counts.sum(axis=1)):
                asked = np.repeat(np.arange(len(values))[some], counts[some].sum(axis=1))
                places = order[_ranges(first[some].ravel(), counts[some].ravel())]
                close = np.bitwise_count(self._values[places] ^ values[asked]) <= BITS
                pairs = zip(owners[asked[close]].tolist(), self._owners[places[close]].tolist(), strict=True)
                for number, other in pairs:
                    if other != number:
                        found[number].add(other)
        return {number: sorted(others) for number, others in found.items()}


class Pictures:
    """The pictures of an archive by their number in the ledger, each with its records, and which are the same."""

    def __init__(self, ledger: Ledger, thumbnails: Thumbnails) -> None:
        self._ledger, self._thumbnails = ledger, thumbnails
        self._near: dict[int, list[int]] = {}
        self._records: dict[int, list[tuple[str, str]]] = {}
        self.look = lru_cache(_LOOKS)(self._look)

    @cached_property
    def _fingerprints(self) -> Fingerprints:
        return Fingerprints(self._ledger.fingerprints())

    def changed(self) -> Iterator[int]:
        """The pictures to look at: what is new or has changed, and what was like a picture that is gone."""
        numbers = chain(self._ledger.pictures_to_group(), self._beside_former())
        while some := list(islice(numbers, _CHUNK)):
            self._near = self._fingerprints.near_each(some)
            self._records = self._ledger.records_of_each(some)
            yield from some

    def _beside_former(self) -> Iterator[int]:
        for former in self._ledger.former_pictures():
            yield former
            yield from self._fingerprints.near(former)

    def near(self, number: int) -> list[int]:
        """The pictures that this one is to be compared with."""
        known = self._near.get(number)
        return self._fingerprints.near(number) if known is None else known

    def records(self, number: int) -> list[tuple[str, str]]:
        """(id, origin) of every record that has the picture."""
        known = self._records.get(number)
        return self._ledger.records_of_each([number])[number] if known is None else known

    def group(self, number: int) -> dict[int, list[tuple[str, str]]]:
        """The pictures that are linked with one, itself included, with their records; none where it has no record."""
        found: dict[int, list[tuple[str, str]]] = {}
        waiting = [(number, self.records(number))]
        while waiting:
            one, records = waiting.pop()
            if one in found or not records:
                continue
            found[one] = records
            near = (other for other in self.near(one) if other not in found)
            waiting += [(other, there) for other in near if (there := self.records(other)) and self._linked(one, other)]
        return found

    def _linked(self, one: int, other: int) -> bool:
        first, second = self.look(min(one, other)), self.look(max(one, other))
        return first is not None and second is not None and same(first, second)

    def _look(self, number: int) -> Look | None:
        return _look_of(self._thumbnails, self._ledger.picture(number))


def _groups(pictures: Pictures, store: Store) -> Iterator[tuple[list[str], str | None]]:
    """The records of every group that may have changed, with its name; None where it is none."""
    seen: set[int] = set()
    for number in pictures.changed():
        if number not in seen:
            group = pictures.group(number)
            if len(group) > 1:  # one by itself comes up once, and there are as many as records
                seen.update(group)
            records = sorted(chain.from_iterable(group.values()))
            if records:
                ids = [one for one, _ in records]
                yield ids, None if len(ids) == 1 or _of_several_objects(store, records) else ids[0]


def _of_several_objects(store: Store, records: Sequence[tuple[str, str]]) -> bool:
    """Whether one source tells several objects apart: a plate with several finds, or a notice that there is none."""
    objects = store.values("object_id", [one for one, _ in records])
    told = {(origin, str(number)) for (_, origin), number in zip(records, objects, strict=True) if number}
    return len({origin for origin, _ in told}) < len(told)


def _name(store: WritableStore, groups: Sequence[tuple[list[str], str | None]], any_named: bool) -> None:
    """Store the names of groups where they are not there yet; what is in none is not looked at where none has any."""
    names = {one: name for ids, name in groups for one in ids if any_named or name is not None}
    held = store.values(SAME_PICTURE, list(names))
    news = [one for (one, name), before in zip(names.items(), held, strict=True) if name != before]
    for start in range(0, len(news), _CHUNK):
        points = store.points(news[start : start + _CHUNK])
        payloads = []
        for point in points:
            said = {key: value for key, value in point.payload.items() if key != SAME_PICTURE}
            payloads.append(said if (name := names[point.id]) is None else {**said, SAME_PICTURE: name})
        if points:
            store.set_payload([point.id for point in points], payloads)


def _fingerprint_the_rest(ledger: Ledger, thumbnails: Thumbnails) -> bool:
    """Note the fingerprints of pictures that have none yet, from their thumbnails; False where one has no thumbnail."""

    def found(one: tuple[str, str]) -> tuple[str, tuple[int, int] | None] | None:
        picture, image = one
        if medium(image) != "image":  # two films may begin with one still
            return picture, None
        if not thumbnails.has(picture):  # it comes back when the picture is read again
            return None
        seen = _look_of(thumbnails, picture)
        return picture, None if seen is None else seen.fingerprint

    rest = ledger.without_fingerprint()
    whole = True
    with ThreadPoolExecutor(thread_name_prefix="fingerprints") as pool:
        while some := list(islice(rest, _CHUNK)):
            noted = dict(filter(None, pool.map(found, some)))
            whole &= len(noted) == len(some)
            ledger.note_fingerprints(noted)
    return whole


def _look_of(thumbnails: Thumbnails, picture: str) -> Look | None:
    """How a picture is compared, by its thumbnail; None where that is missing or damaged, or shows nothing."""
    try:
        with Image.open(thumbnails.file(picture)) as small:
            return look(small)
    except OSError:
        return None


def _shares(sizes: NDArray[np.int64]) -> Iterator[slice]:
    """Slices of what has these sizes, each of `_AT_ONCE` in all, or of one."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + _AT_ONCE, "right")), first + 1)
        yield slice(first, last)
        first = last


def _ranges(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """So many numbers from each of these on, one after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(first - before, counts) + np.arange(int(counts.sum()))


def _band(values: NDArray[np.uint64], word: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The places of values by one of their words of 16 bits, and where each of its values begins among them."""
    keys = (values >> np.uint64(16 * word) & np.uint64(0xFFFF)).astype(np.uint16)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return order, np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=1 << 16))])
