"""Settings chosen by cross-validation."""

import dataclasses
import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from archive_search.evaluation.ranked import ranked
from archive_search.evaluation.repeated import Repeated
from archive_search.evaluation.tune import (
    MIN_JUDGEMENTS,
    MIN_TOPICS,
    candidates,
    split,
    strategy_file,
    to_json,
    tunable,
    tune,
)
from archive_search.knobs import Knob, knob
from archive_search.plan import Plan
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.phrase import phrase
from archive_search.search import SearchContext
from archive_search.strategies import STRATEGIES
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.strategy_file import read_strategy
from archive_search.types import Hit, InvalidInputError, Query, Ranking


@dataclass(frozen=True)
class Gated:
    """A strategy with a gate for the category, and a setting that makes no difference."""

    summary: ClassVar[str] = "the nearest share of the category, then all words"
    width: float = knob(0.05, "Width", low=0.01, high=1.0)
    idle: int = knob(200, "Idle", low=1, high=1000)

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """Two steps."""
        gate = Nearest(query.examples[:1], k=1000, share=self.width)
        return Plan(query, (gate, Nearest(phrase(query.examples))), limit, space)


BAD = Gated()
"""A gate that lets two records of twenty-four through."""


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setitem(STRATEGIES._found, "gated", Gated)


def test_what_is_kept_changes_no_ranking(archive, topics):
    """Rankings of one query by many settings in turn are those of each alone, however few of them are kept."""
    settings = [
        dataclasses.replace(StagedStrategy(candidates=100, at_least=1), **changed)
        for changed in ({}, {"hubness": 0.2}, {"weight": 0.5}, {"feedback": 0.3}, {"width": 0.4, "weight": 0.5}, {})
    ]
    for kept in (1, 100):
        for topic in topics[:6]:
            repeated = Repeated(archive, kept)
            for strategy in settings:
                ((ranking, _),) = repeated(strategy.plan(topic.query, 50))
                assert ranking == ranked(strategy, topic.query, archive, 50)


def test_steps_that_plans_share_are_taken_once(archive, topics):
    """Where only the last step of a plan changes, those before it are not taken again."""
    taken: list[str] = []

    @dataclass(frozen=True)
    class Noted:
        name: str

        def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
            taken.append(self.name)
            return (*ranking, Hit(self.name, 0.0))

    repeated = Repeated(archive, 10)
    for last in ("b", "c", "b"):
        ((found, _),) = repeated(Plan(topics[0].query, (Noted("a"), Noted(last))))
        assert [hit.id for hit in found] == ["a", last]
    assert taken == ["a", "b", "c"]


def test_progress_comes_to_its_end(archive, topics, qrels):
    """Steps are told as they are taken, never fewer than before, and the last is the number foretold."""
    told: list[tuple[int, int]] = []
    tune(archive, topics, qrels, BAD, grid={"width": [0.05, 0.5]}, progress=lambda *now: told.append(now))
    assert told == sorted(told)
    assert told[-1] == (30, 30)  # six searches: the start, then two values in each of two rounds
    assert {total for _, total in told} == {30}


def test_a_bad_setting_is_mended(archive, topics, qrels):
    """Where one setting spoils the ranking, tuning finds it, on topics not seen as well, and the file says so."""
    found = tune(archive, topics, qrels, BAD, grid={"width": [0.05, 0.5, 1.0]})
    assert found.helped
    assert found.settings["width"] > 0.05
    assert set(found.changed) == {"width"}
    assert found.difference == pytest.approx(
        sum(found.held_out[one] - found.before[one] for one in found.before) / len(found.before)
    )
    assert found.interval[0] > 0
    made = read_strategy(strategy_file(found))
    assert made == Gated(width=found.settings["width"])


def test_a_setting_without_effect_stays(archive, topics, qrels):
    """A knob that changes nothing keeps its value, and tuning says that it did not help."""
    found = tune(archive, topics, qrels, Gated(width=1.0), grid={"idle": [1, 50, 200, 1000]})
    assert found.changed == {}
    assert not found.helped
    assert (found.difference, found.p, found.on_seen) == (0.0, 1.0, 0.0)


def test_held_out_topics_choose_nothing(archive, topics, qrels):
    """The settings that a topic is measured with are those of a fold's search, which did not see it."""
    found = tune(archive, topics, qrels, BAD, folds=4, grid={"width": [0.05, 0.5, 1.0]})
    assert len(found.fold_settings) == 4
    again = tune(archive, topics, qrels, BAD, folds=4, grid={"width": [0.05, 0.5, 1.0]})
    assert to_json(found) == to_json(again)
    folds = split(topics, 4, 0)
    spoiled = {**qrels, **{one: {"grey-coin": 1, "red-axe": 0} for one in folds[0]}}
    other = tune(archive, topics, {**qrels, **spoiled}, BAD, folds=4, grid={"width": [0.05, 0.5, 1.0]})
    assert other.fold_settings[0] == found.fold_settings[0]


def test_too_little_is_refused(archive, topics, qrels):
    """With too few topics or judgements nothing is tuned, and the message says how many are needed."""
    with pytest.raises(
        InvalidInputError, match=rf"{MIN_TOPICS} topics.*{MIN_JUDGEMENTS} judgements.*there are 5 topics"
    ):
        tune(archive, topics[:5], qrels, BAD)
    few = {topic: {topic: 2} for topic in qrels}
    with pytest.raises(InvalidInputError, match="24 judgements"):
        tune(archive, topics, few, BAD)


def test_what_cannot_be_tuned(archive, topics, qrels):
    """A strategy without settings, an unknown one, and a value out of range are refused."""
    with pytest.raises(InvalidInputError, match="no numeric settings"):
        tune(archive, topics, qrels, NearestStrategy())
    with pytest.raises(InvalidInputError, match="'colour'"):
        tune(archive, topics, qrels, BAD, grid={"colour": [1]})
    with pytest.raises(InvalidInputError, match="width"):
        tune(archive, topics, qrels, BAD, grid={"width": [7.0]})
    with pytest.raises(InvalidInputError, match="whole numbers"):
        tune(archive, topics, qrels, BAD, grid={"idle": [1.5]})
    with pytest.raises(InvalidInputError, match="folds"):
        tune(archive, topics, qrels, BAD, folds=100)


def test_candidates_lie_in_range():
    """Values to try begin with the present one, stay in the knob's range, whole where it is, and name none twice."""
    assert candidates(Knob("w", 0.01, 1.0), 0.75) == (0.75, 0.1875, 0.375, 1.0)
    assert candidates(Knob("n", 1, 1000), 200) == (200, 50, 100, 400, 800)
    assert candidates(Knob("n", 1, 10), 1) == (1, 2, 4)
    assert candidates(Knob("w", 0.0, 2.0), 0.0) == (0.0, 0.04, 0.1, 0.2, 0.5)
    assert candidates(Knob("w", 0.0, None), 0.1) == (0.1, 0.025, 0.05, 0.2, 0.4, 0.0)
    assert candidates(Knob("on"), True) == (True, False)
    assert list(tunable(BAD)) == ["width", "idle"]


def test_folds_divide_the_topics(topics):
    """Every topic is in one fold, sizes differ by one at most, groups are spread, and the seed decides."""
    folds = split(topics, 5, 0)
    assert sorted(one for fold in folds for one in fold) == sorted(topic.id for topic in topics)
    assert {len(fold) for fold in folds} == {4, 5}
    assert all(1 <= sum(one.startswith("red") for one in fold) <= 2 for fold in folds)
    assert folds == split(tuple(reversed(topics)), 5, 0)
    assert folds != split(topics, 5, 1)


def test_tuned_as_json(archive, topics, qrels):
    """What was found is JSON data."""
    found = tune(archive, topics, qrels, BAD, grid={"width": [0.05, 1.0]})
    assert json.loads(json.dumps(to_json(found)))["helped"] is True
