"""Which pages of docs/reference are made from the code, and what makes each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive_search import saved
from archive_search.exports.parts import provenance
from docs.making import commands, embedders, fields, formats, steps, strategies

DIRECTORY = Path(__file__).parents[1] / "reference"


def _schema(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.text,
    "embedders.md": embedders.text,
    "fields.md": fields.text,
    "formats.md": formats.text,
    "steps.md": steps.text,
    "strategies.md": strategies.text,
    "export.schema.json": lambda: _schema(provenance.schema()),
    "result-set.schema.json": lambda: _schema(saved.schema()),
}
"""What writes each page, by the name of its file."""
