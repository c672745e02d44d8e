"""Delimited text is read as it was written, and a lone quotation mark takes no rows into its cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.delimited import Delimited


@dataclass
class Found:
    """What was read of a text: rows as (line, cells), lines with a lone mark, faults by line."""

    rows: list[tuple[int, list[str]]]
    lone: tuple[int, ...]
    faults: dict[int, str]


def read_rows(text: str, delimiter: str = "") -> Found:
    """Read a whole text, line by line."""
    found = Delimited(iter(io.StringIO(text, newline="")), delimiter)
    lines = list(found)
    rows = [(one.number, list(one.cells)) for one in lines if not one.fault]
    return Found(rows, tuple(found.lone), {one.number: one.fault for one in lines if one.fault})


def rows(text: str) -> list[list[str]]:
    """The cells of each row."""
    return [cells for _, cells in read_rows(text).rows]


def lone(text: str) -> tuple[int, ...]:
    """The lines whose quotation mark was read as text."""
    return read_rows(text).lone


@pytest.mark.parametrize(
    "second",
    [
        "2,Sword,b.jpg",
        '2,"Sword",b.jpg',
        '2,"",b.jpg',
        '2,5" nail,b.jpg',
        '2,"Sword, ""long""",b.jpg',
        '2,"Sword\nof iron",b.jpg',
        '2,"Sword,b.jpg',
        '2,Nails 5",b.jpg',
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_lone_mark_swallows_no_row(second: str, ending: str) -> None:
    """Whatever follows a quotation mark that is not closed, its row and every later row is there, and it is told."""
    text = ["nr,title,file", '1,"Axe,a.jpg', second, "3,Ring,c.jpg", '4,"Bowl",d.jpg']
    found = read_rows("\n".join([*text, ""]).replace("\n", ending))
    assert [cells[0] for _, cells in found.rows] == ["nr", "1", "2", "3", "4"]
    assert [cells[2] for _, cells in found.rows] == ["file", "a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert found.rows[1] == (2, ["1", '"Axe', "a.jpg"])
    assert found.lone == ((2, 3) if second == '2,"Sword,b.jpg' else (2,))


def test_a_lone_mark_in_the_last_row() -> None:
    """A mark that nothing follows is text as well, with and without a line break at the end."""
    for end in ("", "\n"):
        found = read_rows(f'a;b\n1;x\n2;"y{end}')
        assert (found.rows[-1], found.lone) == ((3, ["2", '"y']), (3,))


def test_a_lone_mark_in_the_header() -> None:
    """The names of columns may hold one too."""
    assert rows('nr,"title,file\n1,Axe,a.jpg\n2,Bowl,b.jpg\n')[:2] == [["nr", '"title', "file"], ["1", "Axe", "a.jpg"]]


def test_many_lone_marks() -> None:
    """A column of inches written before the number is read row by row."""
    text = "nr,size,file\n" + "".join(f'{number},"{number} in,{number}.jpg\n' for number in range(300))
    assert [cells[1] for cells in rows(text)[1:]] == [f'"{number} in' for number in range(300)]
    assert len(lone(text)) == 300


def test_marks_that_hinder_each_other() -> None:
    """Several lone marks in one row are all text."""
    assert rows('a,b,c\n"0,"1,"2\n"3,"4,5\n')[1:] == [['"0', '"1', '"2'], ['"3', '"4', "5"]]
    assert lone('a,b,c\n"0,"1,"2\n"3,"4,5\n') == (2, 3)


def test_text_over_several_lines_stays_one_cell() -> None:
    """Descriptions with line breaks, commas and doubled marks are one cell, in a table of two columns too."""
    for text in (
        'nr,note\n1,"Found 1921\nin a bog, Jutland"\n2,x\n',
        'nr,note,file\n1,"Found 1921,\nnear Ribe, Jutland, Denmark",a.jpg\n2,x,b.jpg\n',
        'nr,note,file\n1,"It says ""AVE""\n\nMARIA",a.jpg\n2,x,b.jpg\n',
        'note,nr,file\n"Axe,\n",1,a.jpg\nx,2,b.jpg\n',
    ):
        assert rows(text) == list(csv.reader(io.StringIO(text)))
        assert lone(text) == ()


def test_a_mark_that_leaves_no_row_costs_its_own_row_only() -> None:
    """Where neither reading gives whole rows the line has a fault, and every line behind it is a row all the same."""
    found = read_rows('a,b\n1,2\n3,4\n5,"6,7\n' + "x,y\n" * 50_000)
    assert list(found.faults) == [4]
    assert "Is a quotation mark never closed?" in found.faults[4]
    assert (len(found.rows), found.rows[3], found.rows[-1]) == (50_003, (5, ["x", "y"]), (50_004, ["x", "y"]))


def test_rows_come_as_they_are_asked_for() -> None:
    """The first row is there when a few lines were read, however many there are."""
    asked = 0

    def lines() -> Iterator[str]:
        nonlocal asked
        for asked in range(10**9):
            yield f'{asked},"Axe, no. {asked}",a.jpg\n'

    rows = iter(Delimited(lines()))
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]
    assert asked < 20_000


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters='\0\ufdd0",;\t|\n\r', exclude_categories=["Cs"]))
_TEXTS = st.lists(st.one_of(_WORDS, st.sampled_from([", ", '"', "\n", "; "]))).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(2, 5), st.sampled_from([",", ";", "\t", "|"]))
def test_no_mark_ever_costs_a_row(data: st.DataObject, width: int, delimiter: str) -> None:
    """Put marks before any cells of a plain table: as many rows come back, with the marks and all other cells."""
    word = _WORDS.filter(lambda text: bool(text.strip()) and text[0] != " ")
    plain = data.draw(st.lists(st.lists(word, min_size=width, max_size=width), min_size=1, max_size=6))
    marked = [[("" if data.draw(st.booleans()) else '"') + cell for cell in row] for row in plain]
    lines = [[f"c{place}" for place in range(width)], *marked]
    found = read_rows("\n".join(delimiter.join(line) for line in lines), delimiter)
    assert [cells for _, cells in found.rows] == lines


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_TEXTS, _TEXTS, _TEXTS), max_size=6), st.sampled_from([",", ";"]))
def test_what_a_program_wrote_comes_back(table: list[tuple[str, ...]], delimiter: str) -> None:
    """Prose with quotation marks, line breaks and commas with a space behind them is read as it was meant."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerows([("a", "b", "c"), *table])
    found = read_rows(written.getvalue(), delimiter)
    expected = [list(row) for row in table if any(cell.strip() for cell in row)]
    assert [cells for _, cells in found.rows][1:] == expected
    assert found.lone == ()
