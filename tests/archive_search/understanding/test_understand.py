"""A sentence as stages: what its words are taken for, in three languages, and that none is lost or invented."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_search.testing import MemoryStore
from archive_search.types import Match, Point, Range
from archive_search.understanding.understand import understand
from archive_search.understanding.understood import Part, Understood

from .conftest import RECORDS, Shelf

SENTENCES = [  # what is typed, what is understood, what is left that means something
    (
        "polished flint axe from Jutland, not a drawing",
        "more=polished | more=flint | "
        "category=axe | filter=Jutland ['Thisted, Jutland', 'Viborg, Jutland']@place | less=drawing",
        "",
    ),
    ("axe", "category=axe", ""),
    ("polished adze", "more=polished | category=adze", ""),
    ("battle axe of flint", "category=battle axe | more=flint", ""),
    ("red car", "more=red | category=car", ""),
    ("silver coins from Ribe", "more=silver | category=coins | filter=Ribe ['Ribe']@place", ""),
    ("hafted axe", "more=hafted | category=axe", ""),
    ("flint axe, polished, broken edge", "more=flint | category=axe | more=polished | more=broken edge", ""),
    ("drawing of an axe", "more=drawing | category=axe", ""),
    ("axes but not drawings of axes", "category=axes | less=drawings of axes", ""),
    ("not a drawing, a polished axe", "less=drawing | more=polished | category=axe", ""),
    ("pots with two handles and a lid", "category=pots | more=two handles | more=lid", ""),
    (
        "comb of antler from Ribe or Viborg",
        "category=comb | more=antler | filter=Ribe ['Ribe']@place | filter=Viborg ['Viborg, Jutland']@place",
        "",
    ),
    ("axes from the Bronze Age", "category=axes | years=Bronze Age (-2600, -700)", ""),
    ("axe before 1200 BC", "category=axe | years=1200 BC (None, -1200)", ""),
    ("axe before 800 AD", "category=axe | years=800 AD (None, 800)", ""),
    ("axe before AD 800", "category=axe | years=AD 800 (None, 800)", ""),
    ("axe after 43 A.D.", "category=axe | years=43 A.D (43, None)", ""),
    ("800 AD axe", "years=800 AD (800, 800) | category=axe", ""),
    ("axe from 800-900 CE", "category=axe | years=800-900 CE (800, 900)", ""),
    ("axe from the 9th century AD", "category=axe | years=9th century AD (801, 900)", ""),
    ("fine axe", "more=fine | category=axe", ""),
    ("fine 9th century axe", "more=fine | years=9th century (801, 900) | category=axe", ""),
    ("økse fra før 800 e.Kr.", "category=økse | years=800 e.Kr (None, 800)", ""),
    ("Axt vor 800 n. Chr.", "category=Axt | years=800 n. Chr (None, 800)", ""),
    ("brooches from between 800 and 1050", "category=brooches | years=800 and 1050 (800, 1050)", ""),
    ("swords not from the Iron Age", "category=swords | less=Iron Age", ""),
    ("coin of the 9th century", "category=coin | years=9th century (801, 900)", ""),
    ("coin from 1200 onwards", "category=coin | years=1200 (1200, None)", ""),
    ("a goblet from the Early Horizon", "category=goblet | years=Early Horizon (-900, -200)", ""),
    ("Globular Amphora pot", "filter=Globular Amphora ['Globular Amphora']@culture | category=pot", ""),
    ("coin by Hedeby mint", "category=coin | filter=Hedeby mint ['Hedeby mint']@creator", ""),
    ("I am looking for pictures of red glass beads, please", "more=red | more=glass | category=beads", ""),
    ("car that is red but not orange", "category=car | more=red | less=orange", ""),
    ("something made of bronze from Skive", "category=bronze | filter=Skive ['Skive']@findspot", ""),
    ("bead -blue +red", "category=bead | less=blue | more=red", ""),
    ("ikke flintøkse", "less=flintøkse", ""),
    ("not polished axe", "less=polished | category=axe", ""),
    ("roman glass from Ribe", "category=glass | filter=Ribe ['Ribe']@place", "roman"),
    ("coin attributed to Hedeby mint", "category=coin | filter=Hedeby mint ['Hedeby mint']@creator", ""),
    ("comb found near Ribe", "category=comb | filter=Ribe ['Ribe']@place", ""),
    ("old bronze", "more=old | category=bronze", ""),
    ("poliched flint axe", "more=poliched | more=flint | category=axe", ""),
    ("axe 120 mm", "category=axe", "120 | mm"),
    ("no. 1234", "category=no. 1234", ""),
    (
        "en slebet flintøkse fra Viborg, ikke en tegning",
        "more=slebet | more=flint | category=økse | filter=Viborg ['Viborg, Jutland']@place | less=tegning",
        "",
    ),
    ("polerede økser fra Jylland", "more=polerede | category=økser | filter=Jylland ['Jylland']@place", ""),
    (
        "bronzealderøkse fra Skive",
        "years=bronzealder (-2600, -700) | category=økse | filter=Skive ['Skive']@findspot",
        "",
    ),
    ("en økse, der ikke er slebet", "category=økse | less=slebet", ""),
    ("vikingetidsfibel af sølv", "years=vikingetid (800, 1050) | category=fibel | more=sølv", ""),
    ("fibel fra vikingetiden uden ornament", "category=fibel | years=vikingetiden (800, 1050) | less=ornament", ""),
    ("lerkar med øskner og hank", "category=lerkar | more=øskner | more=hank", ""),
    ("økser ældre end 3000 f.Kr.", "category=økser | years=3000 f.Kr (None, -3000)", ""),
    ("mønt fra 800-tallet eller senere", "category=mønt | years=800-tallet (800, None)", ""),
    ("tegninger af økser og mejsler", "more=tegninger | category=økser og mejsler", ""),
    ("gul glasperle", "more=gul | more=glas | category=perle", ""),
    ("kam af hjortetak fra Ribe", "category=kam | more=hjortetak | filter=Ribe ['Ribe']@place", ""),
    ("økse fra Als", "category=økse | filter=Als ['Als']@origin", ""),
    ("skive fra Skive", "category=skive | filter=Skive ['Skive']@findspot", ""),
    (
        "polierte Beile aus der Jungsteinzeit",
        "more=polierte | category=Beile | years=Jungsteinzeit (-3900, -2200)",
        "",
    ),
    ("Axt aus Feuerstein, keine Zeichnung", "category=Axt | more=Feuerstein | less=Zeichnung", ""),
    (
        "bronzezeitliche Axt ohne Schaftloch",
        "years=bronzezeitliche (-2600, -700) | category=Axt | less=Schaftloch",
        "",
    ),
    (
        "Zeichnung einer Axt aus Jutland",
        "more=Zeichnung | category=Axt | filter=Jutland ['Thisted, Jutland', 'Viborg, Jutland']@place",
        "",
    ),
    ("Glasperlen aus dem 10. Jahrhundert", "more=Glas | category=perlen | years=10. Jahrhundert (901, 1000)", ""),
    ("Gefäß aus Ton mit Henkel und ohne Fuß", "category=Gefäß | more=Ton | more=Henkel | less=Fuß", ""),
    ("Fibel zwischen 400 und 500 n. Chr.", "category=Fibel | years=400 und 500 n. Chr (400, 500)", ""),
    ("rotes Auto, nicht orange", "more=rotes | category=Auto | less=orange", ""),
    ("Münzen nach 800", "category=Münzen | years=800 (800, None)", ""),
    ("Kämme aus Geweih", "category=Kämme | more=Geweih", ""),
    ("zeige mir goldene Ringe", "more=goldene | category=Ringe", ""),
    ("from Jutland", "filter=Jutland ['Thisted, Jutland', 'Viborg, Jutland']@place", ""),
    ("jernalder", "years=jernalder (-500, 800)", ""),
    ("from Atlantis", "", "Atlantis"),
    ("axe with zzxqy", "category=axe", "zzxqy"),
]


def told(found: Understood) -> str:
    """The parts in one line."""
    return " | ".join(f"{part.role}={part.value}{_asked(part)}" for part in found.parts)


def _asked(part: Part) -> str:
    if part.role == "filter":
        return f" {list(part.values)}@{part.field}"
    return f" {part.years}" if part.years else ""


@pytest.mark.parametrize(("text", "expected", "left"), SENTENCES, ids=[text for text, _, _ in SENTENCES])
def test_sentences(shelf: Shelf, text: str, expected: str, left: str):
    """Sentences of three languages are taken for what somebody who types them means."""
    found = understand(text, shelf)
    assert told(found) == expected
    assert " | ".join(one.value for one in found.left if one.why != "empty") == left


def test_a_part_covers_the_word_that_led_to_it(shelf: Shelf):
    """The place of a part takes in the "not" or "from" before it; its value does not."""
    text = "axe from Jutland, not a drawing"
    found = understand(text, shelf)
    assert [text[part.start : part.end] for part in found.parts] == ["axe", "from Jutland", "not a drawing"]
    assert [part.source for part in found.parts] == ["vocabulary", "archive", "vocabulary"]


def test_what_it_asks_of_an_archive(shelf: Shelf):
    """Parts are what a search is told: words, filters, years; and the query is the same."""
    found = understand("polished axe from Jutland before 1200 BC, not a drawing", shelf)
    assert found.asked() == {
        "text": "axe",
        "refine": ("polished",),
        "exclude": ("drawing",),
        "where": {"place": ["Thisted, Jutland", "Viborg, Jutland"]},
        "years": (None, -1200),
    }
    place, years = found.query().where
    assert place == Match("place", ("Thisted, Jutland", "Viborg, Jutland"))
    assert years == Range("date_from", high=-1200, unknown="keep")


def test_several_values_of_a_field_are_one_filter(shelf: Shelf):
    """What is from Ribe or Viborg is from either."""
    assert understand("comb from Ribe or Viborg", shelf).where == {"place": ["Ribe", "Viborg, Jutland"]}


def test_years_between_two_ends(shelf: Shelf):
    """What is after 800 and before 1050 is of the years between; ends that leave no time are not asked for."""
    assert understand("coin after 800, before 1050", shelf).years == (800, 1050)
    contradictory = understand("coin after 1050, before 800", shelf)
    assert contradictory.years == (1050, None)
    assert [one.why for one in contradictory.left] == ["unaskable"]


def test_a_refinement_tells_what_it_could_be_narrowed_to(shelf: Shelf):
    """What is of flint could be filtered by the archive's own terms for flint, in whatever language they are."""
    (material,) = [part for part in understand("Axt aus Feuerstein", shelf).parts if part.role == "more"]
    assert (material.field, material.values) == ("material", ("flint",))


def test_a_period_means_what_the_archive_dates_it_to(shelf: Shelf):
    """The years of a period are those of the records that are dated by it, else those of the table."""
    assert understand("axe from the Bronze Age", shelf).years == (-2600, -700)
    assert understand("sword from the Iron Age", shelf).years == (-500, 800)


def test_a_period_where_nothing_is_dated():
    """In an archive without years a period is asked for as the catalogue writes it."""
    store = MemoryStore({"demo": 2})
    store.upsert([Point("a", {}, {"object_type": "axe", "period": "Bronzealder"})])
    found = understand("axe from the Bronze Age", Shelf(store))
    assert (found.years, found.where) == (None, {"period": ["Bronzealder"]})


@pytest.mark.parametrize("text", ["", "axe", "brooch", "battle axe", "axes or chisels", "the", "from", "no. 1234"])
def test_nothing_gained(shelf: Shelf, text: str):
    """Where all words say what the thing is, or none says anything, it is false."""
    assert not understand(text, shelf)


def test_halves_of_characters_and_essays_are_left(shelf: Shelf):
    """What cannot be written, or is too long for a question, is left over whole."""
    for text in ("axe \ud800", "axe " * 200):
        found = understand(text, shelf)
        assert not found
        assert len(found.left) == len(text.split()) - ("\ud800" in text)


WORDS = st.sampled_from(
    [
        *(word for text, _, _ in SENTENCES for word in text.split()),
        *("not", "no", "from", "or", "and", "uden", "ikke", "ohne", "aus", "-", ",", "(", "1200", "BC", "før"),
        *(
            "flintøkse",
            "bronzealdersværd",
            "Jutland",
            "the",
            "with",
            "by",
            "of",
            "–",
            "f.Kr.",
            "10.",
            "-500",
            "İstanbul",
        ),
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=60))


@given(TEXTS)
@example("vikingetidsfibel")
@example("ßtonkrug ŉ flintøkse")
@example("İ İflintøkse")
def test_every_word_is_in_one_part(shelf: Shelf, text: str):
    """No text raises; parts and what is left never overlap, and together cover every word."""
    found = understand(text, shelf)
    places = sorted((one.start, one.end) for one in (*found.parts, *found.left))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    covered = {at for start, end in places for at in range(start, end)}
    assert all(at in covered for word in re.finditer(r"\w+", text) for at in range(word.start(), word.end()))
    assert [part.start for part in found.parts] == sorted(part.start for part in found.parts)


@given(TEXTS)
def test_no_word_is_invented(shelf: Shelf, text: str):
    """All that is asked for in words stands in the text; all that a filter asks for stands in the archive."""
    found = understand(text, shelf)
    for part in (*found.parts, *found.left):
        assert part.value in text[part.start : part.end]
    query = found.query()
    assert all(any(part.value == word for part in found.parts) for word in (*found.refine, *found.exclude))
    assert len(query.examples) == bool(found.category) + len(found.refine) + len(found.exclude)
    held = {str(value) for record in RECORDS for values in record.values() for value in _each(values)}
    assert {value for part in found.parts for value in part.values} <= held


def _each(values: object) -> list[object]:
    return values if isinstance(values, list) else [values]
