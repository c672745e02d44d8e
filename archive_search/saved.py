"""The saved form of a result set, its JSON Schema, and what is known of the records of one read from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.table import Fields
from archive_search.provenance import Provenance
from archive_search.types import Box, Payload, Vector


class SavedStage(BaseModel):
    """What a step did: how many it kept of how many, how many it moved up."""

    model_config = ConfigDict(extra="forbid")
    name: str
    kept: int
    of: int
    raised: int


class SavedHit(BaseModel):
    """One hit with what is known of its record."""

    model_config = ConfigDict(extra="forbid")
    rank: int
    plain_rank: int | None
    score: float
    id: str
    box: tuple[float, float, float, float] | None = None
    """Where a part fits better than the whole picture: left, top, right, bottom as shares."""
    payload: dict[str, Any]


class SavedHead(BaseModel):
    """A saved result set but for its hits."""

    model_config = ConfigDict(extra="forbid")
    format: Literal["archive-search result set"] = "archive-search result set"
    version: Literal[1] = 1
    provenance: Provenance
    plan: dict[str, Any]
    stages: list[SavedStage]
    remarks: list[str]
    suggested_end: int | None
    stacks: dict[str, list[str]]


class SavedResultSet(SavedHead):
    """A saved result set."""

    hits: list[SavedHit]


def schema() -> dict[str, Any]:
    """The JSON Schema of the saved form, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "archive-search result set",
        **SavedResultSet.model_json_schema(),
    }


@dataclass(frozen=True)
class SavedHoldings:
    """The payloads of a set that was read from a file; pictures are not in it."""

    known: Mapping[str, Payload] = field(default_factory=dict)

    @property
    def fields(self) -> Fields:
        """Those of every archive: a saved set knows no labels of an archive's own."""
        return STANDARD

    def payloads(self, ids: Sequence[str]) -> Mapping[str, Payload]:
        """What was saved of these records."""
        return {one: self.known[one] for one in ids if one in self.known}

    def boxes(self, payloads: Mapping[str, Payload], sought: Vector, space: str) -> Mapping[str, Box]:
        """Nothing: a saved set knows its boxes already."""
        return {}

    def thumbnail_file(self, payload: Payload) -> Path | None:
        """None: a saved set holds no pictures."""
        return None

    def picture_file(self, record_id: str) -> Path | None:
        """None: a saved set holds no pictures."""
        return None
