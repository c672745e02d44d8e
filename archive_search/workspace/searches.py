"""Saved searches: a plan with a name, and what of its result is new since one last looked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from archive_search.archive import Archive
from archive_search.knobs import from_data
from archive_search.plan import Plan, from_json, to_json
from archive_search.results import ResultSet
from archive_search.strategies import Strategy
from archive_search.strategy_file import CustomStrategy, configured, described
from archive_search.types import ArchiveSearchError, InvalidInputError
from archive_search.workspace.journal import REDO, UNDO, Author, Event, Journal, Page, taken_back, written
from archive_search.workspace.looks import LastLook, Looks
from archive_search.workspace.named_things import NameData, NamedThings, NoData
from archive_search.workspace.names import LONGEST_NOTE, Called, Names, checked

_NAMING = ("save", "rename", "delete", "bring back", UNDO, REDO)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """
    A search as it is kept: its plan as JSON data, and the strategy and settings that made the plan.

    `strategy` is '' where the plan was made otherwise. `who` saved it first; `made` and `changed` are times; `note`
    says what it is for.
    """

    id: str
    name: str
    plan: Mapping[str, Any]
    strategy: str
    settings: Mapping[str, Any]
    deleted: bool
    who: str
    made: str
    changed: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """
    A look at a saved search: what it finds now, and what of that is new to this person.

    `since` is the time of their last look, '' where this is the first: then all is new. `gone` was in the result then
    and is not now.
    """

    search: SavedSearch
    found: ResultSet
    since: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


class Searches(NamedThings[SavedSearch]):
    """
    The saved searches of one archive, as one person in one place works on them.

    Whatever is done is kept, as with collections: deleting hides, undo is per person. What somebody has seen of a
    result is kept apart, the last time only. Safe with several threads and processes.
    """

    def __init__(self, workspace: Path, who: str = "", session: str = "") -> None:
        """`who` may be '' for somebody who is not named; `session` tells browser windows apart, each with its undo."""
        super().__init__(Author(who, session), Journal(workspace, "searches"))
        self.looks = Looks(workspace)

    def all(self, deleted: bool = False) -> tuple[SavedSearch, ...]:
        """Every saved search, or with `deleted` those that are hidden, by name."""
        with self.journal.reading() as page:
            found = [one for one in _all(page).values() if one.deleted == deleted]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.name, one.id)))

    def save(
        self, name: str, plan: Plan, strategy: Strategy | None = None, replace: bool = False, note: str = ""
    ) -> SavedSearch:
        """
        Keep a plan under a name; `strategy` is what made it.

        Args:
            replace: put it in the place of the one that is called so, if there is one.
            note: what it is for.

        Raises:
            InvalidInputError: If the name is empty, too long, or taken, or the note longer than `LONGEST_NOTE`.
        """
        said = checked(note, "A note", LONGEST_NOTE).strip()
        by, settings = ("", {}) if strategy is None else described(strategy)
        with self.journal.writing() as page:
            names = self._names(page)
            there = names.shown(name)
            subject = there[0] if replace and len(there) == 1 else uuid.uuid4().hex[:12]
            data = {"name": names.free(name, subject), "plan": to_json(plan), "strategy": by, "settings": settings}
            data |= {"note": said} if said else {}
            page.add(self.author, subject, "save", data)
            return self._get(page, subject)

    # ------------------------------------------------------------------ looking

    def run(self, name: str, archive: Archive) -> ResultSet:
        """
        What a saved search finds now.

        Raises:
            ArchiveSearchError: If there is none of this name, or its plan cannot be run.
        """
        search = self.get(name)
        return archive.answer(from_json(dict(search.plan)), _strategy(search), self.author.who)

    def look(self, name: str, archive: Archive, keep: bool = True) -> Look:
        """
        What a saved search finds now, and what of it is new since this person last looked.

        Args:
            keep: have this look count as the last one.

        Raises:
            ArchiveSearchError: As `run` does.
        """
        search, found = self.get(name), self.run(name, archive)
        ids = [hit.id for hit in found.ranking]
        since, seen = self._seen(search)
        if keep:
            self.saw(search.id, found)
        before, now = set(seen), set(ids)
        return Look(
            search,
            found,
            since,
            tuple(one for one in ids if one not in before),
            tuple(one for one in seen if one not in now),
        )

    def saw(self, name: str, found: ResultSet) -> None:
        """Have what a saved search found count as looked at by this person. Raises as `get` does."""
        ids = [hit.id for hit in found.ranking]
        self.looks.keep(LastLook(self.get(name).id, self.author.who, written(datetime.now(UTC)), ids))

    def looked(self, search: SavedSearch) -> str:
        """When this person last looked at a saved search; '' where they never have."""
        return self._seen(search)[0]

    def _seen(self, search: SavedSearch) -> tuple[str, Sequence[str]]:
        last = self.looks.get(search.id, self.author.who)
        return ("", ()) if last is None else (last.at, last.ids)

    # ------------------------------------------------------------------ found in the journal

    def _names(self, page: Page) -> Names:
        return Names("search", {one.id: Called(one.name, one.deleted) for one in _all(page).values()})

    def _get(self, page: Page, name: str) -> SavedSearch:
        return _all(page)[self._names(page).find(name)]


def check_event(event: Event, what: str) -> None:
    """Raise InvalidInputError where an event from elsewhere is none that was written here; `what` names it."""
    if event.act in (UNDO, REDO):
        return
    kinds = {"save": _Saved, "rename": NameData, "delete": NoData, "bring back": NoData}
    if event.act not in kinds:
        raise InvalidInputError(f"{what}: nothing that is done to a saved search is called {event.act!r}.")
    from_data(kinds[event.act], dict(event.data), what)


@dataclass(frozen=True)
class _Saved:
    name: str
    plan: dict[str, Any]
    strategy: str
    settings: dict[str, Any]
    note: str = ""


def _strategy(search: SavedSearch) -> Strategy | None:
    """What made the plan, for the provenance; None where it is not known here or has other settings by now."""
    if not search.strategy:
        return None
    if "steps" in search.settings:
        return CustomStrategy(search.strategy, "", tuple(search.settings["steps"]))
    try:
        return configured(search.strategy, search.settings)
    except ArchiveSearchError:
        return None


def _all(page: Page) -> dict[str, SavedSearch]:
    """Every saved search by its id."""
    events = sorted(page.events(acts=_NAMING), key=lambda event: event.subject)  # stays in order within each
    found = (_read(list(some)) for _, some in groupby(events, key=lambda event: event.subject))
    return {one.id: one for one in found if one is not None}


def _read(events: Sequence[Event]) -> SavedSearch | None:
    """A saved search from its events in order; None where its saving is not among them."""
    undone = taken_back(events)
    first = next((event for event in events if event.act == "save"), None)
    if first is None:
        return None
    saved, name, hidden = first.data, first.data["name"], first.id in undone
    for event in events:
        if event.id in undone:
            continue
        if event.act == "save":
            saved, name = event.data, event.data["name"]
        elif event.act == "rename":
            name = event.data["name"]
        elif event.act in ("delete", "bring back"):
            hidden = event.act == "delete"
    return SavedSearch(
        *(first.subject, name, saved["plan"], saved["strategy"], saved["settings"], hidden),
        *(first.who, first.at, events[-1].at, saved.get("note", "")),
    )
