"""What judgements say: where they lead, and how far that can be trusted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.ranking.parts.judged import movement, trust

ZERO = np.zeros(16)


def rows(seed: int, count: int, towards: np.ndarray = ZERO, how: float = 0.0) -> np.ndarray:
    """Random rows of length 1, drawn towards a vector."""
    drawn = np.random.default_rng(seed).standard_normal((count, 16)) + how * towards
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


EAST = np.eye(16)[0]
NONE = rows(0, 0)


def test_one_like_is_followed():
    """One like leads from what is usual to the liked record."""
    (liked,) = rows(1, 1)
    usual = 0.1 * EAST
    assert movement(liked[None], NONE, usual, ZERO, 1.0, 0.5) == pytest.approx(0.75 * (liked - usual))


def test_what_all_have_in_common_is_no_reason():
    """Liked records that are what is usual, and disliked ones that are as the first hits are, move nothing."""
    some = rows(2, 4, EAST, 5)
    assert movement(some, NONE, some.mean(axis=0), ZERO, 1.0, 0.5) == pytest.approx(ZERO)
    assert movement(NONE, some, ZERO, some.mean(axis=0), 1.0, 0.5) == pytest.approx(ZERO)


def test_the_more_is_liked_the_less_is_mended():
    """Where nothing is disliked the movement shrinks with every like: the search was right."""
    some = rows(3, 30, EAST, 5)
    lengths = [float(np.linalg.norm(movement(some[:n], NONE, ZERO, ZERO, 1.0, 0.5))) for n in (1, 5, 30)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < 0.15


def test_dislikes_alone_say_little():
    """Without a like, dislikes have a third of their weight; beside ten, nearly all."""
    disliked = rows(4, 10, EAST, 5)
    alone = movement(NONE, disliked, ZERO, ZERO, 1.0, 0.6)
    assert alone == pytest.approx(-0.2 * disliked.mean(axis=0))
    beside = movement(rows(5, 10), disliked, ZERO, ZERO, 0.0, 0.6)
    assert np.linalg.norm(beside) > 0.9 * np.linalg.norm(alone)  # although half of what was seen is liked


def test_judgements_that_agree_are_trusted():
    """Where every liked record is more like the others than a disliked one is, all of the movement counts."""
    assert trust(rows(6, 8, EAST, 8), rows(7, 20, -EAST, 8), ZERO, ZERO, 1.0, 0.5) == 1.0


def test_noise_is_not_followed():
    """Likes that are drawn at random are trusted the less the more there are of them: in the end not at all."""
    mean = [
        np.mean([trust(rows(seed, n), rows(seed + 500, n), ZERO, ZERO, 1.0, 0.5) for seed in range(40)])
        for n in (5, 20, 150)
    ]
    assert mean[0] > mean[1] > mean[2]
    assert mean[2] < 0.2


def test_judgements_against_likeness_are_not_followed():
    """Where the disliked are more like the liked than these are like each other, likeness is no guide."""
    liked = np.concatenate([np.eye(16)[:8], -np.eye(16)[:8]])
    disliked = rows(8, 30)
    assert trust(liked, disliked, ZERO, ZERO, 1.0, 0.0) == 0.0
    assert movement(liked, disliked, ZERO, ZERO, 1.0, 0.0) == pytest.approx(ZERO)


def test_few_judgements_are_trusted_as_expected():
    """One like, or likes without a dislike, cannot be tried on each other: what is expected of judgements counts."""
    assert trust(rows(9, 1), rows(10, 9), ZERO, ZERO, 1.0, 0.5) == 1.0
    assert trust(rows(9, 9), NONE, ZERO, ZERO, 1.0, 0.5) == 1.0


@given(st.integers(2, 5), st.integers(1, 5), st.integers(0, 10_000), st.floats(0.1, 3), st.floats(0, 3))
def test_pairs_are_left_out_in_turn(n, m, seed, beta, gamma):
    """The trust is that of moving by all others, for every pair of a liked and a disliked record."""
    liked, disliked = rows(seed, n), rows(seed + 1, m)
    usual, first = rows(seed + 2, 2) * 0.3
    right = []
    for i in range(n):
        for j in range(m):
            moved = beta * (np.delete(liked, i, 0).mean(axis=0) - usual)
            if m > 1:
                moved -= gamma * (np.delete(disliked, j, 0).mean(axis=0) - first)
            right.append(float((liked[i] - disliked[j]) @ moved > 0))
    precision = 12 * n * m / (n + m + 1)
    found = (np.mean(right) * precision + 0.65 * 100) / (precision + 100)
    expected = float(np.clip((found - 0.5) / 0.15, 0, 1))
    assert trust(liked, disliked, usual, first, beta, gamma) == pytest.approx(expected, abs=1e-6)
