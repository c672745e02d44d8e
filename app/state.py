"""What a page's address says: the whole state of a search, and the query and plan that it stands for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive_search.archive import Archive
from archive_search.knobs import from_data
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import years
from archive_search.metadata.table import OWN
from archive_search.pictures.query_pictures import kept_query
from archive_search.plan import Plan
from archive_search.refining import with_feedback, with_variety
from archive_search.strategies import STRATEGIES, Strategy
from archive_search.types import (
    ArchiveSearchError,
    Example,
    Filter,
    InvalidInputError,
    Match,
    Missing,
    PictureError,
    Query,
    Within,
)

LIMIT = 1000
"""How many records a search ranks for the page."""
PAGE_SIZE = 24
DEFAULT_STRATEGY = "staged"
POINT = "point"
"""The field of find-spots."""
MOST = 10.0
"""An example weighs at most so much, or as much below 0."""
_WEIGHT = re.compile(r"\^(-?\d{1,2}(?:\.\d{1,3})?)$")
_FURTHEST = 10**9
"""A year or page beyond is no year or page that anyone asks for."""
UNKNOWN = ""
"""Stands among a facet's values for records that hold none."""


VIEWS = ("grid", "list", "places", "time")
"""How results can be shown: as pictures, as a table, on a map of find-spots, along the years."""


@dataclass(frozen=True)
class State:
    """
    One search as its address tells it.

    `apart` are refinements; `like` are ids of records, `picture` keys of kept query pictures, `region` parts of either
    (`left,top,right,bottom@ID`, or `@queries/KEY`), all as the address writes them, which may end in a weight (see
    `weighted`). `off` names what was switched off but not dropped: `q`, `where`, or a parameter with its value, as in
    `apart=polished`. `liked` and `disliked` are ids of records. `box` is a part of the globe: south, west, north, east.
    `knobs` are the strategy's settings as written, where they differ from its defaults.
    """

    what: str = ""
    like: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    undated: bool = True
    box: tuple[float, float, float, float] | None = None
    strategy: str = DEFAULT_STRATEGY
    knobs: Mapping[str, str] = field(default_factory=dict)
    space: str = ""
    grouped: bool = True
    parts: bool = False
    view: str = VIEWS[0]
    page: int = 1


Params = Mapping[str, Sequence[str]]
"""An address's parameters: each name with all its values."""


# ------------------------------------------------------------------ address


def read(params: Params) -> State:
    """The state that an address tells; what cannot be read counts as not said."""

    def one(name: str) -> str:
        values = params.get(name) or [""]
        return values[-1].strip()

    def some(name: str) -> tuple[str, ...]:
        return _distinct(text for value in params.get(name, ()) if (text := value.strip()))

    strategy = one("strategy") or DEFAULT_STRATEGY
    return State(
        what=one("q"),
        like=some("like"),
        picture=some("picture"),
        region=some("region"),
        apart=_distinct(text for value in params.get("apart", ()) if (text := refinement(value))),
        off=some("off"),
        liked=some("liked"),
        disliked=tuple(one for one in some("disliked") if one not in some("liked")),
        facets={name: _distinct(values) for name, values in params.items() if values and _is_facet(name)},
        first=_whole(one("from")),
        last=_whole(one("to")),
        undated=one("undated") != "drop",
        box=_box(one("box")),
        strategy=strategy,
        knobs={
            name.partition(".")[2]: values[-1]
            for name, values in params.items()
            if name.startswith(f"{strategy}.") and values
        },
        space=one("space"),
        grouped=one("grouped") != "no",
        parts=one("parts") == "large",
        view=one("view") if one("view") in VIEWS else VIEWS[0],
        page=max(_whole(one("page")) or 1, 1),
    )


def write(state: State) -> dict[str, list[str]]:
    """The parameters of a state's address; `read` gives the same state back. Defaults are left out."""
    params = {
        "q": [state.what],
        "like": list(state.like),
        "picture": list(state.picture),
        "region": list(state.region),
        "apart": list(state.apart),
        "off": list(state.off),
        "liked": list(state.liked),
        "disliked": list(state.disliked),
        "from": ["" if state.first is None else str(state.first)],
        "to": ["" if state.last is None else str(state.last)],
        "undated": ["" if state.undated else "drop"],
        "box": [",".join(f"{end:g}" for end in state.box) if state.box else ""],
        "strategy": ["" if state.strategy == DEFAULT_STRATEGY else state.strategy],
        "space": [state.space],
        "grouped": ["" if state.grouped else "no"],
        "parts": ["large" if state.parts else ""],
        "view": ["" if state.view == VIEWS[0] else state.view],
        "page": ["" if state.page == 1 else str(state.page)],
    }
    params = {name: values for name, values in params.items() if any(values)}
    params |= {name: list(values) for name, values in state.facets.items() if values}
    return params | {f"{state.strategy}.{name}": [value] for name, value in state.knobs.items()}


def weighted(written: str) -> tuple[str, float]:
    """
    What an example in an address stands for, and its weight: `A1426^2` counts twice, `A1426^-1` asks for less like it.

    In a refinement a '-' before the words asks for less as well: `-drawing^0.5`.
    """
    found = _WEIGHT.search(written)
    value, weight = (written[: found.start()], float(found[1])) if found else (written, 1.0)
    return value, min(max(weight, -MOST), MOST)


def with_weight(value: str, weight: float) -> str:
    """An example as the address writes it; `weighted` reads it back."""
    return f"{value}^{weight:g}" if weight != 1 or _WEIGHT.search(value) else value


def refinement(text: str) -> str:
    """A refinement as the address writes it: '-' before what is wanted less, nothing before what is wanted more."""
    value, weight = weighted(text.strip())
    words = value.strip().lstrip("+-−–").strip()
    less = (value.strip()[:1] in ("-", "−", "–")) != (weight < 0)
    return f"{'-' if less else ''}{with_weight(words, abs(weight))}" if words and weight else ""


def said(refinement: str) -> tuple[str, float]:
    """The words of a refinement and its weight, below 0 where less like this is wanted."""
    less = refinement.startswith("-")
    words, weight = weighted(refinement.removeprefix("-"))
    return words, -weight if less else weight


# ------------------------------------------------------------------ query and plan


def filters(state: State) -> tuple[Filter, ...]:
    """The filters of a state; none where they are switched off."""
    if "where" in state.off:
        return ()
    found: list[Filter] = []
    for name, values in state.facets.items():
        known = tuple(value for value in values if value != UNKNOWN)
        if known:
            found.append(Match(name, known, unknown="keep" if UNKNOWN in values else "drop"))
        elif values:
            found.append(Missing(name))
    if state.box:
        found.append(Within(POINT, state.box))
    return (*found, *years(state.first, state.last, "keep" if state.undated else "drop"))


def query(state: State, queries: Path) -> Query:
    """
    The query of a state, without what is switched off; `queries` is the folder of kept query pictures.

    Raises:
        PictureError: If a picture that the address names was not kept here.
    """
    examples = [Example("text", state.what)] if state.what and "q" not in state.off else []
    for name, kind in (("like", "record"), ("picture", "image"), ("region", "region")):
        for written in getattr(state, name):
            value, weight = weighted(written)
            if weight and f"{name}={value}" not in state.off:
                examples.append(Example(kind, _source(name, value, queries), weight))  # type: ignore[arg-type]
    for one in state.apart:
        words, weight = said(one)
        if f"apart={words}" not in state.off:
            examples.append(Example("text", words, weight))
    return Query(tuple(examples), filters(state))


def _source(name: str, value: str, queries: Path) -> str:
    """What an example of the query names: a picture that was brought lies below the archive, wherever that is."""
    key = value if name == "picture" else value.partition(f"@{queries.name}/")[2]
    if not key:
        return value
    file = kept_query(queries, key)
    if file is None:
        raise PictureError("The picture that this address searches with is not kept in this archive: choose it again.")
    part = f"{value.partition('@')[0]}@" if name == "region" else ""
    return f"{part}{queries.name}/{file.name}"


def strategy(state: State) -> Strategy:
    """
    The strategy of a state, with its settings.

    Raises:
        UnknownNameError: If there is none of that name.
        InvalidInputError: If a setting is unknown or out of its range.
    """
    return from_data(STRATEGIES[state.strategy], dict(state.knobs), f"The strategy {state.strategy!r}")


def plan(state: State, archive: Archive) -> Plan:
    """The plan that answers a state; raises what `query` and `strategy` raise, and where a judged record is gone."""
    asked = strategy(state).plan(query(state, archive.queries), LIMIT, state.space)
    if not asked.query.examples:
        return asked
    asked = with_feedback(asked, state.liked, state.disliked, archive.store)
    return with_variety(asked, per_object=state.grouped)


def browse_plan(state: State, queries: Path, limit: int) -> Plan:
    """The plan of a state that asks nothing that could be ranked: the first records that pass its filters."""
    return with_variety(strategy(state).plan(query(state, queries), limit, state.space), per_object=state.grouped)


def checked(state: State) -> tuple[State, str]:
    """A state whose strategy exists with these settings: the state itself, or one with the default, and why."""
    try:
        strategy(state)
    except ArchiveSearchError as error:
        return dataclasses.replace(state, strategy=DEFAULT_STRATEGY, knobs={}), str(error)
    return state, ""


# ------------------------------------------------------------------ inside


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _box(text: str) -> tuple[float, float, float, float] | None:
    try:
        south, west, north, east = map(float, text.split(","))
        Within(POINT, (south, west, north, east))
    except (ValueError, InvalidInputError):
        return None
    return south, west, north, east


def _is_facet(name: str) -> bool:
    return name in STANDARD.facets or name.startswith(OWN)


def _whole(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:  # also on more digits than Python reads
        return None
    return number if -_FURTHEST <= number <= _FURTHEST else None
