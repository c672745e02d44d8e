"""The columns of a museum's own: which of them become fields, and how a record holds these."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, TypeAlias

from archive_search.knobs import from_data
from archive_search.metadata.filters import place_of
from archive_search.metadata.own import NAMES_OF_OTHERS, OwnField, fields_of_its_own
from archive_search.metadata.table import OWN, WITHOUT_ACCENTS
from archive_search.types import FieldTable, Missing, Payload, Point, WritableStore
from ingest.ledger import Ledger
from ingest.mapping import YES, terms_of, text_of, value_of

Own: TypeAlias = Mapping[str, OwnField]
Settle: TypeAlias = Callable[[Own], tuple[Own, FieldTable]]
"""Keeps the fields that were found in the archive's settings; gives all its own, and its table of fields."""

MOST_VALUES = 100
"""A column with more different values is none that records are sorted by."""
MOST_FIELDS = 8
"""So many fields of its own an archive gets by themselves: more filters than that nobody reads."""
_SHARED = 4
_FILLED, _SHARE = 10, 0.05
_NEARLY_ALL = 0.95
"""So many cells must hold what a term may be; a value that as many hold sorts nothing."""
_LONGEST = 60
_WIDEST = 500
"""So many columns are looked at, which bounds what is kept of them."""
_JOINED = "; "
_TOGETHER = 1_000
_LOOKED_AT = (1_000, 10_000, 100_000)
"""After so many records of a first ingest it is guessed which columns will be fields when it ends."""


class OwnColumns:
    """
    The own fields of an archive while something is ingested into it.

    Args:
        own: as the settings have them now.
        settle: called once, at the end, with the columns that have become fields; they are not looked for without it.
    """

    def __init__(self, own: Own | None = None, settle: Settle | None = None) -> None:
        self.own: Own = own or {}
        self.found: dict[str, OwnField] = {}
        self._settle, self._columns, self._records = settle, dict[str, _Column](), 0
        self._guessed: Own = {}
        self._guesses: dict[str, OwnField] = {}
        self._on_guess: Callable[[Own], None] | None = None

    def guess(self, before: Own, on_guess: Callable[[Own], None]) -> None:
        """
        Give records the fields already that they will probably have in the end, so that few must be written twice.

        That is looked at a few times as records come (`_LOOKED_AT`).

        Args:
            before: what was guessed before this ingest was interrupted.
            on_guess: told all own fields that the records to come will have.
        """
        self._guesses, self._on_guess = dict(before), on_guess

    def shape(self, metadata: Payload) -> dict[str, Any]:
        """A source's metadata with the fields of the archive's own; what its other columns hold is noted."""
        shaped = in_shape(metadata, self.own)
        if self._settle is not None:
            self._note(shaped.get("extra"))
            if self._on_guess is not None and self._records in _LOOKED_AT:
                self._guess(self._on_guess)
        return in_shape(shaped, {**self.own, **self._guessed}) if self._guessed else shaped

    @property
    def is_plain(self) -> bool:
        """Whether all are fields that columns have become by themselves, as they are before anybody changes one."""
        return all(_by_itself(one.columns[0]) == one for one in (*self.own.values(), *self._guesses.values()))

    def settle(self) -> FieldTable | None:
        """
        Decide which columns become fields, once all records were seen; the table of fields as it is from now on.

        A column becomes one by itself if its values sort the records: from 2 to `MOST_VALUES` different ones, each in 4
        records on average, two of them in several and none in more than 95 of 100 that hold any; filled in at least 10
        records and a twentieth of all. Its values are words: at most 60 characters, more letters than digits, no web
        address, file name or code. So no column becomes a field that says the same everywhere, or that holds numbers,
        dates, ids, sentences or links, and none that only says yes or no. The best filled become fields, `MOST_FIELDS`
        at most. What the settings say about a column, or about a field of that name, is never changed.

        What is kept for this is bounded: of each column as many values as it may have, of `_WIDEST` columns.
        """
        if self._settle is None:
            return None
        self.found = self._sorting()
        self.own, fields = self._settle(self.found)
        return fields

    def _sorting(self) -> dict[str, OwnField]:
        """The columns that sort the records seen so far, as fields; one that was guessed before keeps its name."""
        taken = {column for one in self.own.values() for column in one.columns}
        sorting = [(name, one) for name, one in self._columns.items() if name not in taken and one.sorts(self._records)]
        sorting.sort(key=lambda item: -item[1].filled)
        named = {one.columns[0]: name for name, one in self._guesses.items()}
        found: dict[str, OwnField] = {}
        for column, _ in sorting[: max(MOST_FIELDS - len(self.own), 0)]:
            name = named.get(column) or _name(column, {*self.own, *found, *self._guesses})
            found[name] = _by_itself(column)
        return found

    def _guess(self, on_guess: Callable[[Own], None]) -> None:
        guessed = self._sorting()
        if guessed.keys() != self._guessed.keys():
            self._guessed = guessed
            self._guesses |= guessed
            on_guess({**self.own, **self._guesses})

    def _note(self, extra: Any) -> None:
        self._records += 1
        for column, value in extra.items() if isinstance(extra, Mapping) else ():
            if column not in self._columns and len(self._columns) < _WIDEST:
                self._columns[column] = _Column()
            if column in self._columns:
                self._columns[column].note(value)


@dataclass(slots=True)
class _Column:
    """What one column holds, as far as it may still become a field."""

    filled: int = 0
    odd: int = 0
    values: Counter[str] | None = field(default_factory=Counter)

    def note(self, value: Any) -> None:
        self.filled += 1
        if self.values is None:
            return
        terms = terms_of(value)
        if terms and all(map(_is_term, terms)):
            self.values.update(set(terms))
        else:
            self.odd += 1
        if len(self.values) > MOST_VALUES:
            self.values = None

    def sorts(self, records: int) -> bool:
        """Whether its values sort the records, see `OwnColumns.settle`."""
        counts = self.values or Counter[str]()
        return (
            len(counts) > 1
            and self.filled >= max(_FILLED, _SHARE * records, _SHARED * len(counts))
            and self.odd <= (1 - _NEARLY_ALL) * self.filled
            and sum(count > 1 for count in counts.values()) > 1
            and max(counts.values()) <= _NEARLY_ALL * self.filled
            and not {value.casefold() for value in counts} <= _YES_OR_NO
        )


_YES_OR_NO = frozenset(
    [*YES, "no", "n", "false", "0", "nej", "nein", "nee", "non", "falsk", "falsch", "faux", "onwaar"]
)
_CODE = re.compile(
    r"(?=\S*\d)\S{12,}|\S*://\S*|www\.\S*|\S+@\S+|\S*[/\\]\S*\.\w{2,4}|\S+\.(?:jpe?g|png|tiff?|webp|gif|pdf)"
)
"""What is no word: an id, an address, the name of a file."""


def _is_term(text: str) -> bool:
    letters, digits = sum(one.isalpha() for one in text), sum(one.isdigit() for one in text)
    return len(text) <= _LONGEST and letters > digits and not any(map(_CODE.fullmatch, text.casefold().split()))


def _name(column: str, taken: Collection[str]) -> str:
    """What a column's field is called in `--where` and in the settings: `Stil/Periode` is `stil_periode`."""
    apart = re.sub(r"(?<=[a-zæøåäöü])(?=[A-Z])", " ", column).casefold().translate(WITHOUT_ACCENTS)
    plain = "".join(one for one in unicodedata.normalize("NFD", apart) if not unicodedata.combining(one))
    name = first = re.sub(r"[\W_]+", "_", plain).strip("_") or "column"
    if name in NAMES_OF_OTHERS:
        name = first = f"{name}_column"
    number = 1
    while name in taken:
        number += 1
        name = f"{first}_{number}"
    return name


def _by_itself(column: str) -> OwnField:
    """The field that a column becomes by itself."""
    return OwnField(column, _heading(column))


def _heading(column: str) -> str:
    """A column's name as people read it: `object_style` is `Object style`."""
    words = " ".join(re.sub(r"(?<=[a-zæøåäöü])(?=[A-Z])|[_.]+", " ", column).split())
    return words[:1].upper() + words[1:] if words else column


# ------------------------------------------------------------------ the shape of records


def in_shape(payload: Payload, own: Own, before: Own | None = None) -> dict[str, Any]:
    """
    A payload with these fields of the archive's own, filled from the columns that fill no other.

    What cannot be read as what its field holds stays a column. What a payload holds of fields that it had `before`
    becomes a column again, if it is none of `own`; terms are joined there by semicolons.
    """
    known, given = {**own, **(before or {})}, payload.get("extra")
    extra = dict(given) if isinstance(given, Mapping) else {}
    found = {key: value for key, value in payload.items() if key != "extra" and not key.startswith(OWN)}
    for key, value in payload.items():
        if key.startswith(OWN):
            name = key.removeprefix(OWN)
            extra.setdefault(known[name].columns[0] if name in known else name, _cell(value))
    for one in fields_of_its_own(own):
        filled = [column for column in own[one.name].columns if column in extra]
        value, read = value_of(one, extra, filled) if filled else (None, [])
        if value is not None:
            found[one.key] = value
            extra = {column: cell for column, cell in extra.items() if column not in read}
    return {**found, "extra": extra} if extra else found


def _cell(value: Any) -> Any:
    """A value of a field as the cell of a column."""
    if place := place_of(value):
        return f"{place[0]}, {place[1]}"
    if isinstance(value, float):
        return f"{value:g}"
    return _JOINED.join(map(text_of, value)) if isinstance(value, list) else value


def reshape(own: Own, before: Own, weighed: bool = False) -> Callable[[WritableStore], None]:
    """
    Work that gives all records these fields of their own in the place of those before, wherever they came from.

    Args:
        weighed: the words of a record that has its shape already are surely weighed as they should be.
    """
    columns = {column for one in (*before.values(), *own.values()) for column in one.columns}
    own_keys = [one.key for one in fields_of_its_own(own)]

    def points_of(store: WritableStore) -> Iterator[Point]:
        """The records that may need another shape: where all were written with these fields, those that lack one."""
        lacking = [(Missing(key),) for key in own_keys] if weighed and before.keys() <= own.keys() else []
        if lacking and sum(map(store.count, lacking)) < store.count():
            return chain.from_iterable(map(store.scan, lacking))
        return store.scan()

    def work(store: WritableStore) -> None:
        points = points_of(store)
        while some := list(islice(points, _TOGETHER)):
            # also where only what their words weigh has changed
            concerned = [one for one in some if _is_concerned(one.payload, columns)]
            shaped = [(one, in_shape(one.payload, own, before)) for one in concerned]
            shaped = [(one, payload) for one, payload in shaped if not weighed or payload != one.payload]
            if shaped:
                store.set_payload([one.id for one, _ in shaped], [payload for _, payload in shaped])

    return work


def _is_concerned(payload: Payload, columns: Collection[str]) -> bool:
    extra = payload.get("extra")
    held = isinstance(extra, Mapping) and not extra.keys().isdisjoint(columns)
    return held or any(key.startswith(OWN) for key in payload)


# ------------------------------------------------------------------ what the ledger notes


@dataclass(frozen=True, slots=True)
class Shape:
    """Which own fields the stored records hold; `mixed`: not all of them hold just these."""

    own: Own = field(default_factory=dict)
    mixed: bool = False

    @classmethod
    def of(cls, ledger: Ledger) -> Shape:
        """As the ledger notes it."""
        said = json.loads(ledger.own or "{}")
        own = {name: from_data(OwnField, one, name) for name, one in said.get("own", {}).items()}
        return cls(own, bool(said.get("mixed")))

    def note(self, ledger: Ledger) -> None:
        """Have the ledger note it."""
        own = {name: one.to_data() for name, one in self.own.items()}
        ledger.note_own(json.dumps({"own": own, "mixed": self.mixed}))

    def fits(self, own: Own) -> bool:
        """Whether all records hold just these fields; what people call them does not matter."""
        return not self.mixed and _unlabelled(self.own) == _unlabelled(own)

    def mixed_with(self, own: Own) -> Shape:
        """The shape while records are written that hold other fields."""
        return Shape({**own, **self.own}, mixed=True)


def _unlabelled(own: Own) -> Own:
    return {name: replace(one, label="", column=one.columns) for name, one in own.items()}
