"""Cells for spreadsheets: nothing is run, nothing is lost."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive_search.spreadsheet_cells import as_it_was, csv_rows, csv_text, harmless
from archive_search.types import MetadataError

texts = some.one_of(
    some.text(some.characters(exclude_categories=["Cs"])),
    some.lists(some.sampled_from(["=", "+", "-", "@", "'", "\t", "\r", "\n", ";", ",", '"', " ", "＝", "a", "1"])).map(
        "".join
    ),
)
FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")


@given(texts)
def test_there_and_back(text: str) -> None:
    """Whatever the text, the cell that is made of it reads back as the text."""
    assert as_it_was(harmless(text)) == text


@given(texts)
def test_nothing_is_run(text: str) -> None:
    """No cell begins as a formula does, nor does what follows a semicolon, a tab or a line end within it."""
    cell = harmless(text)
    assert not FORMULA.match(cell)
    parts = re.split("[;\t\r\n]", cell)
    assert not any(re.match("[=+\\-@＝＋－＠]", part) for part in parts)


@given(some.lists(some.tuples(texts, texts), max_size=5))
def test_a_table_there_and_back(rows: list[tuple[str, str]]) -> None:
    """A table reads back as it was, and each of its cells is harmless, whoever reads it."""
    text = csv_text([("a", "b"), *rows])
    assert [(row["a"], row["b"]) for _, row in csv_rows(text, "it") if True] == rows
    theirs = list(csv.reader(io.StringIO(text, newline="")))
    assert not any(FORMULA.match(cell) for row in theirs for cell in row)


def test_examples() -> None:
    """A formula becomes a text by an apostrophe; numbers and other texts stay as they are."""
    assert harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert harmless("x;=1+1") == "x;'=1+1"
    assert harmless("'=1") == "''=1"
    assert [harmless(value) for value in ("axe", "'t Hooft", "a=b", -0.5, 3, None)] == [
        "axe",
        "'t Hooft",
        "a=b",
        -0.5,
        3,
        None,
    ]
    assert [as_it_was(cell) for cell in (" axe ", "'=1", "'t Hooft")] == ["axe", "=1", "'t Hooft"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator: str) -> None:
    """A table that a spreadsheet saved with semicolons or tabs is read as well."""
    text = separator.join(("topic", "record", "grade")) + "\r\n" + separator.join(("t", '"a,b;c"', "1")) + "\r\n"
    assert list(csv_rows(text, "it")) == [(2, {"topic": "t", "record": "a,b;c", "grade": "1"})]


def test_what_is_missing_is_told() -> None:
    """A column that is needed and missing is named; a cell that is missing is empty."""
    with pytest.raises(MetadataError, match="it has no column c and no column d"):
        list(csv_rows("a,b\n", "it", ("a", "c", "d")))
    assert list(csv_rows("a,b\n1\n", "it")) == [(2, {"a": "1", "b": ""})]
