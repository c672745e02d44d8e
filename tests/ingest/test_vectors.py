"""Precomputed vectors: rows for rows, checked before anything is written."""

import numpy as np
import pytest

from archive_search.metadata.words import SPACE as WORDS
from archive_search.types import InvalidInputError, MetadataError
from ingest.testing import Desk, Encoder, Pictures, Table
from ingest.vectors import PrecomputedVectors, check_precomputed


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def rows(count, dim=6, kind=np.float32):
    return (np.random.default_rng(3).normal(size=(count, dim)) * 7).astype(kind)


def refused(desk, source, array):
    """The message of a refusal; nothing was written."""
    with pytest.raises(MetadataError) as caught:
        desk.run(source, Encoder(), precomputed=[PrecomputedVectors("given", array, "v.npy")])
    assert desk.index.building() is None
    assert not (desk.directory / "thumbnails").exists()
    return str(caught.value)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_each_record_gets_the_vector_of_its_row(desk, tmp_path, kind):
    """Row i goes to the record of row i, as float32 of length 1, from any kind of float; thumbnails are made too."""
    source, array = Table.of(9), rows(9, kind=kind)
    np.save(tmp_path / "v.npy", array)
    summary = desk.run(source, precomputed=[PrecomputedVectors.load(tmp_path / "v.npy", "given")])
    assert summary.added == 9
    points = list(desk.index.open().scan(space="given"))
    assert len(points) == 9
    for point in points:
        row = array[int(point.id[1:])].astype(np.float64)
        np.testing.assert_allclose(point.vectors["given"], row / np.linalg.norm(row), atol=1e-6)
        assert (desk.directory / "thumbnails" / point.payload["thumbnail"]).exists()


def test_missing_pictures_are_rejected_all_the_same(desk):
    """A record whose picture cannot be had is rejected although it has a vector."""
    source = Table.of(4)
    source.files["r002"] = b"missing"
    summary = desk.run(source, precomputed=[PrecomputedVectors("given", rows(4))])
    assert (summary.added, summary.rejected) == (3, 1)
    assert desk.reasons() == {"r002": "opened: The file does not exist."}


def test_a_picture_without_a_row_has_no_precomputed_vector(desk):
    """A picture outside the metadata file is rejected where it would have no vector, and stored with an embedder's."""
    source = Table.of(3)
    source.files["x1"] = source.files["r001"]
    source.rows = 3
    given = [PrecomputedVectors("given", rows(3))]
    assert desk.run(source, precomputed=given).rejected == 1
    assert "The metadata file has no row for this picture" in desk.reasons()["x1"]
    desk.run(source, Encoder(), precomputed=given)
    with desk.ledger() as ledger:
        assert ledger.spaces() == {"given": {"given": 3}, "hash": {"c1": 4}}


def test_changed_rows_alone_are_written_again(desk):
    """A new vector file replaces the vectors that differ, reads no picture, and leaves the embedder's alone."""
    source, array, encoder = Table.of(8), rows(8), Encoder()
    desk.run(source, encoder, precomputed=[PrecomputedVectors("given", array)])
    assert desk.run(source, encoder, precomputed=[PrecomputedVectors("given", array.copy())]).unchanged == 8
    changed = array.copy()
    changed[5] += 1
    source.read_ids.clear()
    encoder.batches.clear()
    summary = desk.run(source, encoder, precomputed=[PrecomputedVectors("given", changed)])
    assert (summary.extended, summary.unchanged) == (1, 7)
    assert (source.read_ids, encoder.batches) == ([], [])
    (point,) = desk.index.open().points(["r005"], "given")
    np.testing.assert_allclose(point.vectors["given"], changed[5] / np.linalg.norm(changed[5]), atol=1e-6)
    assert "hash" in desk.index.open().points(["r005"], "hash")[0].vectors


def test_wrong_number_of_rows_is_refused(desk):
    """A file with more or fewer rows than the metadata file is refused with both numbers."""
    assert "it has 5 rows and the metadata file has 4" in refused(desk, Table.of(4), rows(5))


def test_rows_that_are_no_vectors_are_refused_by_number(desk):
    """NaN, infinity and rows of zeros are refused, naming the first few rows, before anything is written."""
    broken = rows(12)
    broken[3, 1], broken[4, 0] = np.nan, np.inf
    assert "NaN or infinity in rows 3, 4; counting starts at 0" in refused(desk, Table.of(12), broken)
    empty = rows(12)
    empty[2:10] = 0
    assert "only zeros in rows 2, 3, 4, 5, 6 and 3 more" in refused(desk, Table.of(12), empty)
    one = rows(12)
    one[11] = 0
    assert "only zeros in row 11;" in refused(desk, Table.of(12), one)


def test_sources_without_rows_are_refused(desk):
    """Precomputed vectors need a source with a metadata file."""
    assert "need a source with a metadata file" in refused(desk, Pictures.of(3), rows(3))


@pytest.mark.parametrize("space", ["palette", WORDS, "demo-tiles", "demo-adapted"])
def test_spaces_that_the_archive_fills_are_refused(space):
    """What an ingest fills itself takes no vectors from elsewhere."""
    with pytest.raises(InvalidInputError, match=f"The space '{space}' is filled by archive-search itself"):
        PrecomputedVectors(space, rows(3, 23))


@pytest.mark.parametrize("space", ["", "a/b", "../x", "a b", "a\nb", ".a", "x" * 101])
def test_spaces_have_plain_names(space):
    """A space has a name that can stand in a path, a table and an address."""
    with pytest.raises(InvalidInputError, match="letters, digits, dots, dashes and underscores"):
        PrecomputedVectors(space, rows(3))


def test_an_embedders_space_takes_vectors_of_its_dimensions_only(desk):
    """Vectors made elsewhere by one of our models may fill its space; others, which no text could search, may not."""
    with pytest.raises(InvalidInputError, match="with 512 dimensions, and the vectors have 6: name their space"):
        PrecomputedVectors("clip-vit-b-32", rows(3))
    assert desk.run(Table.of(3), precomputed=[PrecomputedVectors("clip-vit-b-32", rows(3, 512))]).added == 3


def test_other_dimensions_than_before_are_refused_before_anything_is_written(desk):
    """A space keeps its dimensions; the refusal comes before a picture is read."""
    desk.run(Table.of(3), precomputed=[PrecomputedVectors("given", rows(3))])
    source = Table.of(3)
    with pytest.raises(InvalidInputError, match="Space 'given' has 6 dimensions, not 8"):
        desk.run(source, precomputed=[PrecomputedVectors("given", rows(3, 8))])
    assert (source.read_ids, desk.index.building()) == ([], None)


def test_very_long_and_short_rows(tmp_path):
    """Rows whose squares leave the range of their type are normalised all the same."""
    array = np.array([[3e-20, 4e-20], [3e30, 4e30], [0, -5]], np.float32)
    given = PrecomputedVectors("given", array)
    check_precomputed(type("Three", (Table,), {"row_count": lambda _: 3})(), [given])
    np.testing.assert_allclose(given.vector(0)[1], [0.6, 0.8], atol=1e-6)
    np.testing.assert_allclose(given.vector(1)[1], [0.6, 0.8], atol=1e-6)
    np.testing.assert_allclose(given.vector(2)[1], [0, -1], atol=1e-6)
    assert given.vector(0)[0] != given.vector(1)[0]
    with pytest.raises(MetadataError, match="there is no row 3"):
        given.vector(3)


def test_other_shapes_and_types_are_refused():
    """One axis, no rows, whole numbers and objects are refused."""
    for array, message in (
        (np.zeros(4, np.float32), r"not shape \(4,\)"),
        (np.zeros((0, 4), np.float32), r"not shape \(0, 4\)"),
        (np.zeros((3, 4), np.int32), "not int32"),
        (np.zeros((3, 4), np.complex64), "not complex64"),
    ):
        with pytest.raises(MetadataError, match=message):
            PrecomputedVectors("given", array)


def test_files_that_hold_no_array_are_refused(tmp_path):
    """A missing file, another file, pickled objects and an .npz archive are refused by name; nothing is unpickled."""
    (tmp_path / "text.npy").write_text("no vectors")
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "several.npz", a=rows(2), b=rows(2))
    for name in ("none.npy", "text.npy", "objects.npy"):
        with pytest.raises(MetadataError, match=f"{name}: no vectors can be read"):
            PrecomputedVectors.load(tmp_path / name, "given")
    with pytest.raises(MetadataError, match="npz archive of several arrays"):
        PrecomputedVectors.load(tmp_path / "several.npz", "given")


def test_files_are_mapped_not_read(tmp_path):
    """A file of vectors stays on the disk until its rows are asked for."""
    np.save(tmp_path / "v.npy", rows(5))
    given = PrecomputedVectors.load(tmp_path / "v.npy", "given")
    assert isinstance(given.array, np.memmap)
    assert given.dim == 6
