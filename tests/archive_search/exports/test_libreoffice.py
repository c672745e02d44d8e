"""Tables as a spreadsheet program reads them: LibreOffice opens what is exported, computes nothing, shows it all."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from archive_search.exporting import export
from archive_search.spreadsheet_cells import as_it_was

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
SEPARATED = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0"
"""Commas, quotation marks, UTF-8, from the first row, cells as shown, the first sheet."""


def opened(file: Path, into: str, folder: Path) -> Path:
    """A file that LibreOffice has opened and written in another format."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    read = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if file.suffix == ".csv" else []
    command = [str(OFFICE), profile, "--headless", *read, "--convert-to", into, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{file.stem}.{into.partition(':')[0]}"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_spreadsheet_shows_every_title(ending, found, tmp_path):
    """Every record that may leave has its row, in order, with its title as it was, hostile ones too."""
    target = tmp_path / f"set{ending}"
    export(found, target, settings={"thumbnails": False} if ending == ".xlsx" else {})
    (tmp_path / "out").mkdir()
    shown = opened(target, SEPARATED, tmp_path / "out")
    header, *rows = csv.reader(shown.read_text(encoding="utf-8").splitlines(keepends=True))
    wanted = {hit.id: str(hit.payload["title"]) for hit in found if hit.id != "r3"}
    told = {row[header.index("id")]: row[header.index("title")] for row in rows}
    assert list(told) == list(wanted)
    for one, title in told.items():
        assert _plain(as_it_was(title)) == _plain(wanted[one])


def _plain(text: str) -> str:
    """What a spreadsheet may change in a cell: control characters, kinds of line ends, spaces at the end."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
