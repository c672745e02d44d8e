"""
Plans: a query, the steps that answer it and a limit, as data; reading, writing, running and tracing them.

Each step is checked by pydantic as what its name says, with an adapter made once. One union of all of them would have
to be made anew at every plug-in, and its errors name every step that was not meant.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive_search.knobs import check, from_data
from archive_search.metadata.known_values import unheld
from archive_search.ranking import STEPS, Step
from archive_search.reading import check_depth, parse_json, read_text
from archive_search.search import Searchable, SearchContext
from archive_search.types import (
    Example,
    Filter,
    Hit,
    InvalidInputError,
    Match,
    Missing,
    Near,
    Query,
    Range,
    Ranking,
    ReadWord,
    Store,
    Vector,
    Within,
)

FILTERS: Mapping[str, type[Filter]] = {
    "match": Match,
    "range": Range,
    "missing": Missing,
    "near": Near,
    "within": Within,
}


@dataclasses.dataclass(frozen=True)
class Plan:
    """
    A query, the steps that answer it in this order, and how many hits are wanted.

    `space` names the vectors to search; '' is the archive's default.
    """

    query: Query
    steps: tuple[Step, ...]
    limit: int = 100
    space: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise InvalidInputError("A plan needs at least one step; the first makes a ranking (nearest or browse).")
        if not 1 <= self.limit <= 1_000_000:
            raise InvalidInputError(f"A plan's limit must be between 1 and 1000000, got {self.limit}.")


@dataclasses.dataclass(frozen=True)
class Stage:
    """What a step did: how many records it kept of how many, how many it moved up, and the ranking after it."""

    name: str
    kept: int
    of: int
    raised: int
    ranking: Ranking


@dataclasses.dataclass(frozen=True)
class Trace:
    """
    What happened when a plan ran: its stages in order, and remarks for people.

    `cut` is how many of the first hits stand out from the background, where a step has told; the rest may be chance.
    `stacks` names, by the id of a hit, the hits that a step put behind it (views of one object, near-duplicates).
    `details` are the records of which a part fits better than the whole picture: one find on a plate of many; `sought`
    is the vector that tells which part. `chance` tells that words were asked for, that no picture stands out for them,
    and that no record says them: what is in the ranking is there by chance.
    """

    stages: tuple[Stage, ...]
    remarks: tuple[str, ...]
    cut: int | None = None
    stacks: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    details: frozenset[str] = frozenset()
    sought: Vector | None = dataclasses.field(default=None, compare=False)
    chance: bool = False

    @property
    def ranking(self) -> Ranking:
        """The ranking after the last step, payloads empty."""
        return self.stages[-1].ranking

    def without_rankings(self) -> Trace:
        """The same with the counts of every stage, but the ranking of the last one only."""
        *before, last = self.stages
        return dataclasses.replace(self, stages=(*(dataclasses.replace(stage, ranking=()) for stage in before), last))


# ------------------------------------------------------------------ running


def run(plan: Plan, archive: Searchable) -> Ranking:
    """Answer a plan: its best `limit` hits with their payloads."""
    search = archive.context(plan.query, plan.space)
    ranking: Ranking = ()
    for step in plan.steps:
        ranking = step(search, ranking)
    return with_payloads(search.store, ranking[: plan.limit])


def trace(plan: Plan, archive: Searchable) -> Trace:
    """
    Run a plan and keep what every step did.

    The first stage is named `filters` and counts what the query's filters leave, where it has any. Where that is
    nothing, remarks name the values that no record holds.
    """
    search = archive.context(plan.query, plan.space)
    left = search.store.count()
    stages: list[Stage] = []
    if plan.query.where:
        passing = search.store.count(plan.query.where)
        stages.append(Stage("filters", passing, left, 0, ()))
        if not passing:
            search.findings.remarks.extend(unheld(search.store, plan.query.where))
        left = passing
    ranking: Ranking = ()
    for step in plan.steps:
        after = step(search, ranking)
        stages.append(Stage(name_of(step), len(after), left, _raised(ranking, after), after))
        ranking, left = after, len(after)
    findings, remarks = search.findings, search.remarks()
    chance = bool(ranking) and _by_chance(search)
    if chance:
        remarks = (CHANCE, *remarks)
    return Trace(tuple(stages), remarks, findings.cut, dict(findings.stacks), findings.details, findings.sought, chance)


CHANCE = "No picture stands out for these words, and no record says them: what follows may be there by chance."


def _by_chance(search: SearchContext) -> bool:
    """Whether words were asked for that no picture stands out for, and no record says."""
    wanted = [example for example in search.query.examples if example.weight > 0]
    texts = [example for example in wanted if example.kind == "text"]
    if not texts or search.findings.said:
        return False
    return search.findings.cut == 0 or not any(search.reads(example) for example in wanted)


def with_payloads(store: Store, ranking: Ranking) -> Ranking:
    """The same hits with what the store knows of them."""
    payloads = {point.id: point.payload for point in store.points([hit.id for hit in ranking])}
    return tuple(Hit(hit.id, hit.score, payloads.get(hit.id, {})) for hit in ranking)


def _raised(before: Ranking, after: Ranking) -> int:
    ranks = {hit.id: rank for rank, hit in enumerate(before)}
    kept = [ranks[hit.id] for hit in after if hit.id in ranks]
    # among those kept only: dropping a record above another does not raise it
    order = {rank: position for position, rank in enumerate(sorted(kept))}
    return sum(position < order[rank] for position, rank in enumerate(kept))


# ------------------------------------------------------------------ reading and writing


def name_of(step: Step) -> str:
    """The name a plan uses for a step."""
    for name, kind in STEPS.items():
        if type(step) is kind:
            return name
    raise InvalidInputError(f"{type(step).__name__} is not a registered ranking step. Known: {', '.join(STEPS)}.")


def to_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON data; `from_json` gives the same plan back."""
    return {
        "query": query_to_json(plan.query),
        "steps": [{"step": name_of(step), **_fields_to_json(step)} for step in plan.steps],
        "limit": plan.limit,
        "space": plan.space,
    }


def from_json(data: Any) -> Plan:
    """
    Read a plan from JSON data, or from its text.

    Raises:
        InvalidInputError: Naming the field and what was possible.
        UnknownNameError: For a step that does not exist.
    """
    if isinstance(data, str):
        data = parse_json(data, "The plan")
    check_depth(data, "The plan")
    _known(data, ("query", "steps", "limit", "space"), "the plan")
    steps = data.get("steps")
    if not isinstance(steps, list) or not steps:
        raise InvalidInputError(
            f"the plan: steps must be a list with at least one step. Known steps: {', '.join(STEPS)}."
        )
    limit, space = data.get("limit", 100), data.get("space", "")
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise InvalidInputError(f"the plan: limit must be a whole number, got {limit!r}.")
    if not isinstance(space, str):
        raise InvalidInputError(f"the plan: space must be a name, got {space!r}.")
    made = tuple(step_from_json(one, n) for n, one in enumerate(steps, 1))
    return Plan(query_from_json(data.get("query", {})), made, limit, space)


def read_plan(file: Path) -> Plan:
    """Read a plan from a JSON file, or that of a saved result set or of a provenance. Raises as `from_json` does."""
    data = parse_json(read_text(file, "The plan"), f"The plan {file}")
    return as_it_was(from_json(data["plan"])) if isinstance(data, dict) and "plan" in data else from_json(data)


def as_it_was(plan: Plan) -> Plan:
    """The plan of a set that was found: what it does not say of words was not read as anything else."""
    if plan.query.words is not None:
        return plan
    return dataclasses.replace(plan, query=dataclasses.replace(plan.query, words=()))


def query_to_json(query: Query) -> dict[str, Any]:
    """A query as JSON data."""
    words = {"words": [dataclasses.asdict(one) for one in query.words]} if query.words else {}
    return {
        "examples": [dataclasses.asdict(example) for example in query.examples],
        "where": [_filter_to_json(one) for one in query.where],
        **words,
    }


def query_from_json(data: Any) -> Query:
    """Read a query from JSON data; raises InvalidInputError naming the field."""
    _known(data, ("examples", "where", "words"), "the query")
    examples, where, words = data.get("examples", []), data.get("where", []), data.get("words")
    if not isinstance(examples, list) or not isinstance(where, list):
        raise InvalidInputError("the query: examples and where must be lists.")
    if not isinstance(words, list | None):
        raise InvalidInputError("the query: words must be a list.")
    read = None if words is None else tuple(from_data(ReadWord, one, "the query: words") for one in words)
    return Query(
        tuple(_example(one, n) for n, one in enumerate(examples, 1)),
        tuple(_filter(one, n) for n, one in enumerate(where, 1)),
        read,
    )


def step_from_json(data: Any, number: int) -> Step:
    """Read one step from JSON data; `number` names it in errors. Raises as `from_json` does."""
    what = f"step {number}"
    if not isinstance(data, dict) or not isinstance(data.get("step"), str):
        raise InvalidInputError(f"{what} must be an object with the field 'step'. Known steps: {', '.join(STEPS)}.")
    kind = STEPS[data["step"]]
    what = f"step {number} ({data['step']})"
    hints = typing.get_type_hints(kind)
    values = {name: value for name, value in data.items() if name != "step"}
    for name, value in values.items():
        hint = hints.get(name)
        if hint == Example:
            values[name] = _example(value, 1, f"{what}: {name}")
        elif hint == tuple[Example, ...]:
            values[name] = tuple(
                _example(one, n, f"{what}: {name}") for n, one in enumerate(_list(value, f"{what}: {name}"), 1)
            )
        elif hint == tuple[Filter, ...]:
            values[name] = tuple(
                _filter(one, n, f"{what}: {name}") for n, one in enumerate(_list(value, f"{what}: {name}"), 1)
            )
    step: Step = from_data(kind, values, what)
    return step


def _fields_to_json(step: Any) -> dict[str, Any]:
    return {f.name: _value_to_json(getattr(step, f.name)) for f in dataclasses.fields(step)}


def _value_to_json(value: Any) -> Any:
    if isinstance(value, Match | Range | Missing | Near | Within):
        return _filter_to_json(value)
    if isinstance(value, Example):
        return dataclasses.asdict(value)
    if isinstance(value, tuple):
        return [_value_to_json(one) for one in value]
    return value


def _example(data: Any, number: int, what: str = "the query: example") -> Example:
    example = data if isinstance(data, Example) else from_data(Example, data, f"{what} {number}")
    if not example.value.strip() and example.kind != "text":
        raise InvalidInputError(f"{what} {number}: value is empty.")
    if not -100 <= example.weight <= 100:
        raise InvalidInputError(f"{what} {number}: weight must be between -100 and 100, got {example.weight}.")
    return example


def _filter_to_json(one: Filter) -> dict[str, Any]:
    name = next(name for name, kind in FILTERS.items() if isinstance(one, kind))
    data = dataclasses.asdict(one)
    return {"filter": name, **{key: _value_to_json(value) for key, value in data.items()}}


def _filter(data: Any, number: int, what: str = "the query: filter") -> Filter:
    if not isinstance(data, dict) or str(data.get("filter")) not in FILTERS:
        raise InvalidInputError(f"{what} {number} must be an object whose 'filter' is one of {', '.join(FILTERS)}.")
    made: Filter = from_data(
        FILTERS[data["filter"]], {name: value for name, value in data.items() if name != "filter"}, f"{what} {number}"
    )
    check(made, f"{what} {number}")
    return made


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInputError(f"{what} must be a list, got {value!r}.")
    return value


def _known(data: Any, names: tuple[str, ...], what: str) -> None:
    if not isinstance(data, dict):
        raise InvalidInputError(f"{what} must be an object, not {data!r}.")
    for name in data:
        if name not in names:
            raise InvalidInputError(f"{what} has no field {name!r}. Known: {', '.join(names)}.")
