"""The provenance that an export carries, as JSON: plan, strategy, weights, versions, and what was left out."""

from __future__ import annotations

import json

from archive_search.exporting import Outgoing

KEY = "archive-search"
"""The name under which files keep it in their metadata."""


def provenance(outgoing: Outgoing, indent: int | None = None) -> str:
    """The saved form of the result set but for its hits, and how many records were left out, by reason."""
    head = outgoing.found.head().model_dump(mode="json")
    return json.dumps({**head, "left_out": dict(outgoing.left_out)}, ensure_ascii=False, indent=indent)
