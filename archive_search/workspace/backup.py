"""Backup and restore of everything people made, as one ZIP file that is readable without this program."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive_search.archive import Archive
from archive_search.atomic import atomic_write
from archive_search.knobs import from_data
from archive_search.metadata.local_terms import FILE as VOCABULARY
from archive_search.metadata.local_terms import LARGEST as LARGEST_VOCABULARY
from archive_search.provenance import program_version
from archive_search.reading import parse_json
from archive_search.spreadsheet_cells import csv_text
from archive_search.types import ArchiveSearchError, InvalidInputError, StoreError
from archive_search.workspace import ballots, collections, searches
from archive_search.workspace.ballots import Ballot, Ballots
from archive_search.workspace.collections import Collections
from archive_search.workspace.items import box_text
from archive_search.workspace.journal import Event, Journal, written
from archive_search.workspace.judgements import Judgement, Judgements, checked
from archive_search.workspace.looks import LastLook, Looks
from archive_search.workspace.searches import Searches
from archive_search.workspace.topics import Topic, topic_from_data, topic_to_data

FORMAT, VERSION = "archive-search backup", 1
LARGEST = 2_000_000_000
"""Bytes that a file in a backup may have when it is unpacked."""
LATEST = "9000"
"""No event is later: times must be left for what comes after it."""
LOOKS, BALLOTS = "looks.jsonl", "ballots.jsonl"
"""Of what a backup holds the files that may be missing: acts and judgements are whole without them."""
README = """What people made of an archive, saved by archive-search. Everything is text in UTF-8.

collections.csv, judgements.csv    as things are now: open them with a spreadsheet
collections.jsonl, searches.jsonl  everything that was ever done to collections and saved searches, an act a line:
                                   who, when (UTC), what (act), to which (subject), with what (data). An act "undo"
                                   takes back the act whose id is its target, "redo" brings it back.
topics.jsonl                       the questions that were judged, one a line
looks.jsonl                        when each person last looked at each saved search, a line each: search (subject in
                                   searches.jsonl), who, when (at), which records they saw (ids). From it comes
                                   what is new to them.
judgements.jsonl                   every judgement that was ever made, in order: of each judge on a record the last one
                                   counts
ballots.jsonl                      blind comparisons of two rankings, one a line: who, which question (topic), which
                                   rankings, which records they liked, and how many of these each ranking had given
vocabulary.csv                     the archive's own words, where it has any
backup.json                        of which archive, when, and how much is in each file

'archive-search restore FILE --archive DIRECTORY' adds what is in here to an archive and takes nothing away there;
of two last looks of one person at one search the later one stays.
The histories of searches, which people keep for themselves, are not in it; nor are pictures and metadata.
"""


@dataclass(frozen=True)
class Contents:
    """How much a backup holds of each kind; collections and searches count as acts."""

    collections: int = 0
    searches: int = 0
    looks: int = 0
    topics: int = 0
    judgements: int = 0
    ballots: int = 0


@dataclass(frozen=True)
class Restored:
    """
    What a restore did: how much it found and how much of that was new.

    `archive` is the name of the archive that the backup is of, `own` whether that is this one. `refused` are topics
    that ask something else here: they were left out with their judgements.
    """

    found: Contents
    added: Contents
    archive: str
    own: bool
    refused: tuple[str, ...] = ()
    vocabulary: bool = False
    """Whether the archive got the backup's `vocabulary.csv`, having had none."""


def backup(archive: Archive, file: str | Path) -> Contents:
    """
    Write everything that people made into one file, which is there only when all of it is.

    Raises:
        StoreError: If the file cannot be written.
        ArchiveError: If the workspace cannot be read.
    """
    made = _Made.of(archive)
    about = {
        **{"format": FORMAT, "version": VERSION, "archive": archive.settings.name, "archive_id": archive.settings.id},
        **{"time": written(datetime.now(UTC)), "program": program_version(), "holds": asdict(made.contents())},
    }
    held = Collections(archive.workspace).all()
    texts = {
        "README.txt": [README],
        "backup.json": [json.dumps(about, ensure_ascii=False, indent=1) + "\n"],
        "collections.csv": [csv_text(_collection_rows(held))],
        "judgements.csv": [csv_text(_judgement_rows(Judgements(archive.workspace).present()))],
        "collections.jsonl": _lines(map(asdict, made.collections)),
        "searches.jsonl": _lines(map(asdict, made.searches)),
        LOOKS: _lines(map(asdict, made.looks)),
        "topics.jsonl": _lines(map(topic_to_data, made.topics)),
        "judgements.jsonl": _lines(map(asdict, made.judgements)),
        BALLOTS: _lines(map(asdict, made.ballots)),
    }
    target = Path(file)
    try:
        with atomic_write(target, durable=True) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, lines in texts.items():
                with pack.open(name, "w") as out:
                    out.writelines(line.encode() for line in lines)
            if (own := archive.directory / VOCABULARY).is_file():
                pack.write(own, VOCABULARY)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}.") from error
    return made.contents()


def restore(archive: Archive, file: str | Path) -> Restored:
    """
    Add to an archive what a backup holds and the archive has not; nothing that is there is changed or taken away.

    All of the file is checked before any of it is added. Doing it twice adds nothing the second time.

    Raises:
        InvalidInputError: If the file is no backup, was cut off or changed, or a later version wrote it.
    """
    path = Path(file)
    try:
        with zipfile.ZipFile(path) as pack:
            about = _about(pack, path)
            made = _Made.read(pack, path)
            own_words = _vocabulary(pack, archive)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InvalidInputError(f"{path} cannot be read as a backup: {reason}.") from error
    except zlib.error as error:
        raise InvalidInputError(f"{path} is damaged: {error}.") from error
    kept = Judgements(archive.workspace)
    here = {topic.id: topic for topic in kept.topics()}
    refused = {topic.id for topic in made.topics if topic.id in here and here[topic.id].query != topic.query}
    topics = [topic for topic in made.topics if topic.id not in here]
    judged = [one for one in made.judgements if one.topic not in refused]
    acts = [
        _merged(Collections(archive.workspace).journal, made.collections),
        _merged(Searches(archive.workspace).journal, made.searches),
    ]
    if topics:
        kept.add_topics(topics)
    looks = Looks(archive.workspace).merge(made.looks) if made.looks else 0
    blind = Ballots(archive.workspace).merge(made.ballots) if made.ballots else 0
    added = Contents(acts[0], acts[1], looks, len(topics), kept.merge(judged) if judged else 0, blind)
    if own_words:
        with atomic_write(archive.directory / VOCABULARY, durable=True) as part:
            part.write_bytes(own_words)
    own = about.get("archive_id") == archive.settings.id
    name = str(about.get("archive", ""))
    return Restored(made.contents(), added, name, own, tuple(sorted(refused)), bool(own_words))


def _vocabulary(pack: zipfile.ZipFile, archive: Archive) -> bytes:
    """The `vocabulary.csv` of a backup, where the archive has none; else nothing."""
    if VOCABULARY not in pack.namelist() or (archive.directory / VOCABULARY).exists():
        return b""
    with pack.open(VOCABULARY) as file:
        return file.read(LARGEST_VOCABULARY)


@dataclass(frozen=True)
class _Made:
    """Everything that people made."""

    collections: Sequence[Event]
    searches: Sequence[Event]
    looks: Sequence[LastLook]
    topics: Sequence[Topic]
    judgements: Sequence[Judgement]
    ballots: Sequence[Ballot]

    @classmethod
    def of(cls, archive: Archive) -> _Made:
        kept = Judgements(archive.workspace)
        return cls(
            _events(Collections(archive.workspace).journal),
            _events(Searches(archive.workspace).journal),
            Looks(archive.workspace).all(),
            kept.topics(),
            kept.history(),
            Ballots(archive.workspace).all(),
        )

    @classmethod
    def read(cls, pack: zipfile.ZipFile, path: Path) -> _Made:
        return cls(
            [*_read_events(pack, path, "collections.jsonl", collections.check_event)],
            [*_read_events(pack, path, "searches.jsonl", searches.check_event)],
            [*_read(pack, path, LOOKS, _look)] if LOOKS in pack.namelist() else [],
            [*_read(pack, path, "topics.jsonl", topic_from_data)],
            [*_read(pack, path, "judgements.jsonl", _judgement)],
            [*_read(pack, path, BALLOTS, _ballot)] if BALLOTS in pack.namelist() else [],
        )

    def contents(self) -> Contents:
        return Contents(**{f.name: len(getattr(self, f.name)) for f in fields(Contents)})


def _events(journal: Journal) -> list[Event]:
    with journal.reading() as page:
        return page.events()


def _merged(journal: Journal, events: Sequence[Event]) -> int:
    if not events:
        return 0
    with journal.writing() as page:
        return page.merge(events)


# ---------------------------------------------------------------------- writing


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _collection_rows(held: Iterable[collections.Collection]) -> Iterator[Sequence[object]]:
    yield "collection", "place", "record", "part", "title", "notes", "tags", "star", "chosen by", "chosen at"
    for one in held:
        yield one.name, "", "", "", "", _notes(one.notes), "; ".join(one.tags), "*" * one.starred, one.who, one.made
        for place, member in enumerate(one.members, 1):
            part = "" if member.item.box is None else box_text(member.item.box)
            yield (
                *(one.name, place, member.item.record, part, member.title, _notes(member.notes)),
                *("; ".join(member.tags), "*" * member.starred, member.who, member.at),
            )


def _notes(notes: Iterable[collections.Note]) -> str:
    return "\n".join(f"{note.who}: {note.text}" if note.who else note.text for note in notes)


def _judgement_rows(judgements: Iterable[Judgement]) -> Iterator[Sequence[object]]:
    yield "topic", "record", "grade", "judge", "time"
    for one in judgements:
        yield one.topic, one.record, one.grade, one.judge, one.at


# ---------------------------------------------------------------------- reading


def _about(pack: zipfile.ZipFile, path: Path) -> Mapping[str, Any]:
    if "backup.json" not in pack.namelist():
        raise InvalidInputError(f"{path} is a ZIP file, but no backup: it has no backup.json.")
    data = parse_json(_text(pack, path, "backup.json"), f"{path}: backup.json")
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidInputError(f"{path} is no backup of archive-search: backup.json says something else.")
    if data.get("version") != VERSION:
        raise InvalidInputError(
            f"{path} has the version {data.get('version')!r}; this program reads {VERSION}: use a later one."
        )
    return data


def _text(pack: zipfile.ZipFile, path: Path, name: str) -> str:
    try:
        info = pack.getinfo(name)
    except KeyError:
        raise InvalidInputError(f"{path} is no whole backup: it has no {name}.") from None
    if info.file_size > LARGEST:
        raise InvalidInputError(f"{path}: {name} would be {info.file_size:,} bytes, more than {LARGEST:,}.")
    with pack.open(name) as file:
        data = file.read(LARGEST + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path}: {name} is not text in UTF-8 (byte {error.start + 1}).") from error


def _read(pack: zipfile.ZipFile, path: Path, name: str, make: Callable[[Any], Any]) -> Iterator[Any]:
    for number, line in enumerate(_text(pack, path, name).split("\n"), 1):
        if line.strip():
            what = f"{path}: {name}, line {number}"
            data = parse_json(line, what)
            try:
                yield make(data)
            except ArchiveSearchError as error:
                raise InvalidInputError(f"{what}: {error}") from error


def _judgement(data: Any) -> Judgement:
    made = from_data(Judgement, data, "a judgement")
    if not made.at:
        raise InvalidInputError("a judgement has a time.")
    return checked(made)


def _look(data: Any) -> LastLook:
    made = from_data(LastLook, data, "a last look")
    if not made.search:
        raise InvalidInputError("a last look names a search.")
    _check_time(made.at)
    return made


def _ballot(data: Any) -> Ballot:
    made = from_data(Ballot, data, "a blind comparison")
    _check_time(made.at)
    return ballots.checked(made)


def _read_events(pack: zipfile.ZipFile, path: Path, name: str, check: Callable[[Event, str], None]) -> Iterator[Event]:
    def made(data: Any) -> Event:
        event = from_data(Event, data, "an act")
        for text in (event.id, event.subject):
            if not text:
                raise InvalidInputError("an act has an id and a subject.")
        _check_time(event.at)
        check(event, "an act")
        return event

    return _read(pack, path, name, made)


def _check_time(text: str) -> None:
    try:
        good = written(datetime.fromisoformat(text)) == text < LATEST
    except (ValueError, OverflowError):
        good = False
    if not good:
        raise InvalidInputError(f"a time is UTC in ISO 8601 with microseconds, before the year {LATEST}; got {text!r}.")
