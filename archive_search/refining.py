"""Plans refined by what a person liked and disliked of their results."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from archive_search.plan import Plan
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.feedback import Feedback


def with_feedback(plan: Plan, liked: Sequence[str], disliked: Sequence[str] = ()) -> Plan:
    """
    The plan with these judgements taken into account after all its steps, in the place of earlier ones.

    Without judgements the plan is as it was before any.

    Raises:
        InvalidInputError: If a record is both liked and disliked.
    """
    others = tuple(step for step in plan.steps if not isinstance(step, Feedback))
    if not liked and not disliked:
        return dataclasses.replace(plan, steps=others)
    known = next((step for step in plan.steps if isinstance(step, Feedback)), Feedback())
    step = dataclasses.replace(known, liked=tuple(liked), disliked=tuple(disliked))
    end = len(others) - isinstance(others[-1], Cutoff)  # where the list could end is told of the final order
    return dataclasses.replace(plan, steps=(*others[:end], step, *others[end:]))
