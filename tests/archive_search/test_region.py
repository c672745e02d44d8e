"""Regions of pictures as queries."""

import numpy as np
import pytest
from PIL import Image

from archive_search.plan import Plan, run
from archive_search.ranking.nearest import Nearest
from archive_search.search import SearchContext
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import Example, InvalidInputError, Point, Query

COLOURS = {"red": (200, 20, 20), "green": (20, 160, 20), "blue": (20, 20, 200)}


class Colours:
    """Three pictures of one colour each, and a plate that shows red on the left, blue on the right."""

    def __init__(self) -> None:
        self.embedder = HashEmbedder()
        self.pictures = {name: Image.new("RGB", (20, 20), colour) for name, colour in COLOURS.items()}
        self.pictures["plate"] = Image.new("RGB", (21, 10), COLOURS["red"])
        self.pictures["plate"].paste(COLOURS["blue"], (11, 0, 21, 10))
        self.store = MemoryStore({"hash": 64})
        inputs = [self.embedder.preprocess(one, "image") for one in self.pictures.values()]
        rows = self.embedder.encode(inputs, "image")
        points = [Point(name, {"hash": row}, {}) for name, row in zip(self.pictures, rows, strict=True)]
        self.store.upsert(points)

    def context(self, query, space=""):
        """What a step may see."""
        return SearchContext(self.store, query, "hash", lambda: self.embedder, self.pictures.__getitem__)


def nearest(region: str) -> tuple[str, float]:
    """The best hit for a part of the plate."""
    best = run(Plan(Query((Example("region", f"{region}@plate"),)), (Nearest(),)), Colours())[0]
    return best.id, best.score


@pytest.mark.parametrize(("region", "found"), [("0,0,0.5,1", "red"), ("0.6,0,1,1", "blue"), ("0.1,0.2,0.2,0.3", "red")])
def test_a_part_of_a_picture_finds_what_is_like_that_part(region, found):
    """The left of the plate finds red, the right blue, each exactly; its other parts do not matter."""
    assert nearest(region) == (found, pytest.approx(1.0, abs=1e-5))


def test_the_whole_as_a_region_is_the_picture():
    """The region 0,0,1,1 finds the picture itself with similarity 1."""
    assert nearest("0,0,1,1") == ("plate", pytest.approx(1.0, abs=1e-5))


@pytest.mark.parametrize("region", ["0.5,0.5,0.5001,0.5001", "0.9999,0.9999,1,1", "0,0,0.0001,0.0001"])
def test_the_smallest_region_is_a_pixel(region):
    """A region smaller than a pixel is the pixel that it lies in."""
    assert nearest(region)[1] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("region", ["0,0,1", "0.5,0,0.5,1", "0,0,1.1,1", "-0.1,0,1,1", "nan,0,1,1", "a,b,c,d"])
def test_bad_regions_are_refused(region):
    """A region that is not four shares in order is refused, saying how one is written."""
    archive = Colours()
    with pytest.raises(InvalidInputError, match="left,top,right,bottom"):
        archive.context(Query()).vector([Example("region", f"{region}@plate")])
    with pytest.raises(InvalidInputError, match="left,top,right,bottom"):
        archive.context(Query()).vector([Example("region", "0,0,1,1")])


def test_a_region_crops_what_it_says():
    """The vector of a region is that of the cropped picture."""
    archive = Colours()
    part = archive.pictures["plate"].crop((11, 0, 21, 10))
    expected = archive.embedder.encode([archive.embedder.preprocess(part, "image")], "image")[0]
    found = archive.context(Query()).vector([Example("region", "0.524,0,1,1@plate")])
    assert np.allclose(found, expected, atol=1e-6)
