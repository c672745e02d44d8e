"""From what a person says to a query."""

import pytest
from PIL import Image

from archive_search.question import question
from archive_search.types import Example, InvalidInputError, Match, Missing, Near, Query, Range, UnknownNameError


def test_words():
    """What it is comes first, then what sets it apart, then what it should be less like, with their weights."""
    asked = question("flint axe", refine=["polished", ("thin", 2.0)], exclude=["drawing"])
    assert asked.examples == (
        Example("text", "flint axe"),
        Example("text", "polished"),
        Example("text", "thin", 2.0),
        Example("text", "drawing", -1.0),
    )


def test_one_refinement_may_be_given_as_a_text():
    """A text where a list is expected is one refinement, not one for each letter."""
    assert question("axe", refine="red").examples[1:] == (Example("text", "red"),)


def test_pictures(tmp_path):
    """A file by its full path, a record by its id, and a part of either."""
    file = tmp_path / "axe.png"
    Image.new("RGB", (4, 4)).save(file)
    assert question(image=file).examples == (Example("image", str(file)),)
    assert question(like="A1").examples == (Example("record", "A1"),)
    assert question(like="A1", region=(0, 0.5, 1, 1)).examples == (Example("region", "0,0.5,1,1@A1"),)


@pytest.mark.parametrize(
    ("wanted", "filtered"),
    [
        ("flint", Match("material", ("flint",))),
        (["flint", "bone"], Match("material", ("flint", "bone"))),
        (["flint", None], Match("material", ("flint",), "keep")),
        (None, Missing("material")),
        ([None], Missing("material")),
    ],
)
def test_what_is_known(wanted, filtered):
    """A value, several, a value or unknown, unknown."""
    assert question(where={"material": wanted}) == Query((), (filtered,))


@pytest.mark.parametrize(
    ("wanted", "filtered"),
    [
        ("80..120", Range("height_mm", 80, 120)),
        ("80,5..", Range("height_mm", 80.5, None)),
        ("..120", Range("height_mm", None, 120)),
        ("−80..120", Range("height_mm", -80, 120)),
        (100, Range("height_mm", 100, 100)),
        (["100", None], Range("height_mm", 100, 100, "keep")),
        (None, Missing("height_mm")),
    ],
)
def test_numbers(wanted, filtered):
    """A number is asked for by itself, or from one to another, open at either end."""
    assert question(where={"height_mm": wanted}) == Query((), (filtered,))


def test_fields_by_their_labels():
    """A field is named as it is called in any of the languages."""
    assert question(where={"Findested": "Ribe"}).where == (Match("findspot", ("Ribe",)),)


def test_near():
    """A place and a distance in kilometres; records without a find-spot are left out."""
    assert question("axe", near=(55.67, 12.56, 10)).where == (Near("point", 55.67, 12.56, 10, "drop"),)
    assert question(where={"point": None}).where == (Missing("point"),)


def test_years():
    """Years overlap; the undated stay unless they are to be dropped."""
    assert question(years=(-4000, None)).where == (Range("date_to", low=-4000, unknown="keep"),)
    assert question(years=(None, -1700), undated="drop").where == (Range("date_from", high=-1700, unknown="drop"),)


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        ({"refine": [" "]}, InvalidInputError, "needs words"),
        ({"refine": [("red", 0.0)]}, InvalidInputError, "above 0"),
        ({"image": "nowhere.png"}, InvalidInputError, "no picture file nowhere.png"),
        ({"region": (0, 0, 1, 1)}, InvalidInputError, "part of one picture"),
        ({"where": {"materiall": "x"}}, UnknownNameError, "no field 'materiall': is 'material' meant"),
        ({"where": {"height_mm": "tall"}}, InvalidInputError, r"height_mm is a number: .* as in height_mm=80\.\.120"),
        ({"where": {"height_mm": "120..80"}}, InvalidInputError, "got '120..80'"),
        ({"where": {"height_mm": ".."}}, InvalidInputError, "is a number"),
        ({"where": {"height_mm": ["1", "2"]}}, InvalidInputError, "is a number"),
        ({"where": {"point": "Ribe"}}, InvalidInputError, "ask for what is near one"),
        ({"near": (95, 0, 1)}, InvalidInputError, "latitude lies between"),
        ({"years": (100, -100)}, InvalidInputError, "later than the last"),
        ({"years": (float("nan"), None)}, InvalidInputError, "A year is a number"),
        ({"undated": "maybe"}, InvalidInputError, "'keep' or 'drop'"),
    ],
)
def test_what_cannot_be_asked_is_told(said, error, told):
    """Each mistake in a sentence of its own."""
    with pytest.raises(error, match=told):
        question("axe", **said)
