"""Names of periods, dynasties and reigns, and the years they stand for, by region."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from archive_search.types import InvalidInputError, UnknownNameError

Span: TypeAlias = tuple[int, int]
"""First and last year, both included; years before Christ are negative and there is no year 0."""
THIS_YEAR = datetime.now(UTC).year
"""The end of what goes on to this day, and of what has no end that anybody knows: nothing was made later."""


@dataclass(frozen=True, eq=False)
class Periods:
    """
    Years by the name of a period in lower case.

    `others` are names of periods whose years it does not know: beside one of them, a name that it knows may not be all
    of a dating. `regions` are tables that may then know all of its names. Make one and hand it on: what its names are
    looked up by is prepared once for each.
    """

    spans: Mapping[str, Span] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    regions: tuple[Periods, ...] = ()

    def get(self, name: str) -> Span | None:
        """The years of a period, by its name as it stands in the table."""
        return self.spans.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self.spans


@dataclass(frozen=True)
class Period:
    """
    One period of a table: its names in all languages, in lower case, and its years.

    `periodo` is its identifier at https://perio.do, '' where none is known.
    """

    names: tuple[str, ...]
    years: Span
    periodo: str = ""


@dataclass(frozen=True)
class Region:
    """
    The periods of one part of the world.

    `source` says which books the years are from. `elsewhere` are names that other parts of the world use as well, with
    years of their own: these periods, in every language, hold where this region is asked for, and nowhere else.
    """

    label: str
    source: str
    periods: tuple[Period, ...]
    elsewhere: frozenset[str] = frozenset()

    def spans(self) -> dict[str, Span]:
        """Years by name, the first that has it."""
        found: dict[str, Span] = {}
        for one in self.periods:
            for name in one.names:
                found.setdefault(name, one.years)
        return found


NO_PERIODS = Periods()
"""None is known: only dates in figures are understood."""
DEFAULT_REGION = "southern-scandinavia,any"
ANY = "any"
"""Instead of a region: the names that only one of all tables has, or all with the same years."""
NONE = "none"
"""Instead of a region: no period is known, so that only dates in figures are understood."""


def periods_of(regions: str, own: Mapping[str, Span] | None = None) -> Periods:
    """
    The periods of one or several regions, an archive's own names before them.

    Args:
        regions: names of regions with commas between them; of a name that several have, the first one's years hold.
            `any` stands for the names that mean one thing wherever they are used, `none` for no names.

    Raises:
        UnknownNameError: If there is no such region.
    """
    named = tuple(one.strip() for one in regions.split(",") if one.strip())
    unknown = [one for one in named if one not in (*known_regions(), ANY, NONE)]
    if unknown or not named:
        known = ", ".join((*known_regions(), ANY, NONE))
        raise UnknownNameError(f"There is no table of periods for {(unknown or [''])[0]!r}. Known: {known}.")
    table = _together(named)
    if not own:
        return table
    spans = {**table.spans, **{_written(name): span for name, span in own.items()}}
    return Periods(spans, table.others - spans.keys(), table.regions)


@cache
def usual() -> Periods:
    """Those that hold where nobody chose a region."""
    return periods_of(DEFAULT_REGION)


@cache
def known_regions() -> tuple[str, ...]:
    """The regions that there is a table of."""
    found = (one.name for one in files(__package__).joinpath("regions").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def region(name: str) -> Region:
    """The table of one region, as it ships."""
    text = files(__package__).joinpath("regions", f"{name}.toml").read_text(encoding="utf-8")
    return _region(tomllib.loads(text), f"{name}.toml")


def read_periods(file: Path) -> dict[str, Span]:
    """
    An archive's own table of periods, in the form of those that ship.

    Raises:
        InvalidInputError: If it cannot be read, or says something that is none, naming it.
    """
    try:
        return _region(tomllib.loads(file.read_text(encoding="utf-8")), str(file)).spans()
    except OSError as error:
        raise InvalidInputError(f"The table of periods {file} cannot be read: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The table of periods {file} is not valid TOML: {error}.") from error


# ------------------------------------------------------------------ tables together


@cache
def _together(named: tuple[str, ...]) -> Periods:
    found: dict[str, Span] = {}
    for one in named:
        table = _anywhere() if one == ANY else {} if one == NONE else region(one).spans()
        found.update({name: span for name, span in table.items() if name not in found})
    if not found:
        return NO_PERIODS
    every = frozenset(name for one in known_regions() for name in region(one).spans())
    regions = tuple(map(periods_of, known_regions())) if ANY in named else ()
    return Periods(found, every - found.keys(), regions)


_TOLD_APART = re.compile("dynast|dinast")
"""The Song dynasty is told from other songs."""


@cache
def _anywhere() -> dict[str, Span]:
    """The names that mean one thing: in no table with other years, and not said to mean others elsewhere."""
    spans: dict[str, set[Span]] = defaultdict(set)
    shared: set[str] = set()
    for table in map(region, known_regions()):
        for period in table.periods:
            if table.elsewhere & set(period.names):
                shared.update(name for name in period.names if not _TOLD_APART.search(name))
        for called, span in table.spans().items():
            spans[called].add(span)
    return {name: next(iter(one)) for name, one in spans.items() if len(one) == 1 and name not in shared}


# ------------------------------------------------------------------ one table

_KINDS = ("period", "dynasty", "reign")
_ABOUT = ("years", "periodo", "number")


def _region(data: Mapping[str, Any], where: str) -> Region:
    periods = tuple(_period(kind, one, where) for kind in _KINDS for one in data.get(kind, ()))
    strange = [key for key in data if key not in (*_KINDS, "label", "source", "elsewhere")]
    if strange or not periods:
        what = f"{strange[0]!r} is none of its parts" if strange else "it has no periods"
        raise InvalidInputError(
            f"{where}: {what}. It has lists of {', '.join(_KINDS)} whose items are such as "
            '{ years = [-900, -200], en = "Early Horizon", es = "Horizonte temprano" }.'
        )
    elsewhere = frozenset(_names(str(data.get("elsewhere", ""))))
    return Region(str(data.get("label", "")), str(data.get("source", "")).strip(), periods, elsewhere)


def _period(kind: str, said: Any, where: str) -> Period:
    about: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    span = _span(about.get("years"))
    names = [name for key, text in about.items() if key not in _ABOUT for name in _names(str(text))]
    number = about.get("number")
    if kind == "dynasty":
        names = [form for name in names for form in _dynasties(name)]
        names += _numbered(number) if isinstance(number, int) and number in range(1, 40) else []
    if not names or span is None:
        raise InvalidInputError(
            f"{where}: {said!r} is no {kind}. It needs names and two years without 0, the earlier first, such as "
            '{ years = [-900, -200], en = "Early Horizon" }.'
        )
    return Period(tuple(dict.fromkeys(names)), span, str(about.get("periodo", "")))


def _span(years: Any) -> Span | None:
    if not isinstance(years, list) or len(years) != 2 or any(type(year) is not int or not year for year in years):
        return None
    return (years[0], min(years[1], max(years[0], THIS_YEAR))) if years[0] <= years[1] else None


def _names(text: str) -> list[str]:
    """The names in a text with bars between them, and what is commonly made of each."""
    return [form for name in text.split("|") if name.strip() for form in _forms(_written(name))]


def _forms(name: str) -> Iterator[str]:
    yield name
    bare = "".join(one for one in unicodedata.normalize("NFD", name) if one not in _LONG)
    if unicodedata.normalize("NFC", bare) != name:
        yield unicodedata.normalize("NFC", bare)  # Jomon
    if name.endswith("zeit"):
        yield from (f"{name}{ending}" for ending in ("lich", "liche", "licher", "liches", "lichen"))
    elif name.endswith("isch"):
        yield from (f"{name}{ending}" for ending in ("e", "er", "es", "en"))


_LONG = "\N{COMBINING MACRON}"


def _dynasties(name: str) -> Iterable[str]:
    """A dynasty's name by itself, and with what it is, in the languages that are read."""
    yield name
    yield from (f"{name} dynasty", f"{name} dynastie", f"{name}-dynastie", f"{name}-dynastiet", f"{name}-dynastin")
    yield from (f"dynastie {name}", f"dynastie des {name}", f"dinastia {name}", f"dynastiet {name}", f"dinastía {name}")


def _numbered(number: int) -> list[str]:
    """How a dynasty is called that has a number and no name."""
    roman, nth = _roman(number), f"{number}{_ENDINGS.get(number % 10 if number // 10 != 1 else 0, 'th')}"
    first = "ère" if number == 1 else "e"
    forms = [f"dynasty {number}", f"{nth} dynasty", f"{number}. dynasti", f"{number}. dynastie", f"dynastie {number}"]
    forms += [f"{number}e dynastie", f"{number}de dynastie", f"{number}ste dynastie", f"{number}{first} dynastie"]
    if number <= len(_COUNTED):
        forms.append(f"{_COUNTED[number - 1]} dynasty")
    for one in (roman, f"{roman}{first}", f"{roman}ème", f"{roman}re" if number == 1 else roman):
        forms += [f"{one} dynastie", f"dynastie {one}", f"{one} dinastia", f"dinastia {one}", f"dynasty {one}"]
    return [*forms, f"{roman}. dynastie"]


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_COUNTED = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]


def _roman(number: int) -> str:
    return "x" * (number // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][number % 10]


def _written(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


SOUTHERN_SCANDINAVIA = Periods(region("southern-scandinavia").spans())
"""Denmark, Scania and Schleswig, and not a word of others."""
