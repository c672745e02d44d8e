"""What pages ask of a whole archive, counted before anybody waits for it."""

from __future__ import annotations

from archive_search.answers import Answering
from archive_search.contents import contents
from archive_search.metadata.facets import facets, year_histogram
from archive_search.metadata.fields import YEARS
from archive_search.metadata.wording import PLACES
from archive_search.types import Missing, Store


def count_ahead(store: Store, every_record: bool) -> None:
    """
    Count what the start page, the filters and the archive page ask of a generation that was just published.

    Nothing is done for a store that keeps no answers.

    Args:
        every_record: also what every record is read for (`contents`): a minute for a million.
    """
    if not isinstance(store, Answering) or store.answers is None:
        return
    records = store.count()
    facets(store)
    year_histogram(store)
    for some in ((*YEARS, "date"), PLACES, ("point",)):  # whether any record has one: no more is asked than tells it
        any(store.count((Missing(field),)) < records for field in some)
    for field in store.fields.terms:
        store.facet(field)
    for space in store.spaces:
        store.filled(space)
    if every_record:
        contents(store)
