"""GeoJSON: the find-spots on a map, those without coordinates listed apart; provenance as a member of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TextIO

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.find_spot import find_spot
from archive_search.exports.parts.provenance import KEY, provenance, shown_plan
from archive_search.exports.parts.rows import RANKS, columns, row_of
from archive_search.exports.parts.told import asked
from archive_search.knobs import knob
from archive_search.reading import parse_json, read_text
from archive_search.types import InvalidInputError


@dataclass(frozen=True)
class GeoJson:
    """
    A FeatureCollection (RFC 7946) of the records whose find-spot has coordinates, each with its row as properties.

    Those without are features without geometry in the member `without_point`, so that no map shows them anywhere and
    nobody takes what is on the map for all that was found; `with_point` and `hits` say how many of how many are on it.
    """

    summary: ClassVar[str] = "find-spots on a map, those without coordinates listed apart; provenance within"
    endings: ClassVar[tuple[str, ...]] = (".geojson",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    fields: tuple[str, ...] = knob((), "Properties", help="Fields and columns; none named: all.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """Two or three passes: those on the map, those that are not, and, where fields are named, one to check them."""
        wanted = set(columns(outgoing.silent(), self.fields)) if self.fields else None
        with target.open("w", encoding="utf-8") as file:
            name = json.dumps(asked(shown_plan(outgoing), "en"), ensure_ascii=False)
            file.write(f'{{"type": "FeatureCollection", "name": {name},\n"{KEY}": {provenance(outgoing)},\n')
            file.write('"features": [')
            on_map = _features(file, outgoing, wanted, on_map=True)
            file.write('\n],\n"without_point": [')
            others = _features(file, outgoing.silent(), wanted, on_map=False)
            file.write(f'\n],\n"with_point": {on_map}, "hits": {on_map + others}}}\n')

    @classmethod
    def carried(cls, target: Path) -> str:
        """Its member `archive-search`."""
        data = parse_json(read_text(target, "The GeoJSON"), f"{target}")
        if not isinstance(data, dict) or KEY not in data or data.get("type") != "FeatureCollection":
            raise InvalidInputError(f"{target} is no GeoJSON that carries provenance.")
        return json.dumps(data[KEY], ensure_ascii=False)


def _features(file: TextIO, outgoing: Outgoing, wanted: set[str] | None, on_map: bool) -> int:
    count = 0
    for rank, hit in outgoing:
        place = find_spot(hit.payload)
        if (place is not None) != on_map:
            continue
        geometry = {"type": "Point", "coordinates": [place[1], place[0]]} if place else None
        row = row_of(outgoing, rank, hit)
        told: dict[str, Any] = {name: row[name] for name in row if wanted is None or name in wanted}
        told = {**{name: told.pop(name) for name in RANKS}, **told}
        feature = {"type": "Feature", "id": hit.id, "geometry": geometry, "properties": told}
        file.write(("," if count else "") + "\n" + json.dumps(feature, ensure_ascii=False, default=str))
        count += 1
    return count


EXPORTS: Mapping[str, type[Export]] = {"geojson": GeoJson}
