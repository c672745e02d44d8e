"""A pool of judgements that goes through a spreadsheet: nothing is run there, and the ids come back unharmed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command import cli
from app.testing import draw, ingest
from archive_search.archive import Archive
from archive_search.settings import Settings
from archive_search.workspace.judgements import Judgements
from ingest.sources.folder import Folder

IDS = ["=1+1", "-5", "+45 12", "@SUM(A1)", "'=x", "'t Hooft", "a;=b", "a\n=b", "\u202ea", 'say "hi", 5', "＝2"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records whose ids and titles a spreadsheet would run."""
    folder = tmp_path_factory.mktemp("formulas")
    (folder / "pictures").mkdir()
    rows = []
    for number, one in enumerate(IDS):
        draw(folder / "pictures" / f"{number}.png", "red", number)
        rows.append(
            {"file": f"pictures/{number}.png", "id": one, "title": f'=HYPERLINK("http://evil.example/{number}")'}
        )
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    made = Archive.create(folder / "archive", Settings("Formulas", embedders=("hash",)))
    assert ingest(made, Folder(folder, folder / "records.jsonl")).added == len(IDS)
    return made.directory


def command(*arguments: object) -> str:
    """Run a command; its standard output."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def cells(text: str) -> list[list[str]]:
    """A CSV file as any other program reads it."""
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("separator", [",", ";"])
def test_pool_judge_import_export(archive: Path, tmp_path: Path, separator: str) -> None:
    """Pooled, judged in a spreadsheet, imported and exported again, every id is what it was; no cell is a formula."""
    (tmp_path / "topics.jsonl").write_text(json.dumps({"id": "=t", "text": "-axe"}), encoding="utf-8")
    pool = tmp_path / "pool.csv"
    command(
        *("judgements", "pool", "--topics", tmp_path / "topics.jsonl", "-k", 50, "--judge", f"@{separator}"),
        *("--csv", pool, "--archive", archive),
    )
    header, *rows = cells(pool.read_bytes().decode())
    assert not any(cell.startswith(tuple("=+-@\t\r＝")) for row in rows for cell in row)
    grade = header.index("grade")
    with pool.open("w", encoding="utf-8-sig", newline="") as file:  # as a spreadsheet saves it
        judged = [[*row[:grade], "2", *row[grade + 1 :]] for row in rows]
        csv.writer(file, delimiter=separator).writerows([header, *judged])
    assert f"{len(IDS)} judgements added" in command("judgements", "import", pool, "--archive", archive)
    kept = Judgements(archive / "workspace.sqlite").present(judges=[f"@{separator}"])
    assert sorted(one.record for one in kept) == sorted(IDS)
    assert {one.topic for one in kept} == {"=t"}
    command("judgements", "export", tmp_path / "out.csv", "--archive", archive)
    exported = cells((tmp_path / "out.csv").read_bytes().decode())
    assert not any(cell.startswith(tuple("=+-@")) for row in exported for cell in row)
    assert "0 judgements added" in command("judgements", "import", tmp_path / "out.csv", "--archive", archive)
    command("evaluate", "--archive", archive, "--strategies", "nearest", "--csv", tmp_path / "e.csv")
    first = cells((tmp_path / "e.csv").read_text("utf-8"))[1]
    assert first[:2] == ["'=t", "'-axe"]
    assert float(first[4]) <= 1
