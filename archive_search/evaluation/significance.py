"""Is a difference more than chance? Bootstrap intervals, the paired randomisation test, Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive_search.types import InvalidInputError

EXACT = 14
"""Up to so many topics that differ, every one of the 2^n assignments of signs is counted."""

_TOLERANCE = 1e-12  # sums of the same numbers in another order differ in the last bits
_AT_ONCE = 2_000_000  # numbers in memory, not rounds


def bootstrap(values: Sequence[float], rounds: int = 10_000, seed: int = 0) -> tuple[float, float] | None:
    """
    The 95 % percentile interval of a mean over topics (Efron, 1979); None for fewer than two topics.

    Topics are drawn with replacement `rounds` times, the same draws for the same seed.
    """
    numbers = _numbers(values)
    if len(numbers) < 2:
        return None
    rng = np.random.default_rng(seed)
    means = [
        numbers[rng.integers(0, len(numbers), (size, len(numbers)))].mean(axis=1)
        for size in _portions(rounds, len(numbers))
    ]
    low, high = np.quantile(np.concatenate(means), (0.025, 0.975))
    return float(low), float(high)


def randomisation_test(differences: Sequence[float], rounds: int = 20_000, seed: int = 0) -> float:
    """
    Fisher's paired randomisation test, two-sided: how often coin tosses for the signs give a mean as far from 0.

    Smucker, Allan and Carterette, A Comparison of Statistical Significance Tests for Information Retrieval Evaluation,
    CIKM 2007, https://doi.org/10.1145/1321440.1321528. Exact where at most `EXACT` topics differ; otherwise `rounds`
    random assignments, the observed one counted among them, so that p is never 0.

    Args:
        differences: For each topic, one strategy's value minus the other's.
    """
    numbers = _numbers(differences)
    differ = numbers[numbers != 0]  # a topic without a difference has the same sum under either sign
    if not len(differ):
        return 1.0
    observed = abs(float(differ.sum())) - _TOLERANCE * float(np.abs(differ).sum())
    if len(differ) <= EXACT:
        signs = 1 - 2 * ((np.arange(2 ** len(differ))[:, None] >> np.arange(len(differ))) & 1)  # (2^n, n)
        return float((np.abs(signs @ differ) >= observed).mean())
    rng = np.random.default_rng(seed)
    as_large = 0
    for size in _portions(rounds, len(differ)):
        signs = rng.integers(0, 2, (size, len(differ)), dtype=np.int8) * 2 - 1
        as_large += int((np.abs(signs @ differ) >= observed).sum())
    return (as_large + 1) / (rounds + 1)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """
    Holm's correction for several tests, in the order given: a corrected p below 0.05 holds for all of them together.

    S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979, https://www.jstor.org/stable/4615733.
    """
    corrected = [0.0] * len(p_values)
    reached = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        reached = max(reached, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = reached
    return tuple(corrected)


def _numbers(values: Sequence[float]) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise InvalidInputError("A value to be tested is not a number.")
    return numbers


def _portions(rounds: int, width: int) -> list[int]:
    size = max(1, _AT_ONCE // width)
    return [min(size, rounds - start) for start in range(0, rounds, size)]
