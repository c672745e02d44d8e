"""How alike two rankings are: shared records at a depth, and rank-biased overlap."""

from __future__ import annotations

from collections.abc import Sequence

from archive_search.types import InvalidInputError


def overlap(first: Sequence[str], second: Sequence[str], k: int) -> float:
    """The share of records that two top k have in common, 0 to 1; of a list shorter than k, what it holds."""
    if k < 1:
        raise InvalidInputError(f"An overlap needs a depth of 1 or more, got {k}.")
    a, b = set(first[:k]), set(second[:k])
    longest = max(len(a), len(b))
    return len(a & b) / longest if longest else 1.0


def rank_biased_overlap(first: Sequence[str], second: Sequence[str], p: float = 0.9) -> float:
    """
    Extrapolated rank-biased overlap, RBO_ext, 0 to 1: agreement at every depth, weighted towards the top.

    Webber, Moffat and Zobel, A Similarity Measure for Indefinite Rankings, TOIS 2010,
    https://doi.org/10.1145/1852102.1852106, equation 32: lists may differ in length, and the agreement seen is taken
    to go on below them. Two empty lists are alike, one empty list is like no other.

    Args:
        p: How patient the reader is: with 0.9 the first ten ranks have 86 % of the weight.
    """
    if not 0 < p < 1:
        raise InvalidInputError(f"The p of rank-biased overlap lies between 0 and 1, got {p:g}.")
    if len(set(first)) != len(first) or len(set(second)) != len(second):
        raise InvalidInputError("A ranking names a record twice.")
    short, long = sorted((first, second), key=len)
    s, l = len(short), len(long)  # noqa: E741  as in the paper
    if not s:
        return float(not l)
    if list(short) == list(long[:s]):
        return 1.0  # what the sum below comes to, without its rounding
    seen_short: set[str] = set()
    seen_long: set[str] = set()
    shared = [0]  # X_d: how many records both have down to depth d
    for d in range(1, l + 1):
        seen_long.add(long[d - 1])
        more = int(long[d - 1] in seen_short)
        if d <= s:
            seen_short.add(short[d - 1])
            more += int(short[d - 1] in seen_long)
        shared.append(shared[-1] + more)
    seen = sum(shared[d] / d * p**d for d in range(1, l + 1))
    seen += sum(shared[s] * (d - s) / (s * d) * p**d for d in range(s + 1, l + 1))
    return min(1.0, (1 - p) / p * seen + ((shared[l] - shared[s]) / l + shared[s] / s) * p**l)
