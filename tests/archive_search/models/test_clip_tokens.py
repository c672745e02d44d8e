"""Word pieces: the same as the official tokenizer's, on titles and on whatever people type."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.models.clip_tokens import LENGTH, clean, clip_tokens
from tests import oracle

TITLES = Path(__file__).parents[4] / "shared/data/images.csv"
ODD = (
    "",
    " ",
    "A red car",
    "Flækkeskraber, Ærø: Økse ÆØÅ æøå",
    "antler &amp; bone &lt;polished&gt; &amp;amp; &oslash;",
    "“curly” ‘quotes’ – and dashes — ﬁ ½ Ⅳ ² № ª",
    "don't they're I'LL it'S 'tis",
    "😀 👩‍🔧 🇩🇰 axe",
    "Ã¸kse and Ã¦ble: mended",
    "line\nbreak\ttab\u00a0space\u3000wide",
    "石斧 каменный топор πέλεκυς فأس",
    "İstanbul ẞ ſ K e\u0301",
    "_under_score_ a_b 12a3 1,234.5 !!! ...",
    "<|startoftext|> <|endoftext|> <|ENDOFTEXT|>",
    "\x00\x1b[31mred\ufeff\ud83d",
    "a " * 100,
    "antler hammer with an off-centre shaft hole and a polished edge, " * 10,
    "x" * 10_000,
    "http://example.org/a?b=c&d=e#f",
)


def assert_same(official, text: str) -> None:
    ours = clip_tokens().tokens(text)
    assert (ours + [0] * LENGTH)[:LENGTH] == official(text).tolist(), text


@pytest.fixture(scope="module")
def official():
    return oracle.tokenizer()


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:20]))
def test_odd_texts_read_as_officially(official, text: str) -> None:
    """Danish letters, emoji, entities, broken encodings and texts that are too long give the official tokens."""
    assert_same(official, text)


def test_real_titles_read_as_officially(official) -> None:
    """Thousands of real titles, materials and descriptions give the official tokens."""
    if not TITLES.is_file():
        pytest.skip("the real titles are not here")
    with TITLES.open(encoding="utf-8", newline="") as file:
        texts = {row[field] for row in csv.DictReader(file) for field in ("title", "material", "description")}
    texts = sorted(texts)[::2]
    assert len(texts) > 3000
    for text in texts:
        assert_same(official, text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_reads_as_officially(official, text: str) -> None:
    """Whatever is typed gives the official tokens."""
    assert_same(official, text)


def test_a_text_that_fits_is_filled_with_zeros() -> None:
    """77 tokens: the start, the words, the end, and zeros."""
    assert clip_tokens().fitted("a car") == [49406, 320, 1615, 49407] + [0] * 73


def test_a_longer_text_keeps_its_end_token() -> None:
    """Of a text that is too long the first 76 tokens stay, then comes the end, from which the vector is read."""
    tokens = clip_tokens()
    whole = tokens.tokens("a " * 200)
    assert tokens.fitted("a " * 200) == [*whole[:76], tokens.end]
    assert len(tokens.fitted("a " * 75)) == len(tokens.fitted("a " * 76)) == LENGTH


def test_what_is_read_and_what_is_not() -> None:
    """A text comes back as the part that fits and the rest, whole words of any script."""
    text = " ".join(f"økse {number}" for number in range(60))
    read, rest = clip_tokens().read(text)
    assert read.startswith("økse 0 økse 1")
    assert rest.endswith("økse 5 9")
    assert clip_tokens().read("Rød økse") == ("rød økse", "")


def test_ten_thousand_letters_take_no_time() -> None:
    """A word of any length is read without looking at all of it."""
    assert len(clip_tokens().fitted("qzxj" * 5000)) == LENGTH


def test_cleaning() -> None:
    """Entities are resolved twice, encodings mended, letters lowered, spaces made one."""
    assert clean("  A &amp;amp; B\n“Ã¸kse” ") == 'a & b "økse"'
