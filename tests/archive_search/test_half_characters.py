"""Half of a surrogate pair, which no encoding can write, wherever the library takes a text: refused or not found."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from archive_search.archive import Archive
from archive_search.evaluation.explain import explain
from archive_search.plan import Plan
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.nearest import Nearest
from archive_search.settings import Settings
from archive_search.testing import MemoryStore
from archive_search.types import ArchiveSearchError, Example, InvalidInputError, Match, Missing, Point, Query, Range
from archive_search.workspace.judgements import Judgements
from archive_search.workspace.topics import Topic

HALF = "a\ud800"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Three records with vectors."""
    made = Archive.create(tmp_path_factory.mktemp("halves") / "archive", Settings("Halves"))
    build = made.index.begin({"v": 2})
    build.store.upsert([Point(one, {"v": np.eye(2, dtype=np.float32)[0]}, {"title": one}) for one in "abc"])
    build.publish()
    return made


def _liked(archive: Archive) -> object:
    query = Query((Example("record", "a"),))
    return archive.answer(Plan(query, (Nearest(query.examples), Feedback(liked=(HALF,))), 5))


WAYS: dict[str, Callable[[Archive, Judgements], object]] = {
    "text": lambda archive, kept: archive.search(HALF),
    "like": lambda archive, kept: archive.search(like=HALF),
    "image": lambda archive, kept: archive.search(image=HALF),
    "refine": lambda archive, kept: archive.search(like="a", refine=[HALF]),
    "where": lambda archive, kept: archive.search(like="a", where={"material": HALF}),
    "field": lambda archive, kept: archive.search(like="a", where={HALF: "x"}),
    "space": lambda archive, kept: archive.search(like="a", space=HALF),
    "strategy": lambda archive, kept: archive.search(like="a", strategy=HALF),
    "liked": lambda archive, kept: _liked(archive),
    "explain": lambda archive, kept: explain(Plan(Query((Example("record", "a"),)), (Nearest(),)), archive, HALF),
    "points": lambda archive, kept: archive.store.points([HALF]),
    "match": lambda archive, kept: archive.store.count([Match("title", (HALF,))]),
    "missing": lambda archive, kept: archive.store.count([Missing(HALF)]),
    "range": lambda archive, kept: archive.store.count([Range(HALF, 1, 2)]),
    "facet": lambda archive, kept: archive.store.facet(HALF),
    "picture": lambda archive, kept: archive.picture(HALF),
    "picture file": lambda archive, kept: archive.picture_file(HALF),
    "judge": lambda archive, kept: kept.judge("t", "a", HALF, 1),
    "judged record": lambda archive, kept: kept.judge("t", HALF, "me", 1),
    "judged topic": lambda archive, kept: kept.judge(HALF, "a", "me", 1),
    "topic": lambda archive, kept: kept.add_topics([Topic(HALF, Query((Example("text", "axe"),)))]),
    "present": lambda archive, kept: kept.present(HALF),
    "judges": lambda archive, kept: kept.qrels([HALF]),
    "open": lambda archive, kept: Archive.open(HALF),
    "create": lambda archive, kept: Archive.create(archive.directory.parent / HALF),
}


@pytest.mark.parametrize("way", WAYS)
def test_ways_in(archive: Archive, tmp_path: Path, way: str) -> None:
    """Nothing that is asked or judged with it ends in anything but an answer or a sentence, and nothing is kept."""
    kept = Judgements(tmp_path / "workspace.sqlite")
    with contextlib.suppress(ArchiveSearchError):  # anything else fails the test
        WAYS[way](archive, kept)
    assert not kept.present()
    assert not kept.topics()


@pytest.mark.parametrize("point", [Point(HALF, {}, {}), Point("d", {}, {"title": HALF})], ids=["id", "payload"])
def test_not_stored(point: Point) -> None:
    """A point with it in its id or payload is refused, by name."""
    store = MemoryStore({"v": 2})
    with pytest.raises(InvalidInputError, match="cannot be stored"):
        store.upsert([point])
    assert store.count() == 0
