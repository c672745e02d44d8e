"""Judgements in files: TREC qrels, and CSV with judge and time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from archive_search.reading import read_text
from archive_search.spreadsheet_cells import csv_rows, csv_text
from archive_search.types import InvalidInputError, MetadataError
from archive_search.workspace.judgements import Judgement, Qrels

COLUMNS = ("topic", "record", "grade", "judge", "time")
"""Of a CSV file; the first three are needed."""
HIGHEST = 100
"""The highest grade that is read: measures raise 2 to it."""


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """
    Read TREC qrels: `topic iteration record grade` a line; any whole grade, below 0 counts as 0.

    Raises:
        MetadataError: If the file cannot be read, naming the line.
    """
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        parts = line.split()
        try:
            topic, _, record, grade = parts[0], parts[1], parts[2], int(parts[3])
        except (IndexError, ValueError):
            parts = []
        if len(parts) != 4 or grade > HIGHEST:
            raise MetadataError(
                f"{file}, line {number}: expected 'topic 0 record grade', the grade at most {HIGHEST}, "
                f"got {line.strip()[:200]!r}."
            )
        if record in found.get(topic, {}):
            raise MetadataError(f"{file}, line {number}: {topic} {record} is judged twice.")
        found.setdefault(topic, {})[record] = max(grade, 0)
    if not found:
        raise MetadataError(f"{file} holds no judgement.")
    return found


def write_qrels(qrels: Qrels) -> str:
    """
    Grades as TREC qrels.

    Raises:
        InvalidInputError: If an id holds white space, which the format cannot say.
    """
    lines = []
    for topic, records in sorted(qrels.items()):
        for record, grade in sorted(records.items()):
            lines.append(f"{as_word(topic)} 0 {as_word(record)} {grade}\n")
    return "".join(lines)


def as_word(text: str) -> str:
    """The id of a topic or record as TREC files hold it; raises InvalidInputError where it holds white space."""
    if text.split() != [text]:
        raise InvalidInputError(f"TREC files cannot hold ids with white space ({text!r}): export CSV instead.")
    return text


def read_csv(file: Path, judge: str = "") -> tuple[Judgement, ...]:
    """
    Read judgements from CSV with the columns `topic`, `record`, `grade` and, where they are there, `judge` and `time`.

    Rows without a grade are left out, other columns ignored; `judge` stands where a row names none.

    Raises:
        MetadataError: If the file cannot be read, naming the line.
    """
    found = []
    for line, row in csv_rows(_text(file), str(file), COLUMNS[:3]):
        where = f"{file}, line {line}"
        if not row["grade"]:
            continue
        try:
            grade = int(row["grade"])
            at = row.get("time", "")
            datetime.fromisoformat(at or "2000-01-01")
        except ValueError as error:
            raise MetadataError(f"{where}: {error}.") from error
        by = row.get("judge", "") or judge
        if not by:
            raise MetadataError(f"{where}: no judge is named; give one for the whole file.")
        found.append(Judgement(row["topic"], row["record"], by, grade, at))
    return tuple(found)


def write_csv(judgements: Iterable[Judgement]) -> str:
    """Judgements as CSV that a spreadsheet may open; `read_csv` gives the same back."""
    return csv_text([COLUMNS, *((one.topic, one.record, one.grade, one.judge, one.at) for one in judgements)])


def _text(file: Path) -> str:
    return read_text(file, "The judgements", MetadataError)
