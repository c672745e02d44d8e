"""Every store finds the words of the metadata, and scores them, like the exact store in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import qdrant_edge as edge

from archive_search.metadata.words import document
from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.ids import internal_id
from archive_search.testing import MemoryStore
from archive_search.types import InvalidInputError, Match, Point, Store

PAYLOADS = {
    "flint": {"title": "Flintøkse", "period": "Neolithic"},
    "axes": {"title": "Økser", "description": "To økser af flint, den ene slebet", "period": "Neolithic"},
    "bronze": {"title": "axe, bronze", "material": ["bronze", "wood"]},
    "bead": {"title": "Perle", "material": "rav"},
    "number": {"title": "A1023"},
    "silent": {"width": 7},
    "painted": {"title": "Krater", "extra": {"attribution": "Myson", "essay": "Myson " + "said much " * 300}},
    "spoken of": {"title": "Krater", "extra": {"essay": "unlike " * 300 + "Myson"}},
}
POINTS = [Point(one, {}, payload) for one, payload in PAYLOADS.items()]
QUESTIONS = [
    *({"økse": 1.0}, {"axe": 1.0, "bronze": 0.5}, {"flint": 2.0, "økse": 1.0}),
    *({"rav": 1.0}, {"slebne": 1.0}, {"myson": 1.0}),
]


def reference() -> MemoryStore:
    """The same points in the exact store."""
    made = MemoryStore({"a": 8})
    made.upsert(POINTS)
    return made


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_every_store_matches_alike(store: Store, words: dict[str, float]) -> None:
    """Words are found in the same records, in the same order, with the same scores, on every store."""
    store.upsert(POINTS)
    found, wanted = store.matching(words, 10), reference().matching(words, 10)
    assert [hit.id for hit in found] == [hit.id for hit in wanted]
    np.testing.assert_allclose([hit.score for hit in found], [hit.score for hit in wanted], rtol=1e-5)
    ids = [*PAYLOADS, "nowhere"]
    np.testing.assert_allclose(store.word_scores(words, ids), reference().word_scores(words, ids), rtol=1e-5)


def test_stems_and_compounds_are_found(store: Store) -> None:
    """Økse finds økser and flintøkse; what holds no such word is left out."""
    store.upsert(POINTS)
    assert {hit.id for hit in store.matching({"økse": 1.0}, 10)} == {"flint", "axes"}
    assert store.matching({"sværd": 1.0}, 10) == ()
    assert store.matching({}, 10) == ()
    assert store.matching({"økse": 1.0}, 0) == ()


def test_columns_without_a_field_are_found(store: Store) -> None:
    """A name in a column that no field was mapped to finds its record, before one that names it in a long text."""
    store.upsert(POINTS)
    found = store.matching({"myson": 1.0}, 10)
    assert [hit.id for hit in found] == ["painted", "spoken of"]
    assert found[0].score > 5 * found[1].score


def test_records_that_hold_a_word_are_counted(store: Store) -> None:
    """A word is held by the records that say it in any of its forms; nobody holds one that nobody says."""
    store.upsert(POINTS)
    assert [store.holding(word) for word in ("økse", "økser", "krater", "xyzzy")] == [2, 2, 2, 0]


def test_filters_and_limits_hold_for_words(store: Store) -> None:
    """Only records that pass the filters are found, and no more than asked for."""
    store.upsert(POINTS)
    assert [hit.id for hit in store.matching({"bronze": 1.0, "økse": 1.0}, 9, [Match("material", ("wood",))])] == [
        "bronze"
    ]
    assert len(store.matching({"økse": 1.0}, 1)) == 1


def test_equals_are_taken_by_internal_id(store: Store) -> None:
    """Of records that say words alike those with the smallest internal ids are found, all with one score, by id."""
    ids = [f"{number:03}" for number in range(300)]
    store.upsert([Point(one, {}, {"title": "Økse af flint"}) for one in reversed(ids)])
    for limit in (1, 40, 299, 400):
        found = store.matching({"økse": 1.0, "flint": 0.5}, limit)
        assert [hit.id for hit in found] == sorted(sorted(ids, key=internal_id)[:limit])
        assert len({hit.score for hit in found}) == 1
    assert len(set(store.word_scores({"økse": 1.0}, ids).tolist())) == 1


def test_equals_come_before_none_that_say_it_better(store: Store) -> None:
    """A record that says a word in a shorter text is found first, whatever its internal id."""
    store.upsert([Point(one, {}, {"title": "Økse af flint"}) for one in map(str, range(100))])
    last = max((f"short {number}" for number in range(50)), key=internal_id)
    store.upsert([Point(last, {}, {"title": "Økse"})])
    assert [hit.id for hit in store.matching({"økse": 1.0}, 1)] == [last]


def test_words_follow_the_payload(store: Store) -> None:
    """Words of a payload set anew replace the old ones; a record that says nothing, or is gone, is found no more."""
    store.upsert(POINTS)
    store.set_payload(["bead", "bronze"], [{"title": "Økse"}, {}])
    store.delete(["flint"])
    assert {hit.id for hit in store.matching({"økse": 1.0, "rav": 1.0, "bronze": 1.0}, 10)} == {"bead", "axes"}
    assert store.word_scores({"bronze": 1.0}, ["bronze"])[0] == 0


def test_words_take_no_vector_away(store: Store) -> None:
    """Vectors set later leave the words, and words leave the vectors."""
    row = np.eye(8, dtype=np.float32)[:1]
    store.upsert([Point("one", {"a": row[0]}, {"title": "Økse"})])
    store.set_vectors("a", ["one"], row)
    store.set_payload(["one"], [{"title": "Sværd"}])
    assert store.matching({"sværd": 1.0}, 1)[0].id == "one"
    assert store.scores("a", row[0], ["one"])[0] == pytest.approx(1, abs=1e-6)
    assert set(store.points(["one"], "a")[0].vectors) == {"a"}


def test_the_name_of_the_words_is_kept(store: Store) -> None:
    """No space of vectors may have the name of the words."""
    with pytest.raises(InvalidInputError, match="'words' is kept for the words"):
        store.add_space("words", 3)


def test_an_index_made_before_gets_its_words_at_the_next_build(memory_path: Path) -> None:
    """A generation without words opens and finds none; the next build finds the words of all its points."""
    path = memory_path / "index" / "gen-000001"
    path.mkdir(parents=True)
    vectors = {"a": edge.EdgeVectorParams(size=8, distance=edge.Distance.Cosine)}
    shard = edge.EdgeShard.create(str(path), edge.EdgeConfig(vectors=vectors, wal_enabled=False))
    old = EdgeStore(shard, {"a": 8}, writable=True, has_words=False)
    old.upsert(POINTS)
    old.flush()
    old.close()
    (memory_path / "index" / "CURRENT").write_text("gen-000001\n", encoding="utf-8")
    index = EdgeIndex(memory_path / "index")
    published = index.open()
    assert published.matching({"økse": 1.0}, 10) == ()
    assert published.word_scores({"økse": 1.0}, ["flint"]).tolist() == [0]
    published.close()
    build = index.begin({"a": 8})
    assert {hit.id for hit in build.store.matching({"økse": 1.0}, 10)} == {"flint", "axes"}
    build.publish()
    assert {hit.id for hit in index.open().matching({"økse": 1.0}, 10)} == {"flint", "axes"}


def test_weights_by_hand() -> None:
    """One word in a record of one word has weight (k1 + 1) / (1 + k1 (1 - b + b / 8)), for every field it is in."""
    (weight,) = set(document({"title": "urne"}).values())
    assert weight == pytest.approx(1.6 / (1 + 0.6 * (0.7 + 0.3 / 8)))
    assert document({"width": 3, "title": None, "material": ["", None]}) == {}
