"""`archive-search formats`: what a result set can be exported as."""

from __future__ import annotations

import typing
from typing import Any

from app.commands.parts.terminal import say


def formats() -> None:
    """
    List the formats of exports: what each is, the endings of files that choose it, and its settings with defaults.

    'archive-search search WORDS --export FILE' and 'archive-search export' write them; --set NAME=VALUE gives a
    setting, and with --format NAME a file may have any name.
    """
    from archive_search.exporting import EXPORTS
    from archive_search.knobs import knobs

    width = max(len(name) for name in EXPORTS)
    for name, kind in EXPORTS.items():
        say(f"{name:<{width}}  {kind.summary} ({', '.join(kind.endings) or 'by its name'})")
        hints = typing.get_type_hints(kind)
        for setting, (knob, default) in knobs(kind).items():
            about = ". ".join(filter(None, (knob.label, knob.help))).rstrip(".")
            say(f"{'':<{width}}    {setting}={_typed(default)}  {about}{_choices(hints[setting])}.")


def _typed(value: Any) -> str:
    """A value as it is typed after --set."""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _choices(hint: Any) -> str:
    choices = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
    return f"; one of {', '.join(choices)}" if choices else ""


COMMANDS = {"formats": formats}
