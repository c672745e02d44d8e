"""Judgements in files."""

import ir_measures
import pytest

from archive_search.evaluation.qrels import read_csv, read_qrels, write_csv, write_qrels
from archive_search.types import InvalidInputError, MetadataError
from archive_search.workspace.judgements import Judgement, from_qrels

QRELS = {"t1": {"a": 2, "b": 0}, "t2": {"a": 3}}


def test_qrels_and_back(tmp_path):
    """Written qrels are read again as they were, by us and by ir-measures."""
    (tmp_path / "q").write_text(write_qrels(QRELS), encoding="utf-8")
    assert read_qrels(tmp_path / "q") == QRELS
    theirs = {(one.query_id, one.doc_id, one.relevance) for one in ir_measures.read_trec_qrels(str(tmp_path / "q"))}
    assert theirs == {(topic, record, grade) for topic, records in QRELS.items() for record, grade in records.items()}


def test_negative_grades_count_as_zero(tmp_path):
    """A grade below 0, as TREC marks spam, is not relevant."""
    (tmp_path / "q").write_text("t1 0 a -2\n\nt1 0 b 4\n", encoding="utf-8")
    assert read_qrels(tmp_path / "q") == {"t1": {"a": 0, "b": 4}}


@pytest.mark.parametrize("line", ["t1 0 a", "t1 0 a two", "t1 0 a 1 5", "t1 0 ok 1"])
def test_a_wrong_line_is_named(tmp_path, line):
    """What cannot be read is told with file and line; a record judged twice as well."""
    (tmp_path / "q").write_text(f"t1 0 ok 1\n{line}\n", encoding="utf-8")
    with pytest.raises(MetadataError, match="line 2"):
        read_qrels(tmp_path / "q")


def test_no_file(tmp_path):
    """A missing or empty file is an error in words."""
    with pytest.raises(MetadataError, match="cannot be read"):
        read_qrels(tmp_path / "none")
    (tmp_path / "empty").write_text("", encoding="utf-8")
    with pytest.raises(MetadataError, match="no judgement"):
        read_qrels(tmp_path / "empty")


def test_white_space_cannot_be_said_in_qrels():
    """An id with a space is refused with the advice to export CSV."""
    with pytest.raises(InvalidInputError, match="CSV"):
        write_qrels({"t1": {"NM 12": 1}})


def test_csv_and_back(tmp_path):
    """CSV keeps judge, time, and ids with spaces, commas and line breaks."""
    made = (
        Judgement("t1", "NM 12, a", "Åse", 2, "2026-11-21T04:00:00+00:00"),
        Judgement("t1", 'x "y"\nz', "bo", 0, ""),
    )
    (tmp_path / "j.csv").write_text(write_csv(made), encoding="utf-8", newline="")
    assert read_csv(tmp_path / "j.csv") == made


def test_csv_as_a_spreadsheet_leaves_it(tmp_path):
    """A byte order mark, other columns and rows without a grade are no matter; the judge may be named for all."""
    text = "topic,question,record,grade\r\nt1,An axe,a,3\r\nt1,An axe,b,\r\n"
    (tmp_path / "j.csv").write_text(text, encoding="utf-8-sig", newline="")
    assert read_csv(tmp_path / "j.csv", "ann") == (Judgement("t1", "a", "ann", 3),)
    with pytest.raises(MetadataError, match=r"line 2.*judge"):
        read_csv(tmp_path / "j.csv")


@pytest.mark.parametrize("row", ["t1,a,good,ann,", "t1,a,1,ann,yesterday"])
def test_a_wrong_row_is_named(tmp_path, row):
    """A grade that is no number and a time that is no time are told with their line."""
    (tmp_path / "j.csv").write_text(f"topic,record,grade,judge,time\n{row}\n", encoding="utf-8")
    with pytest.raises(MetadataError, match="line 2"):
        read_csv(tmp_path / "j.csv")


def test_missing_columns_are_named(tmp_path):
    """A CSV without grades says which column it lacks."""
    (tmp_path / "j.csv").write_text("topic,record\nt1,a\n", encoding="utf-8")
    with pytest.raises(MetadataError, match="no column grade"):
        read_csv(tmp_path / "j.csv")


def test_from_qrels():
    """Qrels become judgements of one judge."""
    assert Judgement("t2", "a", "ann", 3) in from_qrels(QRELS, "ann")
    assert len(from_qrels(QRELS, "ann")) == 3
