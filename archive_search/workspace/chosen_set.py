"""A collection as a result set: what people chose, in their order, with what they wrote, to be read and exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive_search.archive import Archive, StoreHoldings
from archive_search.exporting import Holdings
from archive_search.metadata.rows import COLLECTED
from archive_search.metadata.table import Fields
from archive_search.plan import Plan, Stage, Trace
from archive_search.provenance import Provenance, package_versions, program_version
from archive_search.ranking.chosen import Chosen
from archive_search.results import ResultSet
from archive_search.types import Box, Hit, Payload, Query, Vector
from archive_search.workspace.chosen_remarks import remark
from archive_search.workspace.collections import Collection, Member, Note
from archive_search.workspace.items import box_text


def chosen_set(archive: Archive, collection: Collection, who: str = "") -> ResultSet:
    """
    The records of a collection in its order, each once, with `COLLECTED` among what is known of it.

    It says of itself that it is chosen and no ranking: every score is 0, and its plan names the records. One that has
    vanished has the title that it last had, and says that it is gone.
    """
    by_record: dict[str, list[Member]] = {}
    for member in collection.members:
        by_record.setdefault(member.item.record, []).append(member)
    holdings = ChosenHoldings(StoreHoldings(archive, archive.store), by_record)
    ranking = tuple(Hit(record, 0.0) for record in by_record)
    there = _there(holdings, list(by_record))
    gone = [record for record in by_record if record not in there]
    boxes = {record: some[0].item.box for record, some in by_record.items() if len(some) == 1}
    generation, store = archive.generation or "", "Qdrant server" if archive.settings.store else "Qdrant Edge"
    records, time = archive.store.count(), datetime.now(UTC).isoformat(timespec="seconds")

    def provenance() -> Provenance:
        return Provenance(
            archive=archive.settings.name,
            archive_id=archive.settings.id,
            generation=generation,
            records=records,
            space="",
            time=time,
            who=who,
            program=program_version(),
            store=store,
            versions=package_versions(),
        )

    return ResultSet(
        Plan(Query(), (Chosen(tuple(by_record), collection.name, collection.people),), max(len(by_record), 1)),
        Trace((Stage("chosen", len(there), len(ranking), 0, ranking),), tuple(_remarks(collection, gone))),
        holdings,
        provenance,
        boxes={record: box for record, box in boxes.items() if box is not None},
    )


@dataclass(frozen=True)
class ChosenHoldings:
    """What is known of the records of a collection: their metadata now, and what people wrote about them."""

    holdings: Holdings
    members: Mapping[str, Sequence[Member]]

    @property
    def fields(self) -> Fields:
        """The fields of the archive's records."""
        return self.holdings.fields

    def payloads(self, ids: Sequence[str]) -> Mapping[str, Payload]:
        """What is known of these records; of one that has vanished, its last title."""
        known = self.holdings.payloads(ids)
        return {one: self._with_words(one, known.get(one)) for one in ids if one in known or one in self.members}

    def boxes(self, payloads: Mapping[str, Payload], sought: Vector, space: str) -> Mapping[str, Box]:
        """Nothing: people chose the parts."""
        return {}

    def thumbnail_file(self, payload: Payload) -> Path | None:
        """The thumbnail of a record; None where there is none."""
        return self.holdings.thumbnail_file(payload)

    def picture_file(self, record_id: str) -> Path | None:
        """The original picture where it is at hand, else the thumbnail; None where there is neither."""
        return self.holdings.picture_file(record_id)

    def _with_words(self, record: str, payload: Payload | None) -> Payload:
        members = self.members.get(record, ())
        if not members:
            return payload or {}
        words = _words(members)
        if payload is None:
            payload = {
                "id": record,
                "title": members[0].title,
                **({"sensitive": "yes"} if members[0].sensitive else {}),
            }
            words |= {"collected_gone": True}
        return {**payload, "extra": {**dict(payload.get("extra") or {}), **words}}


def _words(members: Sequence[Member]) -> dict[str, Any]:
    """What people wrote about a record and the parts of it that are in the collection."""
    several = len(members) > 1
    notes = [(_where(one) if several else "") + _said(note) for one in members for note in one.notes]
    tags = list(dict.fromkeys(tag for one in members for tag in one.tags))
    parts = [box_text(one.item.box) for one in members if one.item.box is not None]
    words: dict[str, Any] = {"collected_note": "\n".join(notes), "collected_tags": tags, "collected_part": parts}
    if any(one.starred for one in members):
        words["collected_star"] = True
    return {name: words[name] for name in COLLECTED if words.get(name)}


def _where(member: Member) -> str:
    return "" if member.item.box is None else f"[{box_text(member.item.box)}] "


def _said(note: Note) -> str:
    return f"{note.who}: {note.text}" if note.who else note.text


def _there(holdings: ChosenHoldings, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), 1000):
        found |= holdings.holdings.payloads(ids[start : start + 1000]).keys()
    return found


def _remarks(collection: Collection, gone: Sequence[str]) -> list[str]:
    name, day, people = repr(collection.name), collection.changed[:10], ", ".join(collection.people)
    told = [remark("collection_by", name, people, day) if people else remark("collection", name, day)]
    told += [remark("note", _said(note)) for note in collection.notes]
    if collection.tags:
        told.append(remark("tags", ", ".join(collection.tags)))
    if gone:
        told.append(remark("gone", len(gone)))
    return told


def is_chosen(found: ResultSet) -> bool:
    """Whether a result set was chosen by people, and not searched for."""
    return len(found.plan.steps) == 1 and isinstance(found.plan.steps[0], Chosen)
