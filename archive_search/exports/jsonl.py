"""JSON lines: the provenance in the first line, then a hit a line, everything as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.provenance import provenance
from archive_search.types import InvalidInputError

LONGEST_LINE = 1 << 28
"""So many bytes of the first line are read: room for some millions of hits."""


@dataclass(frozen=True)
class JsonLines:
    """One object a line: first the provenance, then each hit with rank, score, box and the whole payload."""

    summary: ClassVar[str] = "provenance, then a hit a line with all that is known of it"
    endings: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """One pass."""
        plain = outgoing.found.plain
        with target.open("w", encoding="utf-8") as file:
            file.write(provenance(outgoing) + "\n")
            for rank, hit in outgoing:
                told: dict[str, Any] = {"rank": rank, "plain_rank": plain.get(hit.id), "score": hit.score, "id": hit.id}
                told |= {"box": list(hit.box)} if hit.box else {}
                file.write(json.dumps({**told, "payload": hit.payload}, ensure_ascii=False, default=str) + "\n")

    @classmethod
    def carried(cls, target: Path) -> str:
        """Its first line."""
        try:
            with target.open("rb") as file:
                return file.readline(LONGEST_LINE).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{target} is no text in UTF-8 that can be read.") from error


EXPORTS: Mapping[str, type[Export]] = {"jsonl": JsonLines}
