"""The reference of fields is that of the table."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_is_made_from_the_table():
    """`docs/reference/fields.md` is what `python docs/fields.py` writes."""
    made = runpy.run_path(str(DOCS / "fields.py"))["text"]()
    assert (DOCS / "reference" / "fields.md").read_text(encoding="utf-8") == made
