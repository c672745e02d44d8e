"""Text and JSON from outside: decoded in one place, and refused in a sentence where that cannot be done."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archive_search.types import ArchiveSearchError, InvalidInputError, check_text

DEEPEST = 100
"""So many lists and objects may lie within one another in JSON that is read; plans need six."""
_WRITTEN_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


def read_text(file: Path, what: str, error: type[ArchiveSearchError] = InvalidInputError) -> str:
    """
    The text of a file in UTF-8, with or without a byte order mark; its line ends stay as they are.

    Args:
        what: how errors name it: 'The plan'.
        error: what is raised where it cannot be read.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise error(f"{what} {file} cannot be read: {problem.strerror or problem}.") from problem
    except UnicodeDecodeError as problem:
        raise error(
            f"{what} {file} is not text in UTF-8 (byte {problem.start + 1}): save it with that encoding."
        ) from problem


def parse_json(text: str, what: str, error: type[ArchiveSearchError] = InvalidInputError) -> Any:
    """
    The data of a JSON text.

    Refused are what is no JSON, NaN and Infinity, numbers of thousands of digits, nesting deeper than `DEEPEST`, and
    half of a surrogate pair, which no encoding can write.

    Args:
        what: how errors name it: 'The plan', 'topics.jsonl, line 3'.
        error: what is raised.
    """
    data = _parsed(text, what, error, parse_constant=_no_constant)
    if _may_hold_halves(text):
        try:
            check_text(json.dumps(data, ensure_ascii=False), what)
        except InvalidInputError as problem:
            raise error(str(problem)) from problem
    return data


def parse_records(text: str, what: str, error: type[ArchiveSearchError] = InvalidInputError) -> Any:
    """
    The data of a JSON text that others wrote of their records: what can be read of it is.

    Numbers stay as they are written (an inventory number 1E5 is no 100000.0), NaN and Infinity are nothing, half of a
    surrogate pair becomes U+FFFD. Raises as `parse_json` does on what is no JSON or nests too deep.
    """
    data = _parsed(text, what, error, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    return mended(data) if _may_hold_halves(text) else data


def mended(data: Any) -> Any:
    """Data as JSON has it, U+FFFD in the place of each half of a surrogate pair in its texts and names."""
    if isinstance(data, str):
        return _HALF.sub("\ufffd", data)
    if isinstance(data, Mapping):
        return {mended(name): mended(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(map(mended, data))
    return data


def check_depth(data: Any, what: str, error: type[ArchiveSearchError] = InvalidInputError) -> None:
    """Raise where lists and objects lie deeper within one another than `DEEPEST`."""
    if _deeper_than(data, DEEPEST):
        raise error(f"{what} nests deeper than {DEEPEST} levels.")


def _parsed(text: str, what: str, error: type[ArchiveSearchError], **hooks: Callable[[str], Any]) -> Any:
    try:
        data = json.loads(text.removeprefix("\ufeff"), **hooks)  # type: ignore[arg-type]
    except RecursionError as problem:
        raise error(f"{what} nests deeper than {DEEPEST} levels.") from problem
    except ValueError as problem:  # also on a number of more digits than Python reads
        raise error(f"{what} is not JSON: {problem}.") from problem
    check_depth(data, what, error)
    return data


def _may_hold_halves(text: str) -> bool:
    return bool(_HALF.search(text) or _WRITTEN_HALF.search(text))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _deeper_than(data: Any, levels: int) -> bool:
    """Whether lists and objects lie deeper within one another; asked level by level, so that no depth is too much."""
    level = [data] if isinstance(data, list | dict) else []
    for _ in range(levels):
        items = (one.values() if isinstance(one, dict) else one for one in level)
        level = [item for some in items for item in some if isinstance(item, list | dict)]
        if not level:
            return False
    return True
