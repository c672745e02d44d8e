"""The Python in the documents runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive_search.sample.archive import write_sample

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


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
