"""A plan that was kept, as the address of a search and in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from app.language import _, ngettext, number
from app.state import DEFAULT_STRATEGY, POINT, UNKNOWN, State, query, strategy, with_weight
from archive_search.archive import Archive
from archive_search.knobs import to_data
from archive_search.plan import Plan, from_json, query_from_json
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.objects import Objects
from archive_search.strategies import STRATEGIES
from archive_search.strategy_file import configured
from archive_search.types import ArchiveSearchError, Filter, Match, Missing, Query, Range, Within


def state_of(
    archive: Archive, data: Mapping[str, Any], by: str = "", settings: Mapping[str, Any] | None = None
) -> State | None:
    """
    The state whose address asks what a plan asks; None where no address says it.

    Args:
        archive: that it is asked of.
        data: the plan as JSON data.
        by: the strategy that made it, with its settings.
        settings: all of the strategy's, or those that differ from its defaults.
    """
    try:
        plan = from_json(dict(data))
        state = _state(archive, plan)
        if (by or DEFAULT_STRATEGY) not in STRATEGIES:
            return None
        made = configured(by or DEFAULT_STRATEGY, settings or {})
        knobs = {name: str(value) for name, value in to_data(made).items()}
        state = dataclasses.replace(state, strategy=by or DEFAULT_STRATEGY, knobs=knobs)
        strategy(state)
        again = query(state, archive.queries)
    except ArchiveSearchError:
        return None
    same = again.examples == plan.query.examples and set(again.where) == set(plan.query.where)
    return state if same else None


def _state(archive: Archive, plan: Plan) -> State:
    examples = list(plan.query.examples)
    what = ""
    if examples and examples[0].kind == "text" and examples[0].weight == 1:
        what = examples.pop(0).value
    apart = [one for one in examples if one.kind == "text"]
    below = f"{archive.queries.name}/"  # where pictures that were brought lie
    by_kind: dict[str, tuple[str, ...]] = {"record": (), "image": (), "region": ()}
    for one in examples:
        if one.kind in by_kind:
            value = one.value.removeprefix(below) if one.kind == "image" else one.value
            by_kind[one.kind] += (with_weight(value, one.weight),)
    judged = next((step for step in plan.steps if isinstance(step, Feedback)), Feedback())
    return State(
        what=what,
        like=by_kind["record"],
        picture=by_kind["image"],
        region=by_kind["region"],
        apart=tuple(f"{'-' if one.weight < 0 else ''}{with_weight(one.value, abs(one.weight))}" for one in apart),
        liked=judged.liked,
        disliked=judged.disliked,
        **_known(plan.query.where),
        space=plan.space,
        grouped=(not examples and not what) or any(isinstance(step, Objects) for step in plan.steps),
    )


def _known(where: tuple[Filter, ...]) -> dict[str, Any]:
    """What is known, as far as an address says it; what it does not say is left out."""
    facets: dict[str, tuple[str, ...]] = {}
    told: dict[str, Any] = {"facets": facets}
    for one in where:
        if isinstance(one, Match):
            facets[one.field] = (*one.values, *([UNKNOWN] if one.unknown == "keep" else []))
        elif isinstance(one, Missing):
            facets[one.field] = (UNKNOWN,)
        elif isinstance(one, Within) and one.field == POINT:
            told["box"] = one.box
        elif isinstance(one, Range) and one.field in ("date_to", "date_from"):
            end, year = ("first", one.low) if one.field == "date_to" else ("last", one.high)
            told |= {end: None if year is None else int(year), "undated": one.unknown == "keep"}
    return told


def in_words(data: Mapping[str, Any]) -> str:
    """What a plan asks for, in one line."""
    try:
        asked = query_from_json(dict(data).get("query", {}))
    except ArchiveSearchError:
        return _("a plan that this version cannot read")
    return words(asked)


def words(asked: Query) -> str:
    """What a query asks for, in one line: “axe”, “polished”, not “drawing”; 2 filters."""
    named = {
        "record": _("like {what}"),
        "image": _("like a picture that was brought"),
        "region": _("like a part of {what}"),
        "video": _("like a film"),
        "audio": _("like a recording"),
    }
    said = []
    for one in asked.examples:
        what = one.value.rpartition("@")[2] if one.kind == "region" else one.value
        text = f"“{what}”" if one.kind == "text" else named[one.kind].replace("{what}", what)
        said.append(_("not {what}").replace("{what}", text) if one.weight < 0 else text)
    values = [value for one in asked.where if isinstance(one, Match) for value in one.values]
    others = len(asked.where) - sum(isinstance(one, Match) for one in asked.where)
    told = [", ".join(said), ", ".join(values)]
    if others:
        told.append(ngettext("{count} more filter", "{count} more filters", others).format(count=number(others)))
    return "; ".join(filter(None, told)) or _("everything")
