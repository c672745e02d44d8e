"""What is opened once and shared by all sessions: the archive, and the answers it gave lately."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import dataclasses
import gc
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from app.language import language
from app.state import LIMIT, State
from archive_search.archive import Archive
from archive_search.contents import Contents
from archive_search.contents import contents as count_contents
from archive_search.evaluation.compare import Comparison, compare
from archive_search.evaluation.pooling import pool
from archive_search.metadata.facets import Facet, facets, year_histogram, year_span
from archive_search.metadata.fields import YEARS
from archive_search.metadata.wording import PLACES
from archive_search.plan import Plan, query_to_json, to_json
from archive_search.projection.making import MapMaking
from archive_search.projection.maps import Map, kept_map, map_time
from archive_search.results import ResultSet
from archive_search.stages import effects
from archive_search.stages.effects import Refined
from archive_search.stages.similarities import Histogram, similarity_histogram
from archive_search.strategies import Strategy
from archive_search.strategy_file import named_strategy
from archive_search.types import ArchiveError, ArchiveSearchError, Example, Filter, Missing, Query
from archive_search.understanding import spelling
from archive_search.understanding.spelling import Misspelled
from archive_search.understanding.suggestions import FIRST, Suggestion, suggestions
from archive_search.understanding.understand import understand
from archive_search.understanding.understood import Understood
from archive_search.workspace.topics import Topic
from ingest import status
from ingest.background import Background
from ingest.status import Space

ARCHIVE = "ARCHIVE_SEARCH_ARCHIVE"
"""The environment variable that names the archive's directory."""
AFTER_S = 1.5
"""So long after the first page was drawn models are loaded: while they are, nothing is sent, its pictures neither."""
LEAVE_S = 10.0
"""A program that ends waits so long at most for what is computed behind the pages."""
_words_ready = threading.Event()
DATES = (*YEARS, "date")
"""Fields that tell when a thing was made; those with an index first."""
POINTS = ("point",)


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


@st.cache_resource(show_spinner=False)
def map_making() -> MapMaking:
    """The maps that this server makes."""
    return MapMaking()


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The ingests that this server has started."""
    return Background()


@st.cache_resource(show_spinner=False)
def _archive(directory: str) -> Archive:
    return Archive.open(directory)


def warm_up(archive: Archive) -> None:
    """Load what the first search will need while people still read the first page; called once that is drawn."""
    _warming(archive, str(archive.directory))


@st.cache_resource(show_spinner=False)
def _warming(_of: Archive, directory: str) -> None:
    # waited for at the end: torch aborts a process that ends while it is being loaded
    threading.Thread(target=_warm, args=(_of,), daemon=False).start()


def _warm(archive: Archive) -> None:
    time.sleep(AFTER_S)
    with contextlib.suppress(ArchiveSearchError):  # a search says what is missing
        archive.context(Query()).vector([Example("text", "warm")])
    words = threading.Thread(target=_encode_words, args=(archive,), daemon=True)
    words.start()
    atexit.register(_stop, words)


def _stop(thread: threading.Thread) -> None:
    """Stop a thread after what torch does for it at the moment: torch aborts a process that ends meanwhile."""
    if thread.ident is not None and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        thread.join(LEAVE_S)


def _encode_words(archive: Archive) -> None:
    """Encode the words of the vocabularies, which are offered beside what was found; the program's end stops it."""
    with contextlib.suppress(ArchiveSearchError):
        suggestions(archive.search("warm", limit=FIRST), archive)
        _words_ready.set()
    # Streamlit collects garbage behind every run, and looks at every object of every library each time, unless those
    # that are here to stay are set aside: that took longer than a search, and nothing else runs meanwhile.
    gc.collect()
    gc.freeze()


# ------------------------------------------------------------------ answers that are kept

# What is kept is never changed, so the sessions share it; the generation is part of what it is kept under.
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    Archive: lambda archive: (str(archive.directory), archive.generation, archive.fields.facets),
    Plan: lambda plan: json.dumps(to_json(plan)),
    Query: lambda query: json.dumps(query_to_json(query)),
    ResultSet: lambda found: json.dumps(to_json(found.plan)),
    Topic: lambda topic: (topic.id, json.dumps(query_to_json(topic.query))),
}


def answer(archive: Archive, plan: Plan, strategy: Strategy | None = None) -> ResultSet:
    """What a plan finds in the published generation; the same question is not computed twice for one generation."""
    return _answer(archive, archive.read(plan, language()), strategy)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_KEYS)
def _answer(archive: Archive, plan: Plan, _by: Strategy | None) -> ResultSet:
    return archive.answer(plan, _by)


def compared(archive: Archive, query: Query, rankings: tuple[str, ...], k: int, state: State) -> Comparison:
    """Rankings, each named with its settings, side by side on one question; computed once for one generation."""
    query = _read(archive, query, state.space)
    return _compared(archive, query, rankings, k, state.space, state.grouped, state.liked, state.disliked)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=_KEYS)
def _compared(
    archive: Archive,
    query: Query,
    rankings: tuple[str, ...],
    k: int,
    space: str,
    grouped: bool,
    liked: tuple[str, ...],
    disliked: tuple[str, ...],
) -> Comparison:
    named = {name: named_strategy(name) for name in rankings}
    return compare(archive, query, named, k, LIMIT, space, per_object=grouped, liked=liked, disliked=disliked)


def _read(archive: Archive, query: Query, space: str = "") -> Query:
    """A question in which it is decided how its words are read."""
    texts = [one.value for one in query.examples if one.kind == "text"]
    return dataclasses.replace(query, words=archive.read_words(texts, space, language()))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_KEYS)
def refined(archive: Archive, found: ResultSet, first: int) -> tuple[Refined, ...]:
    """What each refinement did to the first hits of a set; the same set is not looked at twice."""
    return effects.refined(found.plan, found.ranking, archive, first)


def suggested(archive: Archive, found: ResultSet, language: str) -> tuple[Suggestion, ...]:
    """Words that split what was found best; none until those of the vocabularies are ready (see `_encode_words`)."""
    return _suggested(archive, found, language) if _words_ready.is_set() else ()


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_KEYS)
def _suggested(archive: Archive, found: ResultSet, language: str) -> tuple[Suggestion, ...]:
    return suggestions(found, archive, language)


def similarities(
    archive: Archive, example: Example, space: str, bins: int, where: tuple[Filter, ...]
) -> Histogram | None:
    """How similar to an example the pictures are that pass the filters."""
    return similarity_histogram(archive, example, space, bins, where)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=_KEYS)
def understood(archive: Archive, text: str) -> Understood:
    """A sentence as stages."""
    return understand(text, archive)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=_KEYS)
def misspelled(archive: Archive, text: str) -> tuple[Misspelled, ...]:
    """The words of a text that nobody here knows, and what they may have meant."""
    return spelling.misspelled(text, archive.store)


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_KEYS)
def years(archive: Archive) -> tuple[int, int] | None:
    """The years that the archive covers."""
    return year_span(archive.store)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_KEYS)
def year_scale(archive: Archive, where: tuple[Filter, ...]) -> tuple[list[int], list[int]] | None:
    """Round years from first to last, and how many of the pictures that pass were made between each two."""
    return year_histogram(archive.store, where)


def pooled(archive: Archive, topic: Topic, rankings: tuple[str, ...], k: int) -> tuple[str, ...]:
    """The records to judge for a topic, the first k of each of these rankings, in the order in which they are shown."""
    return _pooled(archive, dataclasses.replace(topic, query=_read(archive, topic.query)), rankings, k)


@st.cache_resource(show_spinner=False, max_entries=1024, hash_funcs=_KEYS)
def _pooled(archive: Archive, topic: Topic, rankings: tuple[str, ...], k: int) -> tuple[str, ...]:
    return pool(archive, [topic], {name: named_strategy(name) for name in rankings}, k).get(topic.id, ())


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_KEYS)
def counted(archive: Archive, where: tuple[Filter, ...], limit: int) -> dict[str, Facet]:
    """The facets of what passes the filters, the `limit` most frequent values of each."""
    return facets(archive.store, where, archive.fields.facets, limit)


@dataclass(frozen=True)
class Known:
    """Whether any record of an archive has a date, a place, a point on the globe: what none has is not spoken of."""

    dates: bool
    places: bool
    points: bool


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs=_KEYS)
def known(archive: Archive) -> Known:
    """What the archive knows of its records."""
    total = archive.store.count()
    dates, places, points = (
        any(archive.store.count((Missing(one),)) < total for one in some) for some in (DATES, PLACES, POINTS)
    )
    return Known(dates, places, points)


@st.cache_resource(show_spinner=False, max_entries=2, hash_funcs=_KEYS)
def contents(archive: Archive) -> Contents:
    """What its records hold, counted; every record is read for it."""
    return count_contents(archive.store)


@st.cache_resource(show_spinner=False, max_entries=2, hash_funcs=_KEYS)
def spaces(archive: Archive) -> dict[str, Space]:
    """Its spaces, with how many records have no vector there."""
    return status.spaces(archive)


def drawn_map(archive: Archive, space: str) -> Map | None:
    """The map that is kept for a space; None where there is none."""
    return _drawn_map(archive, space, map_time(archive, space))


@st.cache_resource(show_spinner=False, max_entries=3, hash_funcs=_KEYS)
def _drawn_map(archive: Archive, space: str, made: int) -> Map | None:
    return kept_map(archive, space)


def on_the_map(archive: Archive, drawn: Map, field: str) -> list[Any]:
    """What each record of a map holds in a field of its payload."""
    return _on_the_map(archive, drawn, drawn.space, map_time(archive, drawn.space), field)


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs=_KEYS)
def _on_the_map(archive: Archive, _drawn: Map, space: str, made: int, field: str) -> list[Any]:
    return archive.store.values(field, _drawn.ids)
