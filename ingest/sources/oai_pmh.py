"""
OAI-PMH as a source: a repository's records in LIDO, EDM or Dublin Core, page by page.

The protocol is ours, on lxml: of its libraries sickle has had no release since 2020 and asks with requests, past our
client's rate, cache and checks of addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from archive_search.knobs import Knob, knob
from archive_search.types import InvalidInputError, Record, SourceError
from ingest.harvest.formats import dublin_core, edm, lido
from ingest.harvest.harvested import Harvested
from ingest.harvest.remote import Item, Page
from ingest.harvest.xml import Element, as_text, parse_xml, words
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

_NS = {"o": "http://www.openarchives.org/OAI/2.0/"}
_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
BEST = (
    ("lido", lido.NAMESPACE),
    ("edm", "http://www.europeana.eu/schemas/edm/"),
    ("qdc", "qualifieddc"),
    ("oai_dc", _DC),
)
"""The formats that are read, the one that says most first: how their prefixes begin, and their namespaces."""
_ANEW = 3
"""So often a list whose token has expired is begun anew without getting further."""
_EMPTY = 100
"""More pages without a record, one after another, are no list."""


class _ExpiredError(Exception):
    """A resumption token that the repository does not know any more."""


@dataclass(frozen=True)
class _Place:
    """
    How far a list has come: behind `seen` records, `before` of which are older than the datestamp `last`.

    `in_order` says that each came behind those that are older. `total` is how many the list is said to have.
    """

    prefix: str = ""
    token: str = ""
    last: str = ""
    seen: int = 0
    before: int = 0
    in_order: bool = True
    total: int | None = None

    @classmethod
    def read(cls, written: str) -> _Place:
        """The place that `written` wrote; '' is the beginning."""
        return cls(**json.loads(written)) if written else cls()

    def written(self) -> str:
        """As a text that a later harvest goes on from; '' behind the last page."""
        return json.dumps(asdict(self)) if self.token else ""

    @property
    def question(self) -> dict[str, str]:
        """What is asked for the next page; nothing at the beginning."""
        return {"resumptionToken": self.token} if self.token else {}

    @property
    def can_begin_behind(self) -> bool:
        """Whether the list can be begun anew at its last datestamp, and that saves anything."""
        return bool(self.in_order and self.before and self.total is not None)

    def behind(self, datestamps: Iterable[str], token: str, length: int | None) -> _Place:
        """Behind a page with records of these datestamps; `length` is that of the list, where the page tells it."""
        last, seen, before, in_order = self.last, self.seen, self.before, self.in_order
        for one in datestamps:
            in_order = in_order and "" != one >= last
            if one > last:
                last, before = one, seen
            seen += 1
        return _Place(self.prefix, token, last, seen, before, in_order, length if self.total is None else self.total)

    def from_last(self, left: int) -> _Place:
        """At the begin of a list that was asked for anew from the last datestamp on, and has so many records."""
        return replace(self, token="", seen=self.before, total=self.before + left)


@dataclass(frozen=True)
class OaiPmh(Harvested):
    """
    Museum records of a repository that speaks OAI-PMH, in LIDO, EDM or Dublin Core.

    A later harvest asks for what changed since, and learns what was deleted if the repository keeps track of that. A
    list that cannot be gone on with, because its token has expired, is begun anew behind what came, where that is safe;
    what is kept already stays.
    """

    tells_changes: ClassVar[bool] = True

    address: str = field(
        metadata={
            "knob": Knob(
                "Address", help="The address of the repository, without ?verb=, such as https://www.kenom.de/oai."
            )
        }
    )
    prefix: str = knob(
        "auto",
        "Metadata prefix",
        help="The format of records: lido, edm, oai_dc ...; auto takes the best that is offered.",
    )
    only_set: str = knob("", "Set", help="Only the records of this set, by its setSpec.")
    from_date: str = knob("", "Changed from", help="Only what changed on this day or later, such as 2024-01-31.")
    until_date: str = knob("", "Changed until", help="Only what changed on this day or before.")
    language: tuple[str, ...] = knob(("en",), "Language", help="Preferred languages of records, the first one first.")

    @property
    def origin(self) -> str:
        """The repository, and what was asked of it."""
        asked = {"set": self.only_set, "prefix": "" if self.prefix == "auto" else self.prefix}
        asked |= {"from": self.from_date, "until": self.until_date}
        return " ".join(["oai-pmh", self.address, *(f"{name}={value}" for name, value in asked.items() if value)])

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """The lists of records that the repository gives, one page per answer."""
        at = _Place.read(resume)
        if not at.prefix:
            at = _Place(self._prefix(client))
        question = at.question or self._question(client, at.prefix, since)
        lost = furthest = nothing = 0
        before: list[Item | Rejected] = []
        while True:
            try:
                root = self._asked(client, "ListRecords", question)
            except _ExpiredError as error:
                lost = lost + 1 if at.seen <= furthest else 1
                furthest = max(furthest, at.seen)
                if lost > _ANEW:
                    raise SourceError(
                        f"{self.address} gives tokens to go on with that it does not know a moment later: {error}"
                    ) from error
                at, root = self._anew(client, at, since)
                before = []
            after, length = _goes_on(root)
            if after and after == at.token:
                raise SourceError(f"{self.address} gives the same page again and again (resumptionToken {after}).")
            records = root.findall("o:ListRecords/o:record", _NS)
            found = [self._item(one) for one in records]
            nothing = 0 if found else nothing + 1
            if (found and found == before) or nothing > _EMPTY:
                raise SourceError(f"{self.address} gives the same records, or none, on page after page: it has no end.")
            before = found
            at = at.behind(map(_datestamp, records), after, length)
            yield Page(found, at.written(), at.total)
            if not at.token:
                return
            question = at.question

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """The records of a record in LIDO, EDM or Dublin Core, one per picture."""
        root = parse_xml(item.content, f"The record {item.key}")
        if root.tag == lido.TAG or (wrapped := root.find(f".//{lido.TAG}")) is not None:
            yield from lido.records_of(root if root.tag == lido.TAG else wrapped, item.key, self.language)
        elif root.tag == edm.TAG:
            yield from edm.records_of(root, item.key, self.language)
        elif dublin_core.said_of(root):
            yield from dublin_core.records_of(root, item.key, self.language)
        else:
            yield Rejected(
                item.key, "", "record", f"records of this kind are not read ({root.tag}); LIDO, EDM and Dublin Core are"
            )

    # -------------------------------------------------------------- a list that is lost

    def _anew(self, client: Client, at: _Place, since: str) -> tuple[_Place, Element]:
        """
        The list begun anew, where the repository does not know its token any more: its place, and its first answer.

        A repository need not give records in the order in which they changed. It is asked from the last datestamp on
        only where all came in that order, and the answer is as long as what was left: nothing is passed over then.
        """
        if at.can_begin_behind:
            question = self._question(client, at.prefix, at.last)
            if question.get("from") == at.last:
                root = self._asked(client, "ListRecords", question)
                token, left = _goes_on(root)
                if left is None and not token:
                    left = len(root.findall("o:ListRecords/o:record", _NS))
                if left is not None and at.total is not None and at.before + left >= at.total:
                    self._tell_lost(client, f"from {at.last} on")
                    return at.from_last(left), root
        self._tell_lost(client, "from its beginning")
        question = self._question(client, at.prefix, since)
        return _Place(at.prefix), self._asked(client, "ListRecords", question)

    def _tell_lost(self, client: Client, whence: str) -> None:
        client.remarks.add(
            f"{self.address} does not know any more how its list goes on (the resumptionToken has expired): it is "
            f"asked again {whence}; what is kept is not fetched again"
        )

    # -------------------------------------------------------------- the protocol

    def _question(self, client: Client, prefix: str, since: str) -> dict[str, str]:
        """What is asked for the first page of a list."""
        asked = {"metadataPrefix": prefix, "set": self.only_set, **self._dates(client, since)}
        return {name: value for name, value in asked.items() if value}

    def _asked(self, client: Client, verb: str, arguments: dict[str, str]) -> Element:
        """
        The answer to a question of the protocol.

        Raises:
            _ExpiredError: If the list that a token goes on with is not known any more.
            SourceError: If the answer is none, or an error of the protocol that means that nothing can be had.
        """
        text = client.text(self.address, {"verb": verb, **arguments})
        root = parse_xml(text, f"The answer of {self.address}")
        if root.tag != f"{{{_NS['o']}}}OAI-PMH":
            raise SourceError(f"{self.address} does not speak OAI-PMH: it answers with <{root.tag}>.")
        errors = {str(one.get("code", "")): words(one) for one in root.iterfind("o:error", _NS)}
        if "badResumptionToken" in errors and "resumptionToken" in arguments:
            raise _ExpiredError(errors["badResumptionToken"])
        for code, said in errors.items():
            if code != "noRecordsMatch":
                raise SourceError(f"{self.address}: {_HINTS.get(code, code)}{f' ({said})' if said else ''}.")
        return root

    def _prefix(self, client: Client) -> str:
        """The metadata prefix to ask for: the one named, or the best of those that the repository offers."""
        if self.prefix != "auto":
            return self.prefix
        root = self._asked(client, "ListMetadataFormats", {})
        offered = [
            (words(one.find("o:metadataPrefix", _NS)), words(one.find("o:metadataNamespace", _NS)))
            for one in root.iterfind("o:ListMetadataFormats/o:metadataFormat", _NS)
        ]
        for begin, namespace in BEST:
            for prefix, space in offered:
                if prefix.lower().startswith(begin) or namespace in space:
                    return prefix
        raise SourceError(
            f"{self.address} offers {', '.join(prefix for prefix, _ in offered) or 'no format'}; read are LIDO, EDM "
            "and Dublin Core. If one of these is of that kind, name its prefix.",
            settings=("prefix",),
        )

    def _dates(self, client: Client, since: str) -> dict[str, str]:
        """From and until, as finely as the repository writes its dates."""
        changed = max(filter(None, (_moment(self.from_date), _moment(since))), default=None)
        until = _moment(self.until_date, whole_day=True)
        if changed is None and until is None:
            return {}
        root = self._asked(client, "Identify", {})
        seconds = "ss" in words(root.find("o:Identify/o:granularity", _NS))
        form = "%Y-%m-%dT%H:%M:%SZ" if seconds else "%Y-%m-%d"
        said = {"from": changed, "until": until}
        return {name: moment.strftime(form) for name, moment in said.items() if moment is not None}

    def _item(self, record: Element) -> Item | Rejected:
        """A record of a list; its content is its metadata, as XML."""
        header = record.find("o:header", _NS)
        key = words(None if header is None else header.find("o:identifier", _NS))
        if header is None or not key:
            return Rejected("?", "", "record", f"a record of {self.address} has no identifier")
        if header.get("status") == "deleted":
            return Item(key, None, self.address, removed=True)
        held: Sequence[Element] = [one for one in record.iterfind("o:metadata/*", _NS) if isinstance(one.tag, str)]
        if not held:
            return Rejected(key, "", "record", "the record comes without metadata")
        return Item(key, as_text(held[0]), self.address)


def _goes_on(root: Element) -> tuple[str, int | None]:
    """The token that the next page is asked for with, '' behind the last; how long the list is, where that is told."""
    said = root.find("o:ListRecords/o:resumptionToken", _NS)
    length = "" if said is None else str(said.get("completeListSize", ""))
    return words(said), int(length) if length.isdecimal() and len(length) < 12 else None


def _datestamp(record: Element) -> str:
    """When a record changed, as it is written; '' where that is no date."""
    said = words(record.find("o:header/o:datestamp", _NS))
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return ""
    return said


_HINTS = {
    "badArgument": "the question is not understood there",
    "badVerb": "the question is not understood there",
    "cannotDisseminateFormat": "there is no such metadata prefix; auto takes the best that is offered",
    "noMetadataFormats": "there is no metadata in any format",
    "noSetHierarchy": "there are no sets: ask without one",
}


def _moment(text: str, whole_day: bool = False) -> datetime | None:
    """A day or moment as people and harvests write them, in UTC; of a day its begin, or its end."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(f"A date is written like 2024-01-31 or 2024-01-31T12:00:00Z; got {text!r}.") from error
    if whole_day and len(text) == 10:
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


SOURCES = {"oai-pmh": OaiPmh}
