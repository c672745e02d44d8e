"""One strategy's ranking for one query, as far down as is asked, without payloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from archive_search.plan import Plan
from archive_search.search import Exactly, Searchable
from archive_search.strategies import Strategy
from archive_search.strategy_file import load_strategy
from archive_search.types import InvalidInputError, Query, Ranking


def ranked(
    strategy: Strategy,
    query: Query,
    archive: Searchable,
    depth: int,
    space: str = "",
    remarks: Counter[str] | None = None,
    refined: Callable[[Plan], Plan] | None = None,
) -> Ranking:
    """
    The best `depth` hits of an exact search, payloads empty: what measures need, without reading thousands of payloads.

    What the steps remark is counted in `remarks`; `refined` gives the plan that is run in place of the strategy's.
    """
    plan = strategy.plan(query, depth, space)
    if refined is not None:
        plan = refined(plan)
    search = Exactly(archive).context(plan.query, plan.space)
    ranking: Ranking = ()
    for step in plan.steps:
        ranking = step(search, ranking)
    if remarks is not None:
        remarks.update(set(search.findings.remarks))
    return ranking[:depth]


def named(names: Sequence[str]) -> Mapping[str, Strategy]:
    """
    Strategies by the names they are reported under: their own, or, for a file, its name without the ending.

    Raises:
        InvalidInputError: If there are none, or two share a name.
        UnknownNameError: If there is neither a strategy nor a file of a name.
    """
    found: dict[str, Strategy] = {}
    for name in names:
        strategy = load_strategy(name)
        label = Path(name).stem if name.endswith(".json") else name
        if label in found:
            raise InvalidInputError(f"Two strategies would be reported as {label!r}: rename a file, or name it once.")
        found[label] = strategy
    if not found:
        raise InvalidInputError("Name at least one strategy.")
    return found
