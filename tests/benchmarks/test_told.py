"""Figures in the documents."""

import pytest

from benchmarks.told import put


def test_figures_are_put_between_their_marks(tmp_path):
    """What stood there is replaced, what stands around stays, and a page without the marks is left as it is."""
    page = tmp_path / "page.md"
    page.write_text("A\n<!-- speed -->\nold\n<!-- end of speed -->\nB\n", encoding="utf-8")
    put(page, "speed", "1 ms")
    put(page, "speed", "2 ms")
    whole = "A\n<!-- speed -->\n\n2 ms\n\n<!-- end of speed -->\nB\n"
    assert page.read_text(encoding="utf-8") == whole
    with pytest.raises(ValueError, match="no place for size"):
        put(page, "size", "3 MB")
    assert page.read_text(encoding="utf-8") == whole
