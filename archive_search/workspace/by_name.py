"""A set by what people call it: a collection, a saved search, or a file with a plan."""

from __future__ import annotations

from pathlib import Path

from archive_search.archive import Archive
from archive_search.plan import read_plan
from archive_search.results import ResultSet
from archive_search.types import InvalidInputError, UnknownNameError
from archive_search.workspace.chosen_set import chosen_set
from archive_search.workspace.collections import Collections
from archive_search.workspace.searches import Searches


def set_by_name(archive: Archive, name: str, who: str = "") -> ResultSet:
    """
    The result set of a collection, or of a saved search or a plan's file as it is run now.

    `collection:NAME` and `search:NAME` tell which of two is meant that are called alike.

    Raises:
        UnknownNameError: If nothing is called so.
        InvalidInputError: If a collection and a search, or one of them and a file, are called so.
        ArchiveSearchError: If the plan cannot be run.
    """
    collections, searches = Collections(archive.workspace, who), Searches(archive.workspace, who)
    kind, _, rest = name.partition(":")
    if kind == "collection" and rest:
        return chosen_set(archive, collections.get(rest), who)
    if kind == "search" and rest:
        return searches.run(rest, archive)
    called = [what for what, one in (("collection", collections), ("search", searches)) if one.has(name)]
    if _is_file(name):
        called.append("file")
    if not called:
        raise UnknownNameError(_unknown(name, collections, searches))
    if len(called) > 1:
        ways = " or ".join(f"./{name}" if what == "file" else f"{what}:{name}" for what in called)
        raise InvalidInputError(f"{name[:100]!r} is a {' and a '.join(called)}: write {ways}.")
    if called == ["collection"]:
        return chosen_set(archive, collections.get(name), who)
    return searches.run(name, archive) if called == ["search"] else archive.answer(read_plan(Path(name)), who=who)


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _unknown(name: str, collections: Collections, searches: Searches) -> str:
    said = [f"Nothing is called {name[:100]!r}: no collection, no saved search, and no file."]
    for what, names in (("Collections", collections.all()), ("Searches", searches.all())):
        if names:
            listed = ", ".join(repr(one.name[:60]) for one in names[:5])
            said.append(f"{what}: {listed}{f' and {len(names) - 5} more' if len(names) > 5 else ''}.")
    return " ".join(said)
