"""Judged collections for the ranking benchmark: bench folders of vectors, and an archive with topics."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.archive import Archive
from archive_search.calibration import hubness
from archive_search.ranking.parts.phrase import phrase
from archive_search.search import Searchable, SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, InvalidInputError, Modality, Point, Query, Vectors

FEWEST = 3
"""Records that a further query must have."""


@dataclass(frozen=True)
class Topic:
    """One judged query and the group that it is reported under."""

    id: str
    query: Query
    group: str


@dataclass(frozen=True)
class Judged:
    """Something to search, topics, and their judgements by topic and record."""

    name: str
    archive: Searchable
    topics: tuple[Topic, ...]
    qrels: dict[str, dict[str, int]]


class PhraseTable:
    """An embedder that knows the vectors of listed phrases only: it stands in for a text tower that cannot be had."""

    name, checkpoint = "table", ""
    modalities: frozenset[Modality] = frozenset({"text"})

    def __init__(self, phrases: dict[str, np.ndarray[Any, Any]]) -> None:
        self.phrases = phrases
        self.dim = len(next(iter(phrases.values())))

    def preprocess(self, item: Any, modality: Modality) -> Any:
        """The phrase as it is, with "a" or "an" where the table has it so."""
        for prefix in ("", "a ", "an "):
            if prefix + item in self.phrases:
                return prefix + item
        raise InvalidInputError(f"The table of phrases has no vector for {item!r}.")

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """The vectors of the phrases."""
        return np.stack([self.phrases[one] for one in batch])

    def remarks(self, text: str) -> tuple[str, ...]:
        """Nothing to say."""
        return ()


class VectorArchive:
    """Vectors in memory, searched with a table of phrases."""

    def __init__(
        self, records: Sequence[dict[str, Any]], images: Vectors, phrases: dict[str, Any], bank: Vectors
    ) -> None:
        self.store = MemoryStore({"table": images.shape[1]})
        pairs = zip(records, images, strict=True)
        self.store.upsert([Point(record["id"], {"table": vector}, record) for record, vector in pairs])
        hubness.update(self.store, "table", bank)
        self.table = PhraseTable(phrases)

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What a step may see."""
        return SearchContext(self.store, query, "table", lambda: self.table, _no_picture)


def _no_picture(source: str) -> Any:
    raise InvalidInputError(f"A bench folder has no pictures: {source}.")


def load(folder: Path, archive: Path | None = None, catalogue: Sequence[str] = (), further: bool = False) -> Judged:
    """
    A bench folder (vectors, phrases, queries or category names, qrels), or a sample folder and its archive.

    Of a bench folder the words of those columns can be found that `catalogue` names. `further` gives, in place of its
    own queries, every other phrase that stands, as it is or in the plural, in the title or the terms of `FEWEST`
    records or more: queries that no setting was chosen by.
    """
    qrels = read_qrels(folder / "qrels.txt")
    if (folder / "topics.jsonl").exists():
        topics = tuple(_sample_topic(line) for line in _jsonl(folder / "topics.jsonl"))
        return Judged(folder.name, Archive.open(archive or folder / "archive"), topics, qrels)
    images = next(iter(sorted(folder.glob("*images.npy"))))
    names = next(iter(sorted(folder.glob("*phrases.npy"))))
    table = dict(
        zip((folder / "phrases.txt").read_text(encoding="utf-8").splitlines(), _unit(np.load(names)), strict=True)
    )
    vectors = _unit(np.load(images))
    bank = _unit(np.load(folder / "bank.npy" if (folder / "bank.npy").exists() else names))
    if (folder / "queries.jsonl").exists():
        topics = tuple(_bench_topic(line, table) for line in _jsonl(folder / "queries.jsonl"))
        _add_bare(folder, table)
        records = [{"id": f"photo-{i:04d}"} for i in range(len(vectors))]
    else:
        with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        records = [{"id": row["id"], "extra": {name: row[name] for name in catalogue}} for row in rows]
        if further:
            qrels = {name: said for name in table if name not in qrels and len(said := _saying(name, rows)) >= FEWEST}
        topics = tuple(Topic(name, Query((Example("text", name),)), "category") for name in sorted(qrels))
    name = f"{folder.name}, further queries" if further else folder.name
    return Judged(name, VectorArchive(records, vectors, table, bank), topics, qrels)


def _saying(name: str, rows: Sequence[dict[str, str]]) -> dict[str, int]:
    """The records whose title or terms have a phrase as words of their own, in the singular or the plural."""
    said = name.casefold()
    ending = r"(?:y|ies)" if said.endswith("y") else r"(?:e?s)?"
    words = re.compile(rf"(?<![a-z]){re.escape(said.removesuffix('y'))}{ending}(?![a-z])")
    return {row["id"]: 1 for row in rows if words.search(f"{row['title']} . {row['terms']}".casefold())}


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """TREC judgements, `topic 0 record grade` a line."""
    found: dict[str, dict[str, int]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        topic, _, record, grade = line.split()
        found.setdefault(topic, {})[record] = int(grade)
    return found


def _bench_topic(line: dict[str, Any], table: dict[str, Any]) -> Topic:
    examples = (Example("text", line["category"]), Example("text", line["attribute"]))
    table[phrase(examples)[0].value] = table[line["phrase"]]  # "a dog walking" is what all words together are
    return Topic(line["id"], Query(examples), line["group"])


def _add_bare(folder: Path, table: dict[str, Any]) -> None:
    bare = folder / "bank.npy"
    if bare.exists():
        for words, vector in zip(
            (folder / "bank.txt").read_text(encoding="utf-8").splitlines(), _unit(np.load(bare)), strict=True
        ):
            table.setdefault(words, vector)


def _sample_topic(line: dict[str, Any]) -> Topic:
    examples = [Example("text", line["category"])]
    examples += [Example("text", one.lstrip("-"), -1.0 if one.startswith("-") else 1.0) for one in line["refinements"]]
    return Topic(line["id"], Query(tuple(examples)), line["group"])


def _jsonl(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _unit(rows: np.ndarray[Any, Any]) -> Vectors:
    rows = rows.astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]
