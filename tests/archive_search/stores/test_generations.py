"""Every index builds, resumes, publishes and discards generations alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import qdrant_edge as edge
from qdrant_client import QdrantClient

from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.generations import Index, generation_name, generation_number
from archive_search.stores.server_index import ServerIndex
from archive_search.types import ArchiveError, InvalidInputError, Match, Point, StoreError

ROWS = np.random.default_rng(0).standard_normal((20, 4)).astype(np.float32)
POINTS = [Point(f"r{i}", {"a": ROWS[i]}, {"period": "Iron Age", "date_from": i}) for i in range(20)]


@pytest.fixture(params=["edge", "local server", "server"])
def index(request: pytest.FixtureRequest, memory_path: Path) -> Iterator[Index]:
    """An index in which nothing was published yet."""
    if request.param == "edge":
        yield EdgeIndex(memory_path / "archive" / "index")
    elif request.param == "local server":
        name = f"memory-{uuid4()}"
        yield ServerIndex(QdrantClient(":memory:"), name, name)
    else:
        url = os.environ.get("QDRANT_URL")
        if not url:
            pytest.skip("QDRANT_URL names no server")
        client = QdrantClient(url=url, api_key=os.environ.get("QDRANT_API_KEY"))
        name = f"test-{uuid4()}"
        yield ServerIndex(client, name, url)
        for one in client.get_collections().collections:
            if one.name.startswith(name):
                client.delete_collection(one.name)
        client.close()


def publish(index: Index, points: list[Point], spaces: dict[str, int] | None = None) -> None:
    """Publish a generation with these points added."""
    build = index.begin(spaces or {"a": 4})
    build.store.upsert(points)
    build.publish()


def test_nothing_published(index: Index) -> None:
    """Before the first generation there is nothing to open, and the error says what to do."""
    assert index.generation() is None
    assert index.building() is None
    with pytest.raises(ArchiveError, match="ingest something first"):
        index.open()


def test_publish(index: Index) -> None:
    """What was built is read only once it is published, by a new name."""
    build = index.begin({"a": 4})
    build.store.upsert(POINTS)
    assert (index.generation(), index.building(), build.resumed) == (None, build.generation, False)
    build.publish()
    assert (index.generation(), index.building()) == (build.generation, None)
    store = index.open()
    assert store.count() == 20
    assert store.nearest("a", ROWS[3], 1)[0].id == "r3"
    assert store.facet("period") == {"Iron Age": 20}
    build.close()


def test_an_older_generation_is_read_as_long_as_it_is_there(index: Index) -> None:
    """The one before the published one is opened by its name; of one that is gone it is told which are there."""
    assert index.generations() == []
    for number in range(3):
        publish(index, POINTS[number * 5 : number * 5 + 5])
    build = index.begin({"a": 4})
    assert index.generations() == ["gen-000003", "gen-000002"]
    assert index.open("gen-000002").count() == 10
    assert index.open("gen-000003").count() == index.open().count() == 15
    for gone in ("gen-000001", build.generation, "../index"):
        with pytest.raises(ArchiveError, match=r"is not there \(any more\): there are gen-000003, gen-000002"):
            index.open(gone)
    build.close()


def test_next_generation_is_a_copy(index: Index) -> None:
    """A build starts from what is published, and a reader of that sees nothing of the build, nor of its publication."""
    publish(index, POINTS[:10])
    before = index.open()
    first = index.generation()
    build = index.begin({"a": 4, "b": 2})
    assert build.store.count() == 10
    assert build.store.spaces == {"a": 4, "b": 2}
    build.store.upsert(POINTS[10:])
    build.store.delete(["r0"])
    build.store.set_payload(["r1"], [{"period": "Stone Age"}])
    build.store.set_vectors("b", ["r2"], np.array([[1, 0]], dtype=np.float32))
    assert index.open().count() == 10
    build.publish()
    assert index.generation() != first
    assert before.count() == 10
    assert before.facet("period") == {"Iron Age": 10}
    after = index.open()
    assert after.count() == 19
    assert after.facet("period") == {"Iron Age": 18, "Stone Age": 1}
    assert after.nearest("b", np.array([1, 0], dtype=np.float32), 5)[0].id == "r2"
    np.testing.assert_allclose(after.scores("a", ROWS[2], ["r2"]), 1, atol=1e-5)


def test_published_vectors_are_read_alike_each_time(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few vectors a store may keep for the next search, it gives those that are stored."""
    monkeypatch.setattr("archive_search.stores.edge.KEPT", 4 * 6)
    publish(index, POINTS)
    store = index.open()
    for start in (0, 3, 1, 10, 0):
        ids = [point.id for point in POINTS[start : start + 5]]
        stored = {point.id: point.vectors["a"] for point in store.points(ids, "a")}
        found = store.vectors("a", ids)
        assert list(found) == ids
        for one, vector in found.items():
            np.testing.assert_array_equal(vector, stored[one])
    store.close()


def test_values_come_along_with_new_hits(index: Index) -> None:
    """A field asked for before is the same for hits that come up later, also where they hold nothing in it."""
    bare = Point("bare", {"a": ROWS[0]}, {})
    publish(index, [*POINTS, bare])
    store = index.open()
    assert store.values("date_from", ["r3"]) == [3]
    found = [hit.id for hit in store.nearest("a", ROWS[0], 21)]
    assert sorted(found) == sorted([*(point.id for point in POINTS), "bare"])
    assert store.values("date_from", found) == [None if one == "bare" else int(one[1:]) for one in found]
    store.close()


def test_tiles_through_generations(index: Index) -> None:
    """A space of tiles is there again in a build resumed, a generation published and the copy of it, with its rows."""
    spaces = {"a": 4, "a-tiles": 4}
    tiles = {"r1": ROWS[2:5], "r2": ROWS[7:8], "r3": ROWS[9:18]}
    publish(index, POINTS[:4])
    build = index.begin(spaces)
    build.store.set_vectors("a-tiles", list(tiles), list(tiles.values()))
    build.close()
    again = index.begin(spaces)
    assert again.store.spaces == spaces
    again.store.upsert([Point("new", {"a-tiles": ROWS[18:]}, {})])
    again.publish()
    next_build = index.begin({**spaces, "b-tiles": 2})
    next_build.store.delete(["r2"])
    next_build.publish()
    store = index.open()
    assert store.spaces == {**spaces, "b-tiles": 2}
    assert [store.nearest("a-tiles", row, 1)[0].id for row in ROWS[[3, 17, 19]]] == ["r1", "r3", "new"]
    assert np.isnan(store.scores("a-tiles", ROWS[7], ["r0", "r2"])).all()
    for point in store.points(["r1", "r3"], "a-tiles"):
        rows = tiles[point.id]
        scaled = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        np.testing.assert_allclose(point.vectors["a-tiles"], scaled, atol=1e-6)


def test_resume(index: Index) -> None:
    """A build that was closed is resumed with all that was in it."""
    publish(index, POINTS[:5])
    build = index.begin({"a": 4})
    build.store.upsert(POINTS[5:8])
    build.close()
    build.close()
    assert index.building() == build.generation
    again = index.begin({"a": 4})
    assert (again.generation, again.resumed) == (build.generation, True)
    assert again.store.count() == 8
    again.store.upsert(POINTS[8:9])
    again.close()
    third = index.begin({"a": 4})
    assert third.store.count() == 9
    third.publish()
    assert index.open().count() == 9


def test_discard(index: Index) -> None:
    """A discarded build leaves no trace; the published generation stays."""
    publish(index, POINTS[:5])
    build = index.begin({"a": 4})
    build.store.upsert(POINTS)
    build.discard()
    assert index.building() is None
    assert index.open().count() == 5
    again = index.begin({"a": 4})
    assert (again.resumed, again.store.count()) == (False, 5)
    again.discard()


def test_one_builder(index: Index) -> None:
    """While one builds another is refused, and told which process it is."""
    build = index.begin({"a": 4})
    with pytest.raises(ArchiveError, match=f"is being built by process {os.getpid()}"):
        index.begin({"a": 4})
    build.close()
    index.begin({"a": 4}).discard()


def test_refused_begin_lets_others_build(index: Index) -> None:
    """A build that cannot begin as asked does not keep others from building."""
    with pytest.raises(InvalidInputError, match="at least one space"):
        index.begin({})
    publish(index, POINTS[:2])
    with pytest.raises(InvalidInputError, match="Space 'a' has 4 dimensions, not 5"):
        index.begin({"a": 5})
    build = index.begin({"a": 4})
    assert build.store.count() == 2
    build.discard()


def test_finished_build_is_finished(index: Index) -> None:
    """A build that was published or discarded cannot be published again."""
    build = index.begin({"a": 4})
    build.publish()
    for call in (build.publish, build.discard):
        with pytest.raises(StoreError, match="is closed"):
            call()


def test_old_generations_go(index: Index) -> None:
    """Only the published generation and the one before it are kept."""
    for points in (POINTS[:1], POINTS[1:2], POINTS[2:3], POINTS[3:4]):
        publish(index, points)
    assert index.generation() == "gen-000004"
    assert index.open().count() == 4
    if isinstance(index, EdgeIndex):
        assert sorted(p.name for p in index._path.iterdir() if p.is_dir()) == ["gen-000003", "gen-000004"]
    elif isinstance(index, ServerIndex):
        assert sorted(index._generations()) == ["gen-000003", "gen-000004"]


def test_names() -> None:
    """A generation's name holds its number, also beyond six digits; other names hold none."""
    assert generation_name(7) == "gen-000007"
    assert [generation_number(generation_name(n)) for n in (1, 999999, 1000000)] == [1, 999999, 1000000]
    assert generation_number("gen-7") == generation_number("gen-000007.log") == generation_number("") == 0


def test_a_field_counted_since_is_counted_from_the_next_build_on(memory_path: Path) -> None:
    """A shard without the index of a field opens, filters by it and counts nothing; the next build counts all of it."""
    path = memory_path / "index" / "gen-000001"
    path.mkdir(parents=True)
    config = edge.EdgeConfig(
        vectors={"a": edge.EdgeVectorParams(size=4, distance=edge.Distance.Cosine)}, wal_enabled=False
    )
    old = EdgeStore(edge.EdgeShard.create(str(path), config), {"a": 4}, writable=True, has_words=False)
    old.upsert([Point("one", {"a": ROWS[0]}, {"colours": ["red", "brown"]}), Point("two", {"a": ROWS[1]}, {})])
    old.flush()
    old.close()
    (memory_path / "index" / "CURRENT").write_text("gen-000001\n", encoding="utf-8")
    index = EdgeIndex(memory_path / "index")
    published = index.open()
    assert published.facet("colours") == {}
    assert published.count([Match("colours", ("red",))]) == 1
    published.close()
    index.begin({"a": 4}).close()
    build = index.begin({"a": 4})  # once more: an index that is there is left alone
    build.publish()
    assert index.open().facet("colours") == {"brown": 1, "red": 1}
