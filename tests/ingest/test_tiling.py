"""Tiles at ingest: what is stored, what is not made again, and what goes with what changed."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from archive_search.pictures.tiling import boxes, cut
from archive_search.types import InvalidInputError
from ingest.testing import Desk, Encoder, MemoryIndex, Pictures, Table, picture
from ingest.vectors import PrecomputedVectors

LARGE = (1200, 900)  # 2 x 2 and 3 x 3 tiles
TILES = 13
WITH = {"tiles": True}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def large(number: int) -> bytes:
    """A picture with something to see everywhere, that no other number has."""
    cells = np.random.default_rng(number).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(cells).resize(LARGE, Image.Resampling.NEAREST).save(written, "PNG")
    return written.getvalue()


def plates(count: int, small: int = 0) -> Pictures:
    """So many pictures that are large enough for tiles, and some that are not."""
    source = Pictures.of(count + small)
    for number in range(count):
        source.files[f"r{number:03}"] = large(number)
    return source


def rows(desk, space="hash-tiles") -> dict[str, np.ndarray]:
    """What the published points hold in a space."""
    return {one.id: one.vectors[space] for one in desk.index.open().scan((), space) if space in one.vectors}


def expected(data: bytes, encoder: Encoder) -> np.ndarray:
    """The vectors of a picture's tiles, made without the pipeline."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return encoder.encode([encoder.preprocess(cut(image, box), "image") for box in boxes(*image.size)], "image")


def test_every_tile_has_a_vector_beside_that_of_the_whole(desk):
    """A large picture has thirteen vectors, one for each of its tiles in their order; a small one has none."""
    source, encoder = plates(3, small=1), Encoder()
    summary = desk.run(source, encoder, options=WITH)
    assert (summary.added, summary.rejected) == (4, 0)
    found = rows(desk)
    assert sorted(found) == ["r000", "r001", "r002"]
    for name, vectors in found.items():
        np.testing.assert_allclose(vectors, expected(source.files[name], encoder), atol=1e-6)
        assert vectors.shape == (TILES, 64)
    assert len(rows(desk, "hash")) == 4


def test_the_model_sees_tiles_in_batches_of_the_usual_size(desk):
    """However many tiles there are, the model is given as many pictures at once as without them."""
    encoder = Encoder()
    desk.run(plates(9), encoder, options={"tiles": True, "batch": 8})
    assert max(encoder.batches) == 8
    assert sum(encoder.batches) == 9 * (1 + TILES)


def test_an_archive_gets_tiles_for_what_it_holds(desk):
    """With tiles asked for later, pictures are read again and their tiles encoded; whole vectors stay as they are."""
    source = plates(5, small=2)
    desk.run(source, Encoder())
    before, again = rows(desk, "hash"), Encoder()
    summary = desk.run(source, again, options=WITH)
    assert (summary.extended, summary.unchanged, summary.rejected) == (7, 0, 0)
    assert sum(again.batches) == 5 * TILES
    assert len(rows(desk)) == 5
    for name, vector in rows(desk, "hash").items():
        np.testing.assert_array_equal(vector, before[name])


def test_nothing_new_is_neither_read_nor_encoded(desk):
    """A second ingest with tiles has nothing to do, not even for pictures that are too small for them."""
    source = plates(3, small=2)
    desk.run(source, Encoder(), options=WITH)
    source.read_ids.clear()
    again = Encoder()
    summary = desk.run(source, again, options=WITH)
    assert (summary.unchanged, summary.published, source.read_ids, again.batches) == (5, False, [], [])


def test_changed_metadata_keeps_the_tiles(desk):
    """Corrected metadata touches no vector."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    before, again = rows(desk), Encoder()
    source.metadata["r001"] = {"title": "Corrected"}
    assert desk.run(source, again, options=WITH).relabelled == 1
    assert again.batches == []
    np.testing.assert_array_equal(rows(desk)["r001"], before["r001"])
    assert desk.index.open().points(["r001"])[0].payload["title"] == "Corrected"


def test_a_changed_picture_gets_other_tiles_or_none(desk):
    """Tiles go with the picture that they were cut from, also where the next one is too small for any."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    source.put("r000", large(70), "2")
    source.put("r001", picture(71), "2")
    assert desk.run(source, Encoder(), options=WITH).changed == 2
    assert sorted(rows(desk)) == ["r000", "r002"]
    np.testing.assert_allclose(rows(desk)["r000"], expected(source.files["r000"], Encoder()), atol=1e-6)


def test_pruned_records_take_their_tiles_along(desk):
    """What is removed leaves no tile behind."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    del source.files["r001"]
    assert desk.run(source, Encoder(), options={"tiles": True, "prune": True}).pruned == 1
    assert sorted(rows(desk)) == ["r000", "r002"]


def test_another_way_of_cutting_makes_tiles_anew(desk, monkeypatch):
    """With another overlap all tiles are cut and encoded again, and nothing else is."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    before, again = rows(desk), Encoder()
    monkeypatch.setattr("archive_search.pictures.tiling.OVERLAP", 0.3)
    assert desk.run(source, again, options=WITH).extended == 3
    assert sum(again.batches) == 3 * TILES
    assert not np.allclose(rows(desk)["r000"], before["r000"])
    np.testing.assert_allclose(rows(desk)["r000"], expected(source.files["r000"], Encoder()), atol=1e-6)


def test_another_checkpoint_makes_whole_and_tiles_anew(desk):
    """Tiles are compared with texts as whole pictures are: other weights encode both again."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    again = Encoder(checkpoint="c2")
    assert desk.run(source, again, options=WITH).extended == 3
    assert sum(again.batches) == 3 * (1 + TILES)


def test_without_tiles_those_there_stay_as_long_as_they_are_true(desk):
    """An ingest without tiles removes none, unless their picture or the weights behind them have changed."""
    source = plates(3)
    desk.run(source, Encoder(), options=WITH)
    source.put("r000", large(70), "2")
    desk.run(source, Encoder())
    assert sorted(rows(desk)) == ["r001", "r002"]
    desk.run(source, Encoder(checkpoint="c2"))
    assert rows(desk) == {}
    assert len(rows(desk, "hash")) == 3


def test_one_failing_tile_rejects_its_record_only(desk):
    """A tile that the model chokes on is a reason to reject its picture, and no other."""
    source, encoder = plates(6), Encoder()
    image = Image.open(io.BytesIO(source.files["r002"])).convert("RGB")
    encoder.bad.add(encoder.preprocess(cut(image, boxes(*LARGE)[7]), "image").tobytes())
    summary = desk.run(source, encoder, options=WITH)
    assert (summary.added, summary.rejected) == (5, 1)
    assert desk.reasons() == {"r002": "encoded: ValueError: the model choked."}
    assert len(rows(desk)) == 5


def test_a_large_picture_is_decoded_with_enough_pixels_for_its_tiles(desk):
    """A picture that is decoded to a smaller one has the tiles of the large one."""
    written = io.BytesIO()
    image = Image.open(io.BytesIO(picture(5))).convert("RGB").resize((3200, 2400), Image.Resampling.BICUBIC)
    image.save(written, "JPEG", quality=95)
    source = Pictures({"big": written.getvalue()}, {}, {"big": "1"})
    desk.run(source, Encoder(), options=WITH)
    similar = (rows(desk)["big"] * expected(written.getvalue(), Encoder())).sum(axis=1)
    assert similar.min() > 0.999


def test_colours_have_no_tiles(desk):
    """An auxiliary embedder fills its own space only."""
    desk.run(plates(2), Encoder(), Encoder("palette"), options=WITH)
    assert sorted(desk.index.open().spaces) == ["hash", "hash-tiles", "palette"]


def test_vectors_from_elsewhere_are_no_tiles(desk):
    """Precomputed vectors get no tiles, and may not take the name of a space of tiles."""
    source = Table.of(3)
    with pytest.raises(InvalidInputError, match="filled by archive-search itself"):
        PrecomputedVectors("hash-tiles", np.eye(3, 5))
    desk.run(source, precomputed=[PrecomputedVectors("given", np.eye(3, 5))], options=WITH)
    assert list(desk.index.open().spaces) == ["given"]


class Died(BaseException):
    """What a test raises in place of a kill."""


@pytest.mark.parametrize("first", [{}, WITH])
def test_an_ingest_that_died_goes_on_with_whole_records(desk, first):
    """Wherever an ingest with tiles dies, the next makes the rest: every record once, with all its tiles."""
    source = plates(8, small=2)
    desk.run(source, Encoder(), options=first)
    source.files |= {f"s{number}": large(100 + number) for number in range(6)}
    for batches in itertools.count():
        encoder = Encoder()

        def die(encoder=encoder, batches=batches) -> None:
            if len(encoder.batches) == batches:
                raise Died

        encoder.before = die
        try:
            desk.run(source, encoder, options=WITH)
            break
        except Died:
            assert isinstance(desk.index, MemoryIndex)
            desk.index.crash()
    found = rows(desk)
    cut_up = [name for name in source.files if name not in ("r008", "r009")]
    assert sorted(found) == sorted(cut_up)
    for name in cut_up:
        np.testing.assert_allclose(found[name], expected(source.files[name], Encoder()), atol=1e-6)
    assert sorted(rows(desk, "hash")) == sorted(source.files)
