"""Agreement between judges, against published and hand-computed examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.evaluation.agreement import agreements, cohen_kappa, fleiss_kappa
from archive_search.types import InvalidInputError
from archive_search.workspace.judgements import Judgement

FLEISS_1971_STYLE = [  # the worked example of the Wikipedia article: ten subjects, fourteen raters, five categories
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
]


def test_cohen_by_hand():
    """Twenty yes by both, fifteen no by both, five and ten apart: 0.7 observed, 0.5 expected, kappa 0.4."""
    first = [1] * 20 + [1] * 5 + [0] * 10 + [0] * 15
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_weighted_cohen_by_hand():
    """With linear weights a neighbouring grade counts as half a disagreement of two grades."""
    # distances 0 1 2 0: observed 3/4; all pairs of 0 0 2 2 and 0 1 0 2: 2 * (0+1+0+2) + 2 * (2+1+2+0) = 16 of 16
    assert cohen_kappa([0, 0, 2, 2], [0, 1, 0, 2], "linear") == pytest.approx(1 - 0.75 / 1.0)


def test_fleiss_published_example():
    """The worked example of fourteen raters and ten subjects gives 0.210."""
    ratings = [[grade for grade, count in enumerate(row) for _ in range(count)] for row in FLEISS_1971_STYLE]
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=0.0005)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_cohen_is_symmetric_and_at_most_one(pairs):
    """Swapping the judges changes nothing, full agreement is 1, and no kappa is above 1."""
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    for weights in ("none", "linear"):
        kappa = cohen_kappa(a, b, weights)
        assert kappa == cohen_kappa(b, a, weights) or kappa == pytest.approx(cohen_kappa(b, a, weights))
        assert kappa is None or kappa <= 1
        assert cohen_kappa(a, a, weights) in (None, pytest.approx(1.0))


def test_undefined_where_there_is_one_grade():
    """Judges who only ever gave one and the same grade have no kappa."""
    assert cohen_kappa([2, 2], [2, 2]) is None
    assert fleiss_kappa([[1, 1, 1], [1, 1, 1]]) is None


def test_uneven_ratings_are_refused():
    """Items rated by different numbers of raters, or lists of different length, are refused."""
    with pytest.raises(InvalidInputError):
        fleiss_kappa([[1, 2], [1]])
    with pytest.raises(InvalidInputError):
        cohen_kappa([1], [1, 2])


def test_agreements_of_three_judges():
    """Every pair that shares records has a row, and all three together one by Fleiss, on what all three judged."""
    grades = {"ann": (0, 1, 2, 3), "bo": (0, 1, 2, 2), "cy": (0, 1, 0, 3)}
    made = [Judgement("t", f"r{i}", judge, grade) for judge, row in grades.items() for i, grade in enumerate(row)]
    found = agreements([*made, Judgement("t", "r9", "ann", 3), Judgement("t", "r0", "dee", None)])
    assert [one.judges for one in found] == [("ann", "bo"), ("ann", "cy"), ("bo", "cy"), ("ann", "bo", "cy")]
    assert [one.items for one in found] == [4, 4, 4, 4]
    assert found[0].observed == 0.75
    assert found[0].binary == pytest.approx(1.0)
    assert found[3].kappa == pytest.approx(fleiss_kappa(list(zip(*grades.values(), strict=True))))


def test_judges_who_share_nothing():
    """Two judges without a common record have no agreement."""
    assert agreements([Judgement("t", "a", "ann", 1), Judgement("t", "b", "bo", 1)]) == ()
