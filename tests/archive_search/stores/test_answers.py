"""What was counted of a published generation is kept."""

import sqlite3
import time
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_search import answers as answers_module
from archive_search.answers import FILE, Answers
from archive_search.contents import contents
from archive_search.counting import count_ahead
from archive_search.metadata.facets import facets, year_histogram
from archive_search.stores import edge
from archive_search.stores.edge import VALUES, EdgeStore
from archive_search.stores.edge_index import EdgeIndex
from archive_search.testing import MemoryStore
from archive_search.types import Match, Missing, Point, Store

QUESTION = "how many?"


def never():
    """Nobody may ask."""
    raise AssertionError("asked again")


class TestAnswers:
    """Answers and their file."""

    def test_a_question_is_asked_once(self, tmp_path):
        """What was answered is not asked again, by whoever opens the file next neither."""
        first = Answers(tmp_path / FILE, "gen-1")
        assert first.get(QUESTION, lambda: {"a": [1, None]}) == {"a": [1, None]}
        assert first.get(QUESTION, never) == Answers(tmp_path / FILE, "gen-1").get(QUESTION, never) == {"a": [1, None]}

    def test_another_generation_has_other_answers(self, tmp_path):
        """Answers about one generation are none about another, and are removed for it."""
        Answers(tmp_path / FILE, "gen-1").get(QUESTION, lambda: 1)
        assert Answers(tmp_path / FILE, "gen-2").get(QUESTION, lambda: 2) == 2
        assert Answers(tmp_path / FILE, "gen-1").get(QUESTION, lambda: 3) == 3

    def test_whoever_changes_an_answer_changes_it_for_nobody_else(self):
        """Each asker gets an answer of its own."""
        answers = Answers()
        answers.get(QUESTION, lambda: [1]).append(2)
        assert answers.get(QUESTION, never) == [1]

    def test_so_many_are_kept_and_those_that_took_longest(self, tmp_path, monkeypatch):
        """What anybody asks takes bounded room, in memory and in the file; what took long to count is not given up."""
        monkeypatch.setattr(answers_module, "MOST", 8)
        answers = Answers(tmp_path / FILE, "gen-1")
        answers.get("slow", lambda: time.sleep(0.05))
        for number in range(50):
            answers.get(f"quick {number}", lambda number=number: number)
        assert answers.get("slow", never) is None
        assert len(answers) <= 8
        del answers
        again = Answers(tmp_path / FILE, "gen-1")
        assert again.get("slow", never) is None
        assert len(again) <= 8

    def test_what_is_asked_in_a_row_is_saved_when_it_is_let_go(self, tmp_path):
        """Answers that come together are written together; none is lost when the store is closed."""
        answers = Answers(tmp_path / FILE, "gen-1")
        for number in range(20):
            answers.get(f"{number}", lambda number=number: number)
        del answers
        again = Answers(tmp_path / FILE, "gen-1")
        assert [again.get(f"{number}", never) for number in range(20)] == list(range(20))

    @pytest.mark.parametrize("damage", ["no database", "another table", "a directory", "nowhere"])
    def test_a_file_that_cannot_be_used_costs_only_time(self, tmp_path, damage):
        """Where the file is damaged, or cannot be, answers are asked and kept in memory."""
        file = tmp_path / FILE
        if damage == "no database":
            file.write_bytes(b"no database at all" * 100)
        elif damage == "another table":
            with sqlite3.connect(file) as db:
                db.execute("CREATE TABLE counted (one)")
            db.close()
        elif damage == "a directory":
            file.mkdir()
        else:
            file = tmp_path / "not there" / FILE
        answers = Answers(file, "gen-1")
        assert answers.get(QUESTION, lambda: 1) == 1
        assert answers.get(QUESTION, never) == 1


# ------------------------------------------------------------------ what a store keeps

SAID = st.fixed_dictionaries(
    {},
    optional={
        "material": st.lists(st.sampled_from(["flint", "bone", "amber"]), max_size=2),
        "creator": st.sampled_from(["Ann", "Bo"]),
        "date_from": st.integers(-4000, 2000),
        "date": st.sampled_from(["1850", "long ago"]),
        "licence": st.sampled_from(["CC0", ""]),
        "extra": st.dictionaries(st.sampled_from(["Box", "Season"]), st.sampled_from(["1", "2"]), max_size=2),
    },
)


def asked(store: Store) -> list[object]:
    """What is kept, as anybody asks for it."""
    return [
        facets(store),
        [facets(store, where) for where in ((Match("creator", ("Ann",)),), (Match("material", ("flint",)),))],
        [store.facet(field, limit=limit) for field in ("material", "creator") for limit in (0, 1, 100, 2 * VALUES)],
        year_histogram(store),
        [store.ends(field) for field in ("date_from", "date_to")],
        store.count(),
        [store.count((Missing(field),)) for field in ("material", "date", "date_from")],
        [store.count((Match("material", some),)) for some in (("flint",), ("flint", "bone"))],
        [store.filled(space) for space in ("a", "b")],
        contents(store),
    ]


def told(answers: list[object]) -> str:
    """Answers in words; contents hold tallies, which are equal only to themselves."""
    *others, held = answers
    return repr([*others, held.to_data()])  # type: ignore[attr-defined]


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, min_size=1, max_size=12), more=st.lists(SAID, min_size=1, max_size=3))
def test_what_is_kept_is_what_is_counted(memory_path, said, more):
    """An index that keeps what it counted answers as a store in memory does: at once, opened again, published anew."""
    folder = memory_path / str(uuid4())
    folder.mkdir()
    index, reference = EdgeIndex(folder / "index", answers=folder / FILE), MemoryStore({"a": 4, "b": 4})
    for number, some in enumerate((said, more)):
        build = index.begin({"a": 4, "b": 4})
        points = points_of(some, number * 100, ("a", "b"))
        for store in (build.store, reference):
            store.upsert(points)
        build.publish()
        wanted = told(asked(reference))
        for _ in range(2):
            opened = index.open()
            assert told(asked(opened)) == told(asked(opened)) == wanted
            opened.close()


def points_of(some, first, spaces=("a",)):
    """A record each; every other one holds something in the second space, where there is one."""
    vector = np.ones(4, dtype=np.float32) / 2
    return [
        Point(f"r{n}", dict.fromkeys(spaces[: 1 + n % 2], vector), {"id": f"r{n}", "content_hash": f"{n}", **one})
        for n, one in enumerate(some, first)
    ]


def test_nothing_is_kept_while_it_is_written(memory_path):
    """A build answers by what it holds at the moment, and what is published by what it held when it was."""
    index = EdgeIndex(memory_path / "index", answers=memory_path / FILE)
    build = index.begin({"a": 4})
    for number in (1, 2, 3):
        build.store.upsert(points_of([{"material": "flint"}], number))
        assert build.store.count() == number
        assert build.store.facet("material") == {"flint": number}
    build.publish()
    opened = index.open()
    assert (opened.count(), opened.facet("material"), opened.count((Missing("creator"),))) == (3, {"flint": 3}, 3)
    opened.close()


def test_what_was_counted_is_read_by_whoever_opens_the_archive_next(memory_path):
    """The file is asked before the index is."""
    index = EdgeIndex(memory_path / "index", answers=memory_path / FILE)
    build = index.begin({"a": 4})
    build.store.upsert(points_of([{"material": "flint"}], 1))
    build.publish()
    first = index.open()
    assert first.facet("material") == {"flint": 1}
    first.close()
    with sqlite3.connect(memory_path / FILE) as db:
        db.execute("UPDATE counted SET answer = '[[\"jade\", 7]]' WHERE question = 'facet material'")
    db.close()
    assert EdgeIndex(memory_path / "index", answers=memory_path / FILE).open().facet("material") == {"jade": 7}


def test_what_pages_ask_is_counted_ahead(memory_path, monkeypatch):
    """Once it is counted ahead, neither the start page nor the archive page asks the index for anything."""
    index = EdgeIndex(memory_path / "index", answers=memory_path / FILE)
    build = index.begin({"a": 4})
    said = [{"material": one, "date_from": year, "date_to": year} for one, year in (("flint", 5), ("bone", 1900))]
    build.store.upsert(points_of(said, 1))
    build.publish()
    store = index.open()
    count_ahead(store, every_record=True)
    store.close()
    opened = index.open()
    for asked_of_the_index in ("_counted", "_facet", "_first_by", "_scroll"):
        monkeypatch.setattr(EdgeStore, asked_of_the_index, lambda *_: never())
    assert facets(opened)["material"].counts == {"bone": 1, "flint": 1}
    assert year_histogram(opened) is not None
    assert (opened.count(), opened.filled("a"), contents(opened).records) == (2, 2, 2)
    opened.close()


def test_records_that_say_a_common_word_are_counted_once(memory_path, monkeypatch):
    """How many say a common word is kept for whoever opens the archive next; what few say is counted at once."""
    monkeypatch.setattr(edge, "SOME", 3)
    index = EdgeIndex(memory_path / "index", answers=memory_path / FILE)
    build = index.begin({"a": 4})
    build.store.upsert(points_of([{"material": one} for one in ("flint",) * 5 + ("jade",) * 2], 1))
    build.publish()
    first = index.open()
    assert (first.holding("flint"), first.holding("jade"), first.holding("amber")) == (5, 2, 0)
    first.close()
    opened = index.open()
    monkeypatch.setattr(EdgeStore, "_many_hold", lambda *_: never())
    assert (opened.holding("flint"), opened.holding("jade"), opened.holding("amber")) == (5, 2, 0)
    opened.close()
