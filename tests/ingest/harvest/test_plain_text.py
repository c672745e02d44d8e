"""HTML in metadata becomes the text that it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.harvest.plain_text import plain_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A library<br/>License: <a target='_top' href='https://a'>CC BY 4.0</a>", "A library\nLicense: CC BY 4.0"),
        ("<p>One</p><p>two &amp; three</p>", "One\ntwo & three"),
        ('<span>Public Domain<br/><img src="x.png" onerror="alert(1)"/></span>', "Public Domain"),
        ("<script>alert(1)</script>Axe<style>a {}</style>", "Axe"),
        ("<SCRIPT >alert('</p>')</SCRIPT>Axe", "Axe"),
        ("Druckerei W. Clausen <Büsum>", "Druckerei W. Clausen <Büsum>"),
        ("L < 5 cm, D > 3 cm", "L < 5 cm, D > 3 cm"),
        ("https://a.example/?a=1&copy=2", "https://a.example/?a=1&copy=2"),
        ("K&oslash;benhavn &#248;", "København ø"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ],
)  # fmt: skip
def test_tags_go_and_text_stays(written, shown):
    """Tags of HTML are left out with scripts and styles, paragraphs are lines, and what only looks like HTML stays."""
    assert plain_text(written) == shown


@given(st.text())
def test_plain_text_of_anything_is_text_without_scripts(text):
    """Whatever stands around it, what a script would do is never shown, and nothing raises."""
    assert "alert(1)" not in plain_text(f"<script>alert(1)</script>{text.replace('alert', '')}")


def test_long_hostile_texts_take_no_long_time():
    """A hundred thousand opened brackets are read in one pass."""
    assert plain_text("<a " * 100_000 + "<!--" * 100_000)
