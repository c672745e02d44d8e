"""The Markdown that made pages share: tables, docstrings, tables of settings."""

from __future__ import annotations

import dataclasses
import inspect
import json
import typing
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from archive_search.knobs import Knob, knobs
from archive_search.types import Example


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def docstring(thing: Any) -> str:
    """What a docstring says, one line a paragraph."""
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def settings(plugin: type) -> str:
    """A table of what a plug-in can be told, '' where there is nothing."""
    hints, known = typing.get_type_hints(plugin), knobs(plugin)
    rows = []
    for field in dataclasses.fields(plugin):
        if field.name in known:
            one, value = known[field.name]
            choices = f" {_kind(hints[field.name])}." if typing.get_origin(hints[field.name]) is Literal else ""
            about = f"{one.label}. {one.help}".strip() + choices
            rows.append((f"`{field.name}`", about, f"`{json.dumps(value)}`", _range(one)))
        else:
            default = "needed" if field.default is dataclasses.MISSING else f"`{json.dumps(field.default)}`"
            rows.append((f"`{field.name}`", f"{_kind(hints[field.name])}.", default, ""))
    return table(("setting", "meaning", "default", "from, to"), rows) if rows else ""


def _range(one: Knob) -> str:
    if one.low is None and one.high is None:
        return ""
    ends = ("any" if end is None else f"{end:,}" if isinstance(end, int) else f"{end:g}" for end in (one.low, one.high))
    return ", ".join(ends)


def _kind(hint: Any) -> str:
    """What a setting holds that is not a number or a switch."""
    if typing.get_origin(hint) is Literal:
        return "One of " + ", ".join(f"`{one}`" for one in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return {Example: "A list of examples", str: "A list of ids"}.get(typing.get_args(hint)[0], "A list of filters")
    return "An example" if hint is Example else "A text"
