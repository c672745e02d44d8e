"""Makes docs/reference/fields.md from the table of fields."""

from __future__ import annotations

from archive_search.metadata.fields import FIELDS, LOCATORS
from archive_search.metadata.table import Field

HEAD = """# Fields

What a record can say. Every field can be asked for (`--where material=flint`: [Search](../how-to/search.md)).
"Filter with counts" are those that the page offers with the number of records for each value; "words" is what a
word in the field weighs when the catalogue's words are searched; the last columns are its place in LIDO, Dublin
Core, IIIF Presentation 3 and CSL. How columns fill fields: [Ingest your pictures](../how-to/ingest.md#fields).
An archive may have [fields of its own](../how-to/ingest.md#fields-of-your-own) besides.

Made from the table in `archive_search/metadata/fields.py` by `python -m docs.making`.

| field | called | holds | filter with counts | words | LIDO | Dublin Core | IIIF | CSL |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
COLUMNS = """
## Names of columns

A column with one of these names fills the field, whatever its case, spaces and signs; letters such as ø may be written
with what stands for them (oe), accents may be left out.

| field | names |
| --- | --- |
"""


def text() -> str:
    """The page."""
    rows = "".join(_row(one) for one in FIELDS)
    names = "".join(f"| `{one.name}` | {_names(one)} |\n" for one in (*LOCATORS, *FIELDS) if one.columns)
    return HEAD + rows + COLUMNS + names


def _row(one: Field) -> str:
    places = (f"`{one.standard[name]}`" if name in one.standard else "" for name in ("lido", "dc", "iiif", "csl"))
    kind = f"{one.kind}, {one.unit}" if one.unit else one.kind
    words = f"{one.words:g}" if one.words else ""
    cells = (f"`{one.name}`", one.said(), kind, "yes" if one.facet else "", words, *places)
    return f"| {' | '.join(cells)} |\n"


def _names(one: Field) -> str:
    return ", ".join(dict.fromkeys(name for names in one.columns.values() for name in names.split()))
