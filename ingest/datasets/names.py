"""What classes are called: the names behind labels such as n03000684 or 17."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive_search.reading import parse_records, read_text
from archive_search.types import MetadataError

_PAIR = re.compile(r"""["']?([^\s,;"']+)["']?\s*[\t,;]\s*["']?(.+?)["']?$|(n\d{8}|\d+)\s+(.+)$""")


def read_names(file: Path) -> Mapping[str, str]:
    """
    Names by label, from JSON or from text.

    JSON is an object ({"n03000684": "chain saw"}, {"17": ["n03000684", "chain saw"]}) or a list of names by their
    number. In text a line is a label and its name with a tab, a comma, a semicolon or spaces between; lines without
    any label are names by their number.

    Raises:
        MetadataError: If it can be read as neither, naming the line.
    """
    text = read_text(file, "The names of classes", MetadataError)
    if text.lstrip()[:1] in ("{", "["):
        return _of_data(parse_records(text, file.name, MetadataError), file)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise MetadataError(f"{file} names no class.")
    pairs = [_PAIR.match(line) for line in lines]
    if not any(pairs):
        return {str(number): line for number, line in enumerate(lines)}
    found: dict[str, str] = {}
    for number, (line, pair) in enumerate(zip(lines, pairs, strict=True), 1):
        if pair is None:
            raise MetadataError(f"{file}, line {number}: expected a label and its name, got {line[:80]!r}.")
        found[pair[1] or pair[3]] = (pair[2] or pair[4]).strip()
    return found


def _of_data(data: Any, file: Path) -> Mapping[str, str]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found: dict[str, str] = {}
    for label, name in pairs:
        said = [one for one in name if isinstance(one, str)] if isinstance(name, list) else [name]
        if not said or not isinstance(said[-1], str) or not said[-1].strip():
            raise MetadataError(f"{file}: the label {label!r} has no name.")
        found[str(label)] = said[-1].strip().replace("_", " ")
        if len(said) == 2:  # {"17": ["n03000684", "chain_saw"]} names both
            found[said[0]] = found[str(label)]
    if not found:
        raise MetadataError(f"{file} names no class.")
    return found
