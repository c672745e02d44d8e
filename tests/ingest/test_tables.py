"""Metadata files come as rows of text, exactly as written, or with one clear reason why not."""

from __future__ import annotations

import builtins
import datetime
import io
import json
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.types import MetadataError, NotInstalledError
from ingest import text_lines
from ingest.tables import SAMPLE, Faulty, Row, Table, read_table


def table(folder: Path, data: str | bytes, name: str = "metadata.csv") -> Table:
    """What is read from a file of this content."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path)


def cells(found: Table) -> list[Mapping[str, Any]]:
    """The rows without their places."""
    return [row.cells for row in rows(found)]


def rows(found: Table) -> list[Row]:
    """The rows of a table none of which is faulty."""
    every = list(found.rows())
    assert found.count() == len(every)
    assert all(isinstance(one, Row) for one in every)
    return [one for one in every if isinstance(one, Row)]


def faulty(found: Table) -> list[tuple[str, str]]:
    """Where rows cannot be read, and why."""
    return [(one.where, one.reason) for one in found.rows() if isinstance(one, Faulty)]


def reason(folder: Path, data: str | bytes, name: str = "metadata.csv") -> str:
    """Why a file of this content is refused."""
    with pytest.raises(MetadataError) as caught:
        table(folder, data, name)
    return str(caught.value)


# ------------------------------------------------------------------ delimited text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    """The delimiter is found, though texts hold others and quoted cells hold it, line breaks and quotation marks."""
    lines = [
        ["nr", "title", "note"],
        ["1", 'Axe, "thin";\nflint', f"a{delimiter} b; c | d, e"],
        ["2", "Bead", "amber; red, big"],
    ]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    found = table(tmp_path, text)
    assert found.columns == ("nr", "title", "note")
    assert cells(found) == [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert [row.where for row in rows(found)] == ["line 2", "line 4"]


def test_commas_in_semicolon_file(tmp_path: Path) -> None:
    """A file with semicolons is read as such though every cell holds commas."""
    found = table(tmp_path, "Inventarnr;Titel\nA1;Økse, flint, sleben\nA2;Perle, rav\n")
    assert cells(found) == [
        {"Inventarnr": "A1", "Titel": "Økse, flint, sleben"},
        {"Inventarnr": "A2", "Titel": "Perle, rav"},
    ]
    assert "columns separated by semicolons" in found.remarks


def test_one_column(tmp_path: Path) -> None:
    """A file with one column is a list of names, whatever they hold."""
    assert cells(table(tmp_path, "file\naxe.jpg\nbead, red.jpg\n")) == [{"file": "axe.jpg"}, {"file": "bead, red.jpg"}]


def test_declared_delimiter(tmp_path: Path) -> None:
    """Excel's first line `sep=;` is obeyed and counted."""
    found = table(tmp_path, "sep=;\r\na;b\r\n1;2,3\r\n")
    assert (cells(found), rows(found)[0].where) == ([{"a": "1", "b": "2,3"}], "line 3")


def test_stray_quotation_mark(tmp_path: Path) -> None:
    """In a tab-separated export without quoting, quotation marks are letters."""
    found = table(tmp_path, 'nr\tsize\n1\t"5 inches\n2\t6" wide\n', "a.tsv")
    assert cells(found) == [{"nr": "1", "size": '"5 inches'}, {"nr": "2", "size": '6" wide'}]


def test_text_as_written(tmp_path: Path) -> None:
    """Numbers, dates and words that look like nothing stay text; spaces at the ends go; empty cells are absent."""
    found = table(tmp_path, "a,b,c,d,e\n00123,1E5,NA, x y ,\nnull,1.50,TRUE,, \n")
    assert cells(found) == [{"a": "00123", "b": "1E5", "c": "NA", "d": "x y"}, {"a": "null", "b": "1.50", "c": "TRUE"}]


def test_blank_lines_and_spare_cells(tmp_path: Path) -> None:
    """Blank lines, lines of delimiters only, and empty columns at the end are passed over."""
    found = table(tmp_path, "a;b;;\n\n1;2;;\n;;;\n3;4\n")
    assert (found.columns, cells(found)) == (("a", "b"), [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}])
    assert [row.where for row in rows(found)] == ["line 3", "line 5"]


def test_nameless_column(tmp_path: Path) -> None:
    """A column without a name is called by its place."""
    assert cells(table(tmp_path, ",title\n0,Axe\n")) == [{"column 1": "0", "title": "Axe"}]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "read as UTF-8"), ("utf-8-sig", "read as UTF-8"), ("utf-16", "read as UTF-16")],
)
def test_unicode(tmp_path: Path, encoding: str, said: str) -> None:
    """UTF-8 with and without its mark, and UTF-16 with its mark, are recognised; the remarks say which."""
    found = table(tmp_path, "Titel,Sted\nØkse – sleben,Ærø\n".encode(encoding))
    assert cells(found) == [{"Titel": "Økse – sleben", "Sted": "Ærø"}]
    assert said in found.remarks


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_windows(tmp_path: Path, encoding: str) -> None:
    """Other bytes are Windows-1252, of which Latin-1 is a part, and the remarks say so."""
    found = table(
        tmp_path, "Titel,Sted\nØkse “x”,Ærø\n".replace("“x”", "“x”" if encoding == "cp1252" else "x").encode(encoding)
    )
    assert cells(found)[0]["Sted"] == "Ærø"
    assert cells(found)[0]["Titel"] == ("Økse “x”" if encoding == "cp1252" else "Økse x")
    assert any("Windows-1252" in remark for remark in found.remarks)


def test_one_bad_byte(tmp_path: Path) -> None:
    """One stray byte in a file of UTF-8 does not spoil the letters of all others."""
    found = table(tmp_path, "Titel,Sted\nØkse,Ærø\n".encode() + b"Perle,Fan\xf8\n")
    assert [row["Sted"] for row in cells(found)] == ["Ærø", "Fanø"]


def test_refusals(tmp_path: Path) -> None:
    """A file that cannot be used is refused with its name, its line and what to do."""
    with pytest.raises(MetadataError, match="There is no metadata file"):
        read_table(tmp_path / "none.csv")
    assert reason(tmp_path, "").startswith("metadata.csv is empty")
    assert reason(tmp_path, "\n \n").startswith("metadata.csv is empty")
    assert "more than one column named 'title'" in reason(tmp_path, "title,title\n1,2\n")
    assert "has no header: line 1 must name the columns, but holds data (a.JPG)" in reason(
        tmp_path, "1,a.JPG\n2,b.jpg\n"
    )
    assert "has no header" in reason(tmp_path, "1,2\n3,4\n")
    assert "save it as .xlsx" in reason(tmp_path, b"PK\x03\x04...")
    assert "zero bytes" in reason(tmp_path, b"a,b\n\0,1\n")
    assert "begins as UTF-16 but is not" in reason(tmp_path, b"\xff\xfea")


def test_ragged(tmp_path: Path) -> None:
    """A row with a cell too many or too few is faulty by itself, told by its line, with the cure."""
    found = table(tmp_path, "nr,title\n1,Axe\n2,Bead, red\n3\n4,Comb\n")
    cure = "A cell that holds ',' or a line break must stand in quotation marks."
    assert faulty(found) == [
        ("line 3", f"3 cells where the header has 2. {cure}"),
        ("line 4", f"1 cell where the header has 2. {cure}"),
    ]
    assert [one.cells["nr"] for one in found.sound()] == ["1", "4"]
    assert "2 of its rows cannot be read, such as line 3" in found.remarks
    assert found.count() == 4


def test_mostly_ragged(tmp_path: Path) -> None:
    """Where most of the first rows cannot be read the file is refused: it is not what it is taken for."""
    said = reason(tmp_path, "nr,title\n1,Axe\n2,Bead, red\n3\n")
    assert said.startswith("metadata.csv, line 3: 3 cells where the header has 2. A cell that")
    assert said.endswith("(2 such rows, also line 4)")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "json"])
def test_long_lists(tmp_path: Path, ending: str) -> None:
    """Of a list longer than the sample every row is there, each time it is asked, and counted; a remark says so."""
    data = [{"nr": f"{number:06}", "title": f"Axe, {number}"} for number in range(SAMPLE + 2_500)]
    if ending == "csv":
        found = table(tmp_path, "nr,title\n" + "".join(f'{one["nr"]},"{one["title"]}"\n' for one in data))
    elif ending == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(data), tmp_path / "a.parquet")
        found = read_table(tmp_path / "a.parquet")
    elif ending == "json":
        found = table(tmp_path, json.dumps(data), "a.json")
    else:
        found = table(tmp_path, "".join(json.dumps(one) + "\n" for one in data), "a.jsonl")
    assert (found.is_whole, len(found.sample)) == (False, SAMPLE)
    assert cells(found) == cells(found) == data
    assert "how it is to be understood was decided by its first 10,000 rows" in found.remarks


def test_faults_behind_the_sample(tmp_path: Path) -> None:
    """A ragged row, a lone mark, a zero byte and a stray byte late in a long file spoil at most their own rows."""
    long = "".join(f"{number},Axe\n" for number in range(SAMPLE)).encode()
    late = b'a,"Bowl\nb,Bead, red\nc,Fan\xf8\nd,\0\ne,Comb\n'
    found = table(tmp_path, b"nr,title\n" + long + long * 5 + late)
    assert [where for where, _ in faulty(found)] == [f"line {6 * SAMPLE + 3}"]
    last = [one.cells for one in list(found.rows())[-4:] if isinstance(one, Row)]
    assert last == [
        {"nr": "c", "title": "Fanø"},
        {"nr": "d", "title": "\ufffd"},
        {"nr": "e", "title": "Comb"},
    ]


def test_memory_of_long_lists(tmp_path: Path) -> None:
    """Reading a list twelve times as long takes no more memory than its sample and what is read of it at once."""
    path = tmp_path / "a.csv"
    peaks = []
    for length in (SAMPLE, 12 * SAMPLE):
        path.write_text("nr,title\n" + "".join(f"{number},{'Axe ' * 20}\n" for number in range(length)))
        tracemalloc.start()
        for _ in read_table(path).rows():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_file_that_goes_while_it_is_read(tmp_path: Path) -> None:
    """A file that is gone when its later rows are asked for is a MetadataError."""
    found = table(tmp_path, "nr\n" + "a\n" * (SAMPLE + 1))
    (tmp_path / "metadata.csv").unlink()
    with pytest.raises(MetadataError, match="metadata.csv cannot be read: No such file"):
        list(found.rows())


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.binary(max_size=6), st.integers(4, 9)
)
def test_blocks(tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str, stray: bytes, block: int) -> None:
    """A text comes line by line as it stands, whatever its encoding and wherever a block ends."""
    text = text.replace("\0", "").removeprefix("\ufeff")
    stray = b"" if encoding == "utf-16" else stray.replace(b"\0", b"")
    data = "a".encode(encoding) + text.encode(encoding.removesuffix("-sig").replace("16", "16-le")) + stray
    path = tmp_path_factory.mktemp("blocks") / "a.txt"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines, "_BLOCK", block)
        lines = list(text_lines.TextLines(path))
    whole = data.decode(encoding) if encoding == "utf-16" else data.decode("utf-8-sig", errors=text_lines.WINDOWS)
    assert lines == io.StringIO(whole, newline="").readlines()


def test_open_quotation(tmp_path: Path) -> None:
    """A quotation mark that swallows no row after all is told by its line, as the file counts them."""
    found = table(tmp_path, 'sep=;\nid;title;file\n1;"Axe;a.jpg\n2;Bowl 5";b.jpg\n')
    assert [row["file"] for row in cells(found)] == ["a.jpg", "b.jpg"]
    assert rows(found)[0] == Row("line 3", {"id": "1", "title": '"Axe', "file": "a.jpg"})
    assert found.remarks[-1].startswith(
        "a quotation mark in line 3, which would have taken the next rows into its cell"
    )
    many = table(tmp_path, "id,title\n" + '1,"Axe\n' * 8)
    assert many.remarks[-1].startswith("quotation marks in lines 2, 3, 4, 5, 6 and 3 more, which")
    assert len(rows(many)) == 8


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cc", "Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=6), st.sampled_from([",", ";", "\t", "|"]))
def test_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str
) -> None:
    """What is written with every cell in quotation marks is read back, cell by cell."""
    lines = [("nr", "title", "note"), *rows]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    found = table(tmp_path_factory.mktemp("written"), text)
    expected = [{key: cell.strip() for key, cell in zip(lines[0], row, strict=True) if cell.strip()} for row in rows]
    assert cells(found) == [row for row in expected if row]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([".csv", ".json", ".jsonl", ".xlsx", ".parquet"]))
def test_random_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    """Random bytes give a table or a MetadataError."""
    path = tmp_path_factory.mktemp("random") / f"a{ending}"
    path.write_bytes(data)
    try:
        found = read_table(path)
    except MetadataError:
        return
    assert found.columns


# ------------------------------------------------------------------ objects


def test_json(tmp_path: Path) -> None:
    """A list of objects: numbers as written, lists as lists, inner objects by dotted names, nothing absent."""
    text = '[{"id": 00, "x": 1}]'
    assert "is not JSON" in reason(tmp_path, text, "a.json")
    text = '[{"nr": 1E5, "h": 1.50, "materials": ["wood", " ", null], '
    text += '"place": {"name": "Lejre", "at": {"lat": 55.6}}, "x": ""},'
    text += ' {"nr": "00123", "ok": true, "tags": [], "who": [{"name": "A", "died": null}], "y": NaN}]'
    found = table(tmp_path, text, "a.json")
    assert cells(found) == [
        {"nr": "1E5", "h": "1.50", "materials": ["wood"], "place.name": "Lejre", "place.at.lat": "55.6"},
        {"nr": "00123", "ok": "true", "who": [{"name": "A"}]},
    ]
    assert [row.where for row in rows(found)] == ["item 1", "item 2"]
    assert found.columns == ("nr", "h", "materials", "place.name", "place.at.lat", "x", "ok", "tags", "who", "y")


def test_json_with_one_list(tmp_path: Path) -> None:
    """An object that holds one list of objects, as an API answers, is that list; two such lists are refused by name."""
    answer = {"total": 1, "ids": [1], "data": [{"id": "a"}]}
    assert cells(table(tmp_path, json.dumps(answer), "a.json")) == [{"id": "a"}]
    assert "it holds data, more" in reason(tmp_path, json.dumps({**answer, "more": [{}]}), "a.json")
    assert "it holds none" in reason(tmp_path, '{"a": 1}', "a.json")
    assert "it is neither" in reason(tmp_path, '"a"', "a.json")
    assert faulty(table(tmp_path, '[{"a": 1}, 2]', "a.json")) == [("item 2", "it is not an object with named fields.")]
    assert "is empty" in reason(tmp_path, "[]", "a.json")


def test_jsonl(tmp_path: Path) -> None:
    """One object a line, blank lines passed over; a line that is none is faulty, a file of such is refused."""
    found = table(tmp_path, '{"a": "1"}\n\n{"b": 007}\n'.replace("007", "7"), "a.jsonl")
    assert (cells(found), rows(found)[1].where) == ([{"a": "1"}, {"b": "7"}], "line 3")
    ((where, why),) = faulty(table(tmp_path, '{"a": 1}\n{"b": }\n{"c": 1}\n', "a.jsonl"))
    assert (where, why.partition(":")[0]) == ("line 2", "it is not JSON")
    assert reason(tmp_path, "a,b\n1,2\n", "a.jsonl").startswith("a.jsonl, line 1: it is not JSON")


# ------------------------------------------------------------------ spreadsheets and Parquet


def workbook(folder: Path, *rows: list[Any]) -> Path:
    """An XLSX file of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def test_xlsx(tmp_path: Path) -> None:
    """Spreadsheet cells are text: whole numbers without a point, ISO dates, the leading zeros of a format kept."""
    path = workbook(
        tmp_path, ["Nr", "H", "Found", "Title", None], ["00123", 5.0, datetime.datetime(1931, 5, 2), " Axe ", None]
    )
    book = openpyxl.load_workbook(path)
    book.active.append([123, 5.25, None, True, None])
    book.active["A3"].number_format = "00000"
    book.create_sheet("notes").append(["something else"])
    book.save(path)
    found = read_table(path)
    assert cells(found) == [
        {"Nr": "00123", "H": "5", "Found": "1931-05-02", "Title": "Axe"},
        {"Nr": "00123", "H": "5.25", "Title": "true"},
    ]
    assert [row.where for row in rows(found)] == ["row 2", "row 3"]
    assert any("the first of 2" in remark for remark in found.remarks)


def test_xlsx_refusals(tmp_path: Path) -> None:
    """A workbook that is damaged, empty or names two columns alike is refused."""
    assert "cannot be read as an XLSX workbook" in reason(tmp_path, b"PK\x03\x04 no workbook", "b.xlsx")
    with pytest.raises(MetadataError, match="is empty"):
        read_table(workbook(tmp_path))
    with pytest.raises(MetadataError, match="more than one column named 'a'"):
        read_table(workbook(tmp_path, ["a", "a"], ["1", "2"]))
    with pytest.raises(MetadataError, match="row 2: 2 cells where the header has 1"):
        read_table(workbook(tmp_path, ["a"], ["1", "2"]))


def test_parquet(tmp_path: Path) -> None:
    """Columns of a Parquet file: numbers as text, lists as lists, nulls absent."""
    columns = {"nr": ["00123", None], "year": [-490, 1850], "h": [1.5, float("nan")], "tags": [["a", "b"], []]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    assert cells(read_table(tmp_path / "a.parquet")) == [
        {"nr": "00123", "year": "-490", "h": "1.5", "tags": ["a", "b"]},
        {"year": "1850"},
    ]
    assert "cannot be read as a Parquet file" in reason(tmp_path, b"PAR1 nothing", "b.parquet")


@pytest.mark.parametrize(("ending", "package"), [("xlsx", "openpyxl"), ("parquet", "pyarrow")])
def test_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, package: str) -> None:
    """Without its optional package a file is refused with the command that installs it."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest)

    (tmp_path / f"a.{ending}").write_bytes(b"PK")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotInstalledError, match=rf"pip install 'archive-search\[{ending}\]'"):
        read_table(tmp_path / f"a.{ending}")
