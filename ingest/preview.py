"""What an ingest would take, record by record, without an archive being written or a picture fetched."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from archive_search.metadata.said import said
from archive_search.metadata.table import Fields
from archive_search.settings import Settings
from archive_search.types import Record
from ingest.recipe import mapped
from ingest.source import AnySource, InArchive, Rejected


def preview(
    source: AnySource, limit: int = 20, settings: Settings | None = None, stop: threading.Event | None = None
) -> Iterator[Record | Rejected]:
    """
    The first records of a source, and what is rejected before them, as an ingest would meet them.

    A service is asked for as many pages as that takes; what it gives is kept nowhere.

    Args:
        limit: so many records, not counting what is rejected.
        settings: those of the archive that it would be for, which maps columns.
        stop: once set, nothing more is asked for.

    Raises:
        MetadataError, SourceError: Where the source cannot be used, as `Source.records` does.
    """
    source = mapped(source, settings) if settings else source
    with ExitStack() as stack:
        if isinstance(source, InArchive):
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archive-search-")))
            source = stack.enter_context(source.opened(place, stop or threading.Event()))
        taken = 0
        with closing(_closable(source.records())) as records:
            for one in records:
                yield one
                taken += isinstance(one, Record)
                if taken >= limit:
                    return


def shown(record: Record, fields: Fields, language: str = "en") -> dict[str, str]:
    """What a record says by label, but for its id and the place of its picture where they are said again."""
    once = {key: value for key, value in record.metadata.items() if key != "image_url" or value != record.image}
    return said(once, fields, language)


def _closable(records: Iterator[Record | Rejected]) -> Generator[Record | Rejected, None, None]:
    yield from records
