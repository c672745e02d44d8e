"""Plans refined once their results were seen: by liking and disliking, by variety."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from archive_search.knobs import from_data
from archive_search.metadata.known_ids import require_records
from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.diversity import Diversity
from archive_search.ranking.duplicates import Duplicates
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.objects import Objects
from archive_search.ranking.parts.phrase import phrase
from archive_search.ranking.tiles import Tiles
from archive_search.types import Example, Query, Store

REACH = 500
"""So many candidates there are at least where hits are dropped or put in another order after a plan's own steps."""


def with_feedback(plan: Plan, liked: Sequence[str], disliked: Sequence[str] = (), among: Store | None = None) -> Plan:
    """
    The plan with these judgements taken into account after all its steps, in the place of earlier ones.

    Without judgements the plan is as it was before any. Name the store where people have just typed the ids; without
    it, the plan remarks on records that are gone when it runs.

    Raises:
        InvalidInputError: If a record is both liked and disliked.
        UnknownNameError: If the store `among` has no record of one of the ids, saying which are spelled like it.
    """
    others = tuple(step for step in plan.steps if not isinstance(step, Feedback))
    if not liked and not disliked:
        return dataclasses.replace(plan, steps=others)
    known = next((step for step in plan.steps if isinstance(step, Feedback)), Feedback())
    step = dataclasses.replace(known, liked=tuple(liked), disliked=tuple(disliked))
    if among is not None:
        require_records(among, [*liked, *disliked])
    return _before_the_end(dataclasses.replace(plan, steps=others), step)


def with_variety(plan: Plan, per_object: bool = False, stack: bool = False, diversity: float | None = None) -> Plan:
    """
    The plan with one hit per object, with near-duplicates stacked, with a trade-off between relevance and variety.

    Raises:
        InvalidInputError: If the trade-off is not between 0 and 1.
    """
    steps: list[Step] = [Objects()] if per_object else []
    if stack:
        steps.append(Duplicates())
    if diversity is not None:
        steps.append(from_data(Diversity, {"trade_off": diversity}, "diversity"))
    return _before_the_end(plan, *steps)


def without_example(plan: Plan, example: Example) -> Plan:
    """The plan as it would be if one of its query's examples had not been given: where steps name it, they do not."""
    examples = plan.query.examples
    left = tuple(one for one in examples if one != example)
    said = {examples: left, phrase(examples): phrase(left)}
    steps: list[Step] = []
    for step in plan.steps:
        named = getattr(step, "examples", ())
        if named and (among := said.get(named, tuple(one for one in named if one != example))) != named:
            step = dataclasses.replace(step, examples=among)  # type: ignore[type-var]
        if getattr(step, "example", None) != example:
            steps.append(step)
    return dataclasses.replace(plan, query=Query(left, plan.query.where), steps=tuple(steps))


def _before_the_end(plan: Plan, *steps: Step) -> Plan:
    """The steps put last, but before a cut-off: where the list could end is told of the final order."""
    if not steps:
        return plan
    known = [_reaching(step) for step in plan.steps]
    end = len(known) - isinstance(known[-1], Cutoff)
    return dataclasses.replace(plan, steps=(*known[:end], *steps, *known[end:]))


def _reaching(step: Step) -> Step:
    """The step with hits enough for what comes after it, which drops some and brings others up."""
    return dataclasses.replace(step, k=max(step.k, REACH)) if isinstance(step, Nearest | Tiles) else step
