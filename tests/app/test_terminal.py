"""What is printed: no text from outside can move the cursor, colour a line or begin a new one."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.command import main
from app.commands.parts.table import print_table
from app.commands.parts.terminal import say, say_json
from archive_search.archive import Archive
from archive_search.settings import Settings
from archive_search.spreadsheet_cells import csv_rows
from ingest.sources.folder import Folder

Run = Callable[..., tuple[str, str]]
ROOT = Path(__file__).parents[2]
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What may not be printed; a line feed ends a line."""
HOSTILE = "\x1b[2J\x1b]0;owned\x07\n\r9 1.000 forged \u202eevil\u2028\x9b31m"

odd = some.one_of(some.characters(categories=["Cc", "Cs", "Zl", "Zp"]), some.sampled_from("\u202e\u2066"))
texts = some.text(some.one_of(some.characters(), odd))
capturing = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@capturing
@given(texts)
def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Whatever the text, one line is printed, and nothing in it steers a terminal."""
    say(text)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.endswith("\n")
    assert not CONTROL.search(said)


@capturing
@given(some.lists(texts, min_size=2, max_size=6))
def test_a_row_is_one_line(capsys: pytest.CaptureFixture[str], cells: list[str]) -> None:
    """Whatever its cells, a row of a table is one line."""
    print_table(["a"] * len(cells), [cells, cells])
    said = capsys.readouterr().out
    assert said.count("\n") == 3
    assert not CONTROL.search(said)


@capturing
@given(some.recursive(texts, lambda inner: some.lists(inner) | some.dictionaries(texts, inner), max_leaves=5))
def test_json_reads_back(capsys: pytest.CaptureFixture[str], data: object) -> None:
    """JSON on the terminal steers it no more than a line does, and reads back as it was."""
    say_json(data)
    said = capsys.readouterr().out
    assert not CONTROL.search(said)
    assert json.loads(said) == data


@pytest.mark.parametrize("file", sorted((ROOT / "app").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_there_is_one_place_that_prints(file: Path) -> None:
    """In `app/` only `terminal.py` prints: every text passes there."""
    if file.name == "terminal.py":
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "typer.echo", "typer.secho", "click.echo"), f"{file}:{node.lineno}"
            assert not re.fullmatch(r"sys\.std(out|err)(\.buffer)?\.write(lines)?", called), f"{file}:{node.lineno}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose ids, titles, dates and files steer a terminal; one of its pictures is none."""
    from app.testing import draw, ingest

    folder = tmp_path_factory.mktemp("hostile")
    (folder / "pictures").mkdir()
    rows = []
    for number in range(3):
        name = f"pictures/{number}.png"
        draw(folder / name, "red", number)
        rows.append({"file": name, "id": f"{number}{HOSTILE}", "title": HOSTILE, "date": HOSTILE})
    (folder / "pictures" / "broken.png").write_bytes(b"%PDF-1.7")
    (folder / "records.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    archive = Archive.create(folder / "archive", Settings(f"Hostile {HOSTILE}", embedders=("hash",)))
    summary = ingest(archive, Folder(folder, folder / "records.jsonl"))
    assert (summary.added, summary.rejected) == (3, 1), summary
    return archive.directory


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Standard output and standard error of the command line."""

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["archive-search", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert (ended.value.code or 0) == code, said.err
        return said.out, said.err

    return run


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("search", "--limit", "3"), 5),
        (("search", "axe", "--stack", "--limit", "3"), None),
        (("status",), 12),
        (("compare", "axe", "--strategies", "nearest,staged"), None),
        (("explain", "axe", "--id", f"1{HOSTILE}"), None),
        (("search", "--json"), None),
        (("status", "--json"), None),
        (("compare", "axe", "--interleave", "--json"), None),
    ],
    ids=lambda one: " ".join(one)[:30] if isinstance(one, tuple) else "",
)
def test_commands(run: Run, hostile: Path, arguments: tuple[str, ...], lines: int | None) -> None:
    """No command prints what steers a terminal, and what is in the archive makes no lines of its own."""
    for said in run(*arguments, "--archive", str(hostile)):
        assert not CONTROL.search(said)
        assert "\n9 1.000 forged" not in said
        assert lines is None or not said or said.count("\n") == lines, said


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "--like", HOSTILE),
        ("search", "--strategy", HOSTILE),
        ("search", "axe", "--space", HOSTILE),
        ("search", "--where", f"{HOSTILE}=x"),
        ("explain", "axe", "--id", HOSTILE),
        ("search", "--image", HOSTILE),
    ],
    ids=lambda one: one[1],
)
def test_errors(run: Run, hostile: Path, arguments: tuple[str, ...]) -> None:
    """An error that quotes its cause is one sentence in one line."""
    said = run(*arguments, "--archive", str(hostile), code=1)[1]
    assert said.startswith("archive-search: ")
    assert said.count("\n") == 1
    assert not CONTROL.search(said)


@pytest.mark.parametrize(
    "arguments", [("search", "--\x1b[31mno"), ("\x1b[31mno",), ("search", "a", "\x1b[31mno", "--archive", "a")]
)
def test_wrong_calls(run: Run, arguments: tuple[str, ...]) -> None:
    """An unknown command, option or argument is quoted without steering the terminal."""
    said = run(*arguments, code=2)[1]
    assert r"\x1b[31mno" in said
    assert not CONTROL.search(said)


def test_arguments_that_are_no_text(run: Run, hostile: Path) -> None:
    """An argument in another encoding than UTF-8 is refused by its number, whichever it is."""
    for arguments in (("search", os.fsdecode(b"\xf8kse")), ("search", "a", "--like", "\ud800"), ("status", "\udcff")):
        said = run(*arguments, "--archive", str(hostile), code=1)[1]
        assert said.startswith(f"archive-search: Argument {len(arguments)} holds half of a character ('\\u")
        assert said.isascii()


def test_help_without_a_command(run: Run) -> None:
    """Called with nothing, the program shows its commands, line by line."""
    out, err = run(code=2)
    assert "evaluate" in out + err
    assert (out + err).count("\n") > 10


def test_ids_come_back_as_they_are(run: Run, hostile: Path) -> None:
    """What is read by programs is not harmed: an id printed as JSON finds its record."""
    hits = json.loads(run("search", "--json", "--archive", str(hostile))[0])["hits"]
    assert sorted(hit["id"] for hit in hits) == [f"{number}{HOSTILE}" for number in range(3)]
    found = json.loads(run("search", "--like", hits[0]["id"], "--json", "--archive", str(hostile))[0])
    assert found["hits"][0]["id"] == hits[0]["id"]


def test_a_terminal_that_knows_few_letters(hostile: Path) -> None:
    """Where the terminal writes ASCII only, letters it lacks are shown as escapes; JSON stays JSON."""
    program = "from app.testing import register_hash_embedder as r; r(); from app.command import main; main()"
    said = [
        subprocess.run(
            [sys.executable, "-c", program, "search", "Ærø", "--archive", str(hostile), *more],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for more in ([], ["--json"])
    ]
    assert said[0].isascii()
    assert json.loads(said[1])["plan"]["query"]["examples"][0]["value"] == "Ærø"


def test_a_pool_in_a_file_is_not_harmed(run: Run, hostile: Path, tmp_path: Path) -> None:
    """CSV that goes into a file keeps every character of ids and titles."""
    (tmp_path / "topics.jsonl").write_text('{"id": "1", "text": "axe"}', encoding="utf-8")
    out, _ = run("judgements", "pool", "--topics", str(tmp_path / "topics.jsonl"), "--archive", str(hostile))
    rows = [row for _, row in csv_rows(out, "the pool")]
    assert sorted(row["record"] for row in rows) == [f"{number}{HOSTILE}" for number in range(3)]
