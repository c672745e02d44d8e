"""A chosen set: records that somebody named, in the order in which they were named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive_search.metadata.filters import passes
from archive_search.remark import Remark
from archive_search.search import SearchContext
from archive_search.types import Hit, Ranking

_SOME = 1000


@dataclass(frozen=True)
class Chosen:
    """
    Make a ranking of these records, in this order, all with score 0; a remark tells how many are not in the archive.

    Those that do not pass the query's filters are left out. `name` is what people call the set, `people` who chose it.
    """

    ids: tuple[str, ...]
    name: str = ""
    people: tuple[str, ...] = ()

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """The ranking so far is replaced."""
        wanted = list(dict.fromkeys(self.ids))
        held = dict(_held(search, wanted))
        if missing := len(wanted) - len(held):
            search.findings.remarks.append(
                Remark(
                    "{missing} of {wanted} chosen records are not in this archive.", missing=missing, wanted=len(wanted)
                )
            )
        return tuple(Hit(one, 0.0) for one in wanted if held.get(one))


def _held(search: SearchContext, ids: list[str]) -> Iterator[tuple[str, bool]]:
    """Those of these records that the archive has, and whether each passes the filters."""
    for start in range(0, len(ids), _SOME):
        for point in search.store.points(ids[start : start + _SOME]):
            yield point.id, passes(point.payload, search.query.where)


STEPS = {"chosen": Chosen}
