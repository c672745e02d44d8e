"""Custom strategies: a JSON file of steps, or of settings for a named strategy, read into a strategy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from archive_search.knobs import from_data, from_texts, to_data
from archive_search.plan import Plan, step_from_json
from archive_search.ranking import STEPS, Step
from archive_search.ranking.browse import Browse
from archive_search.ranking.parts.phrase import phrase
from archive_search.reading import parse_json, read_text
from archive_search.strategies import STRATEGIES as NAMED  # a module's own STRATEGIES would be plug-ins
from archive_search.strategies import Strategy
from archive_search.types import ArchiveSearchError, Example, InvalidInputError, Query, UnknownNameError

PLACEHOLDERS = {
    "$category": "the first example: what is looked for",
    "$all": "all words together in one phrase",
    "$refinements": "the other examples; where a step takes one, the step is repeated for each of them",
}
"""What a step of a strategy may say instead of examples."""

_PROBE = Query((Example("text", "axe"), Example("text", "polished")))


@dataclass(frozen=True)
class CustomStrategy:
    """
    The steps of a file, their placeholders filled from the query.

    A step with a placeholder that has nothing to stand for (a query without refinements) is left out.
    """

    name: str
    summary: str
    steps: tuple[dict[str, Any], ...]

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """The steps for this query; a query without examples is browsed."""
        if not query.examples:
            return Plan(query, (Browse(k=limit),), limit, space)
        return Plan(query, self.steps_for(query), limit, space)

    def steps_for(self, query: Query) -> tuple[Step, ...]:
        """
        The steps with their placeholders filled.

        Raises:
            InvalidInputError: Naming the file, the step, the field and what is possible.
        """
        steps: list[Step] = []
        for number, data in enumerate(self.steps, 1):
            for filled in _filled(data, query.examples, number):
                try:
                    steps.append(step_from_json(filled, number))
                except ArchiveSearchError as error:
                    raise type(error)(f"{self.name}: {error}") from error
        if not steps:
            raise InvalidInputError(f"{self.name}: no step is left for a query without refinements: add 'nearest'.")
        return tuple(steps)


def load_strategy(name_or_path: str | Path) -> Strategy:
    """
    A strategy by its name, by its name with settings (`staged:width=0.5:colours=0`), or read from a JSON file.

    A file holds `{"summary": "...", "steps": [{"step": "nearest", "examples": "$all", "k": 1000}, ...]}`, with
    `PLACEHOLDERS` for examples, or `{"summary": "...", "strategy": "staged", "settings": {"width": 0.5}}`.

    Raises:
        UnknownNameError: If there is neither a strategy nor a file of that name, or a step is unknown.
        InvalidInputError: If the file is not a strategy, naming the field and what is possible.
    """
    text = str(name_or_path)
    if text.partition(":")[0] in NAMED:
        return named_strategy(text)
    file = Path(text)
    if not file.is_file():
        known = ", ".join(NAMED)
        raise UnknownNameError(f"No strategy is called {text!r}. Known: {known}; or the path of a JSON file of steps.")
    data = parse_json(read_text(file, "The strategy"), f"The strategy {file}")
    return read_strategy(data, file.name)


def named_strategy(text: str) -> Strategy:
    """
    A strategy by its name, or by its name with settings: `staged:width=0.5:colours=0`; never from a file.

    Raises:
        UnknownNameError: If none has the name.
        InvalidInputError: On a setting that it does not have, or one out of its range.
    """
    name, colon, settings = text.partition(":")
    what = f"Settings of {name!r}"
    return from_data(NAMED[name], from_texts(NAMED[name], settings.split(":") if colon else (), what), what)


def configured(strategy: str | Path | Strategy, settings: Mapping[str, Any]) -> Strategy:
    """
    A strategy with settings that differ from its own. Raises as `load_strategy` does.

    Raises:
        InvalidInputError: On a setting that it does not have, or one out of its range.
    """
    made = load_strategy(strategy) if isinstance(strategy, str | Path) else strategy
    if not settings:
        return made
    known = {f.name: getattr(made, f.name) for f in dataclasses.fields(cast(Any, made))}
    return from_data(type(made), {**known, **settings}, "settings")


def as_text(strategy: Strategy) -> str:
    """A strategy as `load_strategy` takes it, with those settings that are not the defaults: `staged:width=0.5`."""
    name, _ = described(strategy)
    return ":".join([name, *(f"{setting}={value}" for setting, value in to_data(strategy).items())])


def described(strategy: Strategy) -> tuple[str, dict[str, Any]]:
    """The name of a strategy, or of its file, and all its settings, defaults included."""
    if isinstance(strategy, CustomStrategy):
        return strategy.name, {"steps": [*strategy.steps]}
    name = next((name for name, kind in NAMED.items() if type(strategy) is kind), type(strategy).__name__)
    return name, dataclasses.asdict(cast(Any, strategy))


def read_strategy(data: Any, name: str = "the strategy") -> Strategy:
    """A strategy from JSON data; `name` names it in errors. Raises as `load_strategy` does."""
    if not isinstance(data, dict) or ("steps" in data) == ("strategy" in data):
        raise InvalidInputError(f"{name} must be an object with either 'steps' or 'strategy', and a 'summary'.")
    known = ("summary", "steps") if "steps" in data else ("summary", "strategy", "settings")
    for field in data:
        if field not in known:
            raise InvalidInputError(f"{name} has no field {field!r}. Known: {', '.join(known)}.")
    summary = data.get("summary", "")
    if not isinstance(summary, str):
        raise InvalidInputError(f"{name}: summary must be a text, got {summary!r}.")
    if "strategy" in data:
        if not isinstance(data["strategy"], str):
            raise InvalidInputError(f"{name}: strategy must be a name. Known: {', '.join(NAMED)}.")
        kind = NAMED[data["strategy"]]
        return from_data(kind, data.get("settings", {}), f"{name}: settings of {data['strategy']}")
    steps = data["steps"]
    if not isinstance(steps, list) or not steps or not all(isinstance(one, dict) for one in steps):
        raise InvalidInputError(
            f"{name}: steps must be a list of objects with at least one step. Known steps: {', '.join(STEPS)}."
        )
    made = CustomStrategy(name, summary or "custom steps", tuple(steps))
    made.steps_for(_PROBE)  # a mistake is told when the file is read, not at the first search
    return made


def _filled(data: dict[str, Any], examples: tuple[Example, ...], number: int) -> list[dict[str, Any]]:
    """The step with its placeholders filled: once, once for each refinement, or not at all."""
    values = {"$category": examples[:1], "$all": phrase(examples), "$refinements": examples[1:]}
    filled = [dict(data)]
    for field, value in data.items():
        if not (isinstance(value, str) and value.startswith("$")):
            continue
        if value not in values:
            raise InvalidInputError(
                f"step {number}: {field}: no placeholder is called {value!r}. Known: {', '.join(PLACEHOLDERS)}."
            )
        found = values[value]
        if not found:
            return []
        several = field.endswith("s")
        choices: list[Any] = [list(found)] if several else list(found)
        filled = [{**one, field: choice} for one in filled for choice in choices]
    return filled
