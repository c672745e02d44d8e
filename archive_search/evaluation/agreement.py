"""How well judges agree beyond chance: Cohen's and Fleiss' kappa."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from archive_search.types import InvalidInputError
from archive_search.workspace.judgements import Judgement


@dataclass(frozen=True)
class Agreement:
    """
    How two judges (or, for Fleiss, all) agree on what they all judged.

    `kappa` is 1 for full agreement, 0 for what chance would give; None where it is not defined, because everyone gave
    one and the same grade. `binary` is the kappa of relevant or not (a grade above 0).
    """

    judges: tuple[str, ...]
    items: int
    observed: float
    kappa: float | None
    weighted: float | None
    binary: float | None


def cohen_kappa(first: Sequence[int], second: Sequence[int], weights: str = "none") -> float | None:
    """
    Cohen's kappa of two judges who graded the same items, in the same order.

    J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960, https://doi.org/10.1177/001316446002000104; with
    `weights="linear"` a disagreement counts by its distance (Cohen, Weighted Kappa, 1968,
    https://doi.org/10.1037/h0026256). None where both gave one and the same grade throughout.
    """
    if weights not in ("none", "linear"):
        raise InvalidInputError(f"weights are 'none' or 'linear', got {weights!r}.")
    if len(first) != len(second) or not len(first):
        raise InvalidInputError("Two judges must have graded the same items, at least one.")

    def apart(a: int, b: int) -> float:
        return float(abs(a - b)) if weights == "linear" else float(a != b)

    n = len(first)
    observed = sum(apart(a, b) for a, b in zip(first, second, strict=True)) / n
    ones, others = Counter(first), Counter(second)
    expected = sum(apart(a, b) * ones[a] * others[b] for a in ones for b in others) / n**2
    return None if expected == 0 else 1 - observed / expected


def fleiss_kappa(ratings: Sequence[Sequence[Hashable]]) -> float | None:
    """
    Fleiss' kappa: every item rated by the same number of raters, not necessarily the same people.

    J. L. Fleiss, Measuring Nominal Scale Agreement Among Many Raters, 1971, https://doi.org/10.1037/h0031619.
    None where every rating is the same.

    Args:
        ratings: For each item, what each rater said.
    """
    many = {len(item) for item in ratings}
    if len(many) != 1 or min(many) < 2:
        raise InvalidInputError(
            "Fleiss' kappa needs items that were all rated by the same number of raters, 2 or more."
        )
    n, total = many.pop(), len(ratings)
    counts = [Counter(item) for item in ratings]
    observed = sum((sum(c * c for c in item.values()) - n) / (n * (n - 1)) for item in counts) / total
    shares = Counter[Hashable]()
    for item in counts:
        shares.update(item)
    expected = sum((count / (n * total)) ** 2 for count in shares.values())
    return None if len(shares) == 1 else (observed - expected) / (1 - expected)


def agreements(judgements: Iterable[Judgement]) -> tuple[Agreement, ...]:
    """
    The agreement of every pair of judges on what both judged, and, of three or more, of all on what all judged.

    Pairs that share nothing are left out. The last one is Fleiss' where its judges are more than two.
    """
    grades: dict[str, dict[tuple[str, str], int]] = {}
    for one in judgements:
        if one.grade is not None:
            grades.setdefault(one.judge, {})[one.topic, one.record] = one.grade
    found = []
    for first, second in itertools.combinations(sorted(grades), 2):
        shared = sorted(grades[first].keys() & grades[second].keys())
        if not shared:
            continue
        a, b = [grades[first][item] for item in shared], [grades[second][item] for item in shared]
        same = sum(x == y for x, y in zip(a, b, strict=True)) / len(shared)
        binary = cohen_kappa([int(x > 0) for x in a], [int(x > 0) for x in b])
        linear = cohen_kappa(a, b, "linear")
        found.append(Agreement((first, second), len(shared), same, cohen_kappa(a, b), linear, binary))
    if len(grades) > 2:
        judges = tuple(sorted(grades))
        shared = sorted(set.intersection(*(set(grades[judge]) for judge in judges)))
        if shared:
            rows = [[grades[judge][item] for judge in judges] for item in shared]
            same = sum(len(set(row)) == 1 for row in rows) / len(rows)
            yes = fleiss_kappa([[grade > 0 for grade in row] for row in rows])
            found.append(Agreement(judges, len(shared), same, fleiss_kappa(rows), None, yes))
    return tuple(found)
