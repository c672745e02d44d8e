"""Blind comparison of two strategies: one list drafted from both, and which of them the liked records speak for."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from archive_search.types import InvalidInputError

Team: TypeAlias = Literal["first", "second"]
SIGNIFICANT = 0.05
"""A preference counts from below this p on."""


@dataclass(frozen=True)
class Interleaved:
    """One list from two rankings: record ids from the top, and which ranking gave each. Show only the ids."""

    ids: tuple[str, ...]
    teams: tuple[Team, ...]

    def team(self, name: Team) -> tuple[str, ...]:
        """The records that one ranking gave, in its order."""
        return tuple(one for one, team in zip(self.ids, self.teams, strict=True) if team == name)


@dataclass(frozen=True)
class Credit:
    """How many liked records each ranking gave, and which has more."""

    first: int
    second: int

    @property
    def winner(self) -> Team | None:
        """The ranking with more liked records; None for a draw."""
        if self.first == self.second:
            return None
        return "first" if self.first > self.second else "second"


@dataclass(frozen=True)
class Preference:
    """
    What several blind comparisons say together.

    `share` is the second ranking's part of all queries, draws counted half: 0.5 is no preference. `p` is of the
    two-sided sign test over the queries that were no draw.
    """

    first: int
    second: int
    draws: int
    share: float
    p: float

    @property
    def winner(self) -> Team | None:
        """The ranking that wins more queries, if chance gives as clear a count in fewer than one case in twenty."""
        if self.p >= SIGNIFICANT:
            return None
        return "first" if self.first > self.second else "second"

    @property
    def needed(self) -> int:
        """How many more comparisons there must be at least, all won by the ranking ahead, until one is the winner."""
        ahead, behind = max(self.first, self.second), min(self.first, self.second)
        return next(more for more in itertools.count() if sign_test(ahead + more, behind) < SIGNIFICANT)


def team_draft(first: Sequence[str], second: Sequence[str], length: int = 10, seed: int | str = 0) -> Interleaved:
    """
    Interleave two rankings by team draft: turn by turn each gives the best record that the list does not have yet.

    A coin, the same for the same seed, says who begins each round, so neither is favoured. Radlinski, Kurup and
    Joachims, How Does Clickthrough Data Reflect Retrieval Quality?, CIKM 2008, https://doi.org/10.1145/1458082.1458092,
    algorithm 2. It ends at `length`, or, as there, once one of the rankings has no more to give.
    """
    if length < 1:
        raise InvalidInputError(f"An interleaved list holds 1 record or more, got {length}.")
    coin = random.Random(f"team draft {seed}")
    rankings: dict[Team, list[str]] = {"first": list(reversed(first)), "second": list(reversed(second))}
    ids: list[str] = []
    teams: list[Team] = []
    taken: set[str] = set()
    while len(ids) < length:
        for ranking in rankings.values():
            while ranking and ranking[-1] in taken:
                ranking.pop()
        if not all(rankings.values()):
            break
        ahead = teams.count("first") - teams.count("second")
        tossed: Team = "first" if coin.random() < 0.5 else "second"
        turn: Team = tossed if ahead == 0 else "second" if ahead > 0 else "first"
        ids.append(rankings[turn].pop())
        teams.append(turn)
        taken.add(ids[-1])
    return Interleaved(tuple(ids), tuple(teams))


def credit(interleaved: Interleaved, liked: Collection[str]) -> Credit:
    """
    How many of the liked records each ranking gave.

    Raises:
        InvalidInputError: If a liked record is not in the list: it cannot speak for either.
    """
    unknown = set(liked) - set(interleaved.ids)
    if unknown:
        raise InvalidInputError(f"Not in the interleaved list: {', '.join(sorted(unknown))}.")
    given = [team for one, team in zip(interleaved.ids, interleaved.teams, strict=True) if one in liked]
    return Credit(given.count("first"), given.count("second"))


def preference(credits: Iterable[Credit]) -> Preference:
    """Which ranking wins more queries, and how likely chance gives as clear a count."""
    winners = [one.winner for one in credits]
    if not winners:
        raise InvalidInputError("A preference needs at least one blind comparison.")
    first, second = winners.count("first"), winners.count("second")
    draws = len(winners) - first - second
    return Preference(first, second, draws, (second + draws / 2) / len(winners), sign_test(first, second))


def sign_test(first: int, second: int) -> float:
    """The two-sided p of so many wins against so many, where a fair coin decides each."""
    n = first + second
    tail: float = sum(math.comb(n, i) for i in range(min(first, second) + 1)) / 2**n
    return min(1.0, 2 * tail)
