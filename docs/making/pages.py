"""Which pages of docs/reference are made from the code, and what makes each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from archive_search.results import schema
from docs.making import commands, embedders, fields, steps, strategies

DIRECTORY = Path(__file__).parents[1] / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.text,
    "embedders.md": embedders.text,
    "fields.md": fields.text,
    "steps.md": steps.text,
    "strategies.md": strategies.text,
    "result-set.schema.json": lambda: json.dumps(schema(), ensure_ascii=False, indent=1) + "\n",
}
"""What writes each page, by the name of its file."""
