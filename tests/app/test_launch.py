"""Ctrl-C ends the program with one line and status 130, from its first moment on."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, signal, sys

class Presser:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Presser())
sys.argv = ["archive-search", *{arguments!r}]
from app.launch import main
main()
"""


def pressed(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program, with Ctrl-C pressed when it begins to import a module."""
    code = PROGRAM.format(module=module, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("module", ["app.command", "typer", "app.commands.search", "archive_search.types", "numpy"])
def test_ctrl_c_while_the_program_is_imported(module):
    """Whatever is being imported, there is one line, no traceback, and status 130."""
    done = pressed(module, "embedders")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "archive-search: stopped\n")


@pytest.mark.parametrize("module", ["archive_search.embedders.clip", "ingest.pipeline", "qdrant_edge", "torch"])
def test_ctrl_c_while_a_command_is_imported(tmp_path, module):
    """The same holds for what a command imports later, and no archive is begun."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(b"")
    done = pressed(module, "ingest", "folder", str(tmp_path / "pictures"), "--archive", str(tmp_path / "archive"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "archive-search: stopped\n")
    assert not (tmp_path / "archive").exists()


def test_the_program_begins_there():
    """The command that is installed begins with the module that minds Ctrl-C, which imports little."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"archive-search": "app.launch:main"}
    code = "import sys; import app.launch; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not {"typer", "numpy", "archive_search"} & set(loaded.stdout.split())
