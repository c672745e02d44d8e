"""IIIF as a source: manifests and collections, from files or the web, and streams of what has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive_search.knobs import Knob, knob
from archive_search.reading import parse_records, read_text
from archive_search.types import Record, SourceError
from ingest.harvest.answers import AnswerError
from ingest.harvest.beside import HarvestedFiles, placed
from ingest.harvest.formats import changes
from ingest.harvest.formats.presentation import id_of, kind_of_data, listed, next_page, records_of, services
from ingest.harvest.links import is_address, joined
from ingest.harvest.remote import Item, Page
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

DEEPEST = 20
"""So many collections may lie within one another."""
LONGEST = 1600
"""Pixels of a picture's longer side: the tiles of one three times as long as high still have 256 each way, twofold."""
_TOGETHER = 50
"""Manifests of a folder, or changes, that are kept at once."""
_NOTHING = 100
"""A stream that tells nothing new on so many pages, one after another, is at its end; a collection has none."""


@dataclass(frozen=True)
class Iiif(HarvestedFiles):
    """
    Pictures of IIIF manifests and collections (Presentation 2 and 3), each canvas a record.

    A folder of manifests is taken too, and a stream of changes (Change Discovery): of that a later harvest takes what
    is new. Pictures are asked for as large as they are needed, in a size that their server can give; where
    only the server knows which, it is asked (`info.json`).
    """

    where: str = field(
        metadata={
            "knob": Knob(
                "File or address",
                help=(
                    "A manifest, a collection or a stream of changes, as a file or an address; or a "
                    "folder of manifests."
                ),
            )
        }
    )
    language: tuple[str, ...] = knob(("en",), "Language", help="Preferred languages of labels, the first one first.")
    pixels: int = knob(
        LONGEST,
        "Pixels of the longer side",
        low=64,
        high=20_000,
        help="Pixels of the longer side of pictures, from servers that make any size.",
    )

    def __post_init__(self) -> None:
        where = str(self.where)
        object.__setattr__(self, "where", where if is_address(where) else str(Path(where).expanduser().resolve()))

    @property
    def origin(self) -> str:
        """The address or path."""
        return f"iiif {self.where}"

    @property
    def folder(self) -> Path | None:
        """The folder, or that of the file; of an address none."""
        if is_address(self.where):
            return None
        return Path(self.where) if Path(self.where).is_dir() else Path(self.where).parent

    def is_stream(self, client: Client) -> bool:
        """Whether it is a stream of changes; of anything else every harvest is whole."""
        return is_address(self.where) and kind_of_data(self._had(client, self.where)) == "changes"

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """Manifest by manifest; of a stream of changes those since then, of anything else all."""
        if not is_address(self.where) and Path(self.where).is_dir():
            yield from self._folder(client, resume)
            return
        root = self._had(client, self.where)
        kind = kind_of_data(root)
        if kind == "changes":
            yield from _ended(self._changed(client, root, resume, since))
        elif kind == "collection":
            yield from _ended(self._collected(client, root, resume))
        elif kind:
            yield Page([self._item(client, root, self.where)])
        else:
            raise SourceError(f"{self.where} is {_kind(root)}: manifests, collections and streams of changes are read.")

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """The canvases of a manifest."""
        held = item.content["manifest"], item.key, self.language, self.pixels, item.content["infos"]
        for one in records_of(*held):
            if isinstance(one, Record) and is_address(item.url):
                yield replace(one, image=joined(item.url, one.image))
            else:
                yield placed(one, item.url)

    # -------------------------------------------------------------- getting

    def _had(self, client: Client, where: str) -> Any:
        if is_address(where):
            return client.json(where)
        path = Path(where)
        if not path.is_file():
            raise SourceError(f"There is no file {path}.")
        return parse_records(read_text(path, "The manifest", SourceError), f"The manifest {path}", SourceError)

    def _item(self, client: Client, manifest: Mapping[str, Any], where: str) -> Item:
        """A manifest, with what servers tell of its images where the manifest does not do."""
        key = id_of(manifest)
        infos: dict[str, Any] = {}
        for one in services(manifest):
            if not one.can_do_without and is_address(one.id):
                try:
                    infos[one.id] = client.json(one.info)
                except AnswerError:
                    continue  # what the manifest says has to do
        name = (
            where if self.folder is None or is_address(where) else Path(os.path.relpath(where, self.folder)).as_posix()
        )
        return Item(key if is_address(key) else name, {"manifest": manifest, "infos": infos}, name)

    def _one(self, client: Client, listed_as: Mapping[str, Any], base: str) -> Item | Rejected:
        """A manifest that a collection lists: it may be in the list itself, else it is fetched."""
        where = _resolved(id_of(listed_as), base)
        try:
            whole = "items" in listed_as or "sequences" in listed_as
            manifest = listed_as if whole else self._had(client, where)
        except SourceError as error:
            return _refused(client, where, base, error)
        if kind_of_data(manifest) not in ("manifest", "canvas"):
            return Rejected(where, "", "record", f"{where} is no manifest but {_kind(manifest)}")
        return self._item(client, manifest, where)

    # -------------------------------------------------------------- folders, collections, changes

    def _folder(self, client: Client, resume: str) -> Iterator[Page]:
        """The manifests of a folder; what is none is told, and collections list manifests that are elsewhere."""
        files = sorted(one for one in Path(self.where).rglob("*.json") if one.is_file())
        if not files:
            raise SourceError(f"{self.where} holds no JSON file.")
        for begin in range(int(resume or 0), len(files), _TOGETHER):
            items: list[Item | Rejected] = []
            for file in files[begin : begin + _TOGETHER]:
                name = file.relative_to(self.where).as_posix()
                try:
                    data = self._had(client, str(file))
                except AnswerError:
                    raise
                except SourceError as error:
                    items.append(Rejected(name, "", "record", str(error)))
                    continue
                if kind_of_data(data) in ("manifest", "canvas"):
                    items.append(self._item(client, data, str(file)))
                else:
                    items.append(Rejected(name, "", "record", f"{name} is no manifest but {_kind(data)}"))
            end = begin + _TOGETHER
            yield Page(items, str(end) if end < len(files) else "", len(files))

    def _collected(self, client: Client, root: Mapping[str, Any], resume: str) -> Iterator[Page]:
        """
        The manifests of a collection, of those within it, and of their further pages, depth first.

        What it goes on from is the way down to where it is: each collection's address, with how many of its entries
        are done.
        """
        way: list[list[Any]] = json.loads(resume) if resume else [[self.where, 0]]
        had: dict[str, Mapping[str, Any]] = {self.where: root}
        flat = root.get("total") if not resume else None
        turned: set[str] = set()
        nothing = 0
        while way:
            where, number = way[-1]
            if where not in had:
                had = {one: had[one] for one, _ in way if one in had} | {where: self._had(client, where)}
            entries = listed(had[where])
            if number >= len(entries):
                after = _resolved(next_page(had[where]), where)
                way.pop()
                if after and after not in had and after not in turned:
                    turned.add(after)
                    had[after] = self._had(client, after)
                    nothing = 0 if entries else nothing + 1
                    same = [id_of(one) for one in listed(had[after])] == [id_of(one) for one in entries]
                    if (same and entries) or nothing > _NOTHING:
                        raise SourceError(f"{after} lists the same as the page before it, or nothing: it has no end.")
                    way.append([after, 0])
                had = {one: had[one] for one, _ in way if one in had}
                continue
            way[-1][1] += 1
            entry = entries[number]
            at = _resolved(id_of(entry), where)
            if kind_of_data(entry) == "manifest":
                yield Page([self._one(client, entry, where)], json.dumps(way), flat if isinstance(flat, int) else None)
            elif any(at == above for above, _ in way) or len(way) > DEEPEST:
                said = f"the collection {at} lies within itself, or more than {DEEPEST} deep"
                yield Page([Rejected(at, "", "record", said)], json.dumps(way))
            else:
                refused = self._entered(client, at, entry, had)
                if refused is None:
                    way.append([at, 0])
                else:
                    yield Page([refused], json.dumps(way))

    def _entered(
        self, client: Client, at: str, entry: Mapping[str, Any], had: dict[str, Mapping[str, Any]]
    ) -> Rejected | None:
        """Get a collection within another; why not, where it cannot be had."""
        try:
            data = entry if listed(entry) else self._had(client, at)
        except SourceError as error:
            return _refused(client, at, next(iter(had)), error)
        if kind_of_data(data) != "collection":
            return Rejected(at, "", "record", f"{at} is no collection but {_kind(data)}")
        had[at] = data
        return None

    def _changed(self, client: Client, root: Mapping[str, Any], resume: str, since: str) -> Iterator[Page]:
        """
        What a stream of changes tells, from its end backwards until the last harvest: of each manifest the latest.

        After a stop, what was told behind that place is not known any more: what is said to be gone is then looked for.
        """
        at = resume or changes.last_page(root)
        seen: set[str] = set()
        before: set[str] = set()
        nothing = 0
        while at and at not in before and nothing < _NOTHING:
            before.add(at)
            data = root if at == self.where else self._had(client, at)
            found = changes.read(data, since)
            items: list[Item | Rejected] = []
            fresh = [one for one in found.changes if one.id not in seen]
            nothing = 0 if fresh else nothing + 1
            for change in fresh:
                if change.id in seen:
                    continue
                seen.add(change.id)
                if len(items) == _TOGETHER:
                    yield Page(items, at)
                    items = []
                if change.gone and not resume:
                    items.append(Item(change.id, None, change.id, removed=True))
                elif change.kind in ("manifest", ""):
                    items.append(self._fresh(client, change.id))
            at = "" if found.ended else _resolved(changes.page_before(data), at)
            yield Page(items, at)

    def _fresh(self, client: Client, where: str) -> Item | Rejected:
        """A manifest as it is now; one that is not there any more is removed."""
        try:
            manifest = client.json(where)
        except AnswerError as error:
            if error.status in (404, 410):
                return Item(where, None, where, removed=True)
            return _refused(client, where, self.where, error)
        if kind_of_data(manifest) != "manifest":
            return Rejected(where, "", "record", f"{where} is no manifest but {_kind(manifest)}")
        return replace(self._item(client, manifest, where), key=where)


def _refused(client: Client, where: str, base: str, error: SourceError) -> Rejected:
    """
    Why something that is listed cannot be had.

    Raises:
        SourceError: The same, if what lists it cannot be had any more either: then it is not for itself alone, and the
            harvest goes on there later.
    """
    of_itself = isinstance(error, AnswerError) and error.status in (401, 403, 404, 410)
    if not of_itself and is_address(where) and is_address(base):
        try:
            client.json(base)
        except SourceError:
            raise error from None
    return Rejected(where, "", "record", str(error))


def _resolved(address: str, base: str) -> str:
    """An address as the document at `base` means it; of a file one beside it."""
    if not address or is_address(address):
        return address
    if is_address(base):
        return joined(base, address)
    return str(Path(base).parent / address)


def _kind(data: Any) -> str:
    said = str(data.get("type") or data.get("@type") or "") if isinstance(data, Mapping) else ""
    return f"of the type {said[:50]}" if said else "no document of IIIF"


def _ended(pages: Iterator[Page]) -> Iterator[Page]:
    """The same pages; the last goes on nowhere."""
    last = None
    try:
        for page in pages:
            if last is not None:
                yield last
            last = page
    except SourceError:
        if last is not None:
            yield last
        raise
    yield replace(last, resume="") if last is not None else Page([])


SOURCES = {"iiif": Iiif}
