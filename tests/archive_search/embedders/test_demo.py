"""The demo embedder: what every embedder promises, and what this one has learnt."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image

from archive_search.embedders.demo import EMBEDDERS, WEIGHTS, DemoEmbedder, fit_square
from archive_search.sample.depiction import Depiction
from archive_search.sample.draw import draw
from archive_search.types import EmbedderError, Vectors

CAR = Depiction("car", "metal", "red", None, ("coupe",), "complete", "photograph", 0, 1600)
POT = Depiction("pot", "clay", "brown", "zigzag", ("everted rim", "handle"), "complete", "photograph", 0, 1600)
AXE = Depiction("axe", "flint", "grey", None, ("thick-butted", "knapped"), "complete", "drawing", 0, 1600)
ARROWHEAD = Depiction("arrowhead", "flint", "grey", None, ("barbed", "tanged"), "complete", "drawing", 0, 1600)
HELD_OUT_SEEDS = tuple(range(1600, 1600 + 16 * 8, 16))
"""Training uses no seed that is a multiple of sixteen."""


@cache
def demo() -> DemoEmbedder:
    """The embedder, loaded once."""
    embedder = EMBEDDERS["demo"].load()
    assert isinstance(embedder, DemoEmbedder)
    return embedder


def texts(*written: str) -> Vectors:
    """Vectors of texts."""
    return demo().encode([demo().preprocess(text, "text") for text in written], "text")


def pictures(*shown: Image.Image) -> Vectors:
    """Vectors of pictures."""
    return demo().encode([demo().preprocess(picture, "image") for picture in shown], "image")


def drawn(depiction: Depiction, **changes: object) -> Vectors:
    """Vectors of one depiction drawn with each held-out seed."""
    return pictures(*(draw(replace(depiction, seed=seed, **changes)) for seed in HELD_OUT_SEEDS))  # type: ignore[arg-type]


def test_listing_imports_no_torch() -> None:
    """Importing the plug-in, and reading its description, does not import torch."""
    code = "import sys, archive_search.embedders.demo as demo; demo.EMBEDDERS; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_description_fits_the_embedder() -> None:
    """Name, dimension and modalities are the same in the description and in what it loads; nothing is missing."""
    info = EMBEDDERS["demo"]
    assert (info.name, info.dim, info.modalities) == (demo().name, demo().dim, demo().modalities)
    assert info.missing() == ""
    assert "only drawings" in info.summary


def test_checkpoint_is_the_hash_of_the_file() -> None:
    """`checkpoint` is what `sha256sum` prints for the weights, so that a result can name them."""
    assert demo().checkpoint == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def test_rows_are_unit_vectors() -> None:
    """Texts and pictures become float32 rows of length 1."""
    for rows in (texts("a red car", "", "hafted"), pictures(draw(CAR), draw(POT))):
        assert rows.dtype == np.float32
        assert rows.shape[1] == demo().dim
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_row_does_not_depend_on_its_batch() -> None:
    """Each of eight inputs encoded alone gives the row it has in a batch of eight."""
    many = [draw(replace(kind, seed=seed)) for kind in (CAR, POT) for seed in HELD_OUT_SEEDS[:4]]
    together = pictures(*many)
    assert np.allclose(together, np.concatenate([pictures(one) for one in many]), atol=1e-5)
    written = ["", "car", "a red car", "hafted", "økse", "broken clay pot with handle and zigzag", "bead", "coin"]
    assert np.allclose(texts(*written), np.concatenate([texts(one) for one in written]), atol=1e-5)


def test_an_empty_batch_has_no_rows() -> None:
    """Encoding nothing gives an array of no rows."""
    assert demo().encode([], "text").shape == (0, demo().dim)


@pytest.mark.parametrize("modality", ["audio", "video"])
def test_other_modalities_are_refused(modality: str) -> None:
    """Sound and film are refused by an error that says what the encoder reads."""
    with pytest.raises(EmbedderError, match="text and pictures"):
        demo().preprocess(b"", modality)  # type: ignore[arg-type]
    with pytest.raises(EmbedderError, match="text and pictures"):
        demo().encode([b""], modality)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "I;16", "F"])
@pytest.mark.parametrize("size", [(1, 1), (3000, 10), (7, 500), (256, 256)])
def test_any_picture_gets_a_vector(mode: str, size: tuple[int, int]) -> None:
    """Every mode that Pillow decodes to, at any size and shape, gives a unit vector."""
    rows = pictures(Image.new(mode, size))
    assert np.isclose(np.linalg.norm(rows), 1, atol=1e-5)


def test_sixteen_bit_pictures_keep_their_light() -> None:
    """A grey picture of 16 bits is read as the same grey of 8."""
    values = np.linspace(0, 255, 64 * 64).reshape(64, 64).astype(np.uint8)
    deep = Image.fromarray(values.astype(np.uint16) * 257)
    assert np.array_equal(np.asarray(fit_square(deep, 64)), np.asarray(fit_square(Image.fromarray(values), 64)))


def test_shape_is_kept_and_padded_with_the_border() -> None:
    """A wide picture is shrunk whole; the bands above and below take the colour of its border."""
    wide = Image.new("RGB", (200, 100), "red")
    wide.paste("blue", (50, 25, 150, 75))
    square = fit_square(wide, 96)
    assert square.size == (96, 96)
    assert square.getpixel((48, 2)) == square.getpixel((48, 93)) == (255, 0, 0)
    assert square.getpixel((48, 48)) == (0, 0, 255)


def test_transparent_is_white() -> None:
    """What is transparent in a picture is read as white paper."""
    assert fit_square(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), 8).getpixel((4, 4)) == (255, 255, 255)


def test_unknown_words_are_named() -> None:
    """A remark names the words that the encoder does not know, and there is none where it knows all."""
    assert demo().remarks("hafted tribrach of bronze") == ("The demo encoder does not know: hafted, tribrach.",)
    assert demo().remarks("An archaeological drawing of a flint axe head") == ()
    assert demo().remarks("rødt lerkar med hank") == ()


def test_texts_without_a_known_word_get_one_neutral_vector_and_a_remark() -> None:
    """Empty text and text of unknown words only get the same vector, and people are told why."""
    empty, unknown = texts("", "tribrach")
    assert np.array_equal(empty, unknown)
    assert any("every picture fits" in remark for remark in demo().remarks(""))
    assert demo().remarks("tribrach") == ("The demo encoder does not know: tribrach.",)


def test_neutral_vector_prefers_nothing() -> None:
    """The similarity of the neutral vector to pictures varies far less than that of a word."""
    shown = np.concatenate([drawn(CAR), drawn(POT), drawn(AXE), drawn(ARROWHEAD)])
    neutral, car = texts("", "car")
    assert np.std(shown @ neutral) < 0.25 * np.std(shown @ car)


def test_words_left_out_are_told() -> None:
    """A text with more words than the network reads is cut, and a remark says so."""
    assert any("cut off" in remark for remark in demo().remarks("red car " * 20))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A gray car", "a grey car"),
        ("archaeological drawing of an axe", "archeological drawing of an axe head"),
        ("red pots", "a red pot"),
        ("barbed-and-tanged arrowheads", "barbed and tanged arrow head"),
        ("Bronzesværd", "bronze sword"),
        ("rød økse", "red axe"),
        ("pilespids", "arrowhead"),
        ("lerkar", "clay vessel"),
    ],
)
def test_spellings_and_languages_agree(one: str, other: str) -> None:
    """Both spellings, plurals, hyphens and the main Danish words give the same vector."""
    assert np.array_equal(texts(one), texts(other))


def test_a_red_car_is_nearer_than_a_blue_one() -> None:
    """Every held-out red car is nearer to "a red car" than any orange, grey or blue one."""
    [query] = texts("A red car")
    red = drawn(CAR) @ query
    for colour in ("orange", "grey", "blue"):
        assert red.min() > (drawn(CAR, colour=colour) @ query).max(), colour


def test_a_gray_car_is_found_by_its_colour() -> None:
    """Held-out grey cars are nearer to "A gray car" than red ones, which plain search of other encoders gets wrong."""
    [query] = texts("A gray car")
    assert np.median(drawn(CAR, colour="grey") @ query) > (drawn(CAR) @ query).max()


def test_axe_heads_and_arrowheads_are_told_apart() -> None:
    """Drawings of axe heads lead for the axe query, drawings of arrowheads for the arrowhead query."""
    axe, arrow = texts("An archeological drawing of a flint axe head", "An archeological drawing of a flint arrow head")
    axes, arrows = drawn(AXE), drawn(ARROWHEAD)
    assert (axes @ axe).min() > (arrows @ axe).max()
    assert (arrows @ arrow).min() > (axes @ arrow).max()


def test_the_same_object_is_near_itself() -> None:
    """A picture finds itself with similarity 1, before other objects of its kind."""
    rows = drawn(POT)
    assert np.allclose(np.diag(rows @ rows.T), 1, atol=1e-5)
    assert (rows @ rows.T)[~np.eye(len(rows), dtype=bool)].max() < 1


def test_loading_imports_no_compiler() -> None:
    """Loading stays fast: it does not pull in sympy, which a careless use of the meta device would."""
    code = "import sys, archive_search.embedders.demo as demo; demo._load(); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


GOLDEN = {
    "A red car": [-0.0949, -0.0739, -0.0776, 0.0967, -0.069],
    "An archaeological drawing of a flint axe head": [-0.0427, -0.0448, 0.0075, 0.0721, 0.0682],
    "lerkar": [-0.0223, 0.0639, -0.1397, -0.07, -0.0196],
    "": [0.0143, -0.0029, 0.0765, 0.0021, -0.0188],
}
GOLDEN_GRADIENT = [-0.0267, -0.0812, -0.0394, -0.0157, 0.0471]
"""First five values of some vectors; made by the weights in the package, new with each training."""


@pytest.mark.parametrize("text", GOLDEN)
def test_golden_texts(text: str) -> None:
    """Texts keep their vectors from machine to machine."""
    assert np.allclose(texts(text)[0, :5], GOLDEN[text], atol=2e-3)


def test_golden_picture() -> None:
    """A picture keeps its vector from machine to machine."""
    assert np.allclose(pictures(Image.linear_gradient("L"))[0, :5], GOLDEN_GRADIENT, atol=2e-3)
