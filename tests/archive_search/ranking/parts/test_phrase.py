"""One phrase from the texts of a query."""

from archive_search.ranking.parts.phrase import phrase
from archive_search.types import Example


def text(words: str, weight: float = 1.0) -> Example:
    """A text example."""
    return Example("text", words, weight)


def test_refinements_come_before_the_category_without_its_article():
    """From "A car", "red" and "small" comes "red small car"."""
    assert phrase((text("A car"), text("red"), text("small"))) == (text("red small car"),)
    assert phrase((text("en økse"), text("slebet"))) == (text("slebet økse"),)


def test_one_text_stays_as_it_was_typed():
    """A single text is asked word for word."""
    assert phrase((text("A car"),)) == (text("A car"),)


def test_negative_texts_and_other_examples_stay():
    """What is unwanted, or no text, keeps its place behind the phrase."""
    like = Example("record", "A1")
    assert phrase((text("car"), like, text("red"), text("drawing", -1.0))) == (
        text("red car"),
        like,
        text("drawing", -1.0),
    )
