"""How metadata is put into words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from app.wording import alternative, as_html, markdown
from archive_search.counted import count
from archive_search.metadata.wording import date_of, number_beside, number_of, span, title_of, year_label


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
    assert date_of({"date": "-490 to -480", "date_from": -490, "date_to": -480}) == "490–480 BCE"
    assert date_of({"date": "-480", "date_from": -480, "date_to": -480}, "da") == "480 f.Kr."
    assert date_of({"date": "1650", "date_from": 1650, "date_to": 1650}) == "1650"
    assert date_of({"date": "-490"}) == "-490"


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
    assert "<a " not in as_html("http://a.example and more") + as_html("ftp://a.example")
    assert as_html("http://[half") == '<a href="http://[half" target="_blank" rel="noreferrer">http://[half</a>'
    assert as_html('https://a.example/"x').startswith('<a href="https://a.example/&quot;x"')
    assert as_html("\ud800\x1b") == r"\ud800\x1b"


def test_markdown_is_shown_as_written() -> None:
    """No text becomes Markdown, and what Streamlit turns into signs afterwards is broken in two."""
    assert markdown("[x](y) *z* $1$ :red[no]") == r"\[x\]\(y\) \*z\* \$1\$ \:red\[no\]"
    assert markdown("1. Pinax") == r"1\. Pinax"
    assert markdown("two\n lines\x07") == r"two lines\\x07"
    assert markdown(":smile:") == r"\::small[]smile\:"


TURNED = (  # what Streamlit's page turns into something else within one text, after Markdown is read
    r":material_\w+:|:streamlit:|:\+1:|:-1:|:[\w-]+:",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    r"(https?://|www(?=\.))[-.\w]+[^ \t\r\n]*",
    r"[-.\w+]+@[-\w]+(\.[-\w]+)+",
)


PIECES = [*"*_`~$:[](){}<>!#|&-+=.^/@\\a1 \n", "www", "http://", "smile", "->"]


@given(some.lists(some.sampled_from(PIECES)).map("".join))
def test_any_text_is_only_text(text: str) -> None:
    """Whatever the text, its Markdown is one paragraph of plain text, which says it, and nothing in it is turned."""
    pieces = markdown(text).split(":small[]")
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse("".join(pieces))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    inline = [one for token in tokens for one in token.children or ()]
    assert {one.type for one in inline} <= {"text", "text_special"}
    assert "".join(one.content for one in inline) == " ".join(text.split())
    for piece in pieces:
        plain = re.sub(r"\\(.)", r"\1", piece)
        assert not any(re.search(turned, plain, re.IGNORECASE) for turned in TURNED)


def test_count() -> None:
    """One is singular."""
    assert (count(1, "picture"), count(1204, "picture")) == ("1 picture", "1,204 pictures")
