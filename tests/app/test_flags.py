"""Settings that the library speaks of, and their flags."""

import ast
import re
import sys
from pathlib import Path

import pytest

from app.command import main
from app.commands.parts.flags import told
from archive_search.types import InvalidInputError

ROOT = Path(__file__).parents[2]
MODULES = [file for part in ("archive_search", "ingest") for file in sorted((ROOT / part).rglob("*.py"))]
WHOLE = re.compile(r"'archive-search [^']*'|pip install [^\n]*")
"""Commands that are named as a whole, wherever they are read."""


def flags(code: str) -> list[str]:
    """The flags in a module's texts, but those of whole commands; what explains the code is no text."""
    if not re.search(r"--[a-z]", code):
        return []
    tree = ast.parse(code)
    docs = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    # the pieces of an f-string are one text
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    docs |= {id(piece) for node in joined for piece in node.values}
    texts = [
        "".join(getattr(one, "value", "") if isinstance(one, ast.Constant) else "{}" for one in node.values)
        for node in joined
    ]
    texts += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    return [one for text in texts for one in re.findall(r"(?<![\w-])--[a-z][\w-]*", WHOLE.sub("", text))]


def test_the_library_names_no_flag():
    """What the library says can be read on a page and in a notebook, where there are no flags."""
    found = {file.relative_to(ROOT).as_posix(): flags(file.read_text(encoding="utf-8")) for file in MODULES}
    assert {name: some for name, some in found.items() if some} == {}


def test_flags_are_seen_where_they_are():
    """The test above finds a flag in a text and in an f-string, none in a docstring or a whole command."""
    assert flags("x = 'name it with --picture'") == ["--picture"]
    assert flags("x = f'{a} or --map {b}'") == ["--map"]
    assert flags('def f():\n    "say --this"') == []
    assert flags("""x = "run 'archive-search ingest --retry'" """) == []


def test_an_error_says_the_flags_of_the_settings_it_speaks_of():
    """Behind what an error says stand the flags, each as the command line has it."""
    error = InvalidInputError("It takes words.", settings=("query", "year_from", "fields"))
    assert told(error) == "It takes words. (--query, --year-from, --map)"
    assert told(InvalidInputError("It takes words.")) == "It takes words."


def test_the_command_line_adds_the_flags(monkeypatch, capsys):
    """A wrong question to a museum names the flags that mend it."""
    monkeypatch.setattr(sys, "argv", ["archive-search", "ingest", "met", "--place", "Egypt"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == (
        "archive-search: To ask for years or a place the Met's search needs words. (--query)\n"
    )
