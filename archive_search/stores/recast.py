"""
Giving an unpublished shard another precision.

What is quantised is so by loading the shard with another configuration: the next `optimize` makes the copies. Another
type of number cannot be set in place (Edge 0.9 refuses it), so the points are copied into a new shard beside, which
then takes the place of the first. A process that is killed meanwhile leaves a build that was not closed, which is made
anew from what is published and from its log.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import qdrant_edge as edge

from archive_search.stores.edge_config import configuration, read_config, same_numbers
from archive_search.stores.freed import give_back
from archive_search.stores.pages import points_to_read
from archive_search.stores.precision import Precision
from archive_search.stores.room import check_room

Tell: TypeAlias = Callable[[int, int], None]
"""Told how many of how many points have been copied."""
NUMBERS = 1 << 20
"""Numbers copied at a time: each is an object of Python for a moment."""
LOOSE = 50_000
"""After so many points what was copied is packed: until then its indexes are in memory."""


def recast(shard: Any, path: Path, spaces: Mapping[str, int], precision: Precision, tell: Tell | None = None) -> Any:
    """
    Close a shard, which lies at `path`, and return it opened with another precision; its indexes on fields may be gone.

    Raises:
        StoreError: If there is no room for a copy.
    """
    wanted = configuration(spaces, precision)
    if same_numbers(read_config(path), precision):
        shard.flush()
        shard.close()
    else:
        check_room(path.parent, path.name, again=True)
        beside = path.with_name(f"{path.name}.recast")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        new = edge.EdgeShard.create(str(beside), wanted)
        _copy(shard, new, points_to_read(spaces, NUMBERS), tell)
        new.flush()
        new.close()
        shard.close()
        shutil.rmtree(path)
        beside.rename(path)
    return edge.EdgeShard.load(str(path), wanted)


def _copy(source: Any, target: Any, page: int, tell: Tell | None) -> None:
    total, done, loose, offset = source.count(edge.CountRequest(exact=True)), 0, 0, None
    while True:
        found, offset = source.scroll(
            edge.ScrollRequest(offset=offset, limit=page, with_payload=True, with_vector=True)
        )
        rows = [edge.Point(one.id, one.vector or {}, one.payload) for one in found]
        if rows:
            target.update(edge.UpdateOperation.upsert_points(rows))
        done, loose = done + len(rows), loose + len(rows)
        if loose >= LOOSE:
            target.optimize()
            target.flush()
            give_back()
            loose = 0
        if tell is not None:
            tell(done, total)
        if offset is None:
            return
