"""Commands: one file per command of the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import typer

from archive_search.registry import Registry

Command: TypeAlias = Callable[..., None] | typer.Typer
"""A function whose parameters are its options and whose docstring is its help, or a group of such functions."""

COMMANDS: Registry[Command] = Registry("app.commands", "COMMANDS", "command")
