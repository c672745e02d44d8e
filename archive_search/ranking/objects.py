"""One hit per object: of several pictures of one object, or copies of one picture, the best stands for all."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.metadata.fields import SAME_PICTURE
from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class Objects:
    """
    Keep the best hit of every `object_id` and stack the object's other views and copies of its pictures behind it.

    Copies are records that an ingest found to show the same picture. A record with neither is an object of its own.
    """

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Order and scores stay."""
        ids = [hit.id for hit in ranking]
        told = zip(search.store.values("object_id", ids), search.store.values(SAME_PICTURE, ids), strict=True)
        ahead = list(range(len(ids)))  # of each hit, one before it with which it belongs together, or itself
        first: dict[tuple[str, str], int] = {}
        for place, (owner, picture) in enumerate(told):
            for kind, name in (("object", owner), ("picture", picture)):
                if name not in (None, ""):
                    here, before = _best(ahead, place), _best(ahead, first.setdefault((kind, str(name)), place))
                    ahead[max(here, before)] = min(here, before)
        behind: dict[str, list[str]] = {}
        for place, one in enumerate(ids):
            best = ids[_best(ahead, place)]
            if best == one:
                behind[one] = []
            else:
                behind[best].append(one)
        search.findings.stack(behind)
        return tuple(hit for hit in ranking if hit.id in behind)


def _best(ahead: list[int], place: int) -> int:
    """The place of the best hit that one belongs together with."""
    while ahead[place] != place:
        ahead[place] = ahead[ahead[place]]
        place = ahead[place]
    return place


STEPS = {"objects": Objects}
