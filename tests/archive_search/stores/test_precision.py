"""A large index keeps and searches its vectors less precisely, by one table; it answers as an exact one does."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from archive_search.calibration.phrase_bank import neutral_phrases
from archive_search.embedders import EMBEDDERS
from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_config import has_precision, precision_of, read_config
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.ids import internal_id
from archive_search.stores.precision import FLOAT32, PRECISIONS, Choice, Precision
from archive_search.stores.server import ServerStore
from archive_search.stores.server_index import ServerIndex
from archive_search.testing import MemoryStore
from archive_search.types import InvalidInputError, Match, Point, Range, Store, Vectors
from tests.archive_search.stores import killed_recast

SPACES = {"a": 64, "a-tiles": 64, "narrow": 8}
FOUR, TWO = PRECISIONS[1:]
LOW = killed_recast.LOW
POINTS = killed_recast.points(300)


def held_as(precision: Precision, path: Path) -> EdgeStore:
    """A store of this precision with the points."""
    store = EdgeStore.create(path, SPACES, precision=precision)
    store.upsert(POINTS)
    store.optimize()
    return store


@pytest.fixture(params=PRECISIONS, ids=lambda one: one.name)
def store(request: pytest.FixtureRequest, memory_path: Path) -> Iterator[EdgeStore]:
    """A store of every precision in turn, with 300 points."""
    made = held_as(request.param, memory_path / "shard")
    yield made
    made.close()


@pytest.fixture(scope="module")
def exact() -> MemoryStore:
    """The same points in memory, as they were given."""
    made = MemoryStore(SPACES)
    made.upsert(POINTS)
    return made


def agree(found: Store, exact: Store) -> None:
    """Both rank, score, filter, count and say alike, up to what float16 rounds."""
    assert found.count() == exact.count()
    assert found.facet("material") == exact.facet("material")
    assert [hit.id for hit in found.matching({"axe": 1.0}, 5)] == [hit.id for hit in exact.matching({"axe": 1.0}, 5)]
    some = [point.id for point in exact.scan()][::7]
    for space, dim in SPACES.items():
        for seed in range(3):
            query = np.random.default_rng(seed).standard_normal(dim).astype(np.float32)
            for where in ((), [Match("material", ("flint",))], [Range("date_from", 10, 20)]):
                wanted, ranking = exact.nearest(space, query, 20, where), found.nearest(space, query, 20, where)
                assert {hit.id for hit in ranking} == {hit.id for hit in wanted}
                np.testing.assert_allclose([h.score for h in ranking], [h.score for h in wanted], atol=1e-3)
                assert [hit.id for hit in found.nearest(space, query, 20, where)] == [hit.id for hit in ranking]
            np.testing.assert_allclose(found.scores(space, query, some), exact.scores(space, query, some), atol=1e-3)


# ------------------------------------------------------------------ every precision


def test_every_precision_answers_alike(store: EdgeStore, exact: MemoryStore) -> None:
    """Rankings, scores, filters, facets and words are those of an exact store, up to what float16 rounds."""
    agree(store, exact)


def test_scores_are_those_of_a_ranking(store: EdgeStore) -> None:
    """What is found has the score that `scores` gives it, whatever was scanned first."""
    query = np.random.default_rng(4).standard_normal(64).astype(np.float32)
    for space in ("a", "a-tiles"):
        found = store.nearest(space, query, 30)
        assert [hit.score for hit in found] == pytest.approx(
            store.scores(space, query, [hit.id for hit in found]).tolist(), abs=1e-6
        )


def test_equal_scores_go_by_id(store: EdgeStore) -> None:
    """Of many points with one vector the first by internal id are found, where the tie goes on below the last."""
    one = np.random.default_rng(5).standard_normal(64)
    store.upsert([Point(f"same {number:03}", {"a": one}, {}) for number in range(60)])
    first = sorted((f"same {number:03}" for number in range(60)), key=internal_id)[:5]
    assert [hit.id for hit in store.nearest("a", one, 5)] == sorted(first)


def test_what_is_written_later_is_found(store: EdgeStore) -> None:
    """Points and vectors that come after the index was packed are searched as the others, and what is gone is gone."""
    query = np.random.default_rng(6).standard_normal(64).astype(np.float32)
    store.upsert([Point("new", {"a": query}, {})])
    store.set_vectors("a", ["r3"], query[None] + 0.01)
    best = store.nearest("a", query, 2)
    assert [hit.id for hit in best] == ["new", "r3"]
    store.delete(["new"])
    assert store.nearest("a", query, 1)[0].id == "r3"


def test_a_store_can_search_exactly(memory_path: Path, exact: MemoryStore) -> None:
    """Of a quantised store the exact one sees what is truly nearest, where the quantised copy alone would miss it."""
    hasty = dataclasses.replace(TWO, oversampling=1.0)
    store = held_as(hasty, memory_path / "shard")
    query = np.random.default_rng(7).standard_normal(64).astype(np.float32)
    wanted = {hit.id for hit in exact.nearest("a", query, 100)}
    assert {hit.id for hit in store.exactly().nearest("a", query, 100)} == wanted
    assert {hit.id for hit in store.nearest("a", query, 100)} != wanted
    assert store.exactly().exactly().count() == 300
    store.close()


def test_a_store_says_how_it_is_kept(store: EdgeStore, memory_path: Path) -> None:
    """The precision of a shard is read from the shard itself; a narrow space is kept as it is."""
    store.flush()
    opened = EdgeStore.open(memory_path / "shard")
    assert opened.precision == store.precision
    config = read_config(memory_path / "shard")
    assert has_precision(config, next(one for one in PRECISIONS if one.name == store.precision))
    assert "datatype" not in config["vectors"]["narrow"]
    assert config["vectors"]["narrow"].get("quantization_config") is None
    opened.close()


def recall(path: Path, precision: Precision, rows: Vectors) -> float:
    """The share of the 100 rows truly nearest to each of the first 50 that is found among the others."""
    store = EdgeStore.create(path, {"space": rows.shape[1]}, precision=precision)
    store.upsert([Point(f"p{number}", {"space": row}, {}) for number, row in enumerate(rows[50:])])
    store.optimize()
    kept = []
    for row in rows[:50]:
        wanted = {hit.id for hit in store.exactly().nearest("space", row, 100)}
        kept.append(len(wanted & {hit.id for hit in store.nearest("space", row, 100)}) / len(wanted))
    store.close()
    return float(np.mean(kept))


@pytest.mark.parametrize("precision", [FOUR, TWO], ids=lambda one: one.name)
def test_recall_of_groups_of_neighbours(memory_path: Path, precision: Precision) -> None:
    """Of the 100 truly nearest 99 are found, where rows lie in groups with much in common, as pictures do."""
    chance = np.random.default_rng(8)
    middles = chance.standard_normal((40, 128)) + chance.standard_normal(128)
    rows = middles[chance.integers(0, 40, 2000)] + 0.5 * chance.standard_normal((2000, 128))
    assert recall(memory_path / "shard", precision, rows.astype(np.float32)) >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("precision", [FOUR, TWO], ids=lambda one: one.name)
def test_recall_of_phrases(memory_path: Path, precision: Precision) -> None:
    """The same holds for the phrases of the bank as the demo encoder reads them."""
    embedder = EMBEDDERS["demo"].load()
    texts = [embedder.preprocess(one, "text") for one in neutral_phrases()[:1000]]
    assert recall(memory_path / "shard", precision, embedder.encode(texts, "text")) >= 0.99


# ------------------------------------------------------------------ the table


@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_more_points_are_never_kept_more_precisely(some: int, more: int) -> None:
    """The table goes one way: the more points, the fewer bits."""
    some, more = sorted((some, more))
    first, second = Choice().of(some), Choice().of(more)
    assert PRECISIONS.index(first) <= PRECISIONS.index(second)


@given(st.integers(0, 5_000_000))
def test_a_choice_stays(points: int) -> None:
    """What was chosen is chosen again for as many points, and for a few less."""
    chosen = Choice().of(points)
    assert Choice().of(points, chosen.name) == Choice().of(int(points * 0.9), chosen.name) == chosen


def test_borders() -> None:
    """Exact below 100,000, 4 bits from there, 2 bits from two million; back where a fifth is gone."""
    choice = Choice()
    assert [choice.of(n).name for n in (0, 99_999, 100_000, 1_999_999, 2_000_000)] == [
        *("float32", "float32", "4-bit", "4-bit", "2-bit")
    ]
    assert [choice.of(n, "4-bit").name for n in (80_000, 79_999)] == ["4-bit", "float32"]
    assert [choice.of(n, "2-bit").name for n in (1_600_000, 1_599_999)] == ["2-bit", "4-bit"]


def test_a_person_can_fix_it() -> None:
    """A name counts whatever the size; of one that does not exist it is said which do."""
    assert Choice("2-bit").of(5).name == "2-bit"
    assert Choice("float32").of(5_000_000).name == "float32"
    with pytest.raises(InvalidInputError, match="no precision '3-bit'. Known: float32, 4-bit, 2-bit"):
        Choice("3-bit")


# ------------------------------------------------------------------ growing and shrinking


def publish(index: EdgeIndex, points: list[Point], gone: list[str]) -> list[tuple[int, int]]:
    """Publish a generation with points added and removed; what was told of repacking."""
    told: list[tuple[int, int]] = []
    build = index.begin(SPACES)
    build.store.upsert(points)
    build.store.delete(gone)
    build.publish(lambda done, total: told.append((done, total)))
    return told


def published_as(index: EdgeIndex) -> str:
    """The precision of what is published."""
    return precision_of(read_config(index._path / (index.generation() or ""))).name


def test_an_index_that_grows_and_shrinks_is_repacked(memory_path: Path, exact: MemoryStore) -> None:
    """Past a border all that it holds is kept with the other precision, once, and told; a few less change nothing."""
    index = EdgeIndex(memory_path / "index", choice=LOW)
    assert publish(index, POINTS[:99], []) == []
    assert published_as(index) == "float32"
    assert publish(index, POINTS[99:200], [])[-1] == (200, 200)
    assert published_as(index) == "4-bit"
    assert publish(index, POINTS[200:], []) == []  # only the quantised copy changes, where it lies
    assert published_as(index) == "2-bit"
    with closing(index.open()) as opened:
        agree(opened, exact)
    few = MemoryStore(SPACES)
    few.upsert(POINTS[:90])
    publish(index, [], [point.id for point in POINTS[120:]])
    assert publish(index, [], [point.id for point in POINTS[90:120]]) == []  # 90 of 100: not yet clearly fewer
    assert published_as(index) == "4-bit"
    few.delete([point.id for point in POINTS[70:90]])
    assert publish(index, [], [point.id for point in POINTS[70:90]])[-1] == (70, 70)
    assert published_as(index) == "float32"
    agree(index.open(), few)


def test_a_new_index_is_made_for_what_is_expected(memory_path: Path, exact: MemoryStore) -> None:
    """A first generation for which many records are announced is not written twice."""
    index = EdgeIndex(memory_path / "index", choice=LOW)
    build = index.begin(SPACES, expected=300)
    assert build.store.precision == "2-bit"
    build.store.upsert(POINTS)
    told: list[int] = []
    build.publish(lambda done, total: told.append(done))
    assert (told, published_as(index)) == ([], "2-bit")
    agree(index.open(), exact)


def test_a_new_space_is_kept_as_the_others(memory_path: Path) -> None:
    """A space that is added to a quantised index is quantised when that is published."""
    index = EdgeIndex(memory_path / "index", choice=Choice("4-bit"))
    publish(index, POINTS[:50], [])
    build = index.begin({**SPACES, "b": 64})
    ids = [point.id for point in POINTS[:50]]
    rows = np.random.default_rng(1).standard_normal((50, 64)).astype(np.float32)
    build.store.set_vectors("b", ids, rows)
    assert build.store.nearest("b", rows[7], 1)[0].id == ids[7]
    build.publish()
    config = read_config(memory_path / "index" / (index.generation() or ""))
    assert config["vectors"]["b"]["quantization_config"] == config["vectors"]["a"]["quantization_config"]
    assert index.open().nearest("b", rows[7], 1)[0].id == ids[7]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills in another way")
def test_killed_while_repacking(memory_path: Path, exact: MemoryStore) -> None:
    """A process killed in the middle harms nothing that is published; the next one ends the work, with nothing lost."""
    path = memory_path / "index"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, killed_recast.__file__, str(path)],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert (done.returncode, done.stdout.decode().split()) == (-signal.SIGKILL, ["repacking"])
    assert list(path.glob("*.recast"))
    index = EdgeIndex(path, choice=LOW)
    assert (index.open().precision, index.open().count()) == ("float32", 90)
    build = index.begin(SPACES)
    assert (build.resumed, build.store.count()) == (True, 300)
    build.publish()
    assert index.open().precision == "2-bit"
    agree(index.open(), exact)
    assert not list(path.glob("*.recast"))


# ------------------------------------------------------------------ on a server


def test_a_collection_has_the_precision(exact: MemoryStore) -> None:
    """A collection is configured as the table says, it is read from there again, and what it is asked is rescored."""
    client = QdrantClient(":memory:")
    store = ServerStore.create(client, "points", SPACES, "memory", precision=FOUR)
    config = client.get_collection("points").config.params.vectors
    said = {name: one.model_dump(mode="json", exclude_none=True) for name, one in config.items()}
    turbo = {"turbo": {"memory": "pinned", "bits": "bits4"}}
    for space in ("a", "a-tiles"):
        assert (said[space]["datatype"], said[space]["quantization_config"]) == ("float16", turbo)
        assert said[space]["hnsw_config"] == {"m": 0}
    assert not {"datatype", "quantization_config"} & set(said["narrow"])
    assert ServerStore(client, "points", "memory").precision == "4-bit"
    store.upsert(POINTS)
    agree(store, exact)


def test_a_collection_that_has_grown_is_copied_with_the_other_precision() -> None:
    """On a server the next generation, a copy of the last, is kept as its size asks."""
    index = ServerIndex(QdrantClient(":memory:"), "museum", "memory", choice=LOW)
    for some, wanted in ((POINTS[:150], "float32"), (POINTS[150:160], "4-bit"), ([], "4-bit")):
        build = index.begin(SPACES)
        build.store.upsert(some)
        build.publish()
        assert index.open().precision == wanted


def test_float32_is_searched_exactly() -> None:
    """An exact store is its own exact one."""
    store = MemoryStore(SPACES)
    assert store.precision == FLOAT32.name
    assert store.exactly() is store
