"""Judgements in the workspace."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive_search.types import ArchiveError, Example, InvalidInputError, Query, UnknownNameError
from archive_search.workspace.file import Part, opened
from archive_search.workspace.judgements import Judgement, Judgements
from archive_search.workspace.topics import Topic, topic_id

AXE = Query((Example("text", "axe"), Example("text", "flint")))
ROOT = Path(__file__).parents[3]


@pytest.fixture
def kept(tmp_path) -> Judgements:
    """A workspace without a file."""
    return Judgements(tmp_path / "workspace.sqlite")


def test_reading_makes_no_file(kept):
    """Before the first judgement there is nothing, and asking makes no file."""
    assert (kept.present(), kept.history(), kept.topics(), kept.qrels(), kept.judges()) == ((), (), (), {}, {})
    assert not kept.file.exists()


def test_the_last_grade_counts_and_history_stays(kept):
    """A judge who changes a grade adds a row: the last one counts, all stay in the history, with their time."""
    kept.judge("t1", "a", "ann", 1)
    kept.judge("t1", "a", "ann", 3)
    assert [one.grade for one in kept.history()] == [1, 3]
    (now,) = kept.present()
    assert (now.topic, now.record, now.judge, now.grade) == ("t1", "a", "ann", 3)
    assert now.at.endswith("+00:00")


def test_an_unknown_topic_is_refused_where_topics_are_kept(kept):
    """An archive with topics refuses any other, naming those spelled like it; an archive without topics takes all."""
    kept.judge("anything", "a", "ann", 1)
    kept.add_topics([Topic("t07", AXE), Topic("t08", Query((Example("text", "bead"),)))])
    assert kept.judge("t07", "a", "ann", 2).topic == "t07"
    with pytest.raises(UnknownNameError, match=r"no topic called 't7'\. Spelled like it: t07"):
        kept.judge("t7", "a", "ann", 2)
    with pytest.raises(UnknownNameError, match="Kept: t07, t08"):
        kept.judge("spears", "a", "ann", 2)
    assert len(kept.history()) == 2
    kept.judge("anything", "a", "ann", None)  # what was judged before can be taken back
    assert [one.topic for one in kept.present()] == ["t07"]


def test_a_grade_is_taken_back(kept):
    """None takes a grade back: it no longer counts, and the history shows it."""
    kept.judge("t1", "a", "ann", 2)
    kept.judge("t1", "a", "ann", None)
    assert kept.present() == ()
    assert kept.qrels() == {}
    assert [one.grade for one in kept.history()] == [2, None]


def test_several_judges_make_qrels_by_the_lower_median(kept):
    """Qrels hold the median of the judges' grades, of two middle ones the lower; or those of the judges named."""
    for judge, grade in (("ann", 0), ("bo", 3), ("cy", 2)):
        kept.judge("t1", "a", judge, grade)
    kept.judge("t1", "b", "ann", 1)
    kept.judge("t1", "b", "bo", 2)
    assert kept.qrels() == {"t1": {"a": 2, "b": 1}}
    assert kept.qrels(["bo"]) == {"t1": {"a": 3, "b": 2}}
    assert kept.judges() == {"ann": 2, "bo": 2, "cy": 1}


@pytest.mark.parametrize("grade", [-1, 4, True, 1.5])
def test_grades_out_of_range_are_refused(kept, grade):
    """A grade is a whole number from 0 to 3; of a list with a wrong one nothing is kept."""
    with pytest.raises(InvalidInputError):
        kept.add([Judgement("t", "a", "ann", 1), Judgement("t", "b", "ann", grade)])
    assert kept.history() == ()


def test_names_are_needed(kept):
    """A judgement without a judge is refused."""
    with pytest.raises(InvalidInputError, match="judge"):
        kept.add([Judgement("t", "a", " ", 1)])


def test_changes_leave_out_what_counts_already(kept):
    """What an import would repeat is left out; a changed grade is not."""
    kept.judge("t", "a", "ann", 1)
    again = [Judgement("t", "a", "ann", 1), Judgement("t", "a", "bo", 1), Judgement("t", "b", "ann", 0)]
    assert [(one.record, one.judge) for one in kept.changes(again)] == [("a", "bo"), ("b", "ann")]
    assert len(kept.changes([Judgement("t", "a", "ann", 2)])) == 1


def test_judging_a_query_keeps_its_topic(kept):
    """A query without a name gets a topic with an id from the query itself, the same every time."""
    made = kept.judge(AXE, "a", "ann", 2)
    assert made.topic == topic_id(AXE)
    kept.judge(AXE, "b", "ann", 0)
    assert [topic.query for topic in kept.topics()] == [AXE]
    assert kept.topics()[0].text == "axe, flint"


def test_a_query_that_is_a_topic_already(kept):
    """Judging a query that a kept topic asks counts for that topic."""
    kept.add_topics([Topic("t7", AXE, "g", "A flint axe")])
    assert kept.judge(AXE, "a", "ann", 2).topic == "t7"
    assert kept.topics() == (Topic("t7", AXE, "g", "A flint axe"),)


def test_another_query_with_the_same_id_is_refused(kept):
    """An id that stands for another query already is refused: its judgements would count for both."""
    kept.add_topics([Topic("t7", AXE)])
    kept.add_topics([Topic("t7", AXE)])
    other = Topic("t7", Query((Example("text", "pot"),)))
    with pytest.raises(InvalidInputError, match="another query"):
        kept.add_topics([Topic("t8", AXE), other])
    assert [topic.id for topic in kept.topics()] == ["t7"]  # all or none
    with pytest.raises(InvalidInputError, match="another query"):
        kept.check_topics([other])


def test_threads_and_processes_share_the_file(kept):
    """Several threads and processes judge at once and nothing is lost."""
    code = """
import sys
from pathlib import Path
from archive_search.workspace.judgements import Judgements
for i in range(6):
    Judgements(Path(sys.argv[1])).judge("t", f"r{i}", sys.argv[2], i % 4)
"""
    command = [sys.executable, "-c", code, str(kept.file)]
    running = [subprocess.Popen([*command, f"process {n}"], cwd=ROOT) for n in range(2)]

    def judge(name: str) -> None:
        for i in range(6):
            kept.judge("t", f"r{i}", name, i % 4)

    threads = [threading.Thread(target=judge, args=(f"thread {n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait(30) for process in running] == [0, 0]
    assert set(kept.judges().values()) == {6}
    assert len(kept.judges()) == 4


def test_parts_of_the_workspace_live_side_by_side(kept):
    """Another part keeps its own tables and version in the same file."""
    kept.judge("t", "a", "ann", 1)
    notes = Part("notes", 3, ("CREATE TABLE IF NOT EXISTS notes (text TEXT)",))
    with opened(kept.file, notes, write=True) as database:
        database.execute("INSERT INTO notes VALUES ('polished')")
        parts = dict(database.execute("SELECT name, version FROM parts"))
    assert parts == {"judgements": 1, "notes": 3}
    assert len(kept.present()) == 1


def test_what_raises_inside_a_transaction_leaves_nothing(kept):
    """An error inside rolls everything back."""
    notes = Part("notes", 1, ("CREATE TABLE IF NOT EXISTS notes (text TEXT)",))

    def fail() -> None:
        with opened(kept.file, notes, write=True) as database:
            database.execute("INSERT INTO notes VALUES ('x')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with opened(kept.file, notes) as database:
        assert database.execute("SELECT count(*) FROM notes").fetchone() == (0,)


def test_a_later_version_is_refused(kept):
    """A workspace written by a later version of the program is not touched."""
    kept.judge("t", "a", "ann", 1)
    database = sqlite3.connect(kept.file)
    database.execute("UPDATE parts SET version = 99")
    database.commit()
    database.close()
    with pytest.raises(ArchiveError, match="later version"):
        kept.present()


def test_a_file_that_is_no_database(kept):
    """A damaged workspace is an error in words."""
    kept.file.write_bytes(b"not a database, " * 100)
    with pytest.raises(ArchiveError, match="cannot be used"):
        kept.present()


def test_the_last_grade_is_taken_back_and_then_the_one_before(kept):
    """Taking back goes from the last grade to the first, of one judge and one topic only; the history keeps all."""
    for topic, record, judge, grade in (
        ("t1", "a", "ann", 1),
        ("t1", "b", "ann", 2),
        ("t1", "c", "bo", 3),
        ("t2", "a", "ann", 3),
        ("t1", "a", "ann", 0),
    ):
        kept.judge(topic, record, judge, grade)
    taken = [kept.take_back("ann", "t1") for _ in range(3)]
    assert [one and (one.record, one.grade) for one in taken] == [("a", 0), ("b", 2), None]
    assert [(one.topic, one.record, one.judge) for one in kept.present()] == [("t1", "c", "bo"), ("t2", "a", "ann")]
    assert len(kept.history()) == 7
    assert kept.take_back("nobody", "t1") is None
