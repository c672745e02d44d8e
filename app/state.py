"""What a page's address says: the whole state of a search, and the query and plan that it stands for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive_search.knobs import from_data
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import years
from archive_search.metadata.table import OWN
from archive_search.pictures.query_pictures import kept_query
from archive_search.plan import Plan
from archive_search.strategies import STRATEGIES, Strategy
from archive_search.types import ArchiveSearchError, Example, Filter, Match, Missing, PictureError, Query

LIMIT = 1000
"""How many records a search ranks for the page."""
PAGE_SIZE = 24
DEFAULT_STRATEGY = "staged"
_FURTHEST = 10**9
"""A year or page beyond is no year or page that anyone asks for."""
UNKNOWN = ""
"""Stands among a facet's values for records that hold none."""


@dataclass(frozen=True)
class State:
    """
    One search as its address tells it.

    `apart` are refinements, a leading '-' asks for less like it; `like` is the id of a record and `picture` the key of
    a kept query picture that results should resemble; `knobs` are the strategy's settings as written, where they
    differ from its defaults.
    """

    what: str = ""
    like: str = ""
    picture: str = ""
    apart: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    undated: bool = True
    strategy: str = DEFAULT_STRATEGY
    knobs: Mapping[str, str] = field(default_factory=dict)
    space: str = ""
    page: int = 1


Params = Mapping[str, Sequence[str]]
"""An address's parameters: each name with all its values."""


# ------------------------------------------------------------------ address


def read(params: Params) -> State:
    """The state that an address tells; what cannot be read counts as not said."""

    def one(name: str) -> str:
        values = params.get(name) or [""]
        return values[-1].strip()

    strategy = one("strategy") or DEFAULT_STRATEGY
    return State(
        what=one("q"),
        like=one("like"),
        picture=one("picture"),
        apart=_distinct(text for value in params.get("apart", ()) if (text := refinement(value))),
        facets={name: _distinct(values) for name, values in params.items() if values and _is_facet(name)},
        first=_whole(one("from")),
        last=_whole(one("to")),
        undated=one("undated") != "drop",
        strategy=strategy,
        knobs={
            name.partition(".")[2]: values[-1]
            for name, values in params.items()
            if name.startswith(f"{strategy}.") and values
        },
        space=one("space"),
        page=max(_whole(one("page")) or 1, 1),
    )


def write(state: State) -> dict[str, list[str]]:
    """The parameters of a state's address; `read` gives the same state back. Defaults are left out."""
    params = {
        "q": [state.what],
        "like": [state.like],
        "picture": [state.picture],
        "apart": list(state.apart),
        "from": ["" if state.first is None else str(state.first)],
        "to": ["" if state.last is None else str(state.last)],
        "undated": ["" if state.undated else "drop"],
        "strategy": ["" if state.strategy == DEFAULT_STRATEGY else state.strategy],
        "space": [state.space],
        "page": ["" if state.page == 1 else str(state.page)],
    }
    params = {name: values for name, values in params.items() if any(values)}
    params |= {name: list(values) for name, values in state.facets.items() if values}
    return params | {f"{state.strategy}.{name}": [value] for name, value in state.knobs.items()}


def refinement(text: str) -> str:
    """A refinement as the address writes it: '-' before what is wanted less, nothing before what is wanted more."""
    text = text.strip()
    words = text.lstrip("+-−–").strip()
    less = text[:1] in ("-", "−", "–")
    return f"{'-' if less else ''}{words}" if words else ""


# ------------------------------------------------------------------ query and plan


def filters(state: State) -> tuple[Filter, ...]:
    """The filters of a state."""
    found: list[Filter] = []
    for name, values in state.facets.items():
        known = tuple(value for value in values if value != UNKNOWN)
        if known:
            found.append(Match(name, known, unknown="keep" if UNKNOWN in values else "drop"))
        elif values:
            found.append(Missing(name))
    return (*found, *years(state.first, state.last, "keep" if state.undated else "drop"))


def query(state: State, queries: Path) -> Query:
    """
    The query of a state; `queries` is the folder of kept query pictures.

    Raises:
        PictureError: If the picture that the address names was not kept here.
    """
    examples = [Example("text", state.what)] if state.what else []
    if state.like:
        examples.append(Example("record", state.like))
    if state.picture:
        file = kept_query(queries, state.picture)
        if file is None:
            raise PictureError(
                "The picture that this address searches with is not kept in this archive: choose it again."
            )
        examples.append(Example("image", f"{file.parent.name}/{file.name}"))  # below the archive, wherever that lies
    apart = (Example("text", one.removeprefix("-"), -1.0 if one.startswith("-") else 1.0) for one in state.apart)
    return Query((*examples, *apart), filters(state))


def strategy(state: State) -> Strategy:
    """
    The strategy of a state, with its settings.

    Raises:
        UnknownNameError: If there is none of that name.
        InvalidInputError: If a setting is unknown or out of its range.
    """
    return from_data(STRATEGIES[state.strategy], dict(state.knobs), f"The strategy {state.strategy!r}")


def plan(state: State, queries: Path) -> Plan:
    """The plan that answers a state; raises what `query` and `strategy` raise."""
    return strategy(state).plan(query(state, queries), LIMIT, state.space)


def browse_plan(state: State, queries: Path, limit: int) -> Plan:
    """The plan of a state that asks nothing that could be ranked: the first records that pass its filters."""
    return strategy(state).plan(query(state, queries), limit, state.space)


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


def _is_facet(name: str) -> bool:
    return name in STANDARD.facets or name.startswith(OWN)


def _whole(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:  # also on more digits than Python reads
        return None
    return number if -_FURTHEST <= number <= _FURTHEST else None
