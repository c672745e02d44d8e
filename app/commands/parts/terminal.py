"""What is printed: every text passes here, so that none of it can move the cursor, colour a line or begin a new one."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

import typer

from archive_search.visible import visible

_NO_SIGN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # the rest JSON escapes itself
_NOT_ASCII = re.compile("[^\x00-\x7e]")


def say(text: object = "", err: bool = False) -> None:
    """Print one line; what is no sign in it stands as its escape."""
    typer.echo(visible(str(text)), err=err)


def say_json(data: Any) -> None:
    """Print data as JSON."""
    say_json_lines([json.dumps(data, ensure_ascii=False, indent=1), "\n"])


def say_json_lines(lines: Iterable[str]) -> None:
    r"""Print JSON that comes in pieces; what is no sign stands as JSON's own escape: `\u009b`."""
    unwritten = _NO_SIGN if (sys.stdout.encoding or "").lower() in ("utf-8", "utf8") else _NOT_ASCII
    for line in lines:
        typer.echo(unwritten.sub(_escaped_in_json, line), nl=False)


def _escaped_in_json(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def say_file(text: str) -> None:
    """Print the text of a file: as it is where it goes into one, fit to be looked at on a terminal."""
    # not by typer.echo, which takes the escapes of terminals out of what goes into a file
    sys.stdout.write(visible(text, lines=True) if sys.stdout.isatty() else text)
