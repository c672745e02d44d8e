"""What a museum's service answers with: records as it gives them, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive_search.types import SourceError
from ingest.source import Rejected


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

    `resume` is what `Harvested.pages` goes on from behind this page, '' behind the last one. `total` is how many items
    there will be in all, None where the service does not say.
    """

    items: Sequence[Item | Rejected]
    resume: str = ""
    total: int | None = None


class LostPlaceError(SourceError):
    """The service does not know any more where a harvest was broken off: it is asked from the beginning."""
