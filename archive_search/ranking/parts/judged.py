"""What judgements say: where liked records lead and disliked ones do not, and how far that can be trusted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

EXPECTED, SURE = 0.65, 0.1
"""How well likeness tells liked from disliked (0.5: not at all) before anything was judged, and its spread."""
DOUBT = 3.0
"""So many dislikes are taken for granted: where everything is liked, there is little to mend."""
FEW = 0.5
"""So many likes are taken for granted where dislikes are weighed: without likes they say little of what is wanted."""


def movement(liked: Rows, disliked: Rows, usual: Rows, first: Rows, beta: float, gamma: float) -> Rows:
    """
    The vector (dim,) to add to a query of length 1: towards the liked, away from the disliked.

    Args:
        liked: (n, dim) rows of length 1; `disliked` alike; not both empty.
        usual: (dim,) the mean of what may be found. Likeness to it tells nothing apart: it is taken from the liked.
        first: (dim,) the mean of the first hits. What the disliked share with it is the query: it stays.
        beta: weight of the liked.
        gamma: weight of the disliked; with n likes (n + 0.5) / (n + 1.5) of it counts.

    The movement is the smaller, the fewer of the judged are disliked (a search that is right has nothing to gain), and
    the worse the judgements agree with each other (`trust`).
    """
    gamma *= (len(liked) + FEW) / (len(liked) + 1 + FEW)
    moved = np.zeros_like(usual)
    if len(liked):
        moved += beta * (liked.mean(axis=0) - usual)
    if len(disliked):
        moved -= gamma * (disliked.mean(axis=0) - first)
    wrong = (len(disliked) + DOUBT) / (len(liked) + len(disliked) + DOUBT)
    found: Rows = wrong * trust(liked, disliked, usual, first, beta, gamma) * moved
    return found


def trust(liked: Rows, disliked: Rows, usual: Rows, first: Rows, beta: float, gamma: float) -> float:
    """
    How far the judgements agree with each other, 0 to 1.

    Every pair of a liked and a disliked record is left out in turn: how often does the movement that the others make
    put the liked one before the disliked? The share counts against `EXPECTED` by the precision of both; 0.5, which is
    chance, gives 0, and `EXPECTED` gives 1. Without a pair and others to judge it by, what is expected counts.
    """
    n, m = len(liked), len(disliked)
    if n < 2 or not m:
        return 1.0
    among_liked, between, among_disliked = liked @ liked.T, liked @ disliked.T, disliked @ disliked.T
    # the likeness of each left-out one to the mean of the other liked, less that to what is usual: (n, 1), (n, m)
    own = ((among_liked.sum(axis=1) - among_liked.diagonal()) / (n - 1) - liked @ usual)[:, None]
    other = (between.sum(axis=0) - between) / (n - 1) - disliked @ usual
    apart = beta * (own - other)
    if m > 1:
        own = (between.sum(axis=1)[:, None] - between) / (m - 1) - (liked @ first)[:, None]
        other = (among_disliked.sum(axis=1) - among_disliked.diagonal()) / (m - 1) - disliked @ first
        apart -= gamma * (own - other)
    share = float(np.mean(apart > 0) + np.mean(apart == 0) / 2)
    measured = 12 * n * m / (n + m + 1)  # one over the variance of that share where there is nothing to tell apart
    found = (share * measured + EXPECTED / SURE**2) / (measured + 1 / SURE**2)
    return float(np.clip((found - 0.5) / (EXPECTED - 0.5), 0.0, 1.0))
