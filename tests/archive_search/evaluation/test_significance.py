"""Intervals and tests of differences."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from archive_search.evaluation.significance import bootstrap, holm, randomisation_test
from archive_search.types import InvalidInputError

DIFFERENCES = st.lists(st.floats(-1, 1, allow_nan=False).map(lambda x: round(x, 3)), min_size=1, max_size=12)


def test_randomisation_by_hand():
    """Three equal gains: of eight assignments of signs two are as far from 0, so p is 1/4."""
    assert randomisation_test([0.1, 0.1, 0.1]) == 0.25
    assert randomisation_test([0.2, -0.2]) == 1.0
    assert randomisation_test([0.0, 0.0]) == 1.0
    assert randomisation_test([]) == 1.0


@given(DIFFERENCES)
@settings(max_examples=40, deadline=None)
def test_randomisation_laws(values):
    """A p is in (0, 1], the same for the other sign, in any order, and with more topics that do not differ."""
    p = randomisation_test(values)
    assert 0 < p <= 1
    assert p == randomisation_test([-one for one in values])
    assert p == randomisation_test(sorted(values))
    assert p == randomisation_test([*values, 0.0])


@given(DIFFERENCES)
@settings(max_examples=15, deadline=None)
def test_exact_is_every_assignment(values):
    """For few topics p is the share of all assignments of signs, counted one by one."""
    observed = abs(sum(values))
    signs = itertools.product((1, -1), repeat=len(values))
    sums = [abs(sum(s * v for s, v in zip(some, values, strict=True))) for some in signs]
    assert randomisation_test(values) == pytest.approx(sum(one >= observed - 1e-9 for one in sums) / len(sums))


def test_many_topics_agree_with_scipy():
    """For more topics than can be counted out, p is near scipy's permutation test, and the same for the same seed."""
    values = np.random.default_rng(3).normal(0.03, 0.1, 40)
    ours = randomisation_test(values)
    theirs = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(1)
    ).pvalue
    assert ours == pytest.approx(theirs, abs=0.012)
    assert ours == randomisation_test(values)
    assert randomisation_test([0.5] * 40) == 1 / 20_001


def test_bootstrap_covers_the_mean():
    """The interval is near the normal one for many values, the same for the same seed, and a point for equal values."""
    values = np.random.default_rng(5).normal(0.4, 0.2, 200)
    low, high = bootstrap(values)
    margin = 1.96 * values.std() / 200**0.5
    assert (low, high) == (
        pytest.approx(values.mean() - margin, abs=0.004),
        pytest.approx(values.mean() + margin, abs=0.004),
    )
    assert bootstrap(values) == (low, high)
    assert bootstrap([0.5, 0.5, 0.5]) == (0.5, 0.5)


def test_one_topic_has_no_interval():
    """Of fewer than two values nothing can be said."""
    assert bootstrap([0.5]) is None
    assert bootstrap([]) is None


def test_holm_by_hand():
    """The smallest p is multiplied by the number of tests, the next by one less, and none gets below one before it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([0.2]) == (0.2,)
    assert holm([]) == ()


def test_what_is_no_number_is_refused():
    """A missing value must not become an interval."""
    with pytest.raises(InvalidInputError):
        bootstrap([0.1, float("nan")])
