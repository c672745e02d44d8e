"""How metadata is put into words."""

from __future__ import annotations

import pytest

from app.wording import (
    alternative,
    as_html,
    count,
    date_of,
    markdown,
    number_beside,
    number_of,
    span,
    title_of,
    year_label,
)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (-3900, -1700, "3900–1700 BCE"),
        (-200, 100, "200 BCE – 100 CE"),
        (800, 1050, "800–1050 CE"),
        (1500, 1650, "1500–1650"),
        (1650, 1650, "1650"),
        (-500, -500, "500 BCE"),
        (None, 400, "400 CE"),
        (None, None, ""),
    ],
)
def test_span(first: int | None, last: int | None, said: str) -> None:
    """Years are written as people write them, before our era with BCE."""
    assert span(first, last) == said


def test_year_label() -> None:
    """A year before our era has no minus."""
    assert [year_label(year) for year in (-3900, 0, 400, 1978)] == ["3900 BCE", "0 CE", "400 CE", "1978"]


def test_names() -> None:
    """A record without a title is called by what it is, then by its number."""
    assert title_of({"title": "Thin-butted axe", "object_type": "axe"}) == "Thin-butted axe"
    assert title_of({"object_type": ["axe", "tool"]}) == "axe, tool"
    assert title_of({"id": "r1", "object_id": "B12"}) == number_of({"id": "r1", "object_id": "B12"}) == "B12"
    assert number_beside({"id": "r1", "title": "Axe"}) == "r1"
    assert number_beside({"id": "r1", "object_id": "B12"}) == ""
    assert date_of({"date": "c. 3000 BC", "date_from": -3000}) == "c. 3000 BC"


def test_alternative() -> None:
    """A picture's alternative text says once what is known of it, and is never empty."""
    payload = {"title": "axe", "object_type": "axe", "material": "flint", "period": "Neolithic", "place": "Møn"}
    assert alternative(payload) == "axe, flint, Neolithic, Møn"
    assert alternative({}) == "Picture without metadata"


def test_metadata_is_shown_as_written() -> None:
    """No metadata can become markup, and only web addresses become links."""
    assert as_html("<script>") == "&lt;script&gt;"
    assert as_html(["a", {"b": "<c>"}]) == "a, b: &lt;c&gt;"
    assert as_html("javascript:alert(1)") == "javascript:alert(1)"
    assert as_html('https://a.example/"x').startswith('<a href="https://a.example/&quot;x"')
    assert markdown("[x](y) *z* $1$ :red[no]") == r"\[x\]\(y\) \*z\* \$1\$ \:red\[no\]"


def test_count() -> None:
    """One is singular."""
    assert (count(1, "picture"), count(1204, "picture")) == ("1 picture", "1,204 pictures")
