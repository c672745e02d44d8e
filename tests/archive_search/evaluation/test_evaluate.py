"""Measures, means and differences of strategies."""

import csv
import io
import json
import math
from dataclasses import dataclass, replace
from typing import ClassVar

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.evaluation import significance
from archive_search.evaluation.evaluate import evaluate, to_csv, to_json
from archive_search.evaluation.measures import MEASURES, measured
from archive_search.evaluation.ranked import named, ranked
from archive_search.evaluation.report import notes
from archive_search.plan import Plan
from archive_search.ranking.nearest import Nearest
from archive_search.remark import Remark
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.strategy_file import read_strategy
from archive_search.types import InvalidInputError, Query, UnknownNameError
from archive_search.workspace.topics import Topic

BACKWARDS = read_strategy({"steps": [{"step": "nearest", "examples": "$category"}, {"step": "gate", "count": 3}]}, "b")


def test_measures_by_hand():
    """Five values of one small ranking, computed by hand; what is not judged counts as not relevant."""
    values = measured({"t": ["a", "x", "b"]}, {"t": {"a": 1, "b": 2, "c": 1, "d": 0}})
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["nDCG@10"]["t"] == pytest.approx((1 + 2 / math.log2(4)) / ideal)
    assert values["P@10"]["t"] == pytest.approx(0.2)
    assert values["AP"]["t"] == pytest.approx((1 + 2 / 3) / 3)
    assert values["R@100"]["t"] == pytest.approx(2 / 3)
    assert values["Judged@10"]["t"] == pytest.approx(2 / 3)


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 3), min_size=1).filter(lambda q: any(q.values())))
def test_the_ideal_order_has_ndcg_one(grades):
    """Sorted by grade, nDCG is 1; every measure lies from 0 to 1."""
    ideal = sorted(grades, key=lambda one: -grades[one])
    assert measured({"t": ideal}, {"t": grades})["nDCG@10"]["t"] == pytest.approx(1.0)
    for values in measured({"t": ideal[::-1]}, {"t": grades}).values():
        assert 0 <= values["t"] <= 1


def test_an_empty_ranking_is_zero():
    """A topic for which nothing was found counts with 0, it is not forgotten."""
    values = measured({"t": [], "u": ["a"]}, {"t": {"a": 1}, "u": {"a": 1}})
    assert {name: one["t"] for name, one in values.items()} == dict.fromkeys(MEASURES, 0.0)
    assert values["nDCG@10"]["u"] == 1.0


def test_measures_of_ir_measures_by_name():
    """Any measure that ir-measures knows can be asked for; what it does not know is named."""
    assert measured({"t": ["x", "a"]}, {"t": {"a": 1}}, ["RR", "P@2"]) == {"RR": {"t": 0.5}, "P@2": {"t": 0.5}}
    with pytest.raises(UnknownNameError, match="'goodness'"):
        measured({"t": ["a"]}, {"t": {"a": 1}}, ["goodness"])


def test_evaluation_agrees_with_ir_measures(archive, topics, qrels):
    """The means are those that ir-measures computes for the same rankings."""
    found = evaluate(archive, topics, qrels, {"nearest": NearestStrategy()})
    documents = [
        ir_measures.ScoredDoc(topic.id, hit.id, -float(rank))
        for topic in topics
        for rank, hit in enumerate(ranked(NearestStrategy(), topic.query, archive, 1000))
    ]
    judged = [ir_measures.Qrel(t, record, grade) for t, records in qrels.items() for record, grade in records.items()]
    theirs = ir_measures.calc_aggregate([ir_measures.nDCG @ 10, ir_measures.AP], judged, documents)
    means = {one.measure: one.mean for one in found.means()}
    assert means["nDCG@10"] == pytest.approx(theirs[ir_measures.nDCG @ 10])
    assert means["AP"] == pytest.approx(theirs[ir_measures.AP])


def test_differences_are_against_the_first(archive, topics, qrels):
    """Every other strategy is compared with the first, with as many topics better and worse as there are."""
    strategies = {"nearest": NearestStrategy(), "staged": StagedStrategy(), "backwards": BACKWARDS}
    found = evaluate(archive, topics, qrels, strategies)
    assert {(one.strategy, one.baseline) for one in found.differences()} == {
        ("staged", "nearest"),
        ("backwards", "nearest"),
    }
    worse = next(one for one in found.differences() if (one.strategy, one.measure) == ("backwards", "nDCG@10"))
    values = found.differences_of("backwards", "nDCG@10")
    assert worse.mean == pytest.approx(sum(values) / len(values))
    assert (worse.better, worse.worse) == (sum(v > 0 for v in values), sum(v < 0 for v in values))
    assert worse.mean < 0
    assert worse.p <= worse.p_holm <= 2 * worse.p
    assert worse.interval[0] <= worse.mean <= worse.interval[1]
    assert not {one.measure for one in found.differences()} & {"Judged@10"}


def test_a_strategy_against_itself(archive, topics, qrels):
    """The same ranking differs by nothing, with p = 1."""
    found = evaluate(archive, topics, qrels, {"a": NearestStrategy(), "b": NearestStrategy()})
    assert {(one.mean, one.p, one.p_holm, one.better, one.worse) for one in found.differences()} == {(0, 1, 1, 0, 0)}


def test_groups(archive, topics, qrels):
    """Means of a group are over its topics; one group alone is not repeated."""
    found = evaluate(archive, topics, qrels, {"nearest": NearestStrategy()})
    assert found.groups == ("all", "bright", "other")
    assert {one.topics for one in found.means("bright")} == {6}
    alone = evaluate(archive, topics[:6], qrels, {"nearest": NearestStrategy()})
    assert alone.groups == ("all",)


def test_topics_that_cannot_be_measured_are_named(archive, topics, qrels):
    """Topics without judgements or without a relevant record are left out, with the reason; none left is an error."""
    nothing = Topic("none", topics[0].query)
    zero = Topic("zero", topics[0].query)
    judged = {**qrels, "zero": {"red-axe": 0}}
    found = evaluate(archive, [*topics, nothing, zero], judged, {"nearest": NearestStrategy()})
    assert found.left_out == {"none": "not judged", "zero": "no record was judged relevant"}
    assert len(found.topics) == len(topics)
    with pytest.raises(InvalidInputError, match="ids"):
        evaluate(archive, [nothing], judged, {"nearest": NearestStrategy()})


def test_depth_below_a_cut_off_is_refused(archive, topics, qrels):
    """Rankings cut above what a measure looks at would be measured wrongly."""
    with pytest.raises(InvalidInputError, match="depth"):
        evaluate(archive, topics, qrels, {"nearest": NearestStrategy()}, depth=50)


def test_json_and_csv_hold_every_value(archive, topics, qrels):
    """Both hold the values of every topic; JSON also means, differences, and the settings to repeat it."""
    strategies = {"nearest": NearestStrategy(), "staged": StagedStrategy(weight=0.3)}
    found = evaluate(archive, topics, qrels, strategies)
    data = json.loads(json.dumps(to_json(found)))
    rows = list(csv.DictReader(io.StringIO(to_csv(found))))
    assert len(rows) == 2 * len(topics)
    for row in rows:
        topic = next(one for one in data["topics"] if one["id"] == row["topic"])
        assert float(row["nDCG@10"]) == pytest.approx(topic["scores"][row["strategy"]]["nDCG@10"], abs=1e-6)
    assert data["settings"]["strategies"]["staged"]["weight"] == 0.3
    assert data["settings"]["judgements"] == sum(map(len, qrels.values()))


@dataclass(frozen=True)
class Talking:
    """A step that remarks on some queries."""

    def __call__(self, search, ranking):
        """The ranking as it is."""
        if search.query.examples[0].value == "axe":
            search.findings.remarks.append("An axe!")
        return ranking


@dataclass(frozen=True)
class TalkingStrategy:
    """Plain search with that step."""

    summary: ClassVar[str] = "talks"

    def plan(self, query, limit=100, space=""):
        """Two steps."""
        return Plan(query, (Nearest(), Talking()), limit, space)


def test_what_steps_remark_is_told(archive, topics, qrels):
    """What steps remark is counted over the topics, kept in JSON, and told; what differs in numbers only is one."""
    found = evaluate(archive, topics, qrels, {"nearest": NearestStrategy(), "talking": TalkingStrategy()})
    assert found.remarks == {"talking": {"An axe!": 4}}
    assert to_json(found)["remarks"] == found.remarks
    assert notes(found) == ("talking remarked for 4 of 24 topics: An axe!",)
    said = {
        Remark("{count} records say {word}.", count=count, word=word): 1 for count, word in ((3, "axe"), (9, "bowl"))
    }
    alike = replace(found, remarks={"talking": {**said, "An axe!": 1}})
    assert notes(alike) == (
        "talking remarked for 2 of 24 topics, such as: 3 records say axe.",
        "talking remarked for 1 of 24 topics: An axe!",
    )


def test_named_strategies(tmp_path):
    """A file is reported under its name; two of one name, none, and unknown ones are refused."""
    (tmp_path / "mine.json").write_text('{"strategy": "staged", "settings": {"weight": 0.4}}', encoding="utf-8")
    found = named(["nearest", str(tmp_path / "mine.json")])
    assert list(found) == ["nearest", "mine"]
    assert found["mine"] == StagedStrategy(weight=0.4)
    with pytest.raises(InvalidInputError):
        named(["nearest", "nearest"])
    with pytest.raises(InvalidInputError):
        named([])
    with pytest.raises(UnknownNameError):
        named(["nearst"])


def test_ranked_stops_at_its_depth(archive):
    """A ranking holds no more than is asked; a query without examples is browsed."""
    assert len(ranked(NearestStrategy(), Query(), archive, 5)) == 5


def test_as_frames(archive, topics, qrels):
    """Per topic, means and differences as DataFrames hold what the evaluation says."""
    found = evaluate(archive, topics, qrels, {"nearest": NearestStrategy(), "backwards": BACKWARDS}, ["nDCG@10", "AP"])
    frame = found.to_frame()
    assert list(frame.columns) == ["topic", "text", "group", "strategy", "nDCG@10", "AP"]
    assert len(frame) == 2 * len(found.topics)
    means = found.means_frame().set_index(["group", "strategy", "measure"])
    assert means.loc[("all", "nearest", "AP"), "mean"] == pytest.approx(frame[frame.strategy == "nearest"].AP.mean())
    assert {"low", "high", "topics"} <= set(means.columns)
    differences = found.differences_frame()
    assert set(differences.strategy) == {"backwards"}
    assert len(differences) == 2 * len(found.groups)


def test_intervals_are_drawn_once(archive, topics, qrels, monkeypatch):
    """However often means and differences are asked for, each interval is drawn one time."""
    drawn = []
    real = significance.bootstrap
    monkeypatch.setattr("archive_search.evaluation.evaluate.bootstrap", lambda values: drawn.append(1) or real(values))
    found = evaluate(archive, topics, qrels, {"nearest": NearestStrategy(), "backwards": BACKWARDS}, ["AP"])
    for _ in range(3):
        found.means(), found.differences()
        to_json(found)
    assert len(drawn) == 3 * len(found.groups)
