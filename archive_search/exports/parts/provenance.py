"""The provenance that an export carries, as JSON: all that is needed to read the set, to check it and to repeat it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from archive_search.exporting import Outgoing
from archive_search.metadata.sensitive import is_sensitive
from archive_search.plan import Plan, from_json, to_json
from archive_search.reading import parse_json
from archive_search.saved import SavedHead
from archive_search.types import Hit, InvalidInputError, Ranking

KEY = "archive-search"
"""The name under which files keep it in their metadata."""
WITHHELD = "(left out)"
"""Stands where a plan names a sensitive record that does not leave."""
AT_ONCE = 256
"""So many payloads are read at once."""
ON_A_LINE = 100
"""So many hits of the ranking stand on a line, where there are lines."""


class Carried(SavedHead):
    """The saved form of a result set but for its hits, and what left of it: which hits in which order, and what not."""

    left_out: dict[str, int]
    """How many records were left out, by reason: `sensitive`, `licence`."""
    only_open: bool
    """Whether only that left which its licence lets anybody pass on."""
    sensitive: list[str]
    """Ids of sensitive records that were asked for by name; all others stayed."""
    withheld: int
    """How many sensitive records the question names that stayed: a plan that has any cannot be run again."""
    ranking: list[tuple[str, float]]
    """Id and score of every hit that left, best first."""

    def hits(self) -> Ranking:
        """The ranking that left, without payloads."""
        return tuple(Hit(*one) for one in self.ranking)


def provenance(outgoing: Outgoing, indent: int | None = None) -> str:
    """
    What is carried, as JSON (`docs/reference/export.schema.json`); no id of a sensitive record that stays is in it.

    On one line, or, with `indent`, with `ON_A_LINE` hits of the ranking on a line.
    """
    head, withheld = _head(outgoing)
    told = {
        **head,
        "left_out": dict(outgoing.left_out),
        "only_open": outgoing.only_open,
        "sensitive": sorted(outgoing.sensitive),
        "withheld": withheld,
    }
    hits = [json.dumps([hit.id, float(hit.score)], ensure_ascii=False) for hit in outgoing.ranking]
    lines = [", ".join(hits[first : first + ON_A_LINE]) for first in range(0, len(hits), ON_A_LINE)]
    text = json.dumps(told, ensure_ascii=False, indent=indent)
    if indent is None:
        return f'{text[:-1]}, "ranking": [{", ".join(lines)}]}}'
    between = ",\n" + " " * indent
    return f'{text[:-2]}{between}"ranking": [\n{" " * indent}{between.join(lines)}\n{" " * indent}]\n}}'


def shown_head(outgoing: Outgoing) -> dict[str, Any]:
    """The saved form of the set but for its hits, as it may be shown: without ids of sensitive records that stay."""
    return _head(outgoing)[0]


def shown_plan(outgoing: Outgoing) -> Plan:
    """The plan as it may be shown."""
    return from_json(shown_head(outgoing)["plan"])


def shown_remarks(outgoing: Outgoing) -> list[str]:
    """The remarks as they may be shown."""
    return list(shown_head(outgoing)["remarks"])


def withheld(outgoing: Outgoing) -> tuple[str, ...]:
    """The sensitive records that the question names and that stay: what has any cannot be rerun."""
    plan = to_json(outgoing.found.plan)
    asked = {**plan, "steps": [one for one in plan["steps"] if one["step"] != "chosen"]}
    return tuple(sorted(_secret(outgoing, asked)))


def read(text: str, what: str) -> Carried:
    """
    The provenance that an export carries, of its JSON; `what` names it in errors.

    Raises:
        InvalidInputError: If it is none, naming the field.
    """
    parse_json(text, what)
    try:
        return Carried.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the text"
        raise InvalidInputError(f"{what} is not what an export carries: {where}: {first['msg']}.") from error


def schema() -> dict[str, Any]:
    """The JSON Schema of what is carried, draft 2020-12."""
    title = "what an export of archive-search carries"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Carried.model_json_schema(), "title": title}


# ---------------------------------------------------------------------- what stays


def _head(outgoing: Outgoing) -> tuple[dict[str, Any], int]:
    """The saved form but for the hits and for ids of sensitive records that stay, and how many its plan named."""
    head = outgoing.found.head().model_dump(mode="json")
    behind = _leaving(outgoing, [one for some in head["stacks"].values() for one in some])
    stacks = {one: [other for other in some if other in behind] for one, some in head["stacks"].items()}
    head["stacks"] = {one: some for one, some in stacks.items() if some and one not in outgoing.kept}
    chosen = {number: one["ids"] for number, one in enumerate(head["plan"]["steps"]) if one["step"] == "chosen"}
    for (
        number
    ) in chosen:  # they are the answer, not the question: looked at some at a time, and left out without a mark
        head["plan"]["steps"][number]["ids"] = []
    secret = _secret(outgoing, head["plan"])
    told = _replaced(head, lambda text: _hidden(text, secret))
    for number, ids in chosen.items():
        told["plan"]["steps"][number]["ids"] = list(_named(outgoing, ids))
    return told, len(secret)


def _named(outgoing: Outgoing, ids: Sequence[str]) -> Iterator[str]:
    """Those of these records that may be named; one of which nothing is known may not."""
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        known = outgoing.found.holdings.payloads(some)
        for one in some:
            if one in known and (one in outgoing.sensitive or not is_sensitive(known[one])):
                yield one


def _leaving(outgoing: Outgoing, ids: Sequence[str]) -> set[str]:
    """Those of these records that may leave; one of which nothing is known may not."""
    known = outgoing.found.holdings.payloads(ids)
    return {one for one, payload in known.items() if not outgoing.kept_back(Hit(one, 0.0, payload))}


def _secret(outgoing: Outgoing, plan: Any) -> set[str]:
    """The records that a plan names and that must not be named: sensitive ones, and those of which nothing is known."""
    named = {part for text in _texts(plan) for part in (text, text.partition("@")[2]) if part}
    known = outgoing.found.holdings.payloads(sorted(named))
    secret = {one for one, payload in known.items() if is_sensitive(payload)}
    return (secret | (set(_records(plan)) - known.keys())) - outgoing.sensitive


def _records(data: Any) -> Iterator[str]:
    """What stands in a plan where the id of a record is meant."""
    if isinstance(data, dict):
        if data.get("kind") == "record":
            yield str(data.get("value"))
        for name, value in data.items():
            yield from _texts(value) if name in ("liked", "disliked") else _records(value)
    elif isinstance(data, list):
        for one in data:
            yield from _records(one)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _texts(one)


def _hidden(text: str, secret: set[str]) -> str:
    """A text without the id of a record that stays: the whole of it, or what a region is a part of."""
    part, at, record = text.partition("@")
    return WITHHELD if text in secret else f"{part}{at}{WITHHELD}" if record in secret else text


def _replaced(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, dict):
        return {name: _replaced(value, change) for name, value in data.items()}
    if isinstance(data, list):
        return [_replaced(one, change) for one in data]
    return change(data) if isinstance(data, str) else data
