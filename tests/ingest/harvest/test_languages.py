"""Which language is taken."""

import pytest

from ingest.harvest.languages import in_language, one_of, primary

SAID = [("da", "økse"), ("en-GB", "axe"), ("", "A 1"), ("eng", "hatchet")]


@pytest.mark.parametrize(
    ("languages", "taken"),
    [
        (["en"], ["axe", "hatchet"]),
        (["fr", "da"], ["økse"]),
        (["fr"], ["A 1"]),
        ([], ["A 1"]),
    ],
)
def test_the_first_language_that_something_is_said_in_is_taken(languages, taken):
    """The first wanted language counts, by any spelling of its tag; else what has none; else what comes first."""
    assert in_language(SAID, languages) == taken


def test_what_tells_no_language_has_that_of_its_record():
    """A text without a tag is in the language that its record is in."""
    assert one_of([("", "økse"), ("en", "axe")], ["da"], "da") == "økse"
    assert one_of([("de", "Axt")], ["da"]) == "Axt"
    assert one_of([("de", " ")], ["da"]) == ""


def test_tags_name_their_language():
    """Regions, case and three letters make no other language; tags for 'none' name none."""
    assert [primary(tag) for tag in ("EN", "en_US", "ger", "none", "und", "ja-Hira")] == [
        "en",
        "en",
        "de",
        "",
        "",
        "ja",
    ]
