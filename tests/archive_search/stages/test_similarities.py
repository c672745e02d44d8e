"""How similar records are to an example, and where a gate of the category ends among them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.ranking.within import Within
from archive_search.stages.similarities import similarity_histogram
from archive_search.types import Example, Hit, Match, Query

from .conftest import COUNT, Compass


def test_every_record_is_counted(compass):
    """The bars hold all records, between the least and the most similar; around a compass the ends hold most."""
    found = similarity_histogram(compass, "east", bins=20)
    assert (sum(found.counts), found.looked, found.records) == (COUNT, COUNT, COUNT)
    assert len(found.edges) == 21
    assert (found.edges[0], found.edges[-1]) == (pytest.approx(-1, abs=1e-4), pytest.approx(1, abs=1e-4))
    assert max(found.counts) in (found.counts[0], found.counts[-1])


@given(share=st.floats(0.01, 0.99), word=st.sampled_from(list(Compass.words)))
def test_the_threshold_is_that_of_the_gate(compass, share, word):
    """From the threshold on the step `within` lets records through, and none below it."""
    example = Example("text", word)
    search = compass.context(Query((example,)))
    everything = tuple(Hit(one, 0.0) for one in compass.store.ids())
    passed = {hit.id for hit in Within(example, share, at_least=1)(search, everything)}
    threshold = similarity_histogram(compass, word).threshold(share)
    ids = [hit.id for hit in everything]
    similar = dict(zip(ids, search.similarities((example,), ids).tolist(), strict=True))
    assert passed == {one for one, value in similar.items() if value >= threshold}


def test_filters_hold(compass):
    """Only records that pass the filters are counted, and the gate is told among them."""
    found = similarity_histogram(compass, "north", where=(Match("material", ("flint",)),))
    assert found.records == found.looked == compass.store.count((Match("material", ("flint",)),))
    assert found.passing(0.5) == round(found.records / 2)


def test_asked_again_nothing_is_encoded(compass):
    """The second question about an example in the same generation reads what the first has found."""
    similarity_histogram(compass, "south")
    before = compass.asked
    assert similarity_histogram(compass, "south", bins=7).counts
    assert compass.asked == before


def test_where_nothing_can_be_told(compass):
    """There is no histogram of a word that the embedder does not know, nor of no records."""
    assert similarity_histogram(compass, "zzxqy") is None
    assert similarity_histogram(compass, "east", where=(Match("material", ("gold",)),)) is None


def test_a_sample_stands_for_a_large_archive():
    """Where there are more records than are looked at, a fixed sample of them is, and all are counted."""
    compass = Compass()
    points = [point for n in range(3) for point in _again(compass, n)]
    compass.store.upsert(points)
    found = similarity_histogram(compass, "east")
    assert (found.looked, found.records) == (2000, 4 * COUNT)
    assert found.threshold(0.5) == pytest.approx(0.0, abs=0.2)
    assert np.isclose(sum(found.counts[:20]) / found.looked, 0.5, atol=0.05)


def _again(compass, time):
    for point in list(compass.store.scan((), "compass")):
        if point.id.startswith("r"):
            yield type(point)(f"{time}-{point.id}", point.vectors, point.payload)
