"""One hit per object: of several pictures of one object the best stands for all."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class Objects:
    """
    Keep the best hit of every `object_id` and stack the object's other views behind it.

    A record without an `object_id` is an object of its own.
    """

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Order and scores stay."""
        behind: dict[str, list[str]] = {}
        best: dict[str, str] = {}
        ids = [hit.id for hit in ranking]
        for one, owner in zip(ids, search.store.values("object_id", ids), strict=True):
            kept = best.setdefault(str(owner), one) if owner not in (None, "") else one
            if kept == one:
                behind[one] = []
            else:
                behind[kept].append(one)
        search.findings.stack(behind)
        return tuple(hit for hit in ranking if hit.id in behind)


STEPS = {"objects": Objects}
