"""The data of measurements at any size."""

import numpy as np

from benchmarks.scale_data import Made, exact, made_origin, read_chunks, recall, write_rows

ORIGIN = made_origin(count=300, small=64)
CHUNK = 500


def made(seed=1):
    return Made(ORIGIN, 100, seed, CHUNK)


def test_a_small_collection_begins_a_large_one(tmp_path):
    """Rows depend on the seed alone, whatever the size and the chunks that they are read in."""
    write_rows(made(), CHUNK + 70, tmp_path / "large.npy")
    large = np.load(tmp_path / "large.npy")
    assert np.array_equal(next(made().rows(50)), large[:50])
    assert np.array_equal(np.concatenate(list(read_chunks(tmp_path / "large.npy", 999))), large)
    assert not np.array_equal(next(made(seed=2).rows(50)), large[:50])
    assert np.allclose(np.linalg.norm(large, axis=1), 1, atol=1e-5)


def test_queries_are_no_rows_and_texts_lie_apart():
    """A picture asked for is like the rows but none of them; a phrase is less like all of them."""
    rows = np.concatenate(list(made().rows(2000)))
    image, text = made().image(20) @ rows.T, made().text(20) @ rows.T
    assert image.max() < 0.999
    assert text.mean() < image.mean() / 2


def test_the_exact_answer_is_that_of_the_whole_matrix():
    """The nearest of rows that come in parts are those of all rows at once, nearest first."""
    rows, queries = next(made().rows(500)), made().text(7)
    whole = np.argsort(-(queries @ rows.T), axis=1)[:, :30]
    found = exact(iter(np.array_split(rows, 9)), queries, 30)
    assert np.array_equal(found, whole)
    assert recall(found[:, :15], whole) == 0.5
    few = exact(iter([rows[:10]]), queries, 30)
    assert (few[:, 10:] == -1).all()
    assert recall([range(10)] * 7, few) == 1.0
