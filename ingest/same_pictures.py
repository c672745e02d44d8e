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
from archive_search.pictures.sameness import BITS, Look, look, same, turned
from archive_search.types import Store, WritableStore
from ingest.ledger import Ledger
from ingest.thumbnails import Thumbnails
from ingest.writing import Finish

_CHUNK = 2048
_ONE_BIT = np.array([0, *(1 << bit for bit in range(16))])
"""What makes a word of 16 bits the same, or another in one bit."""
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
        groups = _groups(pictures, store)
        while some := list(islice(groups, _CHUNK)):
            _name(store, some)
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

    def of(self, number: int) -> set[int]:
        """The fingerprints of a picture; none of one that shows nothing."""
        place = int(np.searchsorted(self._numbers, number))
        there = place < len(self._numbers) and self._numbers[place] == number
        return {int(one) for one in self._each[place]} if there else set()

    def near(self, number: int) -> list[int]:
        """The numbers of the pictures, in order, that this one is to be compared with, upright and upside down."""
        found: set[int] = set()
        for upright in self.of(number):
            for value in (upright, turned(upright) % (1 << 64)):
                places = np.concatenate(
                    [
                        order[first:last]
                        for word, (order, starts) in enumerate(self._bands)
                        for keys in [(value >> 16 * word & 0xFFFF) ^ _ONE_BIT]
                        for first, last in zip(starts[keys].tolist(), starts[keys + 1].tolist(), strict=True)
                        if first < last or not word  # where none is like it, an empty one is
                    ]
                )
                close = np.bitwise_count(self._values[places] ^ np.uint64(value)) <= BITS
                found.update(self._owners[places[close]].tolist())
        return sorted(found - {number})


class Pictures:
    """The pictures of an archive by their number in the ledger, each with its records, and which are the same."""

    def __init__(self, ledger: Ledger, thumbnails: Thumbnails) -> None:
        self._ledger, self._thumbnails = ledger, thumbnails
        self.look = lru_cache(_LOOKS)(self._look)

    @cached_property
    def _fingerprints(self) -> Fingerprints:
        return Fingerprints(self._ledger.fingerprints())

    def changed(self) -> Iterator[int]:
        """The pictures to look at: what is new or has changed, and what was like a picture that is gone."""
        yield from self._ledger.pictures_to_group()
        for former in self._ledger.former_pictures():
            yield former
            yield from self._fingerprints.near(former)

    def records(self, number: int) -> list[tuple[str, str]]:
        """(id, origin) of every record that has the picture."""
        return self._ledger.records_of(self._ledger.picture(number))

    def group(self, number: int) -> dict[int, list[tuple[str, str]]]:
        """The pictures that are linked with one, itself included, with their records; none where it has no record."""
        found: dict[int, list[tuple[str, str]]] = {}
        waiting = [(number, self.records(number))]
        while waiting:
            one, records = waiting.pop()
            if one in found or not records:
                continue
            found[one] = records
            near = (other for other in self._fingerprints.near(one) if other not in found)
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


def _name(store: WritableStore, groups: Sequence[tuple[list[str], str | None]]) -> None:
    """Store the names of groups where they are not there yet."""
    names = {one: name for ids, name in groups for one in ids}
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


def _band(values: NDArray[np.uint64], word: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The places of values by one of their words of 16 bits, and where each of its values begins among them."""
    keys = (values >> np.uint64(16 * word) & np.uint64(0xFFFF)).astype(np.uint16)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return order, np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=1 << 16))])
