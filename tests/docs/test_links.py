"""What the documents point to is there: links, anchors, pictures, commands, modules, files."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.exceptions import TyperException

from app.command import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
PACKAGES = ("app", "archive_search", "benchmarks", "docs", "ingest", "tests", "training")
SOURCE = re.compile(rf"(?<![\w/])(?:{'|'.join(PACKAGES)})/[\w/.*-]*[\w*/]")
MODULE = re.compile(r"(?:python -m|pytest.*?) +([\w./]+)")
COMMANDS = typer.main.get_command(cli)


def named(page: Path) -> str:
    """A page's path from the root of the repository."""
    return page.relative_to(ROOT).as_posix()


# ------------------------------------------------------------------ reading pages


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """Every token of a page, those inside of lines too."""
    found: list[Token] = []
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        found += [token, *(token.children or ())]
    return tuple(found)


@cache
def anchors(page: Path) -> frozenset[str]:
    """What links to headings of a page end with, as GitHub makes it."""
    found: list[str] = []
    for token, after in pairwise(tokens(page)):
        if token.type == "heading_open":
            said = "".join(one.content for one in after.children or () if one.type in ("text", "code_inline"))
            anchor = re.sub(r"[^\w\- ]", "", said.lower()).replace(" ", "-")
            found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return frozenset(found)


def links(page: Path) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in tokens(page):
        if token.type in ("link_open", "image"):
            yield str(token.attrs["href" if token.type == "link_open" else "src"])


def code(page: Path) -> Iterator[tuple[str, bool]]:
    """Every piece of code on a page that is no Python, JSON or TOML: (text, whether it is a whole command line)."""
    for token in tokens(page):
        if token.type == "code_inline":
            yield token.content, False
        elif token.type == "fence" and token.info in ("", "bash", "sh"):
            for line in token.content.replace("\\\n", " ").splitlines():
                yield re.sub(r"\s{2,}#.*", "", line), True


# ------------------------------------------------------------------ what is wrong with them


def problem_with_link(page: Path, link: str) -> str:
    """Why a link leads nowhere, '' where it leads somewhere or to another site."""
    if re.match(r"[a-z]+:", link):
        return ""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return f"{link}: no such file"
    if anchor and anchor not in anchors(target):
        return f"{link}: no such heading"
    return ""


def problem_with_command(line: str, whole: bool) -> str:
    """
    What the command line refuses, '' where nothing; a text that is no command of ours is none.

    On a line of its own a command is held to everything that is known without running it: needed options and types of
    values too. In a sentence a command may be shortened, and its program left out.
    """
    words = [word for word in split(line) if word not in ("...", "…")]
    if words[:1] == ["archive-search"]:
        words = words[1:]
    elif whole or not is_command(words):
        return ""
    command, context, name = COMMANDS, COMMANDS.context_class(COMMANDS, info_name="archive-search"), "archive-search"
    while words and hasattr(command, "commands"):
        if words[0] == words[0].upper() and not words[0].startswith("-"):
            return ""  # COMMAND stands for any
        if words[0].startswith("-"):
            break
        if words[0] not in command.commands:
            return f"{line}: no command {words[0]!r}"
        command, name, *words = command.commands[words[0]], *words
    if "--help" in words or hasattr(command, "commands"):
        return ""
    try:
        if whole and "[OPTIONS]" not in words:
            command.make_context(name, list(words), parent=context)
        else:
            command.make_parser(command.context_class(command, info_name=name)).parse_args(without_brackets(words))
    except TyperException as error:
        return f"{line}: {error.format_message()}"
    return ""


def split(line: str) -> list[str]:
    """The words of a line as a shell takes them, as far as the first pipe or semicolon."""
    try:
        words = shlex.split(re.split(r" [|;>] ", line)[0])
    except ValueError:
        return []
    return words


def is_command(words: list[str]) -> bool:
    """Whether these words begin with a command of ours and go on with a command below it, or with an option."""
    command: Any = COMMANDS.commands.get(words[0]) if len(words) > 1 else None
    return command is not None and (words[1] in getattr(command, "commands", ()) or any(w[:2] == "--" for w in words))


def without_brackets(words: list[str]) -> list[str]:
    """Words of a usage line without the signs for what may be left out; an option at the end gets a value."""
    found = [re.sub(r"[\[\]]|\.\.\.", "", word) for word in words]
    return [*found, "VALUE"] if found and found[-1].startswith("-") and "|" not in words else found


def problem_with_code(text: str) -> str:
    """Which module or file of ours a piece of code names that is not there, '' where all are."""
    for module in MODULE.findall(text):
        top = module.replace("/", ".").split(".")[0]
        if top in PACKAGES and "/" not in module and importlib.util.find_spec(module) is None:
            return f"{text}: no module {module}"
    for path in SOURCE.findall(text):
        if not list(ROOT.glob(path)):
            return f"{text}: no file {path}"
    for target in re.findall(r"^make ([\w-]+)", text):
        if not re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE):
            return f"{text}: no target {target}"
    return ""


# ------------------------------------------------------------------ tests


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    """Files, headings and pictures that a page links to are there."""
    assert not [problem for link in links(page) if (problem := problem_with_link(page, link))]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_is_one(page):
    """The commands of a page, with their options, are those of the command line."""
    assert not [problem for text, whole in code(page) if (problem := problem_with_command(text, whole))]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_module_and_file_is_there(page):
    """Modules to run, source files and targets of make that a page names are there."""
    assert not [problem for text, _ in code(page) if (problem := problem_with_code(text))]


def test_every_page_is_in_the_index():
    """docs/README.md links every other page below docs."""
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    assert set(PAGES) - listed == {ROOT / "README.md", ROOT / "CHANGELOG.md", index}


def test_the_code_names_pages_that_are_there():
    """Every page of docs that a docstring or comment names is there."""
    files = [file for part in PACKAGES for file in (ROOT / part).rglob("*.py")]
    pages = {(file, page) for file in files for page in re.findall(r"docs/[\w/-]+\.md", file.read_text("utf-8"))}
    assert len(pages) > 5
    assert not [(named(file), page) for file, page in sorted(pages) if not (ROOT / page).is_file()]


@pytest.mark.parametrize(
    ("line", "whole", "said"),
    [
        ("archive-search serch axe", True, "no command 'serch'"),
        ("archive-search search axe --refin red --archive d", True, "No such option: --refin"),
        ("archive-search search axe", True, "Missing"),
        ("archive-search search axe --limit many --archive d", True, "integer"),
        ("archive-search models fetsh", False, "no command 'fetsh'"),
        ("search axe --lik A1", False, "No such option"),
        ("judgements export FILE.csv --histry", False, "No such option"),
    ],
)
def test_a_command_that_is_none_is_found(line, whole, said):
    """A wrong command, a wrong option, a needed option that is missing and a value of a wrong type are each found."""
    assert said in problem_with_command(line, whole)


def test_what_leads_nowhere_is_found():
    """A file, a heading, a module, a source file and a target of make that are not there are each found."""
    page = ROOT / "README.md"
    assert problem_with_link(page, "nothing.md")
    assert problem_with_link(page, "docs/README.md#nothing")
    assert problem_with_code("python -m benchmarks.nothing")
    assert problem_with_code("ingest/nothing.py")
    assert problem_with_code("make nothing")
