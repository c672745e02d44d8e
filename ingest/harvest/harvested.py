"""What makes a source of a service: what it gives is kept in the archive, page by page, and read from there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.counted import count
from archive_search.types import Record, SourceError
from ingest.harvest.answers import AnswerError
from ingest.harvest.client import Client
from ingest.harvest.kept_items import Begun, KeptItems, harvest_file
from ingest.harvest.linked import Asking, Fetching
from ingest.harvest.remote import Item, LostPlaceError, Page
from ingest.source import Rejected, Source, StoppedError

_LOST = (400, 404, 410, 422)
"""What services answer where they do not know a place any more."""


@dataclass(frozen=True, kw_only=True)
class Harvested(Asking):
    """
    A service, or a file of one kind of records, as a source; a subclass has `origin`, `pages` and `described`.

    `tells_changes` says that the service can be asked for what changed since a time, and that `pages` does so. Where it
    cannot, `since` is always '', every harvest asks for all, and what it does not bring any more is gone.
    """

    tells_changes: ClassVar[bool] = False

    @property
    def origin(self) -> str:
        """Names it among the sources of an archive: its address, and what was asked of it."""
        raise NotImplementedError

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """
        What there is, page by page, lazily.

        Args:
            resume: the `resume` of the last page that was kept, where a harvest was broken off; '' from the beginning.
            since: when the last whole harvest began (ISO 8601, UTC); what has changed since is wanted. '' at the first,
                and always where the source does not say `tells_changes`: then all is wanted.

        Raises:
            SourceError: If the service cannot be asked, or its answer cannot be read as a whole. `LostPlaceError`, or
                the client's own error for 400, 404 and 410 on the first page, where `resume` is not known any more.
        """
        raise NotImplementedError

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """
        The records that an item means, one per picture, or why it means none; asks nobody and reads no file.

        A record's `image` is the address of its picture. Where an item has several pictures they share `object_id`,
        the first has the item's id, the others that id with a number or a name of their own behind a slash.
        """
        raise NotImplementedError

    @contextmanager
    def opened(self, archive: Path, stop: threading.Event) -> Iterator[Source]:
        """The source for an ingest into the archive in a directory."""
        with KeptItems(harvest_file(archive, self.origin), self.origin) as kept, self.client(stop, kept) as client:
            yield Harvest(self, archive, client, kept, stop, self.tells_changes)


class Harvest(Fetching):
    """
    One harvest as a source: first what a broken-off one has brought, then page by page what comes, then what stays.

    Each page is kept before its records are given, so that it is asked for once, whenever the process dies. The ids are
    the same at each harvest, in the order in which they first came where nothing has changed.
    """

    def __init__(
        self,
        remote: Harvested,
        archive: Path,
        client: Client,
        kept: KeptItems,
        stop: threading.Event,
        tells_changes: bool = False,
    ) -> None:
        super().__init__(archive, client, remote)
        self._remote, self._kept, self._stop, self._tells_changes = remote, kept, stop, tells_changes
        self._begun: Begun | None = None
        self._ended = False
        self._met = self._given = 0

    @property
    def origin(self) -> str:
        """The service's."""
        return self._remote.origin

    @property
    def remarks(self) -> tuple[str, ...]:
        """What this harvest asks for, for people."""
        begun, there = self._begin(), count(self._kept.count(), "item")
        if begun.goes_on:
            return (f"goes on where the last harvest was broken off; {there} kept",)
        if not self._kept.count():
            return ("nothing is kept from an earlier harvest: all records are taken",)
        changed = f"asks for what has changed since {begun.since}" if self._since else "asks whether anything is new"
        return (f"{there} kept from the last harvest; {changed}",)

    def records(self) -> Iterator[Record | Rejected]:
        """
        Every record, lazily: who takes no more has nothing more asked for.

        Raises:
            SourceError: If the service cannot be asked; what came before is kept, and the next harvest goes on there.
        """
        if self._ended:
            self._begun, self._ended, self._met, self._given = None, False, 0, 0
        begun = self._begin()
        for some in self._kept.items(of_this=True) if begun.goes_on else ():
            yield from self._described(some)
        try:
            for fresh in self._fresh(begun):
                yield from self._described(fresh)
                if self._stop.is_set():
                    return
        except StoppedError:
            return
        except SourceError as error:
            there = self._kept.count()
            kept = f" {count(there, 'item')} are kept: run the same again to go on." if there else ""
            raise SourceError(f"{error}{kept}", settings=error.settings) from error
        changes_only = bool(self._since)
        for some in self._kept.items(of_this=False) if changes_only else ():
            yield from self._described(some)
        self._kept.end(vanished=not changes_only)
        self._ended = True

    def count(self) -> int | None:
        """As many records as items were said to be there, by how many records an item had so far."""
        total = self._kept.count() if self._since else self._kept.total
        return None if total is None else round(total * (self._given / self._met if self._met else 1.0))

    def mark(self, record: Record) -> str:
        """A mark that changes with what the service says of the record."""
        return self._kept.stamp(record.id)

    @property
    def _since(self) -> str:
        return self._begin().since if self._tells_changes else ""

    def _begin(self) -> Begun:
        if self._begun is None:
            self._begun = self._kept.begin()
        return self._begun

    def _fresh(self, begun: Begun) -> Iterator[list[Item | Rejected]]:
        """The new items of each page, once it is kept; behind the last page it is noted that there is no more."""
        pages = iter(()) if begun.came else self._pages(begun.resume)
        page = next(pages, None)
        while page is not None:
            fresh = self._kept.keep(page)
            following = None
            if not page.resume and (following := next(pages, None)) is None:
                self._kept.came()
            yield fresh
            page = next(pages, None) if page.resume else following

    def _pages(self, resume: str) -> Iterator[Page]:
        """The pages from a place on; from the beginning where the service does not know that place any more."""
        any_came = False
        try:
            for page in self._remote.pages(self._client, resume, self._since):
                any_came = True
                yield page
        except SourceError as error:
            lost = isinstance(error, LostPlaceError) or (isinstance(error, AnswerError) and error.status in _LOST)
            if not lost or not resume or (any_came and not isinstance(error, LostPlaceError)):
                raise
            self._client.remarks.add(
                f"{str(error).rstrip('.')}; all is asked for from the beginning, and what is kept is not fetched again"
            )
            self._kept.start_over()
            yield from self._remote.pages(self._client, "", self._since)

    def _described(self, items: Sequence[Item | Rejected]) -> Iterator[Record | Rejected]:
        found: list[Record | Rejected] = []
        keys: list[tuple[str, str]] = []
        for one in items:
            made = [one] if isinstance(one, Rejected) else self._read(one)
            found += made
            keys += [(record.id, one.key) for record in made if isinstance(record, Record) and isinstance(one, Item)]
        self._kept.note(keys)
        self._met, self._given = self._met + len(items), self._given + len(found)
        yield from map(self.wanted, found)

    def _read(self, item: Item) -> list[Record | Rejected]:
        try:
            return list(self._remote.described(item))
        except Exception as error:  # one record in a shape that nobody knew must not stop the others
            said = str(error) if isinstance(error, SourceError) else f"{type(error).__name__}: {error}"
            return [Rejected(item.key, item.url, "record", f"The record cannot be understood: {said[:300]}")]
