"""An archive in two dimensions: places, groups and their names, kept."""

import sys

import numpy as np
import pytest

from archive_search.archive import Archive
from archive_search.metadata.fields import STANDARD
from archive_search.projection.groups import MOST, grouped, how_many, named, words_of
from archive_search.projection.layout import StoppedError, components, places
from archive_search.projection.maps import FOLDER, kept_map, make_map
from archive_search.types import NotInstalledError, Point, UnknownNameError

KINDS = ("axe", "brooch", "coin")


@pytest.fixture
def vectors():
    """Three kinds of forty vectors, each kind around a direction of its own."""
    random = np.random.default_rng(1)
    rows = np.eye(3, 12)[np.repeat(range(3), 40)] + 0.08 * random.standard_normal((120, 12))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def archive(tmp_path, vectors):
    """An archive of these, whose records say of which kind they are; the last has no vector in the space."""
    made = Archive.create(tmp_path / "archive")
    build = made.index.begin({"made": 12, "other": 2, "made-tiles": 12})
    points = [
        Point(f"r{row:03}/æ", {"made": vector}, {"title": f"Old {KINDS[row // 40]} {row}", "material": "iron"})
        for row, vector in enumerate(vectors)
    ]
    build.store.upsert([*points, Point("z", {"other": [1.0, 0.0]}, {})])
    build.publish()
    return made


def test_neighbours_stay_neighbours_and_the_map_is_the_same_again(vectors):
    """On the map nearly every record's nearest are of its kind; the same vectors give the same places."""
    told = []
    found = places(vectors, lambda done, total: told.append((done, total)))
    assert found.shape == (120, 2)
    assert np.abs(found).max() == pytest.approx(1.0)
    apart = ((found[:, None] - found[None]) ** 2).sum(axis=2)
    nearest = np.argsort(apart, axis=1)[:, 1:11]
    assert ((nearest // 40) == (np.arange(120) // 40)[:, None]).mean() > 0.95
    assert np.array_equal(found, places(vectors))
    assert told[0] == (0, 750)
    assert told[-1] == (750, 750)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 12])
def test_few_records_have_a_map_too(vectors, count):
    """However few they are, each has a place that is a number, and a group."""
    found = places(vectors[:count])
    assert found.shape == (count, 2)
    assert np.isfinite(found).all()
    assert len(grouped(found)) == count
    assert components(vectors[:count]).shape == (count, 2)


def test_equal_vectors_have_places():
    """Pictures that are all the same do not end it."""
    found = places(np.tile(np.eye(1, 4, dtype=np.float32), (30, 1)))
    assert np.isfinite(found).all()
    assert set(grouped(found)) <= set(range(30))


def test_it_is_stopped(vectors):
    """Whoever wants it no more is heard."""
    with pytest.raises(StoppedError):
        places(vectors, stop=lambda: True)


def test_groups_are_named_by_what_tells_them_from_the_rest():
    """Words that only one group has name it, words that all have name none, those for the same records once."""
    found = np.repeat(np.array([[-1.0, 0.0], [1.0, 0.0]], dtype=np.float32), 30, axis=0)
    words = [{"iron", "axe", "tool"}] * 30 + [{"iron", "coin"}] * 29 + [{"iron", "rare"}]
    numbers = np.repeat(np.array([0, 1], dtype=np.int16), 30)
    first, second = named(found, numbers, words)
    assert len(first.words) == 1
    assert first.words[0] in ("axe", "tool")
    assert second.words == ("coin",)
    assert (first.place, first.count) == ((-1.0, 0.0), 30)


def test_a_name_says_a_thing_once():
    """Words of two languages that mean the same are not both in a group's name."""
    found = np.repeat(np.array([[-1, 0], [1, 0]], dtype=np.float32), 20, axis=0)
    numbers = np.repeat(np.array([0, 1], dtype=np.int16), 20)
    words = [*([{"axe"}, {"økse", "flint"}] * 10), *([{"bead"}] * 20)]
    first, _ = named(found, numbers, words)
    assert len({"axe", "økse"} & set(first.words)) == 1
    assert "flint" in first.words


def test_a_group_that_says_nothing_has_no_name():
    """Without metadata groups are there, and unnamed."""
    found = np.zeros((4, 2), dtype=np.float32)
    assert named(found, np.zeros(4, dtype=np.int16), [set()] * 4)[0].words == ()
    assert named(np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=np.int16), []) == []


def test_groups_are_few_and_numbered_by_size(vectors):
    """Group 0 is the largest, and there are never more than can be read."""
    numbers = grouped(places(vectors))
    sizes = np.bincount(numbers)
    assert sorted(sizes, reverse=True) == list(sizes)
    assert len(sizes) == how_many(120)
    assert how_many(10**7) == MOST
    assert how_many(1) == 1


def test_numbers_of_things_are_no_words():
    """Inventory numbers, places and licences name no group."""
    said = {"object_id": "ab12", "title": "Axe AB12 of flint", "material": ["Flint"], "place": "Ribe", "licence": "CC0"}
    assert words_of(said, STANDARD) == {"axe", "flint"}


def test_a_map_is_made_and_kept(archive):
    """Every record of the space is on it, its groups are named, and it is read back as it was made."""
    told = []
    made = make_map(archive, "made", lambda what, done, total: told.append(what))
    assert made.ids == tuple(f"r{row:03}/æ" for row in range(120))
    assert made.generation == archive.generation
    assert {word for group in made.groups for word in group.words} >= set(KINDS)
    assert list(dict.fromkeys(told)) == ["reading", "placing", "naming"]
    again = kept_map(archive, "made")
    assert (again.ids, again.groups, again.generation) == (made.ids, made.groups, made.generation)
    assert np.array_equal(again.places, made.places)
    assert np.array_equal(again.numbers, made.numbers)


def test_what_is_no_map_is_none(archive):
    """A space without a map has none; a file that is cut off or something else is none either."""
    assert kept_map(archive, "made") is None
    folder = archive.directory / FOLDER
    folder.mkdir()
    for data in (b"", b"PK\3\4", b"no map"):
        (folder / "made.npz").write_bytes(data)
        assert kept_map(archive, "made") is None
    np.savez(folder / "made.npz", other=np.zeros(3))
    assert kept_map(archive, "made") is None


@pytest.mark.parametrize("space", ["none", "made-tiles"])
def test_spaces_without_a_map_are_refused(archive, space):
    """Those that can have one are told."""
    with pytest.raises(UnknownNameError, match="Known: made, other"):
        make_map(archive, space)


def test_what_is_missing_is_said_with_the_command(vectors, monkeypatch):
    """Without the packages a sentence tells what to install."""
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[map\]'"):
        places(vectors)
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[map\]'"):
        grouped(np.zeros((40, 2), dtype=np.float32))
