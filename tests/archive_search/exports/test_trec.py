"""TREC run files and qrels: ir-measures reads them, and its figures are those of our evaluation."""

import json
from dataclasses import replace

import ir_measures
import pytest

from archive_search.evaluation.measures import MEASURES, measured
from archive_search.exporting import export
from archive_search.results import ResultSet
from archive_search.types import Hit, InvalidInputError
from archive_search.workspace.judgements import Judgement, Judgements
from archive_search.workspace.topics import Topic, topic_id


@pytest.fixture
def judged(found):
    """The set of five hundred, its topic judged: every third record relevant, and a sensitive one."""
    own = Judgements(found.holdings.archive.workspace)
    own.add_topics([Topic("axes", found.plan.query)])
    own.add(Judgement("axes", f"r{n}", "Ann", n % 4) for n in range(0, 300, 3))
    yield found
    found.holdings.archive.workspace.unlink()


def test_figures_are_those_of_our_evaluation(judged, tmp_path):
    """ir-measures, given the two files, finds what our evaluation does on the records that left."""
    export(judged, tmp_path / "set.run")
    run = list(ir_measures.read_trec_run(str(tmp_path / "set.run")))
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "set.run.qrels")))
    theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in MEASURES], qrels, run)
    grades = Judgements(judged.holdings.archive.workspace).qrels()["axes"]
    ours = measured(
        {"axes": [hit.id for hit in judged.ranking if hit.id != "r3"]},
        {"axes": {record: grade for record, grade in grades.items() if record != "r3"}},
    )
    assert {str(name): value for name, value in theirs.items()} == pytest.approx(
        {name: values["axes"] for name, values in ours.items()}
    )
    assert "r3 " not in (tmp_path / "set.run.qrels").read_text() + (tmp_path / "set.run").read_text()
    export(judged, tmp_path / "named.run", sensitive=["r3"])
    assert "axes 0 r3 3\n" in (tmp_path / "named.run.qrels").read_text()


def test_order_is_kept_whatever_the_scores_are(found, tmp_path):
    """A run that is sorted by its scores has the order of the set, also where scores are tied or fall and rise."""
    stage = replace(found.trace.stages[-1], ranking=tuple(Hit(f"r{n}", n % 3 / 10) for n in range(10, 30)))
    odd = ResultSet(found.plan, replace(found.trace, stages=(stage,)), found.holdings, lambda: found.provenance)
    export(odd, tmp_path / "set", "trec", settings={"topic": "t1", "run": "mine"})
    run = list(ir_measures.read_trec_run(str(tmp_path / "set")))
    assert [one.doc_id for one in sorted(run, key=lambda one: -one.score)] == [f"r{n}" for n in range(10, 30)]
    assert {one.query_id for one in run} == {"t1"}
    assert (tmp_path / "set").read_text().startswith("t1 Q0 r10 1 20 mine\n")


def test_without_judgements_there_are_no_qrels(found, tmp_path):
    """What nobody has judged has no qrels; its topic is called by its question, as judging it later would."""
    export(found, tmp_path / "set.run")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["set.run", "set.run.provenance.json"]
    assert (tmp_path / "set.run").read_text().split()[0] == topic_id(found.plan.query)
    saved = ResultSet.load(found.save(tmp_path / "set.json"))
    export(saved, tmp_path / "saved.run")
    assert (tmp_path / "saved.run").read_text() == (tmp_path / "set.run").read_text()
    told = json.loads((tmp_path / "set.run.provenance.json").read_text())
    assert len(told["ranking"]) == 499


def test_what_the_format_cannot_say_is_refused(found, tmp_path):
    """White space in an id would be read as the next column: it is refused, and nothing is left."""
    with pytest.raises(InvalidInputError, match="cannot hold ids with white space"):
        export(found, tmp_path / "set.run", settings={"topic": "two words"})
    assert not list(tmp_path.iterdir())
