"""The seam between a museum's service and the harvest: what it answers with, and what a record of it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from archive_search.types import Record, SourceError
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client


@dataclass(frozen=True, slots=True)
class Item:
    """
    One record of a service, whole and as it came.

    `key` names it within the source, the same at every harvest. `content` is what JSON can hold; XML is its text.
    `url` is where it was had. `removed` says that the service has it no longer; its content is then None.
    """

    key: str
    content: Any
    url: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """
    Some records together, as one answer brought them.

    `resume` is what `Remote.pages` goes on from behind this page, '' behind the last one. `total` is how many items
    there will be in all, None where the service does not say.
    """

    items: Sequence[Item | Rejected]
    resume: str = ""
    total: int | None = None


class LostPlaceError(SourceError):
    """The service does not know any more where a harvest was broken off: it is asked from the beginning."""


class Remote(Protocol):
    """
    A service, or a file of one kind of records, that can be harvested.

    A source is a frozen dataclass that inherits `ingest.harvest.harvested.Harvested`, which has the settings that all
    share and does everything else.
    """

    @property
    def origin(self) -> str:
        """Names it among the sources of an archive: its address, and what was asked of it."""
        ...

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
        ...

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """
        The records that an item means, one per picture, or why it means none; asks nobody and reads no file.

        A record's `image` is the address of its picture. Where an item has several pictures they share `object_id`,
        the first has the item's id, the others that id with a number or a name of their own behind a slash.
        """
        ...
