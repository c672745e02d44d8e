"""Values that people ask for: where no record holds one, those that are spelled almost alike are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_search.metadata.known_ids import MOST, almost_alike
from archive_search.metadata.table import OWN
from archive_search.remark import Remark
from archive_search.types import Filter, Match, Store

VALUES = 10_000
"""Values of a field that are looked through, the commonest."""


def unheld(store: Store, where: Sequence[Filter]) -> Iterator[str]:
    """A sentence for each value that filters ask for and no record holds, with those that it may have meant."""
    for one in where:
        if not isinstance(one, Match) or one.field not in store.fields.keywords:
            continue
        held = store.facet(one.field, limit=VALUES)
        name = one.field.removeprefix(OWN)
        if not held:
            yield Remark("No record holds anything in the field {field}.", field=repr(name))
            continue
        for value in dict.fromkeys(one.values):
            if value in held or store.count((Match(one.field, (value,)),)):
                continue
            alike = almost_alike(value, held)
            yield Remark(
                "No record holds {value} in the field {field}. {meant}",
                value=repr(value),
                field=repr(name),
                meant=Remark("Spelled like it: {values}.", values=alike)
                if alike
                else Remark("Values there: {values}.", values=[*held][:MOST]),
            )
