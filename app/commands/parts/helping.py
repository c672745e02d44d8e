"""What `--help` says: options under headings, whole sentences, and one word for each kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

WIDEST = 120
"""Columns; a narrower terminal is filled."""
_KINDS = {"str": "TEXT", "int": "NUMBER", "float": "NUMBER", "path": "PATH", "file": "FILE", "directory": "DIRECTORY"}
"""What kinds of values are called, by what typer calls them."""
_BARE = re.compile(r"<(?:list\[)?(.*?)\]?(?: range)?>")


class Command(TyperCommand):
    """A command whose options stand under the headings that they name as their `rich_help_panel`."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for one in self.params:
            if isinstance(one, TyperOption) and one.metavar is None and not one.is_flag:
                one.metavar = _kind(one)
            elif isinstance(one, TyperArgument) and one.metavar is None:
                one.metavar = str(one.name).upper()

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands behind the name of the command; what is needed stands without brackets."""
        return [one.strip("{}") for one in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write what the parameters mean, heading by heading, in the order in which they first come."""
        said: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        heading = "Options"
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx)
            if record is None:
                continue
            if isinstance(one, TyperArgument):
                said["Arguments"].append((record[0].partition(" <")[0], record[1]))
            else:
                heading = getattr(one, "rich_help_panel", None) or heading  # --help has none: it is the last
                said.setdefault(heading, []).append(record)
        for heading, records in said.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class Group(TyperGroup):
    """A command with sub-commands, of each of which it says the first paragraph, whole."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the sub-commands."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, " ".join((command.help or "").split("\n\n")[0].split())))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Commands(typer.Typer):
    """Commands whose help is said so."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            cls=Group,
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings={"max_content_width": WIDEST},
            **settings,
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Declare a command."""
        return super().command(name, **{"cls": Command, **settings})


def _kind(option: TyperOption) -> str:
    """The word for the values that an option takes: TEXT, NUMBER, PATH, or those that are possible: web|print."""
    name = _BARE.sub(r"\1", option.display_type(typer.Context(TyperCommand("any"))))
    return _KINDS.get(name, name)
