"""What sources share whose pictures are links: their settings, and how the pictures come."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from archive_search.connections import anywhere, is_public
from archive_search.knobs import knob
from archive_search.metadata.dates.periods import Periods
from archive_search.pictures.kept import is_link
from archive_search.pictures.media import medium
from archive_search.types import PictureError, Record
from ingest.harvest.client import CONTACT, Answers, Client
from ingest.harvest.kept_pictures import KeptPictures
from ingest.licensed import only_shown
from ingest.mapping import dated_anew
from ingest.periods import PERIODS_HELP, REGION_HELP, chosen_periods
from ingest.source import Rejected, Source


@dataclass(frozen=True, kw_only=True)
class Asking:
    """The settings of every source that asks servers; its fields are named, never by their place."""

    rate: float = knob(2.0, "Requests a second", low=0.01, high=1000.0, help="Requests a second to one host, at most.")
    contact: str = knob(
        "",
        "Contact",
        help=f"An e-mail or web address that servers are told; if none, that in the environment variable {CONTACT}.",
    )
    allow_private: bool = knob(False, "Private servers", help="Ask servers in networks within and on this machine too.")
    only_open: bool = knob(
        False,
        "Only what may be shown",
        help="Leave out, and list, what no known licence lets be shown to the public.",
    )
    keep_pictures: bool = knob(
        True, "Keep pictures", help="Keep pictures as they came; otherwise only their thumbnails."
    )
    recheck: bool = knob(False, "Ask for pictures again", help="Ask for every picture whether it has changed.")
    region: str = knob("", "Periods of", help=f"{REGION_HELP} If not told, what is usual for the source.")
    periods: tuple[str, ...] = knob((), "Own periods", help=PERIODS_HELP)

    def client(self, stop: threading.Event | None = None, answers: Answers | None = None) -> Client:
        """The client that these settings mean."""
        allowed = anywhere if self.allow_private else is_public
        return Client(self.contact, allowed=allowed, rate=self.rate, stop=stop, answers=answers)


class LinkList(Protocol):
    """Records that are at hand, whose pictures are links."""

    @property
    def origin(self) -> str:
        """Names it among the sources of an archive."""
        ...

    def records(self) -> Iterator[Record | Rejected]:
        """Every record, its `image` the address of its picture, or the reason why something cannot be one."""
        ...

    def count(self) -> int | None:
        """How many there will be; None where only reading them all would tell."""
        ...


@dataclass(frozen=True, kw_only=True)
class Linked(Asking):
    """
    A source at hand (a file, a list) whose pictures are links.

    A subclass has `origin`, `records` and perhaps `count` and `remarks`, see `LinkList`. A record's picture is fetched
    once; while the link stays the same it counts as unchanged.
    """

    @property
    def origin(self) -> str:
        """Names it among the sources of an archive."""
        raise NotImplementedError

    def records(self) -> Iterator[Record | Rejected]:
        """Every record, or the reason why something cannot be one."""
        raise NotImplementedError

    def count(self) -> int | None:
        """Nobody knows."""
        return None

    @contextmanager
    def opened(self, archive: Path, stop: threading.Event) -> Iterator[Source]:
        """The source for an ingest into the archive in a directory."""
        with self.client(stop) as client:
            yield OpenedLinks(self, archive, client, self)


class Fetching:
    """What a source does whose pictures are fetched from their links; safe on several threads."""

    waiting = 8

    def __init__(self, archive: Path, client: Client, settings: Asking) -> None:
        self._client, self._settings = client, settings
        self._pictures = KeptPictures(archive, client, settings.keep_pictures)

    @cached_property
    def _periods(self) -> Periods | None:
        asked = self._settings.region or self._settings.periods
        return chosen_periods(self._settings.region, self._settings.periods) if asked else None

    def wanted(self, one: Record | Rejected) -> Record | Rejected:
        """A record that may be taken and can be fetched, or why it is not."""
        if isinstance(one, Rejected):
            return one
        if not is_link(one.image):
            return Rejected(one.id, one.image, "record", f"{one.image[:200]!r} is no link to a picture.")
        if self._periods is not None:
            one = dataclasses.replace(one, metadata=dated_anew(one.metadata, self._periods))
        return only_shown(one) if self._settings.only_open else one

    def told(self) -> Sequence[str]:
        """What the client has to say since it was asked last: which servers cannot be asked at all."""
        return self._client.remarks.take()

    def mark(self, record: Record) -> str:
        """What the record's picture was fetched for: its link alone."""
        return "link"

    def stamp(self, record: Record) -> str:
        """The mark, or '' where pictures are to be asked for again."""
        return "" if self._settings.recheck else self.mark(record)

    def file(self, record: Record) -> Path | None:
        """Where a film or a recording is kept; pictures are read."""
        if medium(record.image) == "image":
            return None
        return self._pictures.file(record.image, self.mark(record), self._settings.recheck)

    def refetch(self, image: str) -> None:
        """Fetch it anew when it is read next."""
        self._pictures.forget(image)

    def discard(self, image: str) -> None:
        """Remove what is kept of it."""
        self._pictures.remove(image)

    def read(self, record: Record) -> bytes:
        """The bytes of the picture, fetched where it is not kept."""
        if not is_link(record.image):
            raise PictureError(f"{record.image!r} is no link")
        return self._pictures.read(record.image, self.mark(record), self._settings.recheck)


class OpenedLinks(Fetching):
    """Records that are at hand, as a source: their pictures are fetched."""

    def __init__(self, source: LinkList, archive: Path, client: Client, settings: Asking) -> None:
        super().__init__(archive, client, settings)
        self._source = source

    @property
    def origin(self) -> str:
        """The source's."""
        return self._source.origin

    def records(self) -> Iterator[Record | Rejected]:
        """The source's records; where only open licences are wanted, the reason why one is not taken."""
        return (self.wanted(one) for one in self._source.records())

    def count(self) -> int | None:
        """The source's."""
        return self._source.count()
