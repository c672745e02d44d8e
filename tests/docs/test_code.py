"""The Python and the command lines in the documents run."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ingest
from app.command import cli
from archive_search.archive import Archive
from archive_search.sample.archive import write_sample
from archive_search.sample.catalogue import COLUMNS, entries
from archive_search.sample.draw_plate import draw_record
from archive_search.sample.inventory import inventory
from archive_search.sample.topics import grade, topics

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
OF_THE_SAMPLE = [page for page in HOW_TO if "--archive demo-archive\n" in page.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A directory with a small sample archive's pictures, as the tutorial begins."""
    folder = tmp_path_factory.mktemp("desk")
    write_sample(folder / "sample", records=30)
    return folder


def run(code: str, folder: Path) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-W", "error::FutureWarning", "-c", code]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tutorial_of_the_library_runs(desk):
    """The blocks of docs/tutorial/python.md, one after the other, print what they say."""
    blocks = BLOCK.findall((ROOT / "docs" / "tutorial" / "python.md").read_text(encoding="utf-8"))
    assert len(blocks) > 5
    said = run("\n".join(blocks), desk)
    assert " pictures added, 0 rejected" in said
    assert "plain_rank" in said


def test_the_readme_runs(desk):
    """The README's lines run where its directories are there."""
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert blocks
    text = "\n".join(blocks).replace('"pictures"', '"sample/pictures"').replace('"records.csv"', '"sample/records.csv"')
    assert "rank" in run(text, desk)


@pytest.fixture(scope="module")
def sample_archive(tmp_path_factory):
    """A directory with the sample archive, of its 600 records those that the how-to pages name and a few others."""
    folder = tmp_path_factory.mktemp("how-to")
    (folder / "sample" / "pictures").mkdir(parents=True)
    said = "".join(page.read_text(encoding="utf-8") for page in OF_THE_SAMPLE)
    objects = inventory(7, 600)
    all_of_it = [both for one in objects for both in zip(entries(one, 7), one.depictions, strict=True)]
    chosen = [(row, one) for n, (row, one) in enumerate(all_of_it) if row["id"] in said or n % 20 == 0]
    for row, one in chosen:
        draw_record(one, 64).save(folder / "sample" / row["file"])
    with (folder / "sample" / "records.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row for row, _ in chosen)
    asked = topics(one for _, one in chosen)
    lines = [json.dumps(asdict(topic)) for topic in asked]
    (folder / "sample" / "topics.jsonl").write_text("\n".join(lines), encoding="utf-8")
    graded = [(topic.id, row["id"], grade(topic, one)) for topic in asked for row, one in chosen]
    judged = [f"{topic} 0 {record} {relevance}\n" for topic, record, relevance in graded if relevance is not None]
    (folder / "sample" / "qrels.txt").write_text("".join(judged), encoding="utf-8")
    archive = Archive.create(folder / "demo-archive")
    source = ingest.Folder(folder / "sample" / "pictures", metadata=folder / "sample" / "records.csv")
    assert ingest.run(archive, source, embedders=["demo"], tiles=True).added == len(chosen)
    return folder


def run_line(line: str) -> None:
    """Run a command line of a page; what stands behind > is written."""
    command, _, target = line.partition(" > ")
    done = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"
    if target:
        Path(target).write_text(done.stdout, encoding="utf-8")


@pytest.mark.parametrize("page", OF_THE_SAMPLE, ids=lambda page: page.stem)
def test_how_to_pages_run_on_the_sample_archive(page, sample_archive, monkeypatch):
    """What a page prints for the sample archive runs there, command lines and Python, one after the other."""
    monkeypatch.chdir(sample_archive)
    for made in sample_archive.iterdir():  # by the pages before: no export replaces what is there
        if made.name not in ("sample", "demo-archive"):
            shutil.rmtree(made) if made.is_dir() else made.unlink()
    named: dict[str, object] = {}
    for kind, text in ANY_BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(text, page.name, "exec"), named)
        for line in text.splitlines():
            if line.startswith("archive-search ") and "--archive demo-archive" in line and kind == "":
                run_line(line)


def test_pages_with_python_are_run():
    """No Python of a how-to page escapes: its page is run on the sample archive, and its block says what it is."""
    for page in HOW_TO:
        for kind, text in ANY_BLOCK.findall(page.read_text(encoding="utf-8")):
            assert page in OF_THE_SAMPLE or kind != "python"
            assert kind == "python" or not re.search(r"^(from|import) \w+", text, re.MULTILINE), page.name
