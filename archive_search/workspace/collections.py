"""Collections: named sets of records and parts of pictures that people choose, with notes, tags, order and a star."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from archive_search.knobs import from_data
from archive_search.metadata.known_ids import almost_alike, unknown_records
from archive_search.metadata.sensitive import is_sensitive
from archive_search.metadata.wording import title_of
from archive_search.types import InvalidInputError, Payload, Store, UnknownNameError
from archive_search.workspace.items import Item, item, item_from_data, read_item
from archive_search.workspace.journal import REDO, UNDO, Author, Event, Journal, Page, taken_back
from archive_search.workspace.named_things import NameData, NamedThings, NoData
from archive_search.workspace.names import LONGEST_NOTE, Called, Names, checked

LONGEST_TAG = 200
SOME = 1000
"""So many records are looked up at once."""
_NAMING = ("create", "rename", "delete", "bring back", "undo", "redo")
"""The acts that say what is called how."""


@dataclass(frozen=True, slots=True)
class Note:
    """What one person wrote about something; everybody has a note of their own there."""

    text: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Member:
    """
    One item of a collection, with what was written about it, who chose it and when.

    `title` is the one that the record last had, also when the record itself has vanished; `sensitive` likewise.
    """

    item: Item
    title: str
    sensitive: bool
    notes: tuple[Note, ...]
    tags: tuple[str, ...]
    starred: bool
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as it is now; `made` and `changed` are times, `who` made it, `people` have worked on it."""

    id: str
    name: str
    members: tuple[Member, ...]
    notes: tuple[Note, ...]
    tags: tuple[str, ...]
    starred: bool
    deleted: bool
    who: str
    made: str
    changed: str
    people: tuple[str, ...]

    def records(self) -> tuple[str, ...]:
        """The ids of its records, each once, in order."""
        return tuple(dict.fromkeys(member.item.record for member in self.members))


class Collections(NamedThings[Collection]):
    """
    The collections of one archive, as one person in one place works on them.

    Nothing that anybody wrote is lost: every act is an event that is added to a journal, the present state is read from
    it, deleting hides, and undo takes back what this person did last here, whatever others have done since. The file is
    made at the first act. Safe with several threads and processes.
    """

    def __init__(self, workspace: Path, who: str = "", session: str = "") -> None:
        """`who` may be '' for somebody who is not named; `session` tells browser windows apart, each with its undo."""
        super().__init__(Author(who, session), Journal(workspace, "collections", lasting=("see",)))

    # ------------------------------------------------------------------ reading

    def all(self, deleted: bool = False) -> tuple[Collection, ...]:
        """Every collection, or with `deleted` those that are hidden, starred ones first, then by name."""
        with self.journal.reading() as page:
            events = sorted(page.events(), key=lambda event: event.subject)  # stays in order within each
        found = [_read(list(some)) for _, some in groupby(events, key=lambda event: event.subject)]
        kept = [one for one in found if one is not None and one.deleted == deleted]
        return tuple(sorted(kept, key=lambda one: (not one.starred, one.name.casefold(), one.name, one.id)))

    def history(self, name: str) -> tuple[Event, ...]:
        """Everything that was ever done to a collection, in order. Raises as `get` does."""
        with self.journal.reading() as page:
            return tuple(page.events(self._names(page).find(name)))

    def gone(self, collection: Collection, store: Store) -> frozenset[str]:
        """The ids of its records that are no longer in the archive."""
        records = collection.records()
        return frozenset(records) - {one for some in _some(records) for one in _held(store, some)}

    # ------------------------------------------------------------------ acting

    def create(self, name: str) -> Collection:
        """
        Make an empty collection.

        Raises:
            InvalidInputError: If the name is empty, too long, or taken.
        """
        with self.journal.writing() as page:
            called = self._names(page).free(name)
            made = page.add(self.author, uuid.uuid4().hex[:12], "create", {"name": called})
            return self._get(page, made.subject)

    def add(self, name: str, items: Iterable[Item | str], store: Store) -> int:
        """
        Put records or parts of pictures at the end; those that are there stay where they are. Returns how many are new.

        What is put back after it was taken out has its notes, tags and star again.

        Raises:
            UnknownNameError: If there is no such collection, or the store has no such record; nothing is put in then.
        """
        wanted = _items(items)
        with self.journal.writing() as page:
            collection = self._get(page, name)
            there = {member.item for member in collection.members}
            new = [one for one in wanted if one not in there]
            known = _seen(store, {one.record for one in new})
            if unknown := [one.record for one in new if one.record not in known]:
                raise unknown_records(store, list(dict.fromkeys(unknown)))
            if new:
                data = {"items": [one.data() for one in new], "seen": known}
                page.add(self.author, collection.id, "add", data)
        return len(new)

    def remove(self, name: str, items: Iterable[Item | str]) -> None:
        """Take items out; their notes and tags wait for them. Raises UnknownNameError for what is not in it."""
        self._about_items(name, "remove", items, {})

    def move(self, name: str, items: Iterable[Item | str], before: Item | str | None = None) -> None:
        """
        Put items, in this order, before another one, or at the end.

        Raises:
            UnknownNameError: For what is not in the collection.
            InvalidInputError: If an item is to stand before itself.
        """
        wanted = _items(items)
        place = None if before is None else _item(before)
        if place in wanted:
            raise InvalidInputError(f"{place.text if place else ''} cannot be put before itself: name another item.")
        self._about_items(name, "move", wanted, {"before": None if place is None else place.data()}, place)

    def note(self, name: str, text: str, on: Item | str | None = None) -> None:
        """
        Write this person's note on an item, or on the whole collection; it replaces their earlier one, '' takes it off.

        Raises:
            UnknownNameError: For what is not in the collection.
            InvalidInputError: If it is longer than `LONGEST_NOTE`.
        """
        said = checked(text, "A note", LONGEST_NOTE)
        self._about_items(name, "note", [] if on is None else [on], {"text": said})

    def tag(self, name: str, tags: Iterable[str], items: Iterable[Item | str] = ()) -> None:
        """
        Put tags on items, or on the whole collection where none is named.

        Raises:
            UnknownNameError: For what is not in the collection.
            InvalidInputError: If a tag is empty or longer than `LONGEST_TAG`.
        """
        self._about_items(name, "tag", items, {"tags": _tags(tags)})

    def untag(self, name: str, tags: Iterable[str], items: Iterable[Item | str] = ()) -> None:
        """Take tags off items, or off the whole collection where none is named. Raises as `tag` does."""
        self._about_items(name, "untag", items, {"tags": _tags(tags)})

    def star(self, name: str, items: Iterable[Item | str] = (), on: bool = True) -> None:
        """Star items, or the whole collection where none is named, or take the star off. Raises as `remove` does."""
        self._about_items(name, "star", items, {"on": on})

    def see(self, store: Store) -> int:
        """
        Note the titles that the records of every collection have now, where they have changed; returns how many.

        An ingest does this before it begins: it is what remains of a record that vanishes.
        """
        changed: dict[str, dict[str, dict[str, Any]]] = {}
        with self.journal.reading() as page:
            for subject in self._names(page).known:
                known = _known(page.events(subject))
                new = {record: said for record, said in _seen(store, known).items() if said != known[record]}
                changed |= {subject: new} if new else {}
        if changed:
            with self.journal.writing() as page:
                for subject, new in changed.items():
                    page.add(Author(), subject, "see", {"seen": new})
        return sum(map(len, changed.values()))

    def _names(self, page: Page) -> Names:
        events = sorted(page.events(acts=_NAMING), key=lambda event: event.subject)
        found = {}
        for subject, some in groupby(events, key=lambda event: event.subject):
            one = _read(list(some))
            if one is not None:
                found[subject] = Called(one.name, one.deleted)
        return Names("collection", found)

    def _get(self, page: Page, name: str) -> Collection:
        found = _read(page.events(self._names(page).find(name)))
        assert found is not None  # it was found by its name
        return found

    def _about_items(
        self, name: str, act: str, items: Iterable[Item | str], data: Mapping[str, Any], *also: Item | None
    ) -> None:
        """Add an act on items that must be in the collection, as must those named besides."""
        wanted = _items(items)
        with self.journal.writing() as page:
            collection = self._get(page, name)
            there = {member.item: None for member in collection.members}
            for one in (*wanted, *also):
                if one is not None and one not in there:
                    raise _not_in_it(one, collection)
            page.add(self.author, collection.id, act, {"items": [one.data() for one in wanted], **data})


# ---------------------------------------------------------------------- from events to what is


@dataclass
class _Written:
    """What was written about an item, or about the whole."""

    notes: dict[str, Note] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    starred: bool = False


@dataclass
class _State:
    """A collection while its events are gone through."""

    name: str = ""
    hidden: bool = False
    order: list[Item] = field(default_factory=list)
    chosen: dict[Item, Event] = field(default_factory=dict)
    about: dict[Item | None, _Written] = field(default_factory=dict)
    seen: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def written(self, some: Sequence[Item]) -> Iterator[_Written]:
        """What is written about these items, or about the whole where there are none."""
        for one in some or (None,):
            yield self.about.setdefault(one, _Written())

    def rename(self, event: Event, _: Sequence[Item]) -> None:
        """Another name."""
        self.name = event.data["name"]

    def delete(self, event: Event, _: Sequence[Item]) -> None:
        """Hidden."""
        self.hidden = True

    def bring_back(self, event: Event, _: Sequence[Item]) -> None:
        """Shown again."""
        self.hidden = False

    def see(self, event: Event, _: Sequence[Item] = ()) -> None:
        """Titles as they are."""
        self.seen.update(event.data["seen"])

    def add(self, event: Event, some: Sequence[Item]) -> None:
        """More items at the end."""
        self.see(event)
        new = [one for one in dict.fromkeys(some) if one not in self.chosen]
        self.order += new
        self.chosen.update(dict.fromkeys(new, event))

    def remove(self, event: Event, some: Sequence[Item]) -> None:
        """Fewer items; what is written about them stays."""
        for one in some:
            self.chosen.pop(one, None)
        self.order = [one for one in self.order if one in self.chosen]

    def move(self, event: Event, some: Sequence[Item]) -> None:
        """Items before another, or at the end; they stay where that other is no longer there."""
        before = None if event.data["before"] is None else item_from_data(event.data["before"])
        moved = [one for one in dict.fromkeys(some) if one in self.chosen]
        if before is not None and (before not in self.chosen or before in moved):
            return
        left = [one for one in self.order if one not in set(moved)]
        place = len(left) if before is None else left.index(before)
        self.order = [*left[:place], *moved, *left[place:]]

    def note(self, event: Event, some: Sequence[Item]) -> None:
        """A person's note in the place of their earlier one."""
        for written in self.written(some):
            written.notes.pop(event.who, None)
            if event.data["text"]:
                written.notes[event.who] = Note(event.data["text"], event.who, event.at)

    def tag(self, event: Event, some: Sequence[Item]) -> None:
        """More tags."""
        for written in self.written(some):
            written.tags.update(dict.fromkeys(event.data["tags"]))

    def untag(self, event: Event, some: Sequence[Item]) -> None:
        """Fewer tags."""
        for written in self.written(some):
            for tag in event.data["tags"]:
                written.tags.pop(tag, None)

    def star(self, event: Event, some: Sequence[Item]) -> None:
        """Starred or not."""
        for written in self.written(some):
            written.starred = event.data["on"]


_ACTS: Mapping[str, Callable[[_State, Event, Sequence[Item]], None]] = {
    "rename": _State.rename,
    "delete": _State.delete,
    "bring back": _State.bring_back,
    "see": _State.see,
    "add": _State.add,
    "remove": _State.remove,
    "move": _State.move,
    "note": _State.note,
    "tag": _State.tag,
    "untag": _State.untag,
    "star": _State.star,
}
"""What each act does; a collection whose making was taken back is hidden, so that what others put there stays."""


def _read(events: Sequence[Event]) -> Collection | None:
    """A collection from its events in order; None where its making is not among them."""
    state, undone = _State(), taken_back(events)
    made = next((event for event in events if event.act == "create"), None)
    if made is None:
        return None
    state.name, state.hidden = made.data["name"], made.id in undone
    for event in events:
        if event.act in _ACTS and event.id not in undone:
            _ACTS[event.act](state, event, [item_from_data(one) for one in event.data.get("items", ())])
    whole = state.about.get(None, _Written())
    return Collection(
        made.subject,
        state.name,
        tuple(_member(state, one) for one in state.order),
        tuple(whole.notes.values()),
        tuple(whole.tags),
        whole.starred,
        state.hidden,
        made.who,
        made.at,
        next(event.at for event in reversed(events) if event.act != "see"),
        tuple(dict.fromkeys(event.who for event in events if event.who)),
    )


def _member(state: _State, one: Item) -> Member:
    written, seen, chosen = state.about.get(one, _Written()), state.seen.get(one.record, {}), state.chosen[one]
    return Member(
        one,
        str(seen.get("title", "")),
        bool(seen.get("sensitive", False)),
        tuple(written.notes.values()),
        tuple(written.tags),
        written.starred,
        chosen.who,
        chosen.at,
    )


def _known(events: Sequence[Event]) -> dict[str, Mapping[str, Any]]:
    """What was last seen of every record that ever was in a collection."""
    found: dict[str, Mapping[str, Any]] = {}
    for event in events:
        found.update(event.data.get("seen", {}))
    return found


# ---------------------------------------------------------------------- events from elsewhere


@dataclass(frozen=True)
class _ItemData:
    record: str
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class _Seen:
    title: str
    sensitive: bool = False


@dataclass(frozen=True)
class _SeenData:
    seen: dict[str, _Seen]


@dataclass(frozen=True)
class _OnItems:
    items: tuple[_ItemData, ...]


@dataclass(frozen=True)
class _Added(_OnItems):
    seen: dict[str, _Seen]


@dataclass(frozen=True)
class _Moved(_OnItems):
    before: _ItemData | None


@dataclass(frozen=True)
class _Noted(_OnItems):
    text: str


@dataclass(frozen=True)
class _Tagged(_OnItems):
    tags: tuple[str, ...]


@dataclass(frozen=True)
class _Starred(_OnItems):
    on: bool


_DATA: Mapping[str, type] = {
    **{"create": NameData, "rename": NameData, "delete": NoData, "bring back": NoData, "see": _SeenData},
    **{"add": _Added, "remove": _OnItems, "move": _Moved, "note": _Noted, "tag": _Tagged, "untag": _Tagged},
    "star": _Starred,
}


def check_event(event: Event, what: str) -> None:
    """Raise InvalidInputError where an event from elsewhere is none that was written here; `what` names it."""
    if event.act in (UNDO, REDO):
        return
    if event.act not in _DATA:
        raise InvalidInputError(f"{what}: nothing that is done to a collection is called {event.act!r}.")
    data: Any = from_data(_DATA[event.act], dict(event.data), what)
    for one in getattr(data, "items", ()):
        item(one.record, one.box)
    if getattr(data, "before", None) is not None:
        item(data.before.record, data.before.box)


# ---------------------------------------------------------------------- what is given


def _item(one: Item | str) -> Item:
    return read_item(one) if isinstance(one, str) else item(*one)


def _items(items: Iterable[Item | str]) -> list[Item]:
    return list(dict.fromkeys(map(_item, items)))


def _tags(tags: Iterable[str]) -> list[str]:
    found = [checked(one, "A tag", LONGEST_TAG).strip() for one in ([tags] if isinstance(tags, str) else tags)]
    if not found or not all(found):
        raise InvalidInputError("A tag needs at least one letter.")
    return list(dict.fromkeys(found))


def _not_in_it(one: Item, collection: Collection) -> UnknownNameError:
    alike = almost_alike(one.text, [member.item.text for member in collection.members])
    said = f" Spelled like it: {', '.join(alike)}." if alike else ""
    return UnknownNameError(f"{one.text[:100]!r} is not in the collection {collection.name[:100]!r}.{said}")


def _some(records: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(records), SOME):
        yield records[start : start + SOME]


def _held(store: Store, records: Sequence[str]) -> dict[str, Payload]:
    return {point.id: point.payload for point in store.points(records)}


def _seen(store: Store, records: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is kept of each of these records that the store has: its title, and whether it is sensitive."""
    found = {}
    for some in _some(sorted(records)):
        for one, payload in _held(store, some).items():
            found[one] = {"title": title_of(payload), **({"sensitive": True} if is_sensitive(payload) else {})}
    return found
