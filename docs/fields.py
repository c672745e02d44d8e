"""Makes `docs/reference/fields.md` from the table of fields: `python docs/fields.py`."""

from __future__ import annotations

from pathlib import Path

from archive_search.metadata.fields import FIELDS, LOCATORS
from archive_search.metadata.table import Field

FILE = Path(__file__).parent / "reference" / "fields.md"
HEAD = """# Fields

Made from the table in `archive_search/metadata/fields.py` by `python docs/fields.py`. How columns fill them:
[ingest.md](../ingest.md#fields); how they are asked for: [search.md](../search.md).

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


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
