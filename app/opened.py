"""What is opened once and shared by all sessions: the archive, and the answers it gave lately."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from archive_search.archive import Archive
from archive_search.metadata.facets import year_span
from archive_search.plan import Plan, Trace, from_json, to_json, trace
from archive_search.types import ArchiveError

ARCHIVE = "ARCHIVE_SEARCH_ARCHIVE"
"""The environment variable that names the archive's directory."""


@dataclass(frozen=True)
class Answer:
    """What a plan found in one generation: what every stage did; rankings left out but the last, cut to the limit."""

    trace: Trace
    ranks: dict[str, int]
    """The rank of every record found, from 1, best first."""


def archive() -> Archive:
    """
    The archive that the environment names.

    Raises:
        ArchiveError: If it names none, or what it names is none.
    """
    directory = os.environ.get(ARCHIVE, "")
    if not directory:
        raise ArchiveError(
            f"No archive was named: start with 'archive-search app --archive DIRECTORY', or set {ARCHIVE}."
        )
    return _archive(str(Path(directory).resolve()))


def answer(archive: Archive, plan: Plan) -> Answer:
    """What a plan finds in the published generation; the same question is not computed twice for one generation."""
    return _answer(archive, str(archive.directory), archive.generation, json.dumps(to_json(plan)))


def years(archive: Archive) -> tuple[int, int] | None:
    """The years that the archive covers."""
    return _years(archive, str(archive.directory), archive.generation)


@st.cache_resource(show_spinner=False)
def _archive(directory: str) -> Archive:
    return Archive.open(directory)


# An answer is never changed, so the sessions share it; the generation is part of what it is kept under.
@st.cache_resource(show_spinner=False, max_entries=64)
def _answer(_of: Archive, directory: str, generation: str | None, plan: str) -> Answer:
    asked = from_json(plan)
    found = trace(asked, _of)
    ranking = found.ranking[: asked.limit]
    *before, last = (replace(stage, ranking=()) for stage in found.stages)
    kept = replace(found, stages=(*before, replace(last, ranking=ranking)))
    return Answer(kept, {hit.id: rank for rank, hit in enumerate(ranking, 1)})


@st.cache_resource(show_spinner=False, max_entries=8)
def _years(_of: Archive, directory: str, generation: str | None) -> tuple[int, int] | None:
    return year_span(_of.store)
