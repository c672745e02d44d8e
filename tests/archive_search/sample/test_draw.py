import colorsys
from dataclasses import replace

import numpy as np
import pytest

from archive_search.sample.depiction import KINDS, Depiction, random_depiction
from archive_search.sample.draw import draw
from archive_search.sample.varieties import VARIETIES

BEAD = Depiction("bead", "glass", "blue", None, ("round",), "complete", "photograph", 0, 17)

HUES = {"red": 0, "orange": 26, "yellow": 46, "golden": 40, "green": 148, "blue": 219, "brown": 26}
"""The middle of what each word means, degrees."""


def pixels(depiction, size=96):
    return np.asarray(draw(depiction, size), dtype=float)


def saturation(picture):
    return picture.max(axis=2) - picture.min(axis=2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("style", ["photograph", "drawing"])
def test_same_depiction_same_picture(kind, style):
    """The same depiction is drawn to the same pixels each time."""
    depiction = replace(random_depiction(np.random.default_rng(4), kind), style=style)
    assert draw(depiction, 64).tobytes() == draw(depiction, 64).tobytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("changed", [{"seed": 99}, {"view": 1}, {"style": "drawing"}])
def test_other_depiction_other_picture(kind, changed):
    """Another seed, view or style gives another picture."""
    depiction = replace(random_depiction(np.random.default_rng(6), kind), view=0, style="photograph", seed=3)
    assert draw(depiction, 64).tobytes() != draw(replace(depiction, **changed), 64).tobytes()


@pytest.mark.parametrize("size", [32, 64, 90, 256])
def test_size_and_mode(size):
    """A picture is square, of the size asked for, in RGB."""
    picture = draw(BEAD, size)
    assert picture.size == (size, size)
    assert picture.mode == "RGB"


@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_can_be_drawn(kind):
    """Every shape, decoration and condition of the vocabulary gives a picture with an object in it."""
    variety = VARIETIES[kind]
    material, colours = next(iter(variety.colours.items()))
    shapes = {details for sets in variety.forms.values() for details in sets}
    for number, details in enumerate(sorted(shapes)):
        decoration = variety.decorations[number % len(variety.decorations)] if variety.decorations else None
        for condition in ("complete", "broken"):
            for style in ("photograph", "drawing"):
                shape = (*details, *variety.extras)
                depiction = Depiction(
                    kind, material, colours[0], decoration, shape, condition, style, number % 2, number
                )
                assert pixels(depiction, 64).std() > 4


@pytest.mark.parametrize("kind", ["axe", "pot", "bowl", "brooch", "bead", "comb", "figurine"])
def test_decoration_is_seen(kind):
    """An object with decoration looks different from the same object without."""
    variety = VARIETIES[kind]
    material = next(material for material in variety.colours if material not in variety.plain)
    sets = variety.forms.get(material, variety.forms["any"])
    details = next(details for details in sets if not set(details) & set(variety.plain))
    bare = Depiction(kind, material, variety.colours[material][0], None, details, "complete", "photograph", 0, 8)
    for decoration in variety.decorations:
        difference = np.abs(pixels(bare) - pixels(replace(bare, decoration=decoration)))
        assert (difference.max(axis=2) > 20).mean() > 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_drawings_have_no_colour(kind):
    """A drawing is ink on paper: nearly colourless whatever the object's colour, and mostly light."""
    rng = np.random.default_rng(7)
    for _ in range(4):
        picture = pixels(replace(random_depiction(rng, kind), style="drawing"))
        assert saturation(picture).max() < 26
        assert np.median(picture) > 200


@pytest.mark.parametrize(
    ("kind", "material", "colour", "details"),
    [("car", "metal", colour, ("saloon",)) for colour in ("red", "orange", "yellow", "green", "blue")]
    + [("bead", "glass", colour, ("round",)) for colour in ("red", "orange", "yellow", "green", "blue")]
    + [("pot", "clay", colour, ("straight rim",)) for colour in ("red", "orange", "brown")]
    + [("coin", "gold", "golden", ("plain border",)), ("axe", "bronze", "green", ("flat",))],
)
def test_hue_is_what_the_word_says(kind, material, colour, details):
    """The most saturated pixels of a photograph have the hue that the colour word names, within 22 degrees."""
    decoration = "cross" if kind == "coin" else None
    for seed in range(3):
        picture = pixels(Depiction(kind, material, colour, decoration, details, "complete", "photograph", 0, seed))
        strong = saturation(picture) >= np.quantile(saturation(picture), 0.9)
        hue = 360 * colorsys.rgb_to_hsv(*(np.median(picture[strong], axis=0) / 255))[0]
        assert abs((hue - HUES[colour] + 180) % 360 - 180) < 22


@pytest.mark.parametrize(("colour", "low", "high"), [("black", 0, 90), ("grey", 80, 200), ("white", 165, 256)])
def test_grey_scale_is_what_the_word_says(colour, low, high):
    """A black, grey or white car has no hue, and its body is as dark or as light as the word says."""
    for seed in range(3):
        picture = pixels(Depiction("car", "metal", colour, None, ("estate",), "complete", "photograph", 0, seed))
        side = picture[42:52, 36:60]  # between the wheels, below the windows
        assert saturation(side).mean() < 14
        assert low <= np.median(side) <= high
