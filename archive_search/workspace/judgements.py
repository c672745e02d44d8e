"""Judgements in the workspace: who found which record how good an answer to which topic, and when."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from archive_search.metadata.known_ids import almost_alike
from archive_search.types import InvalidInputError, Query, Store, UnknownNameError, check_text
from archive_search.workspace.file import Part, opened
from archive_search.workspace.topics import Topic, topic_from_data, topic_id, topic_to_data, words

GRADES = {0: "not relevant", 1: "somewhat relevant", 2: "relevant", 3: "exactly what is asked"}
"""What a grade says."""

Qrels: TypeAlias = Mapping[str, Mapping[str, int]]
"""Grades by topic and record."""

PART = Part(
    "judgements",
    1,
    (
        "CREATE TABLE IF NOT EXISTS topics (id TEXT PRIMARY KEY, data TEXT NOT NULL, made TEXT NOT NULL)",
        """CREATE TABLE IF NOT EXISTS judgements (
            number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, record TEXT NOT NULL, judge TEXT NOT NULL,
            grade INTEGER CHECK (grade IS NULL OR grade BETWEEN 0 AND 3), at TEXT NOT NULL
        )""",
        "CREATE INDEX IF NOT EXISTS judgements_by_topic ON judgements (topic, record, judge, number)",
        """CREATE VIEW IF NOT EXISTS judgements_now AS
            SELECT topic, record, judge, grade, at FROM judgements WHERE grade IS NOT NULL AND number IN (
                SELECT max(number) FROM judgements GROUP BY topic, record, judge
            )""",
    ),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    One grade that one judge gave one record for one topic.

    `grade` is 0 to 3 (see `GRADES`), None takes an earlier grade back; `at` is the time in UTC, as ISO 8601.
    """

    topic: str
    record: str
    judge: str
    grade: int | None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many judgements were new and how many known already, and what it skipped as unknown."""

    added: int
    known: int
    skipped: int
    unknown_topics: tuple[str, ...]
    unknown_records: tuple[str, ...]


class Judgements:
    """
    The judgements of one archive.

    Rows are only ever added: a judge who changes a grade adds one, the last one counts, and `history` shows them all.
    The file is made at the first judgement. Safe with several threads and processes.
    """

    def __init__(self, workspace: Path) -> None:
        self.file = workspace

    def add(self, judgements: Iterable[Judgement]) -> int:
        """
        Keep judgements, all or none; those without a time get the present one. Returns how many.

        Raises:
            InvalidInputError: On a grade that is not 0 to 3, or an empty topic, record or judge.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [(one.topic, one.record, one.judge, one.grade, one.at or now) for one in map(checked, judgements)]
        if rows:
            with opened(self.file, PART, write=True) as database:
                database.executemany(
                    "INSERT INTO judgements (topic, record, judge, grade, at) VALUES (?, ?, ?, ?, ?)", rows
                )
        return len(rows)

    def take_in(
        self, judgements: Iterable[Judgement], store: Store, topics: Iterable[Topic] = (), skip_unknown: bool = False
    ) -> Imported:
        """
        Keep judgements from elsewhere, and topics beside them, once all of them are found to be right.

        Records are looked up in the store, topics among those given and those kept; where there are none of either,
        topics are not checked.

        Raises:
            InvalidInputError: On a wrong grade, a topic that is kept with another query, or, unless they are to be
                skipped, unknown topics or records; nothing is kept then.
        """
        found, asked = [checked(one) for one in judgements], list(topics)
        self.check_topics(asked)
        known_topics = {topic.id for topic in (*asked, *self.topics())}
        named_topics, named_records = {one.topic for one in found}, {one.record for one in found}
        unknown_topics = tuple(sorted(named_topics - known_topics if known_topics else ()))
        unknown_records = tuple(sorted(named_records - {point.id for point in store.points(sorted(named_records))}))
        if (unknown_topics or unknown_records) and not skip_unknown:
            raise InvalidInputError(_unknown(unknown_topics, unknown_records), settings=("skip_unknown",))
        left_out = {*unknown_topics}, {*unknown_records}
        taken = [one for one in found if one.topic not in left_out[0] and one.record not in left_out[1]]
        self.add_topics(asked)
        added = self.add(self.changes(taken))
        return Imported(added, len(taken) - added, len(found) - len(taken), unknown_topics, unknown_records)

    def merge(self, judgements: Sequence[Judgement]) -> int:
        """
        Add those of a history from elsewhere, in its order, that are not in this one; returns how many.

        What counts here counts still, unless a later judgement of the same judge has come. Raises as `add` does.
        """
        came = [(one.topic, one.record, one.judge, one.grade, one.at) for one in map(checked, judgements)]
        insert = "INSERT INTO judgements (topic, record, judge, grade, at) VALUES (?, ?, ?, ?, ?)"
        with opened(self.file, PART, write=True) as database:
            here = database.execute("SELECT topic, record, judge, grade, at FROM judgements ORDER BY number").fetchall()
            left, last = Counter(here), {row[:3]: row for row in here}
            missing = []
            for row in came:
                left[row] -= 1
                if left[row] < 0:
                    missing.append(row)
            newest: dict[tuple[str, str, str], str] = {}
            for row in missing:
                newest[row[:3]] = max(newest.get(row[:3], ""), row[4])
            database.executemany(insert, missing)
            database.executemany(
                insert, [last[key] for key, at in newest.items() if key in last and at <= last[key][4]]
            )
        return len(missing)

    def judge(self, topic: Topic | Query | str, record: str, judge: str, grade: int | None) -> Judgement:
        """
        Keep one judgement of a topic (by its id or as a whole) or of a query; returns it as it is kept.

        An archive without topics takes any id; a grade can be taken back whatever its topic is called.

        Raises:
            UnknownNameError: If the archive keeps topics and none has this id.
            InvalidInputError: As `add` and `add_topics` do.
        """
        if isinstance(topic, Query):
            topic = self.topic_of(topic)
        elif isinstance(topic, Topic):
            self.add_topics([topic])
        elif grade is not None:
            self._require_topic(topic)
        name = topic if isinstance(topic, str) else topic.id
        made = Judgement(name, record, judge, grade, datetime.now(UTC).isoformat(timespec="seconds"))
        self.add([made])
        return made

    def take_back(self, judge: str, topic: str) -> Judgement | None:
        """
        Take back the last grade of this judge for a topic, of those that count; returns it, None if there is none.

        Doing it again takes back the one before. The history shows both, as always.
        """
        with opened(self.file, PART, write=True) as database:
            row = database.execute(
                "SELECT topic, record, judge, grade, at FROM judgements WHERE grade IS NOT NULL AND number IN "
                "(SELECT max(number) FROM judgements WHERE topic = ? AND judge = ? GROUP BY record) "
                "ORDER BY number DESC LIMIT 1",
                (topic, judge),
            ).fetchone()
            if row is None:
                return None
            now = datetime.now(UTC).isoformat(timespec="seconds")
            database.execute(
                "INSERT INTO judgements (topic, record, judge, grade, at) VALUES (?, ?, ?, NULL, ?)", (*row[:3], now)
            )
        return Judgement(*row)

    def changes(self, judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
        """Those that are not what counts now already: what an import of the same file would add."""
        known = {(one.topic, one.record, one.judge): one.grade for one in self.present()}
        return tuple(one for one in judgements if known.get((one.topic, one.record, one.judge)) != one.grade)

    def present(self, topic: str | None = None, judges: Collection[str] | None = None) -> tuple[Judgement, ...]:
        """The judgements that count now, of one topic or all, of some judges or all; by topic, record and judge."""
        return self._select("judgements_now", "topic, record, judge", topic, judges)

    def history(self, topic: str | None = None, judges: Collection[str] | None = None) -> tuple[Judgement, ...]:
        """Every judgement ever made, in the order in which they came."""
        return self._select("judgements", "number", topic, judges)

    def judges(self) -> dict[str, int]:
        """Every judge with the number of their present judgements."""
        counts: dict[str, int] = {}
        for one in self.present():
            counts[one.judge] = counts.get(one.judge, 0) + 1
        return dict(sorted(counts.items()))

    def qrels(self, judges: Collection[str] | None = None) -> dict[str, dict[str, int]]:
        """Grades by topic and record; where several judges differ, the median, of two middle ones the lower."""
        return qrels(self.present(judges=judges))

    # -------------------------------------------------------------- topics

    def add_topics(self, topics: Iterable[Topic]) -> None:
        """
        Keep topics beside their judgements; one that is there stays.

        Raises:
            InvalidInputError: If another query has the same id: its judgements would count for this one.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        wanted = list(topics)
        if not wanted:
            return
        with opened(self.file, PART, write=True) as database:
            for topic in wanted:
                row = database.execute("SELECT data FROM topics WHERE id = ?", (topic.id,)).fetchone()
                if row is None:
                    data = json.dumps(topic_to_data(topic), ensure_ascii=False)
                    database.execute("INSERT INTO topics VALUES (?, ?, ?)", (topic.id, data, now))
                    continue
                known = topic_from_data(json.loads(row[0]))
                if known.query != topic.query:
                    raise InvalidInputError(
                        f"The topic {topic.id!r} is kept with another query already ({words(known.query)}; "
                        f"now {words(topic.query)}): give the new topic an id of its own."
                    )

    def topics(self) -> tuple[Topic, ...]:
        """The kept topics, by id."""
        if not self.file.exists():
            return ()
        with opened(self.file, PART) as database:
            rows = database.execute("SELECT data FROM topics ORDER BY id").fetchall()
        return tuple(topic_from_data(json.loads(row[0])) for row in rows)

    def topic_of(self, query: Query) -> Topic:
        """The kept topic that asks exactly this; made, with an id from the query itself, where there is none."""
        for topic in self.topics():
            if topic.query == query:
                return topic
        made = Topic(topic_id(query), query, "", words(query))
        self.add_topics([made])
        return made

    def check_topics(self, topics: Iterable[Topic]) -> None:
        """Raise InvalidInputError where a kept topic of the same id asks something else."""
        kept = {topic.id: topic for topic in self.topics()}
        for topic in topics:
            if topic.id in kept and kept[topic.id].query != topic.query:
                raise InvalidInputError(
                    f"The archive's judgements of the topic {topic.id!r} are about another query "
                    f"({words(kept[topic.id].query)}; asked now: {words(topic.query)})."
                )

    def _require_topic(self, name: str) -> None:
        kept = [topic.id for topic in self.topics()]
        if not kept or name in kept:
            return
        alike = almost_alike(name, kept)
        said = f"Spelled like it: {', '.join(alike)}" if alike else f"Kept: {some_of(kept)}"
        raise UnknownNameError(
            f"This archive keeps no topic called {name!r}. {said}. New topics come with "
            "'archive-search judgements import --topics FILE'."
        )

    def _select(
        self, table: str, order: str, topic: str | None, judges: Collection[str] | None
    ) -> tuple[Judgement, ...]:
        check_text(topic, "The id of a topic")
        if not self.file.exists():
            return ()
        where, values = ("WHERE topic = ?", (topic,)) if topic is not None else ("", ())
        with opened(self.file, PART) as database:
            rows = database.execute(
                f"SELECT topic, record, judge, grade, at FROM {table} {where} ORDER BY {order}", values
            ).fetchall()
        found = (Judgement(*row) for row in rows)
        return tuple(one for one in found if judges is None or one.judge in judges)


def qrels(judgements: Iterable[Judgement]) -> dict[str, dict[str, int]]:
    """Grades by topic and record; where several judges differ, the median, of two middle ones the lower."""
    given: dict[str, dict[str, list[int]]] = {}
    for one in judgements:
        if one.grade is not None:
            given.setdefault(one.topic, {}).setdefault(one.record, []).append(one.grade)
    return {
        topic: {record: statistics.median_low(grades) for record, grades in records.items()}
        for topic, records in given.items()
    }


def some_of(names: Sequence[str]) -> str:
    """The first five names and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def from_qrels(qrels: Qrels, judge: str) -> Sequence[Judgement]:
    """Judgements of one judge from grades by topic and record."""
    return [
        Judgement(topic, record, judge, grade) for topic, records in qrels.items() for record, grade in records.items()
    ]


def checked(one: Judgement) -> Judgement:
    """The judgement; raises InvalidInputError where it lacks a topic, record or judge, or its grade is none."""
    for name in ("topic", "record", "judge"):
        if not getattr(one, name).strip():
            raise InvalidInputError(f"A judgement needs a {name}: {one}.")
        check_text(getattr(one, name), f"The {name} of a judgement")
    if one.grade is not None and (isinstance(one.grade, bool) or one.grade not in GRADES):
        known = ", ".join(f"{grade} {said}" for grade, said in GRADES.items())
        raise InvalidInputError(
            f"A grade is 0 to 3 ({known}); {one.topic} {one.record} has {one.grade!r} by {one.judge}."
        )
    return one


def _unknown(topics: Sequence[str], records: Sequence[str]) -> str:
    said = [f"topics that nobody has given: {some_of(topics)}"] if topics else []
    said += [f"records that are not in this archive: {some_of(records)}"] if records else []
    return f"Nothing was imported. The judgements name {'; and '.join(said)}. The others can be taken in without them."
