"""Tuning: a strategy's settings chosen on the archive's judgements, and whether that helps on topics not seen."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from archive_search.evaluation.asked_once import AskedOnce
from archive_search.evaluation.evaluate import Interval, judged_topics
from archive_search.evaluation.measures import cut_off, depth_of, measured
from archive_search.evaluation.repeated import Repeated
from archive_search.evaluation.significance import bootstrap, randomisation_test
from archive_search.evaluation.together import answers
from archive_search.knobs import Knob, check, knobs, to_data
from archive_search.search import Searchable
from archive_search.strategies import STRATEGIES, Strategy
from archive_search.types import InvalidInputError
from archive_search.workspace.judgements import Qrels
from archive_search.workspace.topics import Topic

MIN_TOPICS = 20
"""With fewer, the best settings on some say next to nothing about the others."""
MIN_JUDGEMENTS = 200
"""Ten for a topic: the top ten of one strategy."""

_FACTORS = (0.25, 0.5, 2.0, 4.0)
_SHARES = (0.02, 0.05, 0.1, 0.25)
_LEAST_GAIN = 1e-9
_ROUNDS = 2
_KEPT_HITS = 1_000_000
"""Hits of rankings that are kept for all topics together: some 150 MB."""

Settings: TypeAlias = Mapping[str, Any]
"""Values by the name of the knob."""


@dataclass(frozen=True)
class Tuned:
    """
    What tuning found.

    `settings` were chosen on all topics. `before` and `held_out` are values by topic: of the strategy as it was, and of
    settings chosen without the topic's fold. `on_seen` is the mean gain on the topics that settings were chosen on,
    larger than what new topics can expect; `difference` is what they can expect.
    """

    strategy: str
    measure: str
    start: Settings
    settings: Settings
    fold_settings: tuple[Settings, ...]
    before: Mapping[str, float]
    held_out: Mapping[str, float]
    on_seen: float
    difference: float
    interval: Interval
    p: float
    judged_before: float
    judged_after: float
    tried: int

    @property
    def helped(self) -> bool:
        """Whether topics not seen are better for it: the whole interval of the difference lies above 0."""
        return self.interval is not None and self.interval[0] > 0

    @property
    def changed(self) -> Settings:
        """The settings that are not what they were."""
        return {name: value for name, value in self.settings.items() if value != self.start[name]}


def tune(
    archive: Searchable,
    topics: Sequence[Topic],
    qrels: Qrels,
    strategy: Strategy,
    measure: str = "nDCG@10",
    folds: int = 5,
    seed: int = 0,
    grid: Mapping[str, Sequence[Any]] | None = None,
    depth: int = 1000,
    space: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Tuned:
    """
    Choose settings by coordinate search, and measure by cross-validation what the choice is worth.

    For every fold the settings are chosen on the other topics and measured on its own. A setting moves only where the
    mean rises, so a knob that makes no difference keeps its value. The search goes twice over the knobs, one at a time.

    Args:
        strategy: Where to start, and what the result is compared with.
        grid: Values to try, by knob; every numeric knob's `candidates` if none are given.
        progress: Told how many of how many measurements are done; those that were made before take no time.

    Raises:
        InvalidInputError: If there are too few topics or judgements, or no settings to tune.
    """
    kept = enough(topics, qrels)
    if not 2 <= folds <= len(kept):
        raise InvalidInputError(f"The topics are divided into 2 to {len(kept)} folds, got {folds}.")
    start = {name: value for name, (_, value) in tunable(strategy).items()}
    choices = _choices(strategy, grid)
    total = (folds + 1) * (1 + _ROUNDS * sum(map(len, choices.values())))
    steps = _Steps(total, progress)
    trials = _Trials(archive, kept, qrels, strategy, measure, max(depth, depth_of([measure]), 10), space)
    held_out: dict[str, float] = {}
    fold_settings = []
    for fold in split(kept, folds, seed):
        seen = [topic.id for topic in kept if topic.id not in fold]
        chosen = _search(trials, choices, start, seen, steps)
        fold_settings.append(chosen)
        held_out |= {topic: trials.scores(chosen)[topic] for topic in fold}
    everything = [topic.id for topic in kept]
    final = _search(trials, choices, start, everything, steps)
    before = trials.scores(start)
    change = [held_out[topic] - before[topic] for topic in everything]
    return Tuned(
        name_of(strategy),
        measure,
        start,
        final,
        tuple(fold_settings),
        before,
        {topic: held_out[topic] for topic in everything},
        _mean(trials.scores(final).values()) - _mean(before.values()),
        _mean(change),
        bootstrap(change, seed=seed),
        randomisation_test(change, seed=seed),
        trials.judged(start),
        trials.judged(final),
        trials.tried,
    )


def enough(topics: Sequence[Topic], qrels: Qrels) -> tuple[Topic, ...]:
    """The topics with a relevant record; raises InvalidInputError where there are too few of them or of judgements."""
    kept = [topic for topic in topics if any(grade > 0 for grade in qrels.get(topic.id, {}).values())]
    judgements = sum(len(qrels[topic.id]) for topic in kept)
    if len(kept) < MIN_TOPICS or judgements < MIN_JUDGEMENTS:
        raise InvalidInputError(
            f"Tuning needs at least {MIN_TOPICS} topics with a relevant record and {MIN_JUDGEMENTS} judgements "
            f"of them; there are {len(kept)} topics with {judgements} judgements. Settings chosen on fewer would fit "
            "their accidents: judge more first ('archive-search judgements pool')."
        )
    return judged_topics(kept, qrels)[0]


def tunable(strategy: Strategy) -> dict[str, tuple[Knob, Any]]:
    """
    The settings that can be tuned: numbers, and what is on or off.

    Raises:
        InvalidInputError: If the strategy has none.
    """
    found: dict[str, tuple[Knob, Any]] = knobs(strategy) if dataclasses.is_dataclass(strategy) else {}
    numeric = {name: one for name, one in found.items() if isinstance(one[1], int | float)}
    if not numeric:
        raise InvalidInputError(f"The strategy {name_of(strategy)!r} has no numeric settings to tune.")
    return numeric


def candidates(knob: Knob, value: Any) -> tuple[Any, ...]:
    """
    Sensible values to try for a knob, its present value first.

    A quarter, half, twice and four times the value, within the knob's range; 0 where the range begins there (it
    usually switches something off); shares of the range where the value is 0; both ways for what is on or off.
    """
    if isinstance(value, bool):
        return (value, not value)
    low, high = knob.low, knob.high
    found = [value * factor for factor in _FACTORS]
    if value == 0:
        found = [share * (high if high is not None else 1.0) for share in _SHARES]
    if low == 0:
        found.append(0.0)
    found = [max(one, low) if low is not None else one for one in found]
    found = [min(one, high) if high is not None else one for one in found]
    whole = isinstance(value, int)
    return tuple(dict.fromkeys([value, *(round(one) if whole else float(f"{one:.4g}") for one in found)]))


def split(topics: Sequence[Topic], folds: int, seed: int) -> tuple[frozenset[str], ...]:
    """The topics divided by a seeded shuffle, every group spread over the folds."""
    shuffled = sorted(topics, key=lambda topic: topic.id)
    random.Random(f"folds {seed}").shuffle(shuffled)
    shuffled.sort(key=lambda topic: topic.group)
    return tuple(frozenset(topic.id for topic in shuffled[fold::folds]) for fold in range(folds))


def strategy_file(tuned: Tuned, summary: str = "") -> dict[str, Any]:
    """The tuned strategy as JSON data that `load_strategy` reads."""
    kind = STRATEGIES[tuned.strategy]
    made: Any = kind(**tuned.settings)
    return {"summary": summary or f"{tuned.strategy}, tuned", "strategy": tuned.strategy, "settings": to_data(made)}


def to_json(tuned: Tuned) -> dict[str, Any]:
    """What tuning found, as JSON data."""
    return {**dataclasses.asdict(tuned), "changed": dict(tuned.changed), "helped": tuned.helped}


def name_of(strategy: Strategy) -> str:
    """The name under which a strategy is registered; that of its class where it is not."""
    return next((name for name, kind in STRATEGIES.items() if type(strategy) is kind), type(strategy).__name__)


class _Trials:
    """Values of every topic by settings, each measured once."""

    def __init__(
        self,
        archive: Searchable,
        topics: Sequence[Topic],
        qrels: Qrels,
        strategy: Strategy,
        measure: str,
        depth: int,
        space: str,
    ) -> None:
        self.topics, self.qrels, self.strategy = topics, qrels, strategy
        self.measure, self.depth, self.space = measure, depth, space
        self._measures = [*dict.fromkeys([measure, "Judged@10"])]
        # ranks below every cut-off change no value
        self._looked_at = depth_of(self._measures) if all(map(cut_off, self._measures)) else depth
        kept = max(8, _KEPT_HITS // (depth * len(topics)))
        searched = AskedOnce(archive)
        self._rankings = [Repeated(searched, kept) for _ in topics]
        self._found: dict[tuple[tuple[str, Any], ...], dict[str, dict[str, float]]] = {}

    @property
    def tried(self) -> int:
        return len(self._found)

    def scores(self, settings: Settings) -> dict[str, float]:
        return self._of(settings)[self.measure]

    def judged(self, settings: Settings) -> float:
        return _mean(self._of(settings)["Judged@10"].values())

    def _of(self, settings: Settings) -> dict[str, dict[str, float]]:
        key = tuple(sorted(settings.items()))
        if key not in self._found:
            strategy: Any = dataclasses.replace(self.strategy, **settings)  # type: ignore[type-var]
            plans = [[strategy.plan(topic.query, self.depth, self.space)] for topic in self.topics]
            found = answers(zip(self._rankings, plans, strict=True))
            run = {
                topic.id: [hit.id for hit in ranking[: self._looked_at]]
                for topic, ((ranking, _),) in zip(self.topics, found, strict=True)
            }
            self._found[key] = measured(run, self.qrels, self._measures)
        return self._found[key]


@dataclass
class _Steps:
    """How far the searches are; one that ends early has taken the steps that it did not need."""

    total: int
    progress: Callable[[int, int], None] | None
    done: int = 0

    def take(self, count: int = 1) -> None:
        self.done += count
        if self.progress is not None and count:
            self.progress(self.done, self.total)


def _search(
    trials: _Trials, choices: Mapping[str, Sequence[Any]], start: Settings, seen: Sequence[str], steps: _Steps
) -> dict[str, Any]:
    best = dict(start)
    value = _mean(trials.scores(best)[topic] for topic in seen)
    steps.take()
    each = sum(map(len, choices.values()))
    for turn in range(_ROUNDS):
        before = dict(best)
        for name, values in choices.items():
            for one in values:
                tried = {**best, name: one}
                reached = _mean(trials.scores(tried)[topic] for topic in seen)
                if reached > value + _LEAST_GAIN:
                    best, value = tried, reached
                steps.take()
        if best == before:
            steps.take(each * (_ROUNDS - 1 - turn))
            break
    return best


def _choices(strategy: Strategy, grid: Mapping[str, Sequence[Any]] | None) -> dict[str, Sequence[Any]]:
    found = tunable(strategy)
    if not grid:
        return {name: candidates(*one) for name, one in found.items()}
    chosen: dict[str, Sequence[Any]] = {}
    for name, values in grid.items():
        if name not in found:
            raise InvalidInputError(f"{name_of(strategy)} has no numeric setting {name!r}. Known: {', '.join(found)}.")
        kind = type(found[name][1])
        if any(kind(value) != value for value in values):
            raise InvalidInputError(f"{name_of(strategy)}: {name} takes whole numbers only, got {list(values)}.")
        chosen[name] = [kind(value) for value in values]
        for value in chosen[name]:
            check(dataclasses.replace(strategy, **{name: value}), name_of(strategy))  # type: ignore[type-var]
    return chosen


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)
