"""Makes docs/reference/commands.md from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from app.command import cli
from docs.making.markdown import table

HEAD = """# Commands

`archive-search COMMAND --help` says the same in the terminal. Every command that works on an archive takes
`--archive DIRECTORY`; the environment variable `ARCHIVE_SEARCH_ARCHIVE` saves writing it.

Made from the code by `python -m docs.making`.
"""


def text() -> str:
    """The page."""
    found = dict(_commands(typer.main.get_command(cli), "archive-search"))
    links = "".join(f"- [`{name}`](#{name.replace(' ', '-')}): {_summary(one)}\n" for name, one in found.items())
    return f"{HEAD}\n{links}\n" + "\n".join(_section(name, one) for name, one in found.items())


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its whole name."""
    if hasattr(command, "commands"):
        for one in sorted(command.commands):
            yield from _commands(command.commands[one], f"{name} {one}")
    else:
        yield name, command


def _summary(command: Any) -> str:
    return _paragraphs(command)[0]


def _paragraphs(command: Any) -> list[str]:
    return [" ".join(one.split()) for one in (command.help or "").split("\n\n")]


def _section(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=name)
    usage = " ".join((name, *command.collect_usage_pieces(context)))
    rows = []
    for one in command.params:
        written, about = one.get_help_record(context)
        rows.append((f"`{written}`", " ".join(about.split())))
    said = "\n\n".join(_paragraphs(command))
    return f"## {name}\n\n{said}\n\n```\n{usage}\n```\n\n{table(('option', 'meaning'), rows)}"
