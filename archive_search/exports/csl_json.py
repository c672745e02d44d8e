"""CSL JSON: citations for Zotero, Pandoc and other programs of the Citation Style Language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.citations import Citing, Item
from archive_search.exports.parts.markup import no_markup
from archive_search.exports.parts.provenance import KEY, provenance
from archive_search.reading import parse_json, read_text
from archive_search.types import InvalidInputError


@dataclass(frozen=True)
class CslJson(Citing):
    """
    A list of items: first the set itself, whose `custom` holds the provenance, then a citation for each object.

    Texts are the catalogue's, but for an invisible word joiner (U+2060) after each < that would begin markup: CSL JSON
    may hold some, and not every processor escapes what is none of it.
    """

    summary: ClassVar[str] = "citations of the set and of each object, for Zotero and Pandoc; provenance within"
    endings: ClassVar[tuple[str, ...]] = (".csl.json", ".csljson")
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """One pass."""
        cited = self.items(outgoing)
        with target.open("w", encoding="utf-8") as file:
            text = json.dumps(_no_markup(next(cited)), ensure_ascii=False)
            file.write(f'[{text[:-1]}, "custom": {{"{KEY}": {provenance(outgoing)}}}}}')
            for item in cited:
                file.write(",\n" + json.dumps(_no_markup(item), ensure_ascii=False))
            file.write("]\n")

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in `custom` of the first item."""
        data = parse_json(read_text(target, "The citations"), f"{target}")
        try:
            told = data[0]["custom"][KEY]
        except (LookupError, TypeError) as error:
            raise InvalidInputError(f"{target} is no CSL JSON that carries provenance.") from error
        return json.dumps(told, ensure_ascii=False)


def _no_markup(item: Item) -> Item:
    """The same item; no text in it is taken for markup."""

    def text(value: Any) -> Any:
        if isinstance(value, str):
            return no_markup(value)
        if isinstance(value, list):
            return [text(one) for one in value]
        return {name: text(one) for name, one in value.items()} if isinstance(value, dict) else value

    return {name: value if name == "custom" else text(value) for name, value in item.items()}


EXPORTS: Mapping[str, type[Export]] = {"csl-json": CslJson}
