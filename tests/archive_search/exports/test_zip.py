"""What is in a ZIP file of a result set: pictures as they are, under safe names, with what to say about them."""

import csv
import dataclasses
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from archive_search.exporting import export
from archive_search.results import ResultSet
from archive_search.types import Box, InvalidInputError, UnknownNameError


def rows(parts: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """The rows of the table by id."""
    text = parts.read("table.csv").decode("utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_pictures_are_stored_as_they_are(few, tmp_path):
    """Every picture is the original, byte by byte, not compressed again; the table says which file is whose."""
    export(few, tmp_path / "set.zip")
    with zipfile.ZipFile(tmp_path / "set.zip") as parts:
        assert parts.testzip() is None
        for record, row in rows(parts).items():
            file = few.holdings.picture_file(record)
            if record == "r7":
                assert row["picture"] == ""
                continue
            assert parts.read(row["picture"]) == file.read_bytes()
            assert parts.getinfo(row["picture"]).compress_type == zipfile.ZIP_STORED
            assert Path(row["picture"]).suffix == file.suffix
        assert "7 pictures are in it, 1 of them as thumbnails; 1 records have none here." in read(parts, "README.txt")


def read(parts: zipfile.ZipFile, name: str) -> str:
    """A text of the file."""
    return parts.read(name).decode("utf-8")


@pytest.mark.skipif(shutil.which("unzip") is None, reason="needs unzip")
def test_unzip_puts_nothing_outside(few, tmp_path):
    """Unpacked by another program, everything lies in the folder, under names that tell rank, id and title."""
    export(few, tmp_path / "set.zip")
    subprocess.run(["unzip", "-q", "set.zip", "-d", "out"], cwd=tmp_path, check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"set.zip", "out"}
    named = {path.name.partition(" ")[2] for path in (tmp_path / "out" / "pictures").iterdir()}
    assert named >= {"r0 Økse af flint.png", "r1 .._.._etc_passwd.png", "r2 con.png", "r4 gnp.exe.png"}


def test_licences_can_be_read(few, tmp_path):
    """Whom to credit for what stands in a text, gathered by licence and picture by picture."""
    export(few, tmp_path / "set.zip", settings={"language": "da"})
    with zipfile.ZipFile(tmp_path / "set.zip") as parts:
        text, readme, table = read(parts, "licences.txt"), read(parts, "README.txt"), rows(parts)
    ranks = sorted(few.ranks[one] for one in ("r0", "r6"))
    numbers = f"{ranks[0]}–{ranks[1]}" if ranks[1] == ranks[0] + 1 else f"{ranks[0]}, {ranks[1]}"
    licence = "CC BY 4.0 (http://creativecommons.org/licenses/by/4.0/)"
    grouped = f"{licence}\n    Rettighedshaver: Museum A\n    Kreditering: Foto: Ann\n    Numre: {numbers}\n"
    assert grouped in text
    assert f"    Fil: {table['r2']['picture']}\n    Licens: All rights reserved\n" in text
    assert "\u202e" not in text
    assert readme.startswith("axe 1\n=====\nHvad der kendetegner det: polished\nMindre som: drawing\n")
    assert "4000 f.Kr. til 1000 eller ukendt" in readme


def test_settings_choose_pictures_and_columns(few, tmp_path):
    """Thumbnails, none, only the first, or some columns: as the settings say, and all records are in the table."""
    export(few, tmp_path / "a.zip", settings={"pictures": "thumbnails", "number": 2, "fields": ["title"]})
    with zipfile.ZipFile(tmp_path / "a.zip") as parts:
        table = list(rows(parts).values())
        assert [Path(row["picture"]).suffix for row in table[:3]] == [".webp", ".webp", ""]
    assert len(table) == 8
    assert list(table[0]) == ["rank", "plain_rank", "score", "id", "title", "picture"]
    export(few, tmp_path / "b.zip", settings={"pictures": "none"})
    with zipfile.ZipFile(tmp_path / "b.zip") as parts:
        assert parts.namelist() == ["table.csv", "licences.txt", "README.txt", "provenance.json"]
    with pytest.raises(UnknownNameError, match="field or column 'titl': is 'title' meant"):
        export(few, tmp_path / "c.zip", settings={"fields": ["titl"]})
    with pytest.raises(InvalidInputError, match="pictures"):
        export(few, tmp_path / "c.zip", settings={"pictures": "large"})


def test_a_part_is_framed_on_a_picture_of_its_own(few, tmp_path):
    """The picture stays as it is; under the same name in `parts` a line is around its part, and the README says so."""
    trace = dataclasses.replace(few.trace, sought=None)
    boxes = {"r0": Box(0.25, 0.25, 0.75, 0.75)}
    export(ResultSet(few.plan, trace, few.holdings, lambda: few.provenance, boxes=boxes), tmp_path / "set.zip")
    with zipfile.ZipFile(tmp_path / "set.zip") as parts:
        name = rows(parts)["r0"]["picture"]
        assert parts.read(name) == few.holdings.picture_file("r0").read_bytes()
        own = [one for one in parts.namelist() if one.startswith("parts/")]
        assert own == [f"parts/{Path(name).stem}.jpg"]
        with Image.open(io.BytesIO(parts.read(own[0]))) as seen:
            inside, on_line = seen.getpixel((150, 100)), seen.getpixel((150, 50))
        assert max(abs(a - b) for a, b in zip(inside, (200, 0, 90), strict=True)) < 12
        assert max(abs(a - b) for a, b in zip(on_line, inside, strict=True)) > 40
        assert "parts/: pictures once more" in read(parts, "README.txt")
    export(few, tmp_path / "plain.zip")
    with zipfile.ZipFile(tmp_path / "plain.zip") as parts:
        assert "parts/" not in read(parts, "README.txt")
