"""Answers that come in pages: their records, and the pages of a service that counts where a page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from archive_search.types import SourceError
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import text
from ingest.source import Rejected


def listed(answer: Any, name: str, asked: str) -> Sequence[Any]:
    """
    The list that an answer holds under a name.

    Raises:
        SourceError: If it holds none: then it is no answer to what was asked.
    """
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(found, list):
        told = text(answer, "detail", "message", "error", "error.message")
        raise SourceError(f"{asked} answers without {name!r}{f': {told[:200]}' if told else ''}.")
    return found


def total_of(answer: Any, *paths: str) -> int | None:
    """The number of records that an answer tells at the first of these paths with one; None where it tells none."""
    said = text(answer, *paths)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 15 else None


def items(records: Sequence[Any], *paths: str, url: Callable[[str], str] = lambda _: "") -> list[Item | Rejected]:
    """
    The records of an answer as items, with what stands at the first of these paths as their keys.

    One without a key is rejected by itself, and one whose key came before on this page is left out.

    Args:
        url: where the record of a key can be seen.
    """
    found: dict[str, Item | Rejected] = {}
    for number, one in enumerate(records, 1):
        key = text(one, *paths)
        if key:
            found.setdefault(key, Item(key, one, url(key)))
        else:
            what = f"record {number} of a page"
            found[f"\0{number}"] = Rejected(what, "", "record", f"It has no {paths[0]}.")
    return list(found.values())


def offset_pages(
    resume: str,
    size: int,
    ask: Callable[[int], tuple[Sequence[Item | Rejected], int | None]],
    at_most: int | None = None,
) -> Iterator[Page]:
    """
    The pages of a service that is asked for so many records from a place on.

    Args:
        resume: the place to begin at; '' is 0.
        size: how many records a page has; fewer do not end it, none does, or the total where it is told.
        ask: the records from a place on, and how many there are in all.
        at_most: the place from which on the service gives nothing more.

    Raises:
        SourceError: If the service gives the same page again, so that there is no end.
    """
    at, before = int(resume or 0), list[Item | Rejected]()
    while True:
        found, total = ask(at)
        if found and found == before:
            raise SourceError(f"The service gives the same records from {at:,} on as before them: it has no end.")
        before = list(found)
        at += size
        more = bool(found) and (total is None or at < total) and (at_most is None or at < at_most)
        yield Page(found, str(at) if more else "", total)
        if not more:
            return


def check_reach(total: int | None, reach: int, asked: str, narrower: Sequence[str]) -> None:
    """
    Refuse a question with more answers than a service gives.

    Args:
        narrower: the settings that ask for less.

    Raises:
        SourceError: If it has more.
    """
    if total is not None and total > reach:
        raise SourceError(
            f"{asked} finds {total:,} records, and gives only the first {reach:,} of them: ask for less.",
            settings=narrower,
        )
