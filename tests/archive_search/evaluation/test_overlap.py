"""How alike two rankings are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.evaluation.overlap import overlap, rank_biased_overlap
from archive_search.types import InvalidInputError

RANKINGS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)
P = st.floats(0.05, 0.95)


def test_overlap_by_hand():
    """The share of the top k in common; of lists shorter than k, of the longer one."""
    assert overlap("abcd", "badz", 2) == 1.0
    assert overlap("abcd", "badz", 4) == 0.75
    assert overlap("ab", "a", 10) == 0.5
    assert overlap("", "", 10) == 1.0


def test_rbo_of_equal_length_by_hand():
    """With p = 0.5 and lists ab and ba: agreements 0 and 1 give (1-p)/p * p^2 + p^2 = 0.5."""
    assert rank_biased_overlap("ab", "ba", 0.5) == pytest.approx(0.5)


def test_rbo_by_the_definition():
    """For lists of the same length it is the sum of agreements weighted by (1-p) p^(d-1), the last one going on."""
    first, second, p = "abcde", "bacfg", 0.8
    agreement = [0 / 1, 2 / 2, 3 / 3, 3 / 4, 3 / 5]
    expected = (1 - p) * sum(a * p**d for d, a in enumerate(agreement)) + agreement[-1] * p**5
    assert rank_biased_overlap(first, second, p) == pytest.approx(expected)


def test_rbo_of_uneven_lists_by_hand():
    """Where one list ends its agreement is taken to go on: ab against acb, p = 0.5, summed by equation 32."""
    # X = 1, 1, 2; s = 2, l = 3: sum X_d/d p^d = 0.5 + 0.125 + 0.083333; sum X_s (d-s)/(s d) p^d = 1*1/6*0.125
    expected = (0.5 + 0.125 + 2 / 3 * 0.125 + 0.125 / 6) + ((2 - 1) / 3 + 1 / 2) * 0.125
    assert rank_biased_overlap("ab", "acb", 0.5) == pytest.approx(expected)


@given(RANKINGS, RANKINGS, P)
def test_rbo_laws(first, second, p):
    """It lies from 0 to 1, does not care which ranking is first, is 1 for a ranking and itself, 0 for disjoint ones."""
    found = rank_biased_overlap(first, second, p)
    assert -1e-9 <= found <= 1
    assert found == pytest.approx(rank_biased_overlap(second, first, p))
    assert rank_biased_overlap(first, first, p) == 1.0
    assert rank_biased_overlap(["x", *"yz"], second, p) == pytest.approx(0.0)


@given(RANKINGS, P)
def test_a_prefix_is_alike(ranking, p):
    """The beginning of a ranking agrees with the whole of it fully."""
    for length in range(1, len(ranking) + 1):
        assert rank_biased_overlap(ranking[:length], ranking, p) == 1.0


def test_top_ranks_weigh_more():
    """A swap at the top costs more than one at the bottom."""
    assert rank_biased_overlap("abcdef", "bacdef") < rank_biased_overlap("abcdef", "abcdfe")


def test_input_is_checked():
    """A p out of range, a depth below 1 and a record twice are refused."""
    with pytest.raises(InvalidInputError):
        rank_biased_overlap("ab", "ab", 1.0)
    with pytest.raises(InvalidInputError):
        rank_biased_overlap("aa", "ab")
    with pytest.raises(InvalidInputError):
        overlap("a", "a", 0)
