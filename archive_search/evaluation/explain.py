"""Why a record stands where it does: its rank and score after each step, and in the plain search."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from archive_search.metadata.filters import passes
from archive_search.metadata.known_ids import unknown_records
from archive_search.plan import Plan, name_of, query_to_json, trace
from archive_search.ranking import Step
from archive_search.ranking.objects import Objects
from archive_search.search import Exactly, Searchable
from archive_search.strategies.nearest import NearestStrategy
from archive_search.types import Example, Hit, Ranking

_NAMES = {"tiles": "details"}
"""Steps whose name says how they work rather than what they do."""

Effect: TypeAlias = Literal["passed", "found", "raised", "lowered", "stayed", "dropped", "gone"]


@dataclass(frozen=True)
class Explained:
    """
    What one step did to the record.

    `rank` and `score` are those after the step, None where it has neither. `effect` compares the record with the others
    that the step kept: a record whose rank improves because others were dropped has not been raised. It is `found` by
    the step that brings it in, `dropped` by the one that loses it, `gone` in those after; filters let it `pass`.
    """

    step: str
    kept: int
    of: int
    rank: int | None
    score: float | None
    effect: Effect
    moved: int
    """By how many ranks it was raised (negative: lowered) among those that the step kept."""


@dataclass(frozen=True)
class Explanation:
    """
    Where a record stands and why.

    `rank` is its place in the final list, None where a step dropped it or it lies below the plan's limit.
    `plain_rank` and `plain_score` are those of plain nearest-neighbour search with the same filters, down to the last
    of `plain_of` records, or of objects where the plan has one hit for each; None where it does not pass the filters or
    the query has no examples.
    """

    record: str
    payload: Any
    steps: tuple[Explained, ...]
    rank: int | None
    limit: int
    plain_rank: int | None
    plain_score: float | None
    plain_of: int
    remarks: tuple[str, ...]

    @property
    def dropped_by(self) -> str | None:
        """The step that dropped it, unless one after brought it in; None if none did."""
        told = [one for one in self.steps if one.effect in ("dropped", "found")]
        return told[-1].step if told and told[-1].effect == "dropped" else None


def explain(plan: Plan, archive: Searchable, record: str) -> Explanation:
    """
    Follow one record through a plan, every search in which is exact.

    Raises:
        UnknownNameError: If no record has this id.
    """
    archive = Exactly(archive)
    search = archive.context(plan.query, plan.space)
    points = search.store.points([record])
    if not points:
        raise unknown_records(search.store, [record])
    happened = trace(plan, archive)
    names = [step_in_words(step) for step in plan.steps]
    explained: list[Explained] = []
    before: Ranking = ()
    passed = passes(points[0].payload, plan.query.where)
    stages = list(happened.stages)
    if len(stages) > len(names):
        filters = stages.pop(0)
        effect: Effect = "passed" if passed else "dropped"
        explained.append(Explained("filters", filters.kept, filters.of, None, None, effect, 0))
    for name, stage in zip(names, stages, strict=True):
        last = explained[-1].effect if explained else "passed"
        explained.append(_explained(name, stage.kept, stage.of, before, stage.ranking, record, last))
        before = stage.ranking
    final, _ = _place(happened.ranking[: plan.limit], record)
    among = search.store.count(plan.query.where)
    plain_rank, plain_score = None, None
    if plan.query.examples and passed:
        nearest = NearestStrategy().plan(plan.query, max(min(among, 1_000_000), 1), plan.space)
        plain = nearest.steps[0](search, ())
        plain_rank, plain_score = _place(plain, record)
        if any(isinstance(step, Objects) for step in plan.steps):  # objects are compared with objects
            objects = Objects()(search, plain)
            among = len(objects)
            stands = next((one for one, behind in search.findings.stacks.items() if record in behind), record)
            plain_rank, _ = _place(objects, stands)
    payload = points[0].payload
    remarks = happened.remarks
    return Explanation(record, payload, tuple(explained), final, plan.limit, plain_rank, plain_score, among, remarks)


def step_in_words(step: Step) -> str:
    """A step with what it looks for: 'nearest axe', 'attribute polished', 'attribute not drawing'."""
    texts = []
    for f in dataclasses.fields(step):  # type: ignore[arg-type]
        value = getattr(step, f.name)
        examples = value if isinstance(value, tuple) else (value,)
        texts += [_in_words(one) for one in examples if isinstance(one, Example)]
    name = name_of(step)
    return " ".join((_NAMES.get(name, name), " + ".join(texts))).strip()


def to_json(explanation: Explanation, plan: Plan) -> dict[str, Any]:
    """An explanation as JSON data."""
    return {"query": query_to_json(plan.query), **dataclasses.asdict(explanation), "dropped_by": explanation.dropped_by}


def _explained(name: str, kept: int, of: int, before: Ranking, after: Ranking, record: str, last: Effect) -> Explained:
    was, _ = _place(before, record)
    now, score = _place(after, record)
    if now is None:
        lost = was is not None or (last == "passed" and not before)
        return Explained(name, kept, of, None, None, "dropped" if lost else "gone", 0)
    if was is None:
        return Explained(name, kept, of, now, score, "found", 0)
    stayed = {hit.id for hit in after}
    among, _ = _place(tuple(hit for hit in before if hit.id in stayed), record)
    known = {hit.id for hit in before}
    place, _ = _place(tuple(hit for hit in after if hit.id in known), record)
    assert among is not None
    assert place is not None
    moved = among - place
    return Explained(name, kept, of, now, score, "raised" if moved > 0 else "lowered" if moved < 0 else "stayed", moved)


def _place(ranking: Ranking, record: str) -> tuple[int | None, float | None]:
    found: tuple[int, Hit] | None = next(((n, hit) for n, hit in enumerate(ranking, 1) if hit.id == record), None)
    return (None, None) if found is None else (found[0], found[1].score)


def _in_words(example: Example) -> str:
    return f"{'not ' if example.weight < 0 else ''}{example.value}"
