"""Evidence: what scores make of a ranking."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from archive_search.ranking.parts.evidence import rescored
from archive_search.types import Hit

SCORES = st.one_of(st.sampled_from([0.0, -0.0, 0.5, -1.0]), st.floats(-2.0, 2.0))


@given(st.lists(st.tuples(st.text("abc", max_size=5), SCORES), unique_by=lambda one: one[0]))
def test_hits_are_ordered_by_their_new_scores_and_equal_ones_by_id(pairs):
    """Hits that get scores come best first, equal scores by id, each with its own, however many are equal."""
    ranking = tuple(Hit(one, 7.0) for one, _ in pairs)
    found = rescored(ranking, np.array([score for _, score in pairs], dtype=np.float64))
    assert [(hit.id, hit.score) for hit in found] == sorted(pairs, key=lambda one: (-one[1], one[0]))
    assert not any(hit.payload for hit in found)
