"""Topics: queries with a name and a group, read from a file; what judgements and measures are about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_search.plan import query_from_json, query_to_json
from archive_search.reading import parse_json, read_text
from archive_search.spreadsheet_cells import csv_rows
from archive_search.types import ArchiveSearchError, Example, InvalidInputError, MetadataError, Query, check_text

WORDS = ("text", "description", "narrative", "group")
"""What a topic says to those who judge: its title, what is looked for in a sentence, what counts and what does not."""
FIELDS = ("id", *WORDS, "category", "refinements", "where", "query")
"""What a topic in a file may say; it needs an id, and a category, a text or a query."""


@dataclass(frozen=True)
class Topic:
    """
    One query that is judged: its id, its words as a person wrote them, and the group it is reported under.

    `text` is its title, `description` says in a sentence what is looked for, `narrative` what counts as an answer and
    what does not, as topics of TREC do.
    """

    id: str
    query: Query
    group: str = ""
    text: str = ""
    description: str = ""
    narrative: str = ""

    def __post_init__(self) -> None:
        for name in ("id", *WORDS):
            check_text(getattr(self, name), f"The {name} of a topic")

    @property
    def title(self) -> str:
        """What it is called: its text, else its query in words."""
        return self.text or words(self.query) or self.id


def read_topics(file: Path) -> tuple[Topic, ...]:
    """
    Read topics from JSON lines or from CSV (a name that ends in `.csv`).

    A line holds `id`, `text`, `category`, `refinements` (a leading '-' asks for less like it; in CSV separated by ';'),
    `description`, `narrative`, `group`, and `where`: filters as plans write them. A category and its refinements become
    the query; without a category the text does. `query` gives a whole query as plans write it, instead of these.

    Raises:
        MetadataError: If the file cannot be read, naming the line and what is wrong with it.
    """
    text = read_text(file, "The topics", MetadataError)
    found: dict[str, Topic] = {}
    for number, data in _csv_rows(text, file) if file.suffix.lower() == ".csv" else _json_rows(text, file):
        try:
            topic = topic_from_data(data)
        except ArchiveSearchError as error:
            raise MetadataError(f"{file}, line {number}: {error}") from error
        if topic.id in found:
            raise MetadataError(f"{file}, line {number}: there is a topic {topic.id!r} already.")
        found[topic.id] = topic
    if not found:
        raise MetadataError(f"{file} holds no topic.")
    return tuple(found.values())


def topic_from_data(data: Any) -> Topic:
    """A topic from one line's data; raises InvalidInputError."""
    if not isinstance(data, Mapping):
        raise InvalidInputError(f"a topic must be an object, not {data!r}.")
    for name in data:
        if name not in FIELDS:
            raise InvalidInputError(f"a topic has no field {name!r}. Known: {', '.join(FIELDS)}.")
    texts = {name: data.get(name) or "" for name in ("category", *WORDS)}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise InvalidInputError(f"{name} must be a text, got {value!r}.")
    name = str(data.get("id") or "").strip()
    if not name:
        raise InvalidInputError("a topic needs an id.")
    query = _query(data, texts.pop("category").strip() or texts["text"].strip())
    return Topic(name, query, **texts)


def topic_to_data(topic: Topic) -> dict[str, Any]:
    """A topic as JSON data; `topic_from_data` gives the same topic back."""
    more = {name: getattr(topic, name) for name in ("description", "narrative") if getattr(topic, name)}
    return {"id": topic.id, "text": topic.text, "group": topic.group, **more, "query": query_to_json(topic.query)}


def topic_id(query: Query) -> str:
    """The id of a query that has no name: the same for the same query, everywhere."""
    data = json.dumps(query_to_json(query), sort_keys=True, ensure_ascii=False)
    return f"q-{hashlib.sha256(data.encode()).hexdigest()[:12]}"


def words(query: Query) -> str:
    """A query in words, as a list of topics shows it."""
    return ", ".join(f"{'not ' if example.weight < 0 else ''}{example.value}" for example in query.examples)


def _query(data: Mapping[str, Any], looked_for: str) -> Query:
    if data.get("query"):
        if looked_for and data.get("category"):
            raise InvalidInputError("a topic gives either a query, or a category with refinements.")
        return query_from_json(data["query"])
    refinements = data.get("refinements") or []
    if not isinstance(refinements, list | tuple) or not all(isinstance(one, str) for one in refinements):
        raise InvalidInputError(f"refinements must be a list of texts, got {refinements!r}.")
    if not looked_for:
        raise InvalidInputError("a topic needs a category, a text or a query.")
    where = query_from_json({"where": data.get("where") or []}).where
    return Query((Example("text", looked_for), *(_refinement(one) for one in refinements)), where)


def _refinement(text: str) -> Example:
    wanted = text.strip().removeprefix("-").strip()
    if not wanted:
        raise InvalidInputError(f"a refinement needs words, got {text!r}.")
    return Example("text", wanted, -1.0 if text.strip().startswith("-") else 1.0)


def _json_rows(text: str, file: Path) -> Iterable[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):  # JSON may hold what else counts as the end of a line
        if line.strip():
            yield number, parse_json(line, f"{file}, line {number}", MetadataError)


def _csv_rows(text: str, file: Path) -> Iterable[tuple[int, Any]]:
    for number, row in csv_rows(text, str(file)):
        if None in row:
            raise MetadataError(f"{file}, line {number}: more cells than columns.")
        data: dict[str, Any] = {name: value for name, value in row.items() if name and value}
        if not data:
            continue
        if "refinements" in data:
            data["refinements"] = [one for one in data["refinements"].split(";") if one.strip()]
        for name in ("where", "query"):
            if name in data:
                data[name] = parse_json(data[name], f"{file}, line {number}: {name}", MetadataError)
        yield number, data
