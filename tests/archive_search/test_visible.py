"""Text from outside, made fit to be shown."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as some

from archive_search.visible import visible

DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
odd = some.one_of(some.characters(categories=["Cc", "Cs", "Zl", "Zp"]), some.sampled_from("\u202e\u2066"))
any_text = some.text(some.one_of(some.characters(), odd))


@given(any_text, some.booleans())
def test_nothing_unshowable_stays(text: str, lines: bool) -> None:
    """No control character, line separator, override of the direction or lone surrogate is left."""
    shown = visible(text, lines)
    for one in shown:
        assert unicodedata.category(one) not in ("Cc", "Cs", "Zl", "Zp") or (lines and one in "\t\n"), repr(one)
        assert unicodedata.bidirectional(one) not in DIRECTIONS, repr(one)
    shown.encode()


@given(any_text)
def test_nothing_is_lost(text: str) -> None:
    """Every character stands in its place, as itself or as its escape."""
    rest = visible(text)
    for one in text:
        forms = (one, f"\\x{ord(one):02x}", f"\\u{ord(one):04x}", {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(one, one))
        form = next(form for form in forms if rest.startswith(form))
        rest = rest.removeprefix(form)
    assert not rest


def test_examples() -> None:
    """The escapes of terminals and line ends are written out; letters of all scripts and emoji stay."""
    assert visible("\x1b[31mA\n\u202eB\x9b\ud800") == r"\x1b[31mA\n\u202eB\x9b\ud800"
    assert visible("Ærø, Ελλάς, مصر, 日本, 👩‍🔬, e\u0301") == "Ærø, Ελλάς, مصر, 日本, 👩‍🔬, e\u0301"
    assert visible("a\r\nb\rc\td\x07", lines=True) == "a\nb\nc\td\\x07"
