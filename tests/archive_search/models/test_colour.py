"""Colours measured from pixels: what they are called, and what is left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from archive_search.embedders.palette import PaletteEmbedder, colour_words, payload, shares
from archive_search.models.colour import BASIC, COLOURLESS, measure, oklab

SWATCHES = {
    "black": "#101010", "white": "#fafafa", "grey": "#808080", "red": "#c81e1e", "green": "#228b3c",
    "yellow": "#ffdc14", "blue": "#1e46c8", "brown": "#6e4628", "orange": "#ff8c14",
    "pink": "#ffa0c8", "purple": "#7d288c",
}  # fmt: skip


def top(picture: Image.Image) -> str:
    """The commonest colour."""
    found = measure(picture).basic
    return max(found, key=lambda name: found[name])


def on(background: Image.Image, colour: str) -> Image.Image:
    """A disc of a colour on a background, with a scale bar below."""
    picture = background.copy()
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 40, 180, 160), fill=colour)
    for i in range(6):
        draw.rectangle((60 + 15 * i, 222, 74 + 15 * i, 226), fill="black" if i % 2 else "white")
    return picture


def gradient() -> Image.Image:
    """Grey card that falls off towards its corners."""
    y, x = np.mgrid[-1:1:240j, -1:1:240j]
    shade = (190 - 50 * (x**2 + y**2) + 20 * x).astype(np.uint8)
    return Image.fromarray(np.stack([shade, shade, shade + 2], axis=2))


@pytest.mark.parametrize("name", SWATCHES)
def test_swatches_are_called_what_people_call_them(name):
    """A plain swatch has its own name."""
    assert top(Image.new("RGB", (50, 80), SWATCHES[name])) == name


@pytest.mark.parametrize("name", ["red", "green", "yellow", "blue", "brown", "orange", "pink", "purple"])
@pytest.mark.parametrize("background", ["card", "paper", "velvet"])
def test_backgrounds_are_left_out(name, background):
    """On a grey gradient, white paper or black velvet the object alone is measured."""
    sheet = {"card": gradient(), "paper": Image.new("RGB", (240, 240), "#f8f6f0"),
             "velvet": Image.new("RGB", (240, 240), "#0c0c0e")}[background]  # fmt: skip
    found = measure(on(sheet, SWATCHES[name])).basic
    assert found[name] > 0.8


def test_an_ink_drawing_shows_no_colour():
    """Lines on paper are no colour, nor is yellowed paper."""
    for paper in ("#ffffff", "#f3ead6"):
        picture = Image.new("RGB", (240, 240), paper)
        draw = ImageDraw.Draw(picture)
        draw.ellipse((50, 50, 190, 190), outline="black", width=3)
        draw.line((60, 120, 180, 120), fill="black", width=2)
        assert measure(picture).basic[COLOURLESS] == 1


def test_film_without_colour_is_half_known():
    """A photograph in shades of grey says only half of its shares; one shade alone is a colour."""
    ramp = Image.linear_gradient("L").convert("RGB")
    assert measure(ramp).basic[COLOURLESS] == 0.5
    assert measure(Image.new("RGB", (9, 9), "grey")).basic[COLOURLESS] == 0


def test_oklab_by_the_book():
    """White has lightness 1 and no tint; red is where its author says."""
    found = oklab(np.array([[255, 255, 255], [255, 0, 0]], dtype=np.uint8))
    np.testing.assert_allclose(found, [[1, 0, 0], [0.628, 0.225, 0.126]], atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(3))))
def test_shares_sum_to_one(pixels):
    """Whatever the pixels, shares of basic and of finer terms sum to 1, none is negative; the vector has length 1."""
    found = measure(Image.fromarray(pixels))
    for group in (found.basic, found.finer):
        assert min(group.values()) >= 0
        assert sum(group.values()) == pytest.approx(1, abs=1e-6)
    vector = PaletteEmbedder().preprocess(Image.fromarray(pixels), "image")
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert shares(vector) == pytest.approx(dict(found.basic), abs=1e-4)


def test_what_is_noted_of_a_picture():
    """The payload lists the colours from a share upwards, most first, and every share that is not tiny."""
    noted = payload(PaletteEmbedder().preprocess(on(gradient(), SWATCHES["red"]), "image"))
    assert noted["colours"] == ["red"]
    assert noted["colour_shares"]["red"] > 0.8
    assert set(noted["colour_shares"]) <= {*BASIC, COLOURLESS}


def test_texts_ask_for_colours():
    """Colour words of three languages are found; a text without any is remarked on and asks for all alike."""
    assert [one.name for one in colour_words("En RØD og blå perle")] == ["red", "blue"]
    assert [one.name for one in colour_words("terracotta bowl")] == ["terracotta"]
    palette = PaletteEmbedder()
    assert palette.remarks("an axe") == ("No colour is named here: to the palette every picture fits as well.",)
    assert palette.remarks("a red axe") == ()
    assert len(set(palette.preprocess("an axe", "text").tolist())) == 1
    red, blue = (palette.preprocess(word, "text") for word in ("red", "blue"))
    bead = palette.preprocess(on(gradient(), SWATCHES["red"]), "image")
    assert float(bead @ red) > 0.6 > 0.2 > float(bead @ blue)
