"""A small detail on a large plate, found with the real demo encoder."""

import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.evaluation.explain import explain
from archive_search.plan import Plan, run, trace
from archive_search.ranking.nearest import Nearest
from archive_search.sample.depiction import Depiction
from archive_search.sample.draw import draw
from archive_search.sample.varieties import VARIETIES
from archive_search.strategies.staged import StagedStrategy
from archive_search.testing import HashEmbedder
from archive_search.types import Example, Query, UnknownNameError
from ingest.ledger import Ledger
from ingest.pipeline import Options
from ingest.pipeline import run as ingest
from ingest.recipe import run as run_recipe
from ingest.sources.folder import Folder
from ingest.tiling import Tiled

PAPER = (236, 230, 214)
OTHERS = [
    *(("bead", "glass", colour) for colour in ("blue", "green", "white", "black", "yellow")),
    ("bead", "clay", "grey"),
    ("axe", "flint", "grey"),
    ("sword", "iron", "brown"),
    ("bowl", "clay", "brown"),
    ("pot", "clay", "brown"),
]
RED_BEAD = Query((Example("text", "red bead"),))


def drawn(kind: str, material: str, colour: str, size: int) -> Image.Image:
    """A photograph of an object on its own."""
    forms = VARIETIES[kind].forms
    details = forms.get(material, forms.get("any", ((),)))[0]
    return draw(Depiction(kind, material, colour, None, details, "whole", "photograph", 0, 2**31 + 9), size)


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Archive:
    """A plate of 2,000 x 1,500 pixels with a red bead in a corner, among pictures of other things."""
    folder = tmp_path_factory.mktemp("plates")
    plate = Image.new("RGB", (2000, 1500), PAPER)
    plate.paste(drawn("bead", "glass", "red", 280), (1680, 1180))
    pictures = folder / "pictures"
    pictures.mkdir()
    plate.save(pictures / "plate.jpg")
    for number, other in enumerate(OTHERS):
        drawn(*other, 256).save(pictures / f"other{number}.png")
    made = Archive.create(folder / "archive")
    with Ledger(made.ledger) as ledger:
        summary = ingest(
            Folder(pictures),
            index=made.index,
            ledger=ledger,
            thumbnails=made.thumbnails,
            embedders=[made.embedder("demo")],
            options=Options(tiles=True),
        )
    assert summary.added == len(OTHERS) + 1
    return made


def rank(archive: Archive, plan: Plan) -> int:
    """Where the plate stands."""
    return [hit.id for hit in run(plan, archive)].index("plate.jpg") + 1


def test_a_bead_in_the_corner_of_a_plate_is_found_by_its_tile(archive):
    """For "red bead" the plate is first with tiles, and behind beads of other colours without."""
    assert rank(archive, StagedStrategy().plan(RED_BEAD)) == 1
    assert rank(archive, StagedStrategy(tiles=0).plan(RED_BEAD)) > 1


def test_the_space_of_tiles_is_searched_with_the_embedder_of_the_whole(archive):
    """Named outright, the tiles are searched by words; no one is offered them, and they are not the default."""
    assert rank(archive, Plan(RED_BEAD, (Nearest(),), space="demo-tiles")) == 1
    assert rank(archive, Plan(RED_BEAD, (Nearest(),))) > 1
    assert archive.default_space() == "demo"
    assert archive.choices() == ("demo",)
    with pytest.raises(UnknownNameError, match=r"Known: demo\.$"):
        archive.context(RED_BEAD, "demo-tile")


def test_a_record_asks_for_tiles_with_its_whole_picture(archive):
    """More like a bead brings the plate up by its tile, in the space of tiles too, whatever number of tiles it has."""
    like = Query((Example("record", "other0.png"),))
    with_tiles, without = (rank(archive, StagedStrategy(tiles=weight).plan(like)) for weight in (1, 0))
    assert with_tiles <= without
    found = run(Plan(like, (Nearest(),), space="demo-tiles"), archive)
    assert len(found) == len(OTHERS) + 1


def test_an_explanation_names_the_step_and_what_it_did(archive):
    """A record that its tile raised is told so, and one that only its tile brought in was not dropped."""
    plan = StagedStrategy(candidates=100).plan(RED_BEAD)
    (raised,) = [one for one in explain(plan, archive, "plate.jpg").steps if one.step == "details red bead"]
    assert raised.effect == "raised"
    first = Nearest(plan.steps[0].examples, k=1)
    told = explain(Plan(RED_BEAD, (first, *plan.steps[1:])), archive, "plate.jpg")
    assert [one.effect for one in told.steps][:2] == ["dropped", "found"]
    assert (told.rank, told.dropped_by) == (1, None)
    stages = trace(Plan(RED_BEAD, (first, *plan.steps[1:])), archive).stages
    assert (stages[1].of, stages[1].kept) == (1, len(OTHERS) + 1)


def test_a_hit_tells_where_the_bead_lies(archive):
    """The plate's hit has the box of the tile that fits, around the bead; what fits as a whole has none."""
    found = archive.search("red bead")
    left, top, right, bottom = found[0].box
    assert left <= 0.91 <= right
    assert top <= 0.88 <= bottom
    assert (right - left) * (bottom - top) < 0.5
    assert all(hit.box is None for hit in found if hit.id not in found.trace.details)


def test_boxes_are_kept_with_the_tiles(archive):
    """Each tile of a record has a box, in the order of the vectors."""
    for point in archive.store.scan((), "demo-tiles"):
        if "demo-tiles" in point.vectors:
            assert len(point.payload["tile_boxes"]["demo-tiles"]) == len(point.vectors["demo-tiles"])


def test_a_red_bead_among_blue_ones_makes_a_plate_red(tmp_path):
    """Colours are measured of each piece as well: the filter finds the one red bead on a plate."""
    plate = Image.new("RGB", (1600, 1200), PAPER)
    for number in range(5):
        plate.paste(drawn("bead", "glass", "blue", 280), (60 + 300 * number, 100))
    plate.paste(drawn("bead", "glass", "red", 120), (1300, 900))
    (tmp_path / "pictures").mkdir()
    plate.save(tmp_path / "pictures" / "plate.png")
    drawn("bead", "glass", "green", 300).save(tmp_path / "pictures" / "bead.png")
    made = Archive.create(tmp_path / "archive")
    run_recipe(made, Folder(tmp_path / "pictures"), embedders=["demo"], tiles=True)
    assert [hit.id for hit in made.search(where={"colours": "red"})] == ["plate.png"]
    (plate,) = made.store.points(["plate.png"])
    assert plate.payload["colour_shares"].get("red", 0) < 0.2


def test_a_scale_bar_adds_no_colour(tmp_path):
    """Black, white and grey of a scale bar beside a single find are not taken for colours of the picture."""
    picture = Image.new("RGB", (900, 900), PAPER)
    picture.paste((200, 30, 30), (150, 150, 650, 600))
    for number in range(6):
        picture.paste("black" if number % 2 else "white", (500 + 50 * number, 800, 550 + 50 * number, 830))
    tiles = Tiled(HashEmbedder()).prepare(picture, *picture.size)
    assert len(tiles.boxes) > 1
    assert tiles.colours == ("red",)
