from dataclasses import replace

import numpy as np
import pytest

from archive_search.sample.arrangement import NARROWEST, arranged
from archive_search.sample.draw import draw
from archive_search.sample.draw_plate import LONGER, draw_plate, draw_record
from archive_search.sample.inventory import SHARES
from archive_search.sample.plate import FEWEST_FINDS, MOST_FINDS, random_plate, roman


@pytest.fixture(scope="module")
def plates():
    """Enough plates for every sort."""
    rng = np.random.default_rng(3)
    return [random_plate(rng, number, {**SHARES, "car": 0}) for number in range(1, 201)]


def some(plates, style):
    return [plate for plate in plates if plate.style == style][:4]


def test_what_a_plate_shows(plates):
    """A plate shows 4 to 12 finds in rows, all in its style; half are of one kind, 60 % drawings."""
    for plate in plates:
        assert FEWEST_FINDS <= len(plate.depictions) <= MOST_FINDS
        assert sum(plate.rows) == len(plate.depictions)
        assert min(plate.rows) > 0
        assert {depiction.style for depiction in plate.depictions} == {plate.style}
        assert "car" not in {depiction.kind for depiction in plate.depictions}
    assert 0.4 < np.mean([plate.typology for plate in plates]) < 0.6
    assert 0.5 < np.mean([plate.style == "drawing" for plate in plates]) < 0.7
    assert len({plate.rows for plate in plates}) > 20


def test_sizes(plates):
    """A plate is as large as promised, and some stand upright while others lie across."""
    sizes = [draw_plate(plate, 96).size for plate in plates[:24]]
    assert all(round(96 * LONGER[0]) <= max(size) <= round(96 * LONGER[1]) for size in sizes)
    assert all(min(size) >= NARROWEST * max(size) - 1 for size in sizes)
    assert any(width > height for width, height in sizes)
    assert any(height > width for width, height in sizes)


def test_same_plate_same_picture(plates):
    """The same plate is drawn to the same pixels each time, and another seed lays it out in another way."""
    for plate in plates[:4]:
        once = draw_plate(plate, 64)
        assert once.tobytes() == draw_plate(plate, 64).tobytes()
        assert once.tobytes() != draw_plate(replace(plate, seed=plate.seed ^ 1), 64).tobytes()


def test_one_find_or_several(plates):
    """A record is drawn as what it shows: a find as `draw` does, a plate as `draw_plate` does."""
    plate = plates[0]
    find = plate.depictions[0]
    assert draw_record(find, 64).tobytes() == draw(find, 64).tobytes()
    assert draw_record(plate, 64).tobytes() == draw_plate(plate, 64).tobytes()


def test_a_drawn_plate_is_ink_on_one_sheet(plates):
    """A drawn plate has no colour, is mostly paper, and no box around a find shows in the tone of the paper."""
    for plate in some(plates, "drawing"):
        pixels = np.asarray(draw_plate(plate, 160), dtype=float)
        assert (pixels.max(axis=2) - pixels.min(axis=2)).max() < 26
        grey = pixels.mean(axis=2)
        paper = grey[grey > np.median(grey) - 8]
        assert paper.size > grey.size / 2
        assert paper.std() < 3


def test_a_photographed_plate_has_one_background(plates):
    """Along the edges of a group photograph the background changes by little."""
    for plate in some(plates, "photograph"):
        pixels = np.asarray(draw_plate(plate, 160).convert("L"), dtype=float)
        edge = np.concatenate([pixels[:3].ravel(), pixels[-3:].ravel(), pixels[:, :3].ravel(), pixels[:, -3:].ravel()])
        assert edge.std() < 25


@pytest.mark.parametrize("seed", range(20))
def test_finds_do_not_overlap(seed):
    """Finds of any shape lie apart from each other and within the sheet."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 6, int(rng.integers(2, 5))).tolist()
    outlines = [(rng.uniform(0.1, 1), rng.uniform(0.1, 1)) for _ in range(sum(rows))]
    laid = arranged(outlines, rows, 1000, 0.05, 0.05, rng)
    assert max(laid.width, laid.height) == 1000
    for i, one in enumerate(laid.boxes):
        assert 0 < one.left < one.left + one.width < laid.width
        assert 50 < one.top < one.top + one.height < laid.height - 50
        for other in laid.boxes[:i]:
            beside = one.left >= other.left + other.width or other.left >= one.left + one.width
            assert beside or one.top >= other.top + other.height or other.top >= one.top + one.height


def test_roman_numerals():
    """Numbers are written as on the plates of old publications."""
    assert [roman(n) for n in (1, 4, 9, 14, 40, 90, 199, 220)] == [
        "I", "IV", "IX", "XIV", "XL", "XC", "CXCIX", "CCXX",
    ]  # fmt: skip
